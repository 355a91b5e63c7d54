"""A per-shot channel: a number, or a few, with the same meaning in every film and for every encoder.

Most are ranks within the film, from -1 to 1, which no camera's or reader's scale can shift. A channel whose source is
missing is 0. A channel is one ``Channel``, which a token space of ``spaces.py`` lists; nothing else knows of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from trailergen.readings.types import Readings
from trailergen.shots.analysis import FilmAnalysis
from trailergen.ssmp.pca import unit_rows
from trailergen.ssmp.types import Array, Floats

Values = NDArray[np.floating] | NDArray[np.integer]


@dataclass(frozen=True)
class ShotFacts:
    """Facts about each shot of a film beside its feature vector; arrays of shape (I,).

    Args:
        start_s, duration_s: seconds in the film, in film order.
        measured: by the name of a channel, its measurement in any unit; NaN, or no entry, where there is none.
        readings: of the same shots; None where not read.
    """

    start_s: Array
    duration_s: Array
    measured: Mapping[str, Array] = field(default_factory=dict)
    readings: Readings | None = None


@dataclass(frozen=True)
class ChannelSource:
    """A film as channels see it: ``features`` (I, D) and ``facts``."""

    features: Array
    facts: ShotFacts

    @cached_property
    def similarity(self) -> Array:
        """Cosines (I, I) of the centred features."""
        unit = unit_rows(self.features - self.features.mean(axis=0))
        return np.asarray(unit @ unit.T, np.float32)


@dataclass(frozen=True)
class Channel:
    """One channel, or several columns that belong together.

    Args:
        name: unique among all channels.
        values: (I,) or (I, ``width``) of a film; None where its source is missing.
        ranked: ranks within the film take the place of the values, which otherwise lie within [-1, 1].
        width: number of columns.
        source: the detector or reader it comes from, which a film may lack and training withholds now and then; empty
            for what every film has.
        from_readings: nothing is known of it without readings.
        from_lines: nothing is known of it without the film's lines; ``ShotFacts.measured`` holds it of who has them.
        measure: the measurement (I,) of a film's analysis that ``ShotFacts.measured`` holds under ``name``; None if
            the channel needs none.
    """

    name: str
    values: Callable[[ChannelSource], Values | None]
    ranked: bool = True
    width: int = 1
    source: str = ""
    from_readings: bool = False
    from_lines: bool = False
    measure: Callable[[FilmAnalysis], Array] | None = None

    def columns(self, film: ChannelSource) -> Floats:
        """(I, ``width``), within [-1, 1]; 0 where nothing is known: no source, or NaN."""
        found = self.values(film)
        shots = len(film.features)
        if found is None:
            return np.zeros((shots, self.width))
        known = np.asarray(found, np.float64)
        known = rank(known) if self.ranked else np.nan_to_num(known)
        return known.reshape(shots, self.width)


def measured(name: str, source: str, measure: Callable[[FilmAnalysis], Array]) -> Channel:
    """The channel of a measurement, ranked."""
    return Channel(name, lambda film: film.facts.measured.get(name), source=source, measure=measure)


def read(name: str, of: Callable[[Readings, ChannelSource], Values], source: str, ranked: bool = True) -> Channel:
    """The channel of a film's readings."""

    def values(film: ChannelSource) -> Values | None:
        return None if film.facts.readings is None else of(film.facts.readings, film)

    return Channel(name, values, ranked, source=source, from_readings=True)


def rank(values: Values) -> Floats:
    """Rank within the film, from -1 to 1; equal values share their mean rank; unknown (NaN) is 0."""
    values = np.asarray(values, np.float64)
    ranks = np.zeros(len(values))
    known = np.isfinite(values)
    if known.any():
        _, index, counts = np.unique(values[known], return_inverse=True, return_counts=True)
        before = np.cumsum(counts) - counts
        middle = before + (counts - 1) / 2
        ranks[known] = 2 * (middle[index] + 0.5) / known.sum() - 1
    return ranks
