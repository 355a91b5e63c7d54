"""Channels of every film: time and number of a shot, its similarity to the others, and what was measured of it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from trailergen.readings.motion import shot_motion
from trailergen.shots.analysis import FilmAnalysis
from trailergen.ssmp.channels.channel import Channel, ChannelSource, measured
from trailergen.ssmp.types import Array, Floats

_CYCLES = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0)
"""Cycles per film of the time code: the slow ones tell the acts, the fast ones neighbouring shots."""
_PERIODS = (4.0, 8.0, 16.0, 32.0, 64.0)
"""Shots per cycle of the number code: it tells the next shot from the one after, however long the film."""
_LAGS = (1, 2, 4, -1, -2, -4)
_NEAREST = 5


def _time_code(film: ChannelSource) -> Floats:
    """(I, 15) the middle of each shot as a share of the film: linear, then sines and cosines."""
    facts = film.facts
    middle = facts.start_s.astype(np.float64) + facts.duration_s / 2
    share = middle / max(float(facts.start_s[-1] + facts.duration_s[-1]), 1e-9)
    phase = 2 * np.pi * share[:, None] * np.array(_CYCLES)
    return np.hstack([2 * share[:, None] - 1, np.sin(phase), np.cos(phase)])


def _number_code(film: ChannelSource) -> Floats:
    """(I, 10) the number of each shot: sines, then cosines."""
    phase = 2 * np.pi * np.arange(len(film.features))[:, None] / np.array(_PERIODS)
    return np.hstack([np.sin(phase), np.cos(phase)])


def _mean_of_nearest(film: ChannelSource) -> Array:
    """Mean similarity of each shot to the few most similar ones, (I,)."""
    others = film.similarity - 3 * np.eye(len(film.similarity), dtype=np.float32)
    count = max(1, min(_NEAREST, len(others) - 1))
    return np.partition(others, -count, axis=1)[:, -count:].mean(axis=1)


def _at_lag(lag: int) -> Channel:
    def values(film: ChannelSource) -> Array:
        """Similarity of each shot to the one ``lag`` later; NaN where the film ends first."""
        at = np.full(len(film.similarity), np.nan, np.float32)
        diagonal = np.diagonal(film.similarity, lag)
        start = max(0, -lag)
        at[start : start + len(diagonal)] = diagonal
        return at

    return Channel(f"similarity at lag {lag:+d}", values)


def _brightness(analysis: FilmAnalysis) -> Array:
    """Mean luma of each shot, (I,), 0 to 255."""
    luma: NDArray[np.float32] = analysis.statistics[:, 0]
    return np.array([luma[shot.first : shot.last].mean() for shot in analysis.shots], np.float32)


TIME = Channel("time", _time_code, ranked=False, width=1 + 2 * len(_CYCLES))
NUMBER = Channel("number", _number_code, ranked=False, width=2 * len(_PERIODS))
SIMILARITY = (
    Channel("mean similarity", lambda film: film.similarity.mean(axis=1)),
    Channel("similarity to nearest", _mean_of_nearest),
    *(_at_lag(lag) for lag in _LAGS),
)
DURATION = Channel("duration", lambda film: film.facts.duration_s)
MEASURED = (
    measured("motion", "motion", shot_motion),
    measured("brightness", "light", _brightness),
    measured("loudness", "sound", lambda analysis: analysis.loudness),
)
