"""The pictures of a shot that an encoder is shown.

``paper`` repeats what ImageBind's authors do with a video file, a shot being one: five clips of two seconds, of each
its first and last picture, three crops of each: fifteen inputs. ``fast`` is three pictures and their centres.
docs/encoders.md names the function of the official source behind every step.
"""

from __future__ import annotations

import math
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from trailergen.shots.analysis import DetectedShot

FramePair = tuple[int, int]
"""The first and the last film frame of a stretch of film; the same one twice is a still picture."""

_CLIPS, _CLIP_S = 5, 2
_STILLS = 3


class Views(StrEnum):
    """The names of ``--views``."""

    fast = "fast"
    paper = "paper"


def frame_pairs(shot: DetectedShot, rate: Fraction, views: Views) -> list[FramePair]:
    """The clips of a shot, in film frames at ``rate``, not necessarily different ones."""
    if views is Views.paper:
        start = shot.frame_in
        return [(start + first, start + last) for first, last in paper_frame_pairs(_length(shot), float(rate))]
    # Stills come from the part that is not faded, which says more about the shot than its fades do.
    start, length = shot.fade_trimmed_in, shot.fade_trimmed_out - shot.fade_trimmed_in
    if length < 1:
        start, length = shot.frame_in, _length(shot)
    stills = [start + (2 * k + 1) * length // (2 * _STILLS) for k in range(_STILLS)]
    return [(still, still) for still in stills]


def paper_frame_pairs(frames: int, fps: float) -> list[FramePair]:
    """First and last picture of the five clips of a video of ``frames`` pictures, counted from its first.

    ``get_clip_timepoints`` with pytorchvideo's ``ConstantClipsPerVideoSampler(2, 5)``: starts evenly spaced from 0 to
    the latest possible, in exact fractions of a length in floating point. Then ``EncodedVideoDecord.get_clip``:
    pictures from the one at or after the start to the last before the end. Then ``uniform_temporal_subsample`` to two:
    the first and the last. A video shorter than two seconds gives the same clip five times.
    """
    latest = Fraction(max(frames / fps - _CLIP_S, 0))
    clips = []
    for number in range(_CLIPS):
        start = latest / (_CLIPS - 1) * number
        first = min(math.ceil(fps * float(start)), frames - 1)
        end = min(math.ceil(fps * float(start + _CLIP_S)), frames)
        clips.append((first, max(first, end - 1)))
    return clips


def three_crops(height: int, width: int, size: int) -> list[tuple[int, int]]:
    """Top left corners (y, x) of three squares of ``size``: ``uniform_crop`` of ImageBind's data.py.

    Left, centre and right of a picture that is no higher than wide; else top, centre and bottom.
    """
    y, x = math.ceil((height - size) / 2), math.ceil((width - size) / 2)
    if height > width:
        return [(0, x), (y, x), (height - size, x)]
    return [(y, 0), (y, x), (y, width - size)]


def squares(picture: NDArray[np.uint8]) -> list[NDArray[np.uint8]]:
    """The three crops of a picture (H, W, 3) as it is, each as large as its shorter side."""
    height, width = picture.shape[:2]
    side = min(height, width)
    return [picture[y : y + side, x : x + side] for y, x in three_crops(height, width, side)]


def _length(shot: DetectedShot) -> int:
    """Film frames of a shot; one that fits between two of them still shows a picture."""
    return max(1, shot.frame_out - shot.frame_in)
