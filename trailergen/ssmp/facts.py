"""The facts about a film's shots that token spaces ask for, from its analysis."""

from __future__ import annotations

import numpy as np

from trailergen.readings.types import Readings
from trailergen.runtime.memory import remembered
from trailergen.shots.analysis import FilmAnalysis
from trailergen.ssmp.channels.channel import Channel, ShotFacts
from trailergen.ssmp.channels.text import ShotLines
from trailergen.ssmp.spaces import SPACES

CHANNELS: dict[str, Channel] = {channel.name: channel for space in SPACES.values() for channel in space.channels}
"""Every channel of any token space, by name."""
MEASURED = tuple(name for name, channel in CHANNELS.items() if channel.measure is not None)
"""Channels that have a measurement of the film's analysis in ``ShotFacts.measured``."""
STORED = tuple(name for name, channel in CHANNELS.items() if name in MEASURED or channel.from_lines)
"""Channels whose numbers a dataset keeps: those, and what is known from the film's lines."""


@remembered
def shot_facts(analysis: FilmAnalysis, readings: Readings | None = None, lines: ShotLines | None = None) -> ShotFacts:
    """Facts about a film's I shots.

    Without ``readings`` the model goes by the measurements of the decode alone; ``lines`` are for models that read
    them.

    Raises:
        ValueError: the readings or the lines are of another number of shots.
    """
    if readings is not None and len(readings.subject) != len(analysis.shots):
        raise ValueError(f"readings of {len(readings.subject)} shots, the film has {len(analysis.shots)}")
    if lines is not None and len(lines.said) != len(analysis.shots):
        raise ValueError(f"lines of {len(lines.said)} shots, the film has {len(analysis.shots)}")
    measured = {name: channel.measure(analysis) for name, channel in CHANNELS.items() if channel.measure is not None}
    return ShotFacts(
        start_s=np.array([float(shot.start) for shot in analysis.shots], np.float32),
        duration_s=np.array([float(shot.end - shot.start) for shot in analysis.shots], np.float32),
        measured=measured if lines is None else {**measured, **lines.measured()},
        readings=readings,
    )
