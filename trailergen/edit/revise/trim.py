"""Clips trimmed by hand: another part of a shot (slip), a cut at another frame (roll)."""

from __future__ import annotations

from fractions import Fraction

from trailergen.edit.revise.request import Edits
from trailergen.errors import PlanError, UsageError
from trailergen.plans import Card, Plan, Position, Range, Segment, shots_in, span, violations
from trailergen.timebase import round_half_up


def trimmed(plan: Plan, edits: Edits) -> Plan:
    """The plan with its clips slipped and its cuts rolled; everything else stays as it is.

    A clip shows no shot that it did not show. A cut takes the edge of its segment of the music along, and of cards.

    Raises:
        UsageError: there is no such position, or it is filled or chosen anew at once.
        PlanError: the shots have no frames there, or a ban lies in the way.
    """
    if not edits.slips and not edits.rolls:
        return plan
    _check(plan, edits)
    positions = list(plan.positions)
    for at, frames in edits.slips.items():
        positions[at] = _shifted(plan, at, positions[at], frames, frames)
    for at, frames in edits.rolls.items():
        before, after = positions[at], positions[at + 1]
        cut = before.record.end + frames
        if not before.record.start < cut < after.record.end:
            raise PlanError(f"the cut after position {at} cannot move by {frames:+d} frames", "a clip would be gone")
        positions[at] = _with_record(_shifted(plan, at, before, 0, frames), span(before.record.start, cut))
        positions[at + 1] = _with_record(_shifted(plan, at + 1, after, frames, 0), span(cut, after.record.end))
    cuts = {
        old.record.end: new.record.end
        for old, new in zip(plan.positions, positions, strict=True)
        if old.record.end != new.record.end
    }
    update = {
        "positions": positions,
        "segments": [_segment(plan, segment, cuts) for segment in plan.segments],
        "cards": [_card(card, cuts) for card in plan.cards],
    }
    made = plan.model_copy(update=update)
    if problems := violations(made):
        raise PlanError("the clips cannot be trimmed so", "\n       ".join(problems))
    return made


def room(plan: Plan, position: Position) -> Range:
    """The film frames that a clip may show: those of the shots that it shows already."""
    shots = [plan.shots[number] for number in shots_in(plan, position.source)]
    return span(min(shots[0].start, position.source.start), max(shots[-1].end, position.source.end))


def _check(plan: Plan, edits: Edits) -> None:
    last = len(plan.positions) - 1
    moved = {end for pair in edits.moves for end in pair}
    other = {*edits.rerolls, *edits.refills, *edits.swaps, *edits.chosen, *moved}
    for name, asked, most in (("slip", edits.slips, last), ("roll", edits.rolls, last - 1)):
        for at in asked:
            if at > most:
                raise UsageError(f"--{name} names position {at}", f"it takes positions 0 to {most}")
            if at in other or (name == "roll" and at + 1 in other):
                raise UsageError(f"the edits of position {at} contradict each other")


def _shifted(plan: Plan, at: int, position: Position, start: int, end: int) -> Position:
    """The position with its clip beginning ``start`` frames later in the film, and ending ``end`` later."""
    allowed, source = room(plan, position), position.source
    first, last = source.start + start, source.end + end
    if first < allowed.start or last > allowed.end or first >= last:
        early, late = allowed.start - source.start, allowed.end - source.end
        raise PlanError(
            f"the clip of position {at} has no such frames",
            f"its shot lets it begin {-early} frames earlier and end {late} later",
        )
    return position.model_copy(update={"shot": _shot_at(plan, position, first), "source": span(first, last)})


def _shot_at(plan: Plan, position: Position, frame: int) -> int:
    """The shot with which a clip begins. Where that is none, it is left for the rules to say."""
    found = next((shot.number for shot in plan.shots if shot.start <= frame < shot.end), None)
    return position.shot if found is None else found


def _with_record(position: Position, record: Range) -> Position:
    return position.model_copy(update={"record": record})


def _segment(plan: Plan, segment: Segment, cuts: dict[int, int]) -> Segment:
    """A segment of the music with the edges that have moved, each in the middle of the samples of its frame."""
    music, rate = plan.music, plan.sequence.rate
    moved = {
        old.end: music.part.start + round_half_up(Fraction(cuts[position.record.end]) / rate * music.sample_rate)
        for old, position in zip(plan.segments, plan.positions, strict=True)
        if position.record.end in cuts
    }
    return segment.model_copy(
        update={"start": moved.get(segment.start, segment.start), "end": moved.get(segment.end, segment.end)}
    )


def _card(card: Card, cuts: dict[int, int]) -> Card:
    """A card whose edges lie on cuts goes with them."""
    start, end = cuts.get(card.record.start, card.record.start), cuts.get(card.record.end, card.record.end)
    return card.model_copy(update={"record": span(start, end)}) if start < end else card
