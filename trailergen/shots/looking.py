"""A second look at single pictures of a film, as the one decode of shots/decode.py looks at them all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from av.video.frame import VideoFrame
from av.video.reformatter import Interpolation
from numpy.typing import NDArray

from trailergen.media.frames import read_scattered
from trailergen.media.probe import FilmInfo
from trailergen.media.upright import upright
from trailergen.runtime.progress import Tick
from trailergen.runtime.threads import quiet_thread
from trailergen.shots.detect import THUMB_HEIGHT, THUMB_WIDTH
from trailergen.shots.efficientnet import INPUT_SIZE, EfficientNet

_BATCH = 4


@dataclass(frozen=True)
class Looks:
    """Of k pictures, upright: the network's ``vectors`` (k, 1280) and ``maps`` (k, 7, 7), and ``thumbs``
    (k, 27, 48, 3)."""

    vectors: NDArray[np.float32]
    maps: NDArray[np.float32]
    thumbs: NDArray[np.uint8]


def look_at(film: FilmInfo, rate: Fraction, frames: Sequence[int], network: EfficientNet, tick: Tick) -> Looks:
    """A look at film frames.

    Args:
        film: the probed film.
        rate: of its frames.
        frames: increasing numbers, at least one.
        network: on its device.
        tick: called with the frames looked at.

    Raises:
        InputError: the film cannot be read, or has no picture there.
    """
    seen, thumbs, waiting = [], [], []
    with quiet_thread() as thread:
        for number, (_, picture) in enumerate(read_scattered(film, rate, frames), 1):
            whole = np.ascontiguousarray(upright(_scaled(picture, INPUT_SIZE, INPUT_SIZE), film))
            thumbs.append(_scaled(VideoFrame.from_ndarray(whole, format="rgb24"), THUMB_WIDTH, THUMB_HEIGHT))
            waiting.append(whole)
            if len(waiting) == _BATCH or number == len(frames):
                seen.append(thread.submit(network.embed, np.stack(waiting)).result())
                waiting.clear()
            tick(1)
    vectors, maps = (np.concatenate([getattr(each, name) for each in seen]) for name in ("vectors", "maps"))
    return Looks(vectors, maps, np.stack(thumbs))


def _scaled(picture: VideoFrame, width: int, height: int) -> NDArray[np.uint8]:
    small = picture.reformat(width, height, "rgb24", interpolation=Interpolation.BICUBIC, threads=1)
    return np.asarray(small.to_ndarray(), np.uint8)
