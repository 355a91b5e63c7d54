"""The one decode of a film: what the shots stage looks at of pictures and sound, batch by batch."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from av.audio.frame import AudioFrame
from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.reformatter import Interpolation, VideoReformatter
from numpy.typing import NDArray

from trailergen.media.decoding import Damage
from trailergen.media.frames import decode_film
from trailergen.media.probe import FilmInfo
from trailergen.shots.detect import THUMB_HEIGHT, THUMB_WIDTH
from trailergen.shots.efficientnet import SIDE
from trailergen.shots.listening import Resampler, Stretch
from trailergen.shots.onscreen_text import DETAIL_HEIGHT, DETAIL_WIDTH, lettering

BATCH = 64
_DETAIL_S = 0.5  # how often a picture is looked at closely enough to see lettering
_LOOK_S = 1 / 3  # how often one is taken for the network, if nothing changes
_CHANGED = 16  # and how far, in grey levels of a thumbnail, it may have changed from the last one that was taken

Picture = NDArray[np.uint8]


@dataclass
class Batch:
    """Up to ``BATCH`` pictures in a row, and the sound that lay between them in the file.

    ``times`` are timestamps after the first picture, in the film's time base; ``thumbs`` (27, 48, 3) RGB of each;
    ``lettering`` the index in the batch of some, and their scores of shots/onscreen_text.py; ``looks`` of others, and
    the whole picture, upright, as (224, 224, 3) RGB; ``levels`` the start of each sound frame in seconds after the
    first picture, and its mean square (full scale is 1); ``sound`` what the speech detector takes.
    """

    times: list[int] = field(default_factory=list)
    thumbs: list[Picture] = field(default_factory=list)
    lettering: list[tuple[int, tuple[float, float]]] = field(default_factory=list)
    looks: list[tuple[int, Picture]] = field(default_factory=list)
    levels: list[tuple[float, float]] = field(default_factory=list)
    sound: list[Stretch] = field(default_factory=list)


def film_batches(container: InputContainer, film: FilmInfo, damage: Damage | None = None) -> Iterator[Batch]:
    """A whole film from its open file, in order; the last batch may be short, or hold sound only.

    ``damage`` is told of everything that was not read as it stands.
    """
    thumbs, details, looks = VideoReformatter(), VideoReformatter(), VideoReformatter()
    wait, patience = (round(seconds / float(film.time_base)) for seconds in (_DETAIL_S, _LOOK_S))
    next_detail = next_look = film.origin
    looked_at: Picture | None = None  # the thumbnail of the last picture that was taken for the network
    sound = container.streams.audio[0] if container.streams.audio else None
    resampler, batch = Resampler(), Batch()
    for event in decode_film(container, film, sound, damage):
        if isinstance(event, AudioFrame):
            level = _level(event, film)
            batch.levels.append(level)
            batch.sound.extend(resampler.push(event, level[0]))
            continue
        pts, frame = event
        if pts >= next_detail:
            next_detail = pts + wait
            detail = _scaled(details, frame, DETAIL_WIDTH, DETAIL_HEIGHT)
            batch.lettering.append((len(batch.times), lettering(detail)))
        thumb = _scaled(thumbs, frame, THUMB_WIDTH, THUMB_HEIGHT)
        if looked_at is None or pts >= next_look or _difference(thumb, looked_at) > _CHANGED:
            looked_at, next_look = thumb, pts + patience
            look = np.rot90(_scaled(looks, frame, SIDE, SIDE), -film.rotation // 90)
            batch.looks.append((len(batch.times), np.ascontiguousarray(look)))
        batch.times.append(pts - film.origin)
        batch.thumbs.append(thumb)
        if len(batch.times) == BATCH:
            yield batch
            batch = Batch()
    batch.sound.extend(resampler.finish())
    yield batch


def _scaled(reformatter: VideoReformatter, frame: VideoFrame, width: int, height: int) -> Picture:
    small = reformatter.reformat(frame, width, height, "rgb24", interpolation=Interpolation.BICUBIC, threads=1)
    return small.to_ndarray().astype(np.uint8, copy=False)


def _difference(a: Picture, b: Picture) -> float:
    # Every third pixel tells as much, and every picture is asked.
    return float(np.abs(a[1::3, 1::3].astype(np.int16) - b[1::3, 1::3]).mean())


def _level(frame: AudioFrame, film: FilmInfo) -> tuple[float, float]:
    samples = frame.to_ndarray().ravel()
    kind, scale = samples.dtype.kind, 2.0 ** (8 * samples.itemsize - 1)
    samples = samples.astype(np.float64)  # the squares of damaged samples can be beyond single precision
    if kind == "u":
        samples = samples / 128 - 1
    elif kind == "i":
        samples = samples / scale
    start = float(frame.time or 0.0) - float(film.origin * film.time_base)
    # A product of the samples with themselves: there are more frames of sound than of pictures.
    return start, float(samples @ samples) / samples.size if samples.size else 0.0
