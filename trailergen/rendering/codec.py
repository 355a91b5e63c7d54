"""The trailer's codecs: H.264, HEVC or ProRes, each in segments that are joined as they are."""

from __future__ import annotations

import functools
from typing import Any

import numpy as np

from trailergen.media.encoding import Means
from trailergen.media.probe import FilmInfo
from trailergen.media.tonemap import is_wide
from trailergen.settings.render import RenderSettings

_BY_PROGRAM = "xyz"
"""Pixel formats that the versions of ffmpeg's scaler read differently."""
_NO_AVX512 = "asm=avx2,fma3,bmi2,lzcnt"


def means(film: FilmInfo, settings: RenderSettings) -> Means:
    """The encoder of a trailer's segments: in this process where its pictures are those that the program makes.

    x265 is another version there, and its work a multiple of a start.
    """
    here = settings.codec != "hevc" and not film.pixel_format.startswith(_BY_PROGRAM)
    return Means(needed(film, settings), here)


def needed(film: FilmInfo, settings: RenderSettings) -> tuple[str, ...]:
    """Encoders and filters that ffmpeg must have beside H.264 to render this film (see media/ffmpeg.py)."""
    encoder = () if settings.codec == "h264" else (settings.kind.encoder,)
    return (*encoder, "zscale") if is_wide(film) else encoder


def pixel_format(film: FilmInfo, settings: RenderSettings) -> str:
    """Of the trailer: as deep as the film, up to 10 bits, where the codec has them; ProRes always has 10."""
    if settings.codec == "prores":
        return "yuv422p10le"
    return "yuv420p10le" if settings.kind.deep and film.bit_depth > 8 else "yuv420p"


def encoded(picture: Any, settings: RenderSettings, film: FilmInfo) -> Any:
    """The output of a graph: pictures as a segment that can be joined (see join.py) with all others of the trailer.

    Args:
        picture: a stream of ffmpeg-python in the trailer's size, pixel format and colours (see colour.py).
        settings: of the trailer.
        film: of the trailer; its headers carry what the film says of its light.
    """
    return picture.output(
        "pipe:",
        format=settings.kind.container,
        movflags="+frag_keyframe+empty_moov+default_base_moof",
        vcodec=settings.kind.encoder,
        pix_fmt=pixel_format(film, settings),
        # The same on every machine, so that the same plan gives the same pictures.
        threads=2,
        **_ENCODING[settings.codec](settings, film),
    )


def _h264(settings: RenderSettings, film: FilmInfo) -> dict[str, Any]:
    # Headers that do not depend on the content: segments are joined under those of the first.
    # Without loss there is only this profile, which many players lack.
    profile = "high" if settings.quality else "high444"
    parameters = ["stitchable=1", *([_NO_AVX512] if _has_avx512() else [])]
    return {
        "crf": settings.quality,
        "preset": settings.speed,
        "profile:v": profile,
        "x264-params": ":".join(parameters),
    }


@functools.cache
def _has_avx512() -> bool:
    """True where x264 would use AVX-512, which is no faster here than AVX2.

    There its macroblock tree reads beyond what was written unless the width is a multiple of 128: how the same pictures
    are encoded then depends on what was in that memory.
    """
    found = np.show_config(mode="dicts")["SIMD Extensions"]["found"]
    return any(name == "X86_V4" or name.startswith("AVX512") for name in found)


def _hevc(settings: RenderSettings, film: FilmInfo) -> dict[str, Any]:
    # A closed group of pictures ends with its segment. The number of frame threads changes pictures, it is fixed too.
    parameters = ["log-level=error", "info=0", "open-gop=0", "pools=2", "frame-threads=2", *_light(settings, film)]
    return {
        "crf": settings.quality,
        "preset": settings.speed,
        "tag:v": settings.kind.tag,
        "x265-params": ":".join(parameters),
    }


def _light(settings: RenderSettings, film: FilmInfo) -> list[str]:
    """The light of an HDR10 film as x265 wants it: x and y of green, blue, red and white."""
    light = film.light
    if settings.hdr != "keep" or film.colour.transfer != "smpte2084":
        return []
    found = []
    if light.primaries and light.luminance:
        red, green, blue, white = (
            f"({x},{y})" for x, y in zip(light.primaries[::2], light.primaries[1::2], strict=True)
        )
        least, greatest = light.luminance
        found.append(f"master-display=G{green}B{blue}R{red}WP{white}L({greatest},{least})")
    if light.max_cll:
        found.append(f"max-cll={light.max_cll},{light.max_fall}")
    return [*found, "hdr10=1"] if found else []


def _prores(settings: RenderSettings, film: FilmInfo) -> dict[str, Any]:
    # Some editors take ProRes for ProRes only from this vendor.
    return {"profile:v": settings.profile, "vendor": "apl0"}


_ENCODING = {"h264": _h264, "hevc": _hevc, "prores": _prores}
