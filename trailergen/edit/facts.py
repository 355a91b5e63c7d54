"""The measurements of a film's shots that the tokens of the model are made from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from trailergen.readings.motion import shot_motion
from trailergen.shots.analysis import FilmAnalysis
from trailergen.ssmp.tokens import ShotFacts

if TYPE_CHECKING:
    from trailergen.readings.types import Readings


def shot_facts(analysis: FilmAnalysis, readings: Readings | None = None) -> ShotFacts:
    """Times, movement, brightness, loudness and readings of the film's I shots, for the tokens of ssmp/channels.py.

    Without ``readings`` the model goes by the measurements of the decode alone.

    Raises:
        ValueError: the readings are of another number of shots.
    """
    if readings is not None and len(readings.subject) != len(analysis.shots):
        raise ValueError(f"readings of {len(readings.subject)} shots, the film has {len(analysis.shots)}")
    luma = analysis.statistics[:, 0]
    inside = [slice(shot.first, shot.last) for shot in analysis.shots]
    return ShotFacts(
        start_s=np.array([float(shot.start) for shot in analysis.shots], np.float32),
        duration_s=np.array([float(shot.end - shot.start) for shot in analysis.shots], np.float32),
        motion=shot_motion(analysis),
        brightness=np.array([luma[part].mean() for part in inside], np.float32),
        loudness=analysis.loudness,
        readings=readings,
    )
