"""A film to measure on, made by PyAV alone: there is no ffmpeg program where this runs."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
from av.video.stream import VideoStream
from numpy.typing import NDArray

from benchmarks.gpu.parts import Setting

RATE = 24
SHOT_FRAMES = (20, 60)
Picture = NDArray[np.uint8]


def pictures(count: int, width: int, height: int, seed: int = 0) -> Iterator[Picture]:
    """``count`` pictures (H, W, 3): shots with hard cuts, each a texture of its own that drifts, some fading over."""
    rng = np.random.default_rng(seed)
    shown, before = 0, None
    while shown < count:
        length = min(int(rng.integers(*SHOT_FRAMES)), count - shown)
        coarse = rng.integers(0, 256, (6, 10, 3)).astype(np.float32)
        size = (int(np.ceil(height / 6)) + 8, int(np.ceil(width / 10)) + 8)
        texture = np.kron(coarse, np.ones((*size, 1), np.float32))
        texture += rng.normal(0, 12, texture.shape).astype(np.float32)
        step, fade = int(rng.integers(0, 2)), before is not None and rng.random() < 0.25
        for number in range(length):
            shift = min(step * number, 40)
            picture = texture[shift : shift + height, shift : shift + width]
            if fade and before is not None and number < 10:
                picture = (before * (10 - number) + picture * number) / 10
            yield np.clip(picture, 0, 255).astype(np.uint8)
        before = texture[:height, :width]
        shown += length


def film(setting: Setting, frames: int, width: int, height: int, codec: str = "libx264") -> Path:
    """A film of such pictures, kept for other parts."""
    path = setting.folder / f"film-{frames}-{width}x{height}-{codec}.mp4"
    if path.exists():
        return path
    temporary = path.with_suffix(".making.mp4")
    write(temporary, pictures(frames, width, height), width, height, codec)
    os.replace(temporary, path)
    return path


def write(path: Path, shown: Iterator[Picture], width: int, height: int, codec: str) -> None:
    """Encode pictures; ``codec`` is the name of an encoder."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=RATE)
        assert isinstance(stream, VideoStream)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        if codec == "libx264":
            stream.options = {"preset": "veryfast"}
        for picture in shown:
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, "rgb24")))
        container.mux(stream.encode())
