"""A position stays, is cut anew from a known shot, or is left to the model: each case by itself."""

from __future__ import annotations

import pytest
from test_revise import draft, filler, plan

from trailergen.edit.revise.around import constraints_around
from trailergen.edit.revise.clips import revise_clips
from trailergen.edit.revise.decide import Decision, Grounds, Open, Place, Stay, check_edits, decide, decide_one
from trailergen.edit.revise.order import carried, moved, taken_along
from trailergen.edit.revise.request import Edits
from trailergen.errors import PlanError, UsageError
from trailergen.plans import Ban, Plan, span

OLD = plan()
SHOTS = [position.shot for position in OLD.positions]


def grounds(edits: Edits, old: Plan = OLD, lengths: tuple[int, ...] | None = None) -> Grounds:
    check_edits(old, edits)
    bans = edits.bans(old)
    return Grounds(old, draft(bans=bans) if lengths is None else draft(lengths, bans), edits, bans)


def decided(edits: Edits, index: int, old: int, plan: Plan = OLD, lengths: tuple[int, ...] | None = None) -> Decision:
    known = grounds(edits, plan, lengths)
    return decide_one(known, index, old, known.held)


def test_what_is_not_touched_stays() -> None:
    assert decided(Edits(), 3, 3) == Stay(OLD.positions[3])


def test_a_new_pin_stays_as_it_is_but_for_the_pin() -> None:
    assert decided(Edits.of(pin=3), 3, 3) == Stay(OLD.positions[3].model_copy(update={"pinned": True}))


def test_a_reroll_is_open_and_rejects_its_shot() -> None:
    assert decided(Edits.of(reroll=3), 3, 3) == Open(OLD.positions[3], (SHOTS[3],))


def test_a_shot_chosen_by_hand_is_placed_and_pinned() -> None:
    free = next(shot for shot in range(len(OLD.shots)) if shot not in SHOTS)
    found = decided(Edits.of(pin={3: free}), 3, 3)
    assert isinstance(found, Place) and found.shot == free and found.entry.pinned
    swapped = decided(Edits.of(swap={3: 2}), 3, 3)
    assert isinstance(swapped, Place) and swapped.shot == OLD.positions[3].alternatives[1].shot


def test_a_pin_to_the_shot_that_is_there_stays() -> None:
    edits = Edits.of(pin={3: SHOTS[3]})
    assert decided(edits, 3, 3) == Stay(OLD.positions[3].model_copy(update={"pinned": True}))
    assert revise_clips(OLD, draft(), edits, filler(0)).positions[3].pinned


def test_what_is_banned_or_wanted_elsewhere_makes_way_unless_it_is_pinned() -> None:
    for edits in (Edits.of(ban=f"shot:{SHOTS[3]}"), Edits.of(pin={1: SHOTS[3]})):
        assert decided(edits, 3, 3) == Open(OLD.positions[3], (SHOTS[3],))
    for edits in (Edits.of(ban=f"shot:{SHOTS[3]}", pin=3), Edits.of(pin={1: SHOTS[3], 3: None})):
        with pytest.raises(PlanError, match=r"positions\[3\] is pinned"):
            decided(edits, 3, 3)


def test_of_two_clips_of_one_shot_the_pinned_one_stays() -> None:
    twin = OLD.positions[5].model_copy(update={"shot": SHOTS[3], "source": OLD.positions[3].source})
    old = OLD.model_copy(update={"positions": [*OLD.positions[:5], twin, *OLD.positions[6:]]})
    decisions = decide(grounds(Edits.of(pin=5), old), moved(len(SHOTS), ()))
    assert isinstance(decisions[3], Open) and isinstance(decisions[5], Stay)


def test_a_clip_goes_elsewhere_if_its_shot_is_long_enough_or_it_is_pinned() -> None:
    # Shots of this film have 48 frames.
    assert decided(Edits(), 1, 3) == Place(OLD.positions[3], SHOTS[3])
    longer = (60, *(10,) * 7)
    assert isinstance(decided(Edits(), 0, 3, lengths=longer), Open)
    assert isinstance(decided(Edits.of(pin=3), 0, 3, lengths=longer), Place)


def test_moves_follow_each_other() -> None:
    assert moved(5, ((3, 0), (0, 4))) == [0, 1, 2, 4, 3]


