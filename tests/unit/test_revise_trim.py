"""Clips slipped, cuts rolled, clips exchanged and filled again; and the weights they are filled by."""

from __future__ import annotations

from fractions import Fraction

import pytest
from counterfilm import make_plan
from test_revise import plan as composed
from test_revise import revised

from trailergen.edit.revise.request import Edits
from trailergen.edit.revise.trim import room, trimmed
from trailergen.errors import PlanError, UsageError
from trailergen.plans import Plan, violations
from trailergen.style.styles import STYLES
from trailergen.timebase import frame_at


def small() -> Plan:
    """Clips of 20, 30 and 25 frames in the middle of their shots."""
    made = make_plan([(20, 40), (100, 130), (220, 245)], frames=400)
    shots = [shot.model_copy(update={"start": shot.start - 10, "end": shot.end + 10}) for shot in made.shots]
    return made.model_copy(update={"shots": shots})


def test_a_clip_is_slipped_within_its_shot() -> None:
    old = small()
    new = trimmed(old, Edits.of(slip={1: -4}))
    assert (new.positions[1].source.start, new.positions[1].source.end) == (96, 126)
    assert new.positions[1].record == old.positions[1].record
    assert (new.positions[0], new.positions[2]) == (old.positions[0], old.positions[2])
    assert new.segments == old.segments


def test_a_clip_is_not_slipped_out_of_its_shot() -> None:
    old = small()
    allowed, source = room(old, old.positions[1]), old.positions[1].source
    later = allowed.end - source.end
    assert trimmed(old, Edits.of(slip={1: later})).positions[1].source.end == allowed.end
    with pytest.raises(PlanError, match="no such frames"):
        trimmed(old, Edits.of(slip={1: later + 1}))


def test_a_cut_is_rolled_and_takes_its_segment_along() -> None:
    old = small()
    new = trimmed(old, Edits.of(roll={0: 3}))
    assert [(one.record.start, one.record.end) for one in new.positions] == [(0, 23), (23, 50), (50, 75)]
    assert [(one.source.start, one.source.end) for one in new.positions] == [(20, 43), (103, 130), (220, 245)]
    origin = new.music.part.start
    edge = new.segments[0].end
    assert new.segments[1].start == edge
    assert frame_at(Fraction(edge - origin, new.music.sample_rate), new.sequence.rate) == 23
    assert violations(new) == []
    back = trimmed(new, Edits.of(roll={0: -3}))
    assert back.positions == old.positions


@pytest.mark.parametrize("frames", [-20, 30, 1000])
def test_no_cut_is_rolled_over_a_clip(frames: int) -> None:
    with pytest.raises(PlanError, match="clip"):
        trimmed(small(), Edits.of(roll={0: frames}))


@pytest.mark.parametrize(
    "edits",
    [
        {"slip": {3: 1}},
        {"roll": {2: 1}},
        {"slip": {1: 1}, "reroll": [1]},
        {"roll": {0: 1}, "swap": {1: 1}},
        {"slip": {1: 1}, "move": [(1, 2)]},
    ],
)
def test_trims_that_cannot_be_meant_are_refused(edits: dict[str, object]) -> None:
    with pytest.raises(UsageError):
        trimmed(small(), Edits.of(**edits))


@pytest.mark.parametrize("text", ["4", "4:", ":3", "4:+-3", "4:x", "-1:2", "4:9999999"])
def test_shifts_that_are_none_are_refused(text: str) -> None:
    with pytest.raises(UsageError, match="--slip"):
        Edits.of(slip=text)


def test_shifts_are_written_as_they_are_read() -> None:
    assert Edits.of(slip={4: 12, 7: -3}).slip == ("4:+12,7:-3",)
    assert dict(Edits.of(slip="4:+12,7:-3").slips) == {4: 12, 7: -3}
    assert dict(Edits.of(weight={"act": 2}).weights) == {"act": 2.0}


def test_two_clips_change_places_and_those_between_stay() -> None:
    old = composed()
    new = revised(old, Edits.of(exchange=[(1, 2)]))
    shots = [one.shot for one in old.positions]
    assert [one.shot for one in new.positions][:3] == [shots[0], shots[2], shots[1]]
    assert new.positions[3:] == old.positions[3:]
    assert Edits.of(exchange=[(6, 1)]).moves == ((1, 6), (5, 1))


def test_what_is_filled_again_may_be_as_it_was_and_rejects_nothing() -> None:
    old = composed()
    again = revised(old, Edits.of(refill=[2, 3]))
    assert all(one.rejected == before.rejected for one, before in zip(again.positions, old.positions, strict=True))
    other = revised(old, Edits.of(reroll=[2]))
    assert other.positions[2].rejected == [old.positions[2].shot]


def test_what_is_pinned_is_not_filled_again() -> None:
    held = revised(composed(), Edits.of(pin=2))
    with pytest.raises(UsageError, match="pinned"):
        revised(held, Edits.of(refill=[2]))


def test_weights_are_those_of_rules() -> None:
    story = STYLES["story"]
    assert story.with_weights({"act": 3}).weight("act") == 3
    assert story.with_weights({"model": 2.0}).model == 2
    assert story.weight("act") == 1
    for wrong in ({"acts": 1.0}, {"act": -1.0}, {"act": float("nan")}, {"act": 1e9}):
        with pytest.raises(UsageError, match="the style"):
            story.with_weights(wrong)
