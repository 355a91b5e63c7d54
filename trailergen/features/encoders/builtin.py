"""The encoder that needs no download: what a shot looks like at 48x27.

A picture with its mean colour taken away, in an orthonormal luma-chroma space and under an orthonormal
cosine transform, of which the 1,024 coarsest coefficients are kept. Both transforms keep distances, so the
cosine of two features is that of the two thumbnails but for detail that a second render or another encode would
change anyway. A shot's feature is that of the mean of its key pictures. On the Big Buck Bunny film and its
official trailer this finds the shots that the penultimate layer of TransNet V2 does not (``trailergen align``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from trailergen.features.registry import FEATURE_DIM
from trailergen.media.probe import FilmInfo
from trailergen.runtime.progress import Tick, no_tick
from trailergen.shots.analysis import FilmAnalysis

# Orthonormal: grey axis, red against blue, green against both.
_OPPONENT = np.array([[1, 1, 1], [1, 0, -1], [-1, 2, -1]], np.float64) / np.sqrt([[3], [2], [6]])
_LUMA_ROWS, _LUMA_COLUMNS = 20, 32
_CHROMA_ROWS, _CHROMA_COLUMNS = 12, 16


class BuiltinEncoder:
    """48x27 pictures as features; see the module."""

    name = "builtin"
    space = "builtin-1"
    version = 1
    licence = "MIT"

    weights: Mapping[str, str] = {}

    def encode(
        self, film: FilmInfo, analysis: FilmAnalysis, first: int = 0, tick: Tick = no_tick
    ) -> Iterator[NDArray[np.float32]]:
        """One batch, from the key pictures that the analysis kept."""
        layouts = shot_layouts(analysis)[first:]
        yield layouts
        tick(len(layouts))


def shot_layouts(analysis: FilmAnalysis) -> NDArray[np.float32]:
    """Unit vectors (I, 1024): of each shot the mean spectrum of its key pictures."""
    pictures = analysis.pictures
    sums = np.zeros((len(analysis.shots), FEATURE_DIM))
    np.add.at(sums, pictures.shots, spectra(pictures.thumbs))
    return normalised(sums)


def spectra(pictures: NDArray[np.generic]) -> NDArray[np.float64]:
    """Coarse cosine spectra (n, 1024) of pictures (n, 27, 48, 3), RGB 0 to 255; their norm is contrast."""
    from scipy.fft import dctn  # 0.2 s, for who encodes shots only

    spectrum = dctn(np.asarray(pictures, np.float64) @ _OPPONENT.T, axes=(1, 2), norm="ortho")
    spectrum[:, 0, 0, :] = 0  # the mean colour: grading and fades change it, the picture stays
    luma = spectrum[:, :_LUMA_ROWS, :_LUMA_COLUMNS, 0]
    chroma = spectrum[:, :_CHROMA_ROWS, :_CHROMA_COLUMNS, 1:]
    return np.concatenate([part.reshape(len(spectrum), -1) for part in (luma, chroma)], axis=1)


def normalised(rows: NDArray[np.float64]) -> NDArray[np.float32]:
    """Rows of unit length; a row of zeros stays zeros."""
    norms = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.divide(rows, norms, out=np.zeros_like(rows), where=norms > 1e-6).astype(np.float32)
