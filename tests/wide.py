"""Films of HDR and of wide gamut, made from SDR pictures: what a mapping back must find again."""

from __future__ import annotations

from pathlib import Path

import ffmpeg
import numpy as np
from numpy.typing import NDArray

from trailergen.media.ffmpeg import file_url, run

PATCHES = ((115, 82, 68), (194, 150, 130), (98, 122, 157), (87, 108, 67), (80, 91, 166), (193, 90, 99),
           (122, 122, 121), (52, 52, 52))  # fmt: skip
"""Mid-tones of the ColorChecker, dark and light skin the first of them; sRGB."""
LIGHT = "hdr10=1:master-display=G(13250,34500)B(7500,3000)R(34000,16000)WP(15635,16450)L(10000000,50):max-cll=1000,400"


def patches(number: int, size: tuple[int, int] = (320, 180)) -> NDArray[np.uint8]:
    """The patches side by side, moved on by one with every number, over a white strip: (height, width, 3)."""
    width, height = size
    columns = (np.arange(width) * len(PATCHES) // width + number) % len(PATCHES)
    picture = np.repeat(np.array(PATCHES, np.uint8)[columns][None], height, axis=0)
    picture[-height // 6 :] = 255
    return picture


def make_wide_film(path: Path, transfer: str, frames: int = 48, light: str = "", step: int = 12) -> Path:
    """An HEVC film of 10 bits in BT.2020, white at 203 nits; another picture every ``step`` frames.

    Args:
        path: the file to write.
        transfer: zscale's name of its curve.
        frames: how many.
        light: x265's parameters for what the film says of its light.
        step: frames that a picture lasts.
    """
    graph = ffmpeg.input("pipe:", format="rawvideo", pixel_format="rgb24", video_size=(320, 180), framerate=24)
    graph = graph.filter("setparams", range="pc", colorspace="gbr", color_primaries="bt709", color_trc="bt709")
    graph = graph.filter("zscale", transfer=transfer, primaries="bt2020", matrix="bt2020nc", range="limited", npl=203)
    parameters = "log-level=error:pools=1:frame-threads=1" + (f":{light}" if light else "")
    graph = graph.filter("format", "yuv420p10le").output(
        file_url(path), vcodec="libx265", preset="ultrafast", crf=8, **{"tag:v": "hvc1", "x265-params": parameters}
    )
    run(graph, (patches(number // step).tobytes() for number in range(frames)), needed=("zscale", "libx265"))
    return path
