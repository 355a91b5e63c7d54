"""Ranges of OpenTimelineIO, from exact numbers."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import opentimelineio as otio

from trailergen.plans import Range
from trailergen.timeline.events import Timeline

NAMESPACE = "trailergen"
"""Where metadata stands that no field of OpenTimelineIO's schemas has."""


def most_samples(timeline: Timeline, rate: int) -> int:
    """The most samples that are no longer than the picture; fewer than that at rates which floats cannot hold, where
    equal lengths would compare as they happen to be rounded."""
    exact = timeline.frames / timeline.clock.rate * rate
    return math.floor(exact) if timeline.clock.rate.denominator == 1 else math.ceil(exact) - 1


def range_of(start: int | Fraction, end: int | Fraction, rate: int | Fraction) -> Any:
    """``[start, end)`` in units of ``rate`` a second as an ``otio.opentime.TimeRange``."""
    time = otio.opentime.RationalTime
    return otio.opentime.TimeRange(time(float(start), float(rate)), time(float(end - start), float(rate)))


def bounds(part: Range) -> dict[str, int]:
    """A range as metadata."""
    return {"in": part.start, "out": part.end}