def test_clips_are_carried_to_their_share_of_another_length_pinned_ones_first() -> None:
    half = draft((50, 50, 50, 50))
    assert carried(OLD, half, frozenset(), range(8)) == [0, 2, 4, 6]
    assert carried(OLD, half, {1, 7}, range(8)) == [1, 2, 4, 7]
    with pytest.raises(PlanError, match="fewer than are pinned"):
        carried(OLD, half, {0, 1, 2, 3, 4}, range(8))


def test_what_is_known_is_pinned_and_what_is_rejected_is_offered_nowhere() -> None:
    entry, other = OLD.positions[0], OLD.positions[2]
    decisions = [Stay(entry), Open(OLD.positions[1], (SHOTS[1],)), Place(other, other.shot), *[Open(None)] * 5]
    asked = constraints_around(OLD, draft(), decisions)
    assert dict(asked.pins) == {0: entry.shot, 2: other.shot}
    assert asked.needed is not None and asked.needed[0] == 0 and asked.needed[2] == len(other.record)
    assert asked.banned is not None and asked.banned[SHOTS[1]] and not asked.banned[[entry.shot, other.shot]].any()


def test_a_moved_clip_is_kept_whatever_is_fitted_around_it() -> None:
    # Shots of this film have 48 frames, those that run on 96.
    short, long = (20, 10, 10, 10, 10, 10, 10, 44), (60, 10, 10, 10, 10, 10, 10, 10)
    assert decided(Edits.of(move=((7, 0),)), 0, 7, lengths=short) == Place(OLD.positions[7], SHOTS[7])
    with pytest.raises(PlanError, match="the clip of position 7 is too short for position 0") as refused:
        decided(Edits.of(move=((7, 0),)), 0, 7, lengths=long)
    assert refused.value.hint == "it fits at 1-7"
    assert "lasts 60 frames (2.50 s), shot" in str(refused.value.why)


def test_a_clip_with_frames_enough_of_its_own_is_trimmed_however_short_its_shot_is() -> None:
    start = OLD.shots[SHOTS[3]].end - 10
    runs_on = OLD.positions[3].model_copy(update={"source": span(start, start + 18)})
    old = OLD.model_copy(update={"positions": [*OLD.positions[:3], runs_on, *OLD.positions[4:]]})
    bans = (Ban(range=span(OLD.shots[SHOTS[3]].start, start), why="test"),)
    made = revise_clips(old, draft((20, 16, 24, 32, 40, 22, 26, 20), bans), Edits.of(move=((3, 1),)), filler(0))
    assert (made.positions[1].source.start, len(made.positions[1].source)) == (start + 1, 16)
    with pytest.raises(PlanError, match="too short for position 1"):
        revise_clips(old, draft((18, 60, 24, 18, 40, 22, 26, 20), bans), Edits.of(move=((3, 1),)), filler(0))


def test_moves_that_contradict_what_else_is_asked_for_are_refused() -> None:
    with pytest.raises(UsageError, match="moved and re-rolled"):
        check_edits(OLD, Edits.of(move=((7, 3),), reroll=7))
    check_edits(OLD, Edits.of(move=((7, 3),), reroll=3))
    for edits in (Edits.of(move=((7, 3),), ban=f"shot:{SHOTS[7]}"), Edits.of(move=((7, 3),), pin={0: SHOTS[7]})):
        with pytest.raises(PlanError, match=r"positions\[7\] is moved"):
            decided(edits, 3, 7)


def test_the_clips_that_moves_take_along() -> None:
    assert taken_along(8, ((7, 3), (0, 2))) == {7, 0}
    assert taken_along(8, ((7, 3), (3, 5))) == {7}


def test_a_moved_clip_is_kept_at_another_length_too() -> None:
    half = (48, 48, 48, 48)
    new = revise_clips(OLD, draft(half), Edits.of(move=((7, 0),)), filler(0))
    assert new.positions[0].shot == SHOTS[7]


def test_a_shot_that_was_swapped_out_does_not_come_back_elsewhere() -> None:
    for seed in range(12):
        old = plan(seed)
        out = old.positions[3].shot
        made = revise_clips(old, draft(), Edits.of(swap={3: 2}, reroll=(5, 6, 7)), filler(seed))
        assert out not in [position.shot for position in made.positions]
        again = revise_clips(made, draft(), Edits.of(reroll=(1, 2)), filler(seed))
        assert out not in [position.shot for position in again.positions]
