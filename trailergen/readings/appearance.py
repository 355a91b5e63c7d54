"""Appearance of shots: light, colour, sharpness and clutter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trailergen.readings.pooling import shot_means
from trailergen.readings.types import Floats
from trailergen.shots.analysis import FilmAnalysis
from trailergen.shots.statistics import COLUMNS, luma

_LUMA, _SATURATION = COLUMNS.index("luma"), COLUMNS.index("saturation")
_CELL = 3  # pixels of a thumbnail along the side of a cell
_EDGES = -24  # of 1,150 pixels of a thumbnail, the one that is sharper than 98 %
_SHARP = 60.0  # of a Laplacian: black beside white, smoothed by the scaling, is 64
_BUSY = 6.0  # mean Laplacian of a cell that is not plain

# sRGB to CIE XYZ relative to its white, D65 (IEC 61966-2-1).
_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
_TO_RELATIVE = (_XYZ / _XYZ.sum(axis=1, keepdims=True)).T.astype(np.float32)
_CODES = np.arange(256) / 255
_LINEAR = np.where(_CODES <= 0.04045, _CODES / 12.92, ((_CODES + 0.055) / 1.055) ** 2.4).astype(np.float32)


@dataclass(frozen=True)
class Appearance:
    """Appearance of I shots; fields as in ``Readings``.

    ``view`` (I, 9, 16, 3) is the mean CIE L*a*b* colour of each cell.
    """

    sharpness: Floats
    clutter: Floats
    brightness: Floats
    saturation: Floats
    colour: Floats
    view: Floats


def appearance(analysis: FilmAnalysis) -> Appearance:
    """The appearance of the shots, from their thumbnails and the statistics of their pictures."""
    pictures = analysis.pictures
    count = len(analysis.shots)
    detail = np.abs(_laplacian(luma(pictures.thumbs)))
    # The sharpest edge decides, not how much of the picture is edges: a face before a blurred wood is sharp.
    edges = np.sort(detail.reshape(len(detail), -1), axis=1)[:, _EDGES]
    sharp = np.clip(edges / _SHARP, 0, 1)
    busy = (cell_means(detail) > _BUSY).mean(axis=(1, 2))
    light = [analysis.statistics[shot.first : shot.last] for shot in analysis.shots]
    view = shot_means(cell_colours(pictures.thumbs), pictures.shots, count)
    means = np.array([part[:, (_LUMA, _SATURATION)].mean(axis=0) for part in light]).reshape(-1, 2)
    return Appearance(
        sharpness=shot_means(sharp, pictures.shots, count),
        clutter=shot_means(busy, pictures.shots, count),
        brightness=means[:, 0].astype(np.float32),
        saturation=means[:, 1].astype(np.float32),
        colour=view.mean(axis=(1, 2)),
        view=view,
    )


def lab(rgb: NDArray[np.uint8]) -> Floats:
    """CIE L*a*b* (D65) of sRGB colours, (..., 3)."""
    relative = _LINEAR[rgb] @ _TO_RELATIVE
    root = np.where(relative > (6 / 29) ** 3, np.cbrt(relative), relative * np.float32((29 / 6) ** 2 / 3) + 4 / 29)
    x, y, z = np.moveaxis(root, -1, 0)
    return np.stack((116 * y - 16, 500 * (x - y), 200 * (y - z)), axis=-1).astype(np.float32, copy=False)


def _laplacian(grey: Floats) -> Floats:
    """Difference of each pixel inside (n, h - 2, w - 2) from the mean of its four neighbours."""
    around = grey[:, :-2, 1:-1] + grey[:, 2:, 1:-1] + grey[:, 1:-1, :-2] + grey[:, 1:-1, 2:]
    difference: Floats = grey[:, 1:-1, 1:-1] - around / np.float32(4)
    return difference


def cell_means(pictures: NDArray[np.generic]) -> Floats:
    """Means over squares of three pixels of (n, h, w, ...); what is left over at the edges is dropped."""
    height, width = (size - size % _CELL for size in pictures.shape[1:3])
    whole: NDArray[Any] = pictures[:, :height, :width]
    kind = np.uint16 if whole.dtype == np.uint8 else np.float32
    # Slices added to each other are much faster than a mean over so short an axis.
    rows = whole[:, ::_CELL].astype(kind) + whole[:, 1::_CELL] + whole[:, 2::_CELL]
    sums = rows[:, :, ::_CELL] + rows[:, :, 1::_CELL] + rows[:, :, 2::_CELL]
    return np.asarray(sums / np.float32(_CELL**2), np.float32)


def cell_colours(thumbs: NDArray[np.uint8]) -> Floats:
    """CIE L*a*b* colours (n, 9, 16, 3) of the cells of thumbnails (n, 27, 48, 3)."""
    return lab(np.rint(cell_means(thumbs)).astype(np.uint8))
