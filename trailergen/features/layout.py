"""Layout of a shot: where its colours lie, from its 48x27 key pictures.

A picture with its mean colour taken away, in an orthonormal luma-chroma space and under an orthonormal
cosine transform, of which the 1,024 coarsest coefficients are kept. Both transforms keep distances, so the
cosine of two spectra is that of the two thumbnails but for detail that a second render or another encode would
change anyway. Every analysed film has these features, whatever encoder the plan is made with.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from trailergen.features.vectors import FEATURE_DIM, l2_normalised
from trailergen.shots.analysis import FilmAnalysis

# Orthonormal: grey axis, red against blue, green against both.
_OPPONENT = np.array([[1, 1, 1], [1, 0, -1], [-1, 2, -1]], np.float64) / np.sqrt([[3], [2], [6]])
_LUMA_ROWS, _LUMA_COLUMNS = 20, 32
_CHROMA_ROWS, _CHROMA_COLUMNS = 12, 16


def shot_layouts(analysis: FilmAnalysis) -> NDArray[np.float32]:
    """Unit vectors (I, 1024): of each shot the mean spectrum of its key pictures."""
    pictures = analysis.pictures
    sums = np.zeros((len(analysis.shots), FEATURE_DIM))
    np.add.at(sums, pictures.shots, layout_spectra(pictures.thumbs))
    return l2_normalised(sums)


def layout_spectra(pictures: NDArray[np.generic]) -> NDArray[np.float64]:
    """Coarse cosine spectra (n, 1024) of pictures (n, 27, 48, 3), RGB 0 to 255; their norm is contrast."""
    from scipy.fft import dctn  # 0.2 s, for who encodes shots only

    spectrum = dctn(np.asarray(pictures, np.float64) @ _OPPONENT.T, axes=(1, 2), norm="ortho")
    spectrum[:, 0, 0, :] = 0  # the mean colour: grading and fades change it, the picture stays
    luma = spectrum[:, :_LUMA_ROWS, :_LUMA_COLUMNS, 0]
    chroma = spectrum[:, :_CHROMA_ROWS, :_CHROMA_COLUMNS, 1:]
    return np.concatenate([part.reshape(len(spectrum), -1) for part in (luma, chroma)], axis=1)
