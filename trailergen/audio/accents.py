"""Accents of a trailer: where a hit, a riser and a drop-out stand, as an editor would lay them at its seams.

A hit on the cut to the film's turn; a riser into the climax, the loudest place of the trailer's last two fifths; and
silence for a moment before the last clip, the button. Two are never nearer to each other than they can be told apart,
and what would fall on a line or a card's place is left out: words are worth more.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from trailergen.plans import SAMPLE_RATE, Line, Plan, sequence_samples
from trailergen.timebase import round_half_up

HIT_S = Fraction(5, 2)
RISER_S, _SHORTEST_RISER_S = Fraction(4), Fraction(3, 2)
DROP_S, _LEFT_S = Fraction(7, 20), Fraction(3, 5)
"""Silence before the button, and of the clip before it that has to be heard at least."""
_CLIMAX_FROM = 0.6
_SILENT_DB = -90.0
_FADE, _RETURN = SAMPLE_RATE * 30 // 1000, SAMPLE_RATE * 10 // 1000
"""Samples in which the music goes, and in which it is back by the cut: it must not click."""

Span = tuple[int, int]
"""Samples [start, end) of the trailer at 48 kHz."""


@dataclass(frozen=True)
class Accents:
    """The places of the accents; None for one that the trailer has no place for."""

    hit: Span | None = None
    riser: Span | None = None
    drop: Span | None = None


def accents_of(plan: Plan) -> Accents | None:
    """The accents of a plan; None where it wants none."""
    wanted = plan.sound.accents
    if wanted is None:
        return None
    end, cuts = sequence_samples(plan), [_sample(plan, position.record.start) for position in plan.positions]
    drop = _drop(plan, cuts)
    last = drop[0] if drop else end
    turn = next((k for k, one in enumerate(plan.positions) if k and one.shot >= wanted.turn), None)
    hit = None
    if turn is not None and turn < len(cuts) - 1 and not _covered(plan, cuts[turn], cuts[turn] + SAMPLE_RATE // 4):
        hit = cuts[turn], min(cuts[turn] + int(HIT_S * SAMPLE_RATE), last)
    riser = _riser(plan, cuts, hit[0] + SAMPLE_RATE if hit else 0)
    return Accents(hit, riser, drop)


def drop_levels(accents: Accents | None) -> list[tuple[int, float]]:
    """Points (sample, level in dB) between which everything but the lines is turned down; empty where nothing is."""
    if accents is None or accents.drop is None:
        return []
    start, end = accents.drop
    return [(start, 0.0), (start + _FADE, _SILENT_DB), (end - _RETURN, _SILENT_DB), (end, 0.0)]


def _drop(plan: Plan, cuts: list[int]) -> Span | None:
    """The moment before the last clip, where the clip before it is long enough to lose it and nobody speaks."""
    if len(cuts) < 2:
        return None
    start = cuts[-1] - int(DROP_S * SAMPLE_RATE)
    if start - cuts[-2] < _LEFT_S * SAMPLE_RATE or _covered(plan, start, cuts[-1]):
        return None
    return start, cuts[-1]


def _riser(plan: Plan, cuts: list[int], after: int) -> Span | None:
    """As long as there is room for, up to the cut at which the music is loudest in the last two fifths."""
    levels = [segment.level for segment in plan.segments]
    late = range(max(1, int(len(cuts) * _CLIMAX_FROM)), len(cuts) - 1)
    if not late:
        return None
    middle = late[len(late) // 2]
    known = [(level, -k) for k in late if k < len(levels) and (level := levels[k]) is not None]
    climax = cuts[-max(known)[1] if known else middle]
    said = max((line.record.end for line in _lines_before(plan, climax)), default=0)
    start = max(after, climax - int(RISER_S * SAMPLE_RATE), said)
    return (start, climax) if climax - start >= _SHORTEST_RISER_S * SAMPLE_RATE else None


def _lines_before(plan: Plan, at: int) -> Iterator[Line]:
    """Lines that begin before a moment: a riser begins after the last of them."""
    yield from (line for line in _lines(plan) if line.record.start < at)


def _lines(plan: Plan) -> list[Line]:
    return plan.narration.lines if plan.narration and plan.sound.film != "none" else []


def _covered(plan: Plan, start: int, end: int) -> bool:
    """True where somebody speaks, or a card lies over the cut."""
    spoken = any(line.record.start < end and start < line.record.end for line in _lines(plan))
    rate = plan.sequence.rate
    return spoken or any(
        card.record.start / rate < Fraction(end, SAMPLE_RATE) <= card.record.end / rate for card in plan.cards
    )


def _sample(plan: Plan, frame: int) -> int:
    return round_half_up(frame / plan.sequence.rate * SAMPLE_RATE)
