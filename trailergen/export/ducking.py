"""How the music gives way to the lines: a curve of few points, for formats that have keyframes."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise

from trailergen.plan import SAMPLE_RATE, Plan, sequence_samples
from trailergen.timebase import round_half_up

Point = tuple[int, float]
"""A sample of the trailer at 48 kHz, and the music's level there in dB."""


def music_levels(plan: Plan) -> list[Point]:
    """The music's level over the trailer; straight in dB between the points, level before the first and after the last.

    The music falls by the plan's depth while ``attack`` lasts before a line, and comes back while ``release`` lasts
    after it. Where the next line follows sooner, it turns where the two slopes meet. Empty where it never falls.
    """
    lines = plan.narration.lines if plan.narration and plan.sound.film != "none" else []
    if not lines or not plan.sound.ducking.depth:
        return []
    points: list[Point] = []
    for at, level in _corners(plan):
        point = round_half_up(at), round(float(level), 3)
        if not points or points[-1][0] < point[0]:
            points.append(point)
    return points


def _corners(plan: Plan) -> Iterator[tuple[Fraction, Fraction]]:
    ducking, lines = plan.sound.ducking, plan.narration.lines if plan.narration else []
    depth = Fraction(str(ducking.depth))
    attack, release = (Fraction(str(seconds)) * SAMPLE_RATE for seconds in (ducking.attack, ducking.release))
    first, last, end = lines[0].record.start, lines[-1].record.end, sequence_samples(plan)
    begun = min(Fraction(first), attack)
    yield first - begun, -depth * (1 - begun / attack)
    yield Fraction(first), -depth
    for one, two in pairwise(lines):
        gap = two.record.start - one.record.end
        if not gap:
            continue
        yield Fraction(one.record.end), -depth
        if gap < attack + release:
            yield one.record.end + release * gap / (attack + release), -depth * (1 - gap / (attack + release))
        else:
            yield one.record.end + release, Fraction(0)
            yield two.record.start - attack, Fraction(0)
        yield Fraction(two.record.start), -depth
    yield Fraction(last), -depth
    done = min(Fraction(end - last), release)
    yield last + done, -depth * (1 - done / release)
