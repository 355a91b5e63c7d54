"""Ranges as OpenTimelineIO and its metadata hold them."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import opentimelineio as otio

from trailergen.plans import Range
from trailergen.timeline.clock import Clock

NAMESPACE = "trailergen"
"""Where metadata stands that no field of OpenTimelineIO's schemas has."""


def bounds(part: Range) -> dict[str, int]:
    """A range as metadata."""
    return {"in": part.start, "out": part.end}


def frames(part: Range, clock: Clock) -> Any:
    """Film frames as a range of the film's timecode."""
    return samples(clock.start + part.start, clock.start + part.end, clock.rate)


def samples(start: int | Fraction, end: int | Fraction, rate: int | Fraction) -> Any:
    """``[start, end)`` in units of ``rate`` a second as an ``otio.opentime.TimeRange``."""
    time = otio.opentime.RationalTime
    return otio.opentime.TimeRange(time(float(start), float(rate)), time(float(end - start), float(rate)))
