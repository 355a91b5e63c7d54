"""Shot tokens that say nothing about the encoder: the feature space ``geometry-1``.

The starter checkpoint must serve films nobody trained on, described by encoders nobody trained it with.
So it never sees a feature vector as such, only how the shots of one film lie relative to each other:

* *geometry*: features centred on the film, of unit length, turned to the film's own principal axes and
  cut to the first ``AXES``. Cosines between shots survive nearly unchanged, the encoder's basis and the
  width of its cone of features do not. Training turns every film at random, so that a model cannot come to
  expect anything of an axis.
* *context channels*: numbers with the same meaning in every film and for every encoder: when the shot
  comes, how ordinary it is, how it relates to its neighbours, how long, moving, bright and loud it is.
  Everything but time is a rank within the film, which no encoder's or camera's scale can shift.

SSMP is then applied unchanged, with the token ``[geometry; channels]`` in the place of the feature vector
of the paper: eq. 2 to 8 hold in that space. A shot of a trailer has no context of its own; its token joins
its own geometry with the channels of the film shot it is taken from.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trailergen.readings.types import Readings

Array = NDArray[np.float32]

FEATURE_SPACE = "geometry-1"
AXES = 64
"""Principal axes kept."""

_CYCLES = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0)
"""Cycles per film of the time code: the slow ones tell the acts, the fast ones neighbouring shots."""
_LAGS = (1, 2, 4)
_NEAREST = 5

TIME_CHANNELS = 1 + 2 * len(_CYCLES)
RANKED_CHANNELS = 2 + 2 * len(_LAGS) + 4
CHANNELS = TIME_CHANNELS + RANKED_CHANNELS
TOKEN_DIM = AXES + CHANNELS
MEASURED = slice(TOKEN_DIM - 3, TOKEN_DIM)
"""Where motion, brightness and loudness stand in a token: what a film may lack."""

# Each of the three groups gets a length near 1, so that none drowns the others in the cosine of eq. 3:
# a sine and cosine pair has length 1, a linear ramp or a rank, uniform in [-1, 1], a mean square of 1/3.
_TIME_SCALE = (len(_CYCLES) + 1 / 3) ** -0.5
_RANK_SCALE = (RANKED_CHANNELS / 3) ** -0.5


@dataclass(frozen=True)
class ShotFacts:
    """What is known about each shot of a film beside its feature vector; arrays of shape (I,).

    Args:
        start_s, duration_s: seconds in the film, in film order.
        motion, brightness, loudness: any unit, only their order counts; None where not measured.
        readings: of the same shots; None where not read. ``geometry-1`` does not look at them.
    """

    start_s: Array
    duration_s: Array
    motion: Array | None = None
    brightness: Array | None = None
    loudness: Array | None = None
    readings: Readings | None = None


@dataclass(frozen=True)
class FilmAxes:
    """A film's own coordinate system: ``mean`` (D,) and principal ``axes`` (D, AXES)."""

    mean: Array
    axes: Array

    @classmethod
    def of(cls, features: Array) -> FilmAxes:
        """Fit to the film's ``features`` (I, D). Missing axes, where I or D is small, are zeros.

        An axis points to where the film's shots are skewed: the sign depends on the film alone, not on
        the linear algebra library.
        """
        mean = features.mean(axis=0)
        unit = unit_rows(features - mean).astype(np.float64)
        # The smaller of the two products has the same eigenvalues, and 3,000 shots are many.
        wide = len(unit) < unit.shape[1]
        values, vectors = np.linalg.eigh(unit @ unit.T if wide else unit.T @ unit)
        # An axis along which the film does not extend is rounding noise.
        kept = [int(i) for i in np.argsort(values)[::-1][:AXES] if values[i] > 1e-9 * max(values[-1], 1e-9)]
        directions = unit.T @ vectors[:, kept] / np.sqrt(values[kept]) if wide else vectors[:, kept]
        directions *= np.where(((unit @ directions) ** 3).sum(axis=0) < 0, -1, 1)
        axes = np.zeros((unit.shape[1], AXES), np.float32)
        axes[:, : directions.shape[1]] = directions
        return cls(mean, axes)

    def project(self, features: Array) -> Array:
        """Geometry (n, AXES) of ``features`` (n, D), of unit length; zero where a shot equals the mean."""
        return unit_rows(unit_rows(features - self.mean) @ self.axes)


