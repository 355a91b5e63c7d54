"""Numbers of colour spaces, from ITU-T H.273 (ISO/IEC 23091-2): weights of luma, primaries and white points."""

from __future__ import annotations

import functools

import numpy as np
from numpy.typing import NDArray

# K_R and K_B, table 4.
_WEIGHTS = {
    "bt709": (0.2126, 0.0722),
    "fcc": (0.30, 0.11),
    "bt470bg": (0.299, 0.114),
    "smpte170m": (0.299, 0.114),
    "smpte240m": (0.212, 0.087),
}
_WEIGHTS_2020 = (0.2627, 0.0593)
_D65, _C, _DCI = (0.3127, 0.3290), (0.310, 0.316), (0.314, 0.351)
# x and y of red, green, blue and white, table 2.
_PRIMARIES = {
    "bt709": ((0.640, 0.330), (0.300, 0.600), (0.150, 0.060), _D65),
    "bt470m": ((0.67, 0.33), (0.21, 0.71), (0.14, 0.08), _C),
    "bt470bg": ((0.64, 0.33), (0.29, 0.60), (0.15, 0.06), _D65),
    "smpte170m": ((0.630, 0.340), (0.310, 0.595), (0.155, 0.070), _D65),
    "smpte240m": ((0.630, 0.340), (0.310, 0.595), (0.155, 0.070), _D65),
    "film": ((0.681, 0.319), (0.243, 0.692), (0.145, 0.049), _C),
    "smpte428": ((1.0, 0.0), (0.0, 1.0), (0.0, 0.0), (1 / 3, 1 / 3)),
    "smpte431": ((0.680, 0.320), (0.265, 0.690), (0.150, 0.060), _DCI),
    "smpte432": ((0.680, 0.320), (0.265, 0.690), (0.150, 0.060), _D65),
}
# Light of BT.2020 as BT.709, ITU-R BT.2087.
_FROM_2020 = ((1.6605, -0.5876, -0.0728), (-0.1246, 1.1329, -0.0083), (-0.0182, -0.1006, 1.1187))
_BRADFORD = np.array([[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]])


def luma_weights(matrix: str | None) -> NDArray[np.float32]:
    """K_R, K_G and K_B of a matrix by ffmpeg's name; those of BT.2020 for others and for None."""
    red, blue = _WEIGHTS.get(matrix or "", _WEIGHTS_2020)
    return np.array([red, 1 - red - blue, blue], np.float32)


@functools.cache
def to_bt709(primaries: str | None) -> NDArray[np.float32]:
    """The matrix (3, 3) by which linear light of some primaries becomes light of BT.709; of BT.2020's for None.

    White stays white: other white points are adapted by Bradford's matrix.
    """
    known = _PRIMARIES.get(primaries or "")
    if known is None:
        return np.array(_FROM_2020, np.float32)
    own, target = _to_xyz(known), _to_xyz(_PRIMARIES["bt709"])
    cones, wanted = (_BRADFORD @ _xyz(white) for white in (known[3], _D65))
    adapted = np.linalg.inv(_BRADFORD) @ np.diag(wanted / cones) @ _BRADFORD
    return np.asarray(np.linalg.inv(target) @ adapted @ own, np.float32)


def _to_xyz(space: tuple[tuple[float, float], ...]) -> NDArray[np.float64]:
    columns = np.stack([np.array([x, y, 1 - x - y]) for x, y in space[:3]], axis=1)
    return np.asarray(columns * np.linalg.solve(columns, _xyz(space[3])), np.float64)


def _xyz(white: tuple[float, float]) -> NDArray[np.float64]:
    x, y = white
    return np.array([x / y, 1.0, (1 - x - y) / y])
