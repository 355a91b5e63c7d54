"""Geometry of a film's shots: their features on the film's own principal axes.

A model for every encoder never sees a feature vector as such, only how the shots of one film lie relative to each
other: features centred on the film, of unit length, projected on the film's own principal axes and cut to the first
``PCA_DIM``. Cosines between shots survive nearly unchanged, the encoder's basis and the width of its cone of features
do not. Training rotates every film at random, so that a model cannot come to expect anything of an axis.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from trailergen.ssmp.types import Array

PCA_DIM = 64
"""Principal axes kept."""


@dataclass(frozen=True)
class FilmPCA:
    """A film's own coordinate system: ``mean`` (D,) and principal ``components`` (D, PCA_DIM)."""

    mean: Array
    components: Array

    @classmethod
    def fit(cls, features: Array) -> FilmPCA:
        """Fit to the film's ``features`` (I, D). Missing components, where I or D is small, are zeros.

        A component points to where the film's shots are skewed: the sign depends on the film alone, not on
        the linear algebra library.
        """
        mean = features.mean(axis=0)
        unit = unit_rows(features - mean).astype(np.float64)
        # The smaller of the two products has the same eigenvalues, and 3,000 shots are many.
        wide = len(unit) < unit.shape[1]
        values, vectors = np.linalg.eigh(unit @ unit.T if wide else unit.T @ unit)
        # An axis along which the film does not extend is rounding noise.
        kept = [int(i) for i in np.argsort(values)[::-1][:PCA_DIM] if values[i] > 1e-9 * max(values[-1], 1e-9)]
        directions = unit.T @ vectors[:, kept] / np.sqrt(values[kept]) if wide else vectors[:, kept]
        directions *= np.where(((unit @ directions) ** 3).sum(axis=0) < 0, -1, 1)
        components = np.zeros((unit.shape[1], PCA_DIM), np.float32)
        components[:, : directions.shape[1]] = directions
        return cls(mean, components)

    def transform(self, features: Array) -> Array:
        """Geometry (n, PCA_DIM) of ``features`` (n, D), of unit length; zero where a shot equals the mean."""
        return unit_rows(unit_rows(features - self.mean) @ self.components)


def unit_rows(vectors: Array) -> Array:
    """Rows of unit length; those shorter than rounding errors, whose direction would be noise, are zeros."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.divide(vectors, lengths, out=np.zeros_like(vectors), where=lengths > 1e-6)