def film_tokens(features: Array, facts: ShotFacts) -> Array:
    """Tokens (I, TOKEN_DIM) float32 of a film's shots, from ``features`` (I, D) and ``facts``.

    Deterministic, finite for every finite input, for films of one shot or of equal shots too.
    """
    features = np.asarray(features, np.float32)
    return np.hstack([FilmAxes.of(features).project(features), context_channels(features, facts)])


def trailer_tokens(axes: FilmAxes, film: Array, trailer_features: Array, labels: NDArray[np.int64]) -> Array:
    """Tokens (J, TOKEN_DIM) of trailer shots, to be seen beside the ``film`` tokens (I, TOKEN_DIM).

    Args:
        axes: those of the film.
        film: its tokens.
        trailer_features: (J, D), of the same encoder as the film's.
        labels: (J,) film shot of each trailer shot (eq. 1).
    """
    geometry = axes.project(np.asarray(trailer_features, np.float32))
    return np.hstack([geometry, film[labels, AXES:]])


def context_channels(features: Array, facts: ShotFacts) -> Array:
    """The context channels (I, CHANNELS) of a film's shots, scaled to weigh as much as the geometry."""
    unit = unit_rows(features - features.mean(axis=0))
    similarity = unit @ unit.T
    ranked = [
        similarity.mean(axis=1),
        mean_of_nearest(similarity),
        *(similarity_at(similarity, lag) for lag in _LAGS),
        *(similarity_at(similarity, -lag) for lag in _LAGS),
        facts.duration_s,
        facts.motion,
        facts.brightness,
        facts.loudness,
    ]
    ranks = np.stack([np.zeros(len(features)) if values is None else rank(values) for values in ranked], axis=1)
    channels = np.hstack([time_code(facts) * _TIME_SCALE, ranks * _RANK_SCALE])
    return channels.astype(np.float32)


def time_code(facts: ShotFacts) -> NDArray[np.float64]:
    """The middle of each shot as a share of the film: linear, then sines and cosines. (I, TIME_CHANNELS)."""
    middle = facts.start_s.astype(np.float64) + facts.duration_s / 2
    share = middle / max(float(facts.start_s[-1] + facts.duration_s[-1]), 1e-9)
    phase = 2 * np.pi * share[:, None] * np.array(_CYCLES)
    return np.hstack([2 * share[:, None] - 1, np.sin(phase), np.cos(phase)])


def mean_of_nearest(similarity: Array) -> Array:
    """Mean similarity of each shot to the few most like it, (I,)."""
    others = similarity - 3 * np.eye(len(similarity), dtype=np.float32)
    count = max(1, min(_NEAREST, len(similarity) - 1))
    return np.partition(others, -count, axis=1)[:, -count:].mean(axis=1)


def similarity_at(similarity: Array, lag: int) -> Array:
    """Similarity of each shot to the one ``lag`` later; NaN where the film ends first."""
    at = np.full(len(similarity), np.nan, np.float32)
    diagonal = np.diagonal(similarity, lag)
    start = max(0, -lag)
    at[start : start + len(diagonal)] = diagonal
    return at


def rank(values: NDArray[np.floating] | NDArray[np.integer]) -> NDArray[np.float64]:
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


def unit_rows(vectors: Array) -> Array:
    """Rows of unit length; those shorter than rounding errors, whose direction would be noise, are zeros."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.divide(vectors, lengths, out=np.zeros_like(vectors), where=lengths > 1e-6)
