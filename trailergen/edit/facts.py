"""What the planner is told of a film's shots: measurements of the decode, and readings where they were taken."""

from __future__ import annotations

from dataclasses import replace

from trailergen.edit.compose import shot_facts
from trailergen.readings.types import Readings
from trailergen.shots.analysis import FilmAnalysis
from trailergen.ssmp.tokens import ShotFacts


def facts_of(analysis: FilmAnalysis, readings: Readings | None) -> ShotFacts:
    """Facts of the film's I shots, for ``Planner.fill``.

    Args:
        analysis: of the film.
        readings: of the same shots; without them the planner goes by measurements alone.

    Raises:
        ValueError: the readings are of another number of shots.
    """
    if readings is not None and len(readings.subject) != len(analysis.shots):
        raise ValueError(f"readings of {len(readings.subject)} shots, the film has {len(analysis.shots)}")
    return replace(shot_facts(analysis), readings=readings)
