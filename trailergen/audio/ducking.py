"""Ducking: the curve of few points by which everything else gives way to the lines."""

from __future__ import annotations

from collections.abc import Iterator

from trailergen.plans import SAMPLE_RATE, Plan, sequence_samples

Point = tuple[int, float]
"""A sample of the trailer at 48 kHz, and a value there; straight between two points, level before and after them."""


def music_levels(plan: Plan) -> list[Point]:
    """The music's level over the trailer in dB: it falls by the plan's depth where something is said.

    Empty where it never falls.
    """
    depth = plan.sound.ducking.depth
    return [(at, round(0 - depth * said, 3)) for at, said in presence(plan)] if depth else []


def presence(plan: Plan) -> list[Point]:
    """The presence of speech from 0 to 1: 1 under lines, rising to it over the attack, falling over the release.

    Between lines nearer to each other than both together it stays 1: music that comes back for a moment is worse than
    music that stays away. Empty where no line is heard.
    """
    attack, release = (
        max(1, round(seconds * SAMPLE_RATE)) for seconds in (plan.sound.ducking.attack, plan.sound.ducking.release)
    )
    end = sequence_samples(plan)
    points: list[Point] = []
    for first, last in _stretches(plan, attack + release):
        begun, done = min(first, attack), min(end - last, release)
        points += [(first - begun, 1 - begun / attack)] if begun else []
        points += [(first, 1.0), (last, 1.0)]
        points += [(last + done, 1 - done / release)] if done else []
    return points


def _stretches(plan: Plan, apart: int) -> Iterator[tuple[int, int]]:
    """Samples over which something is said, those closer than ``apart`` joined."""
    lines = plan.narration.lines if plan.narration and plan.sound.film != "none" else []
    stretch: tuple[int, int] | None = None
    for line in lines:
        if stretch and line.record.start - stretch[1] <= apart:
            stretch = stretch[0], line.record.end
            continue
        if stretch:
            yield stretch
        stretch = line.record.start, line.record.end
    if stretch:
        yield stretch
