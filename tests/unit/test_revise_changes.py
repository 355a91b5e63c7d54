"""A revision is told position by position, with the reasons."""

from __future__ import annotations

import pytest
from test_revise import draft, filler, plan

from trailergen.edit.revise.changes import changes
from trailergen.edit.revise.clips import revise_clips
from trailergen.edit.revise.request import EditRequest, Edits
from trailergen.errors import UsageError
from trailergen.plans import Card, Line, Narration, Plan, Sound, span

OLD = plan()
SHOTS = [position.shot for position in OLD.positions]


def told(edits: Edits, lengths: tuple[int, ...] | None = None) -> tuple[Plan, list[str]]:
    bans = edits.bans(OLD)
    new = revise_clips(OLD, draft(bans=bans) if lengths is None else draft(lengths, bans), edits, filler(0))
    return new, changes(OLD, new, edits)


def test_each_wish_is_told_as_what_it_did() -> None:
    edits = Edits.of(reroll=1, swap={2: 1}, ban=f"shot:{SHOTS[4]}", pin=6)
    new, lines = told(edits)
    start = OLD.shots[SHOTS[4]].start
    assert lines == [
        f"never shown: film frames {start} to {start + 48} (--ban shot:{SHOTS[4]})",
        f"position 1: shot {SHOTS[1]} -> shot {new.positions[1].shot} (re-rolled)",
        f"position 2: shot {SHOTS[2]} -> shot {new.positions[2].shot} (swapped for alternative 1, pinned)",
        f"position 4: shot {SHOTS[4]} -> shot {new.positions[4].shot} (banned by --ban shot:{SHOTS[4]})",
        f"position 6: shot {SHOTS[6]} (pinned)",
    ]


def test_a_move_tells_of_the_clip_and_of_those_that_make_room() -> None:
    assert told(Edits.of(move=((6, 4),)))[1] == [
        f"position 4: shot {SHOTS[6]} (moved from 6, 14 frames longer)",
        f"position 5: shot {SHOTS[4]} (from 4, made room, 18 frames shorter)",
        f"position 6: shot {SHOTS[5]} (from 5, made room, 4 frames longer)",
    ]


def test_a_shot_that_is_wanted_elsewhere_makes_room() -> None:
    new, lines = told(Edits.of(pin={1: SHOTS[5]}))
    assert lines == [
        f"position 1: shot {SHOTS[1]} -> shot {SHOTS[5]} (chosen by --pin, pinned)",
        f"position 5: shot {SHOTS[5]} -> shot {new.positions[5].shot} (made room, position 1 shows shot {SHOTS[5]})",
    ]


def test_another_length_tells_what_has_no_place() -> None:
    _, lines = told(Edits(), (25, 30, 24, 20))
    assert lines[0] == "length: 8.33 s (8 positions) -> 4.12 s (4 positions)"
    assert lines[-1].startswith("without a place now, of the old plan's positions: 1 (shot ")


def test_nothing_changed_is_nothing_told() -> None:
    assert told(Edits())[1] == []


def test_lines_cards_and_the_mix_are_told() -> None:
    first = Line(id="l0", text="Where are you?", source=span(0, 48000), record=span(0, 48000))
    second = Line(id="l1", text="Here.", source=span(96000, 144000), record=span(96000, 144000))
    later = second.model_copy(update={"record": span(192000, 240000)})
    third = Line(id="l0", text="At last.", source=span(5, 48005), record=span(0, 48000))
    title = Card(text="Film", kind="title", record=span(0, 48))
    moved = Card(text="Film", kind="title", record=span(24, 72))
    other = Card(text="Soon", kind="end", record=span(100, 148))
    sound = Sound(film="lines", loudness=-14)
    old = OLD.model_copy(update={"narration": Narration(lines=[first, second]), "cards": [title], "sound": sound})
    update = {
        "narration": Narration(lines=[third, later]),
        "cards": [moved, other],
        "sound": sound.model_copy(update={"loudness": -16.0, "film": "low"}),
    }
    assert changes(old, old.model_copy(update=update), Edits()) == [
        'line "Where are you?" is left out',
        'line "At last." is new, at 0.00 s',
        'line "Here.": at 2.00 s -> at 4.00 s',
        'title "Film": at 1.00 s for 2.00 s',
        'end "Soon" is new, at 4.17 s',
        "loudness: -14 LUFS -> -16 LUFS",
        "heard of the film: lines -> low",
    ]


@pytest.mark.parametrize("wishes", [{}, {"seed": 4}, {"seed": 0}])
def test_without_a_wish_there_is_nothing_to_do(wishes: dict[str, int]) -> None:
    with pytest.raises(UsageError, match="nothing to change"):
        EditRequest.of(**wishes).require_wish()


@pytest.mark.parametrize(
    "wishes", [{"reroll": 1}, {"no_cards": True}, {"loudness": None}, {"narration": 0}, {"title": ""}, {"more": "rain"}]
)
def test_everything_else_is_a_wish(wishes: dict[str, object]) -> None:
    EditRequest.of(**wishes).require_wish()
