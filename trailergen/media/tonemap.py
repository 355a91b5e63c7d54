"""HDR and wide gamut to BT.709: the one mapping, its numbers, and numpy's version of it for small pictures.

Light is linear, 1 being reference white: 203 nits, which is 58 % of PQ and 75 % of HLG (ITU-R BT.2408). The film's
primaries go to BT.709's; then all three colours are multiplied by what brings the greatest of them into range, so
that hue stays. Up to ``KNEE`` nothing changes: mid-tones and faces are those of an SDR grade of the same scene, at
the same code values. Above it a Moebius curve, smooth at the knee, takes the film's peak to white.
rendering/colour.py has ffmpeg do the same.
"""

from __future__ import annotations

import numpy as np
from av.video.frame import VideoFrame
from av.video.reformatter import ColorRange, Interpolation
from numpy.typing import NDArray

from trailergen.media.colorimetry import luma_weights, to_bt709
from trailergen.media.probe import FilmInfo

REFERENCE_WHITE = 203
"""Nits of a white page in HDR, ITU-R BT.2408."""
KNEE = 0.6
"""Share of reference white up to which nothing is changed: 81 % of the code range of BT.1886."""
_HLG_PEAK = 1000
_UNKNOWN_PEAK = 1000
_HIGHEST = 10_000
_GAMMA = 2.4

Colours = NDArray[np.float32]


def is_wide(film: FilmInfo) -> bool:
    """True if a film would look wrong as BT.709: PQ, HLG, or BT.2020 primaries."""
    return film.colour.is_hdr or film.colour.primaries == "bt2020"


def peak(film: FilmInfo) -> float:
    """The brightest light of a film in units of reference white, at least 1.

    HLG's is 1000 nits by definition. PQ's is MaxCLL, else the mastering display's, else 1000 nits.
    """
    if film.colour.transfer == "arib-std-b67":
        return _HLG_PEAK / REFERENCE_WHITE
    mastered = film.light.luminance[1] / 10_000 if film.light.luminance else 0
    nits = film.light.max_cll or mastered or _UNKNOWN_PEAK
    return max(1.0, min(nits, _HIGHEST) / REFERENCE_WHITE)


def small_bt709(picture: VideoFrame, film: FilmInfo, size: tuple[int, int]) -> Colours:
    """A picture of a wide film in BT.709 at (width, height): R'G'B' from 0 to 1, (height, width, 3)."""
    if film.colour.matrix == "gbr":
        rgb = picture.reformat(*size, "rgb48le", interpolation=Interpolation.AREA, threads=1).to_ndarray()
        return bt709(np.asarray(rgb / 65535, np.float32), film)
    # One matrix on both sides, so that nothing is converted but the range.
    small = picture.reformat(
        *size,
        "yuv444p16le",
        interpolation=Interpolation.AREA,
        src_colorspace="ITU709",
        dst_colorspace="ITU709",
        dst_color_range=ColorRange.MPEG,
        threads=1,
    )
    # Plane by plane: what to_ndarray makes of this format is not the same in all versions of PyAV.
    luma = (_samples(small, 0) - np.float32(4096)) / np.float32(219 * 256)
    blue, red = ((_samples(small, plane) - np.float32(32768)) / np.float32(224 * 256) for plane in (1, 2))
    return bt709(_rgb(luma, blue, red, film.colour.matrix), film)


def bt709(colours: Colours, film: FilmInfo) -> Colours:
    """Non-linear colours (..., 3) of a wide film as those of BT.709, from 0 to 1."""
    light = _linear(np.clip(colours, 0, 1), film.colour.transfer) @ to_bt709(film.colour.primaries).T
    if film.colour.is_hdr:
        brightest = np.maximum(light.max(axis=-1, keepdims=True), 1e-6)
        light = light * (mobius(brightest, peak(film)) / brightest)
    return np.clip(light, 0, 1) ** np.float32(1 / _GAMMA)


def drawn_codes(levels: Colours, film: FilmInfo) -> Colours:
    """Signal, in a film of PQ or HLG whose white is reference white, of grey levels of BT.709, 0 to 1."""
    light = np.asarray(levels, np.float32) ** np.float32(_GAMMA) * REFERENCE_WHITE
    if film.colour.transfer == "smpte2084":
        power = (light / 10_000) ** 0.1593017578125
        return np.asarray(((0.8359375 + 18.8515625 * power) / (1 + 18.6875 * power)) ** 78.84375, np.float32)
    scene = (light / _HLG_PEAK) ** (1 / 1.2)
    bright = 0.17883277 * np.log(np.maximum(12 * scene - 0.28466892, 1e-6)) + 0.55991073
    return np.asarray(np.where(scene <= 1 / 12, np.sqrt(3 * scene), bright), np.float32)


def mobius(light: Colours, highest: float) -> Colours:
    """Light up to ``highest`` brought to 1: as it is up to the knee, then a Moebius transform that is smooth there."""
    if highest <= 1:
        return light
    a = -KNEE * KNEE * (highest - 1) / (KNEE * KNEE - 2 * KNEE + highest)
    b = (KNEE * KNEE - 2 * KNEE * highest + highest) / max(highest - 1, 1e-6)
    curve = (b * b + 2 * b * KNEE + KNEE * KNEE) / (b - a) * (light + a) / np.maximum(light + b, 1e-6)
    return np.where(light <= KNEE, light, curve).astype(np.float32)


def _samples(picture: VideoFrame, plane: int) -> Colours:
    stored = picture.planes[plane]
    rows = np.frombuffer(bytes(stored), "<u2").reshape(stored.height, stored.line_size // 2)
    return np.asarray(rows[:, : stored.width], np.float32)


def _rgb(luma: Colours, blue: Colours, red: Colours, matrix: str | None) -> Colours:
    of_red, of_green, of_blue = (float(weight) for weight in luma_weights(matrix))
    r, b = luma + 2 * (1 - of_red) * red, luma + 2 * (1 - of_blue) * blue
    return np.stack([r, (luma - of_red * r - of_blue * b) / of_green, b], axis=-1)


def _linear(colours: Colours, transfer: str | None) -> Colours:
    """Displayed light in units of reference white."""
    if transfer == "smpte2084":
        root = colours ** np.float32(1 / 78.84375)
        nits = 10_000 * (np.maximum(root - 0.8359375, 0) / (18.8515625 - 18.6875 * root)) ** (1 / 0.1593017578125)
        return np.asarray(nits / REFERENCE_WHITE, np.float32)
    if transfer == "arib-std-b67":
        scene = np.where(
            colours <= 0.5, colours**2 / 3, (np.exp((colours - 0.55991073) / 0.17883277) + 0.28466892) / 12
        )
        seen = scene**1.2  # each colour by itself, as zscale does it
        return np.asarray(seen * (_HLG_PEAK / REFERENCE_WHITE), np.float32)
    return np.asarray(colours**_GAMMA, np.float32)
