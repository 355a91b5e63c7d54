"""The one decode of a film: scaled pictures, timestamps and sound for the shots stage, batch by batch."""

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
from trailergen.media.probe import FilmInfo, side_data
from trailergen.media.upright import upright
from trailergen.shots.detect import THUMB_HEIGHT, THUMB_WIDTH
from trailergen.shots.efficientnet import INPUT_SIZE
from trailergen.shots.onscreen_text import DETAIL_HEIGHT, DETAIL_WIDTH, text_scores
from trailergen.shots.voice_activity import SoundResampler, Stretch

BATCH = 64
_DETAIL_S = 0.5  # seconds from one picture that is searched for text to the next
_CANDIDATE_S = 1 / 3  # seconds from one candidate for embedding to the next, if nothing changes
_CHANGED = 16  # grey levels of a thumbnail by which a picture that differs from the last candidate is one at once

Picture = NDArray[np.uint8]


@dataclass
class DecodedBatch:
    """Up to ``BATCH`` pictures in a row, and the sound that lay between them in the file.

    ``times`` are timestamps after the first picture, in the film's time base; ``thumbs`` (27, 48, 3) RGB of each;
    ``text`` the index in the batch of some, and their scores of shots/onscreen_text.py; ``candidates`` the index of
    those that may be embedded, and the whole picture, upright, as (224, 224, 3) RGB; ``levels`` the start of each sound
    frame in seconds after the first picture, and its mean square (full scale is 1); ``sound`` the input of the voice
    activity detector; ``captions`` timestamps as ``times`` has them, and the bytes of captions in those pictures.
    """

    times: list[int] = field(default_factory=list)
    thumbs: list[Picture] = field(default_factory=list)
    text: list[tuple[int, tuple[float, float]]] = field(default_factory=list)
    candidates: list[tuple[int, Picture]] = field(default_factory=list)
    levels: list[tuple[float, float]] = field(default_factory=list)
    sound: list[Stretch] = field(default_factory=list)
    captions: list[tuple[int, bytes]] = field(default_factory=list)


def film_batches(container: InputContainer, film: FilmInfo, damage: Damage | None = None) -> Iterator[DecodedBatch]:
    """A whole film from its open file, in order; the last batch may be short, or hold sound only.

    ``damage`` is told of everything that was not read as it stands.
    """
    thumbs, details, candidates = VideoReformatter(), VideoReformatter(), VideoReformatter()
    detail_step, candidate_step = (round(seconds / float(film.time_base)) for seconds in (_DETAIL_S, _CANDIDATE_S))
    next_detail = next_candidate = film.origin
    last_candidate: Picture | None = None  # its thumbnail
    sound = container.streams.audio[0] if container.streams.audio else None
    resampler, batch = SoundResampler(), DecodedBatch()
    for event in decode_film(container, film, sound, damage):
        if isinstance(event, AudioFrame):
            level = _level(event, film)
            batch.levels.append(level)
            batch.sound.extend(resampler.push(event, level[0]))
            continue
        pts, frame = event
        if triples := side_data(frame, "A53_CC"):
            batch.captions.append((pts - film.origin, triples))
        if pts >= next_detail:
            next_detail = pts + detail_step
            detail = _scaled(details, frame, DETAIL_WIDTH, DETAIL_HEIGHT)
            batch.text.append((len(batch.times), text_scores(detail)))
        thumb = _scaled(thumbs, frame, THUMB_WIDTH, THUMB_HEIGHT)
        if last_candidate is None or pts >= next_candidate or _difference(thumb, last_candidate) > _CHANGED:
            last_candidate, next_candidate = thumb, pts + candidate_step
            candidate = upright(_scaled(candidates, frame, INPUT_SIZE, INPUT_SIZE), film)
            batch.candidates.append((len(batch.times), np.ascontiguousarray(candidate)))
        batch.times.append(pts - film.origin)
        batch.thumbs.append(thumb)
        if len(batch.times) == BATCH:
            yield batch
            batch = DecodedBatch()
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
