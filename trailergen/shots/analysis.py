"""The one decode of a film: pictures, timestamps and sound levels in a single streaming pass.

Everything later stages need is gathered here, and nothing kept grows with the film but a few numbers per
picture and a few thumbnails per shot.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from av.audio.frame import AudioFrame
from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.reformatter import Interpolation, VideoReformatter
from numpy.typing import NDArray

from trailergen.errors import InputError
from trailergen.media.container import open_media
from trailergen.media.frames import decode_film, film_frame
from trailergen.media.probe import FilmInfo
from trailergen.media.rate import measure_rate
from trailergen.progress import Tick, no_tick
from trailergen.shots.detect import (
    THUMB_HEIGHT,
    THUMB_WIDTH,
    TransitionDetector,
    load_transnet,
    shots_from_probabilities,
)
from trailergen.shots.flags import Lettering, flag_shots, lit_part
from trailergen.shots.lettering import DETAIL_HEIGHT, DETAIL_WIDTH, lettering
from trailergen.shots.pictures import KeyPictureGatherer, KeyPictures
from trailergen.shots.statistics import frame_statistics

VERSION = 2
_BATCH = 50
_DETAIL_S = 0.5  # how often a picture is looked at closely enough to see lettering
_SILENCE_DB = -100.0

Picture = NDArray[np.uint8]


@dataclass(frozen=True)
class DetectedShot:
    """A shot: pictures ``[first, last)`` counted as decoded, their exact times ``[start, end)`` in seconds after
    the film's first picture, the film frames ``[frame_in, frame_out)`` that show them, and of those the part
    ``[lit_in, lit_out)`` without the black it fades from and to."""

    number: int
    first: int
    last: int
    start: Fraction
    end: Fraction
    frame_in: int
    frame_out: int
    lit_in: int
    lit_out: int
    flags: tuple[str, ...]


@dataclass(frozen=True)
class FilmAnalysis:
    """What one pass over a film of n pictures and I shots found.

    ``rate`` is the film's, or for variable rates the standard one it is conformed to; ``frames`` its length in
    film frames. ``times`` (n,) int64 are timestamps after the first picture, in units of ``time_base``.
    ``probabilities`` (n,) are TransNet V2's; ``statistics`` (n, 7) as in shots/statistics.py; ``loudness`` (I,) is the
    level of the film's sound in each shot, dBFS.
    """

    rate: Fraction
    variable_rate: bool
    frames: int
    time_base: Fraction
    times: NDArray[np.int64]
    probabilities: NDArray[np.float32]
    statistics: NDArray[np.float32]
    shots: tuple[DetectedShot, ...]
    pictures: KeyPictures
    loudness: NDArray[np.float32]


def analyse_film(film: FilmInfo, device: str = "cpu", tick: Tick = no_tick) -> FilmAnalysis:
    """Decode the film once and find its shots.

    Args:
        film: the probed film.
        device: where TransNet V2 runs.
        tick: called with the seconds of film decoded since the last call.

    Raises:
        InputError: the film cannot be read, or holds fewer than two pictures.
    """
    gatherer = _Gatherer(TransitionDetector(load_transnet(device), device))
    times: list[int] = []
    levels: list[tuple[float, float]] = []
    with open_media(film.path) as container:
        for event in _events(container, film):
            if isinstance(event, AudioFrame):
                levels.append(_level(event, film))
                continue
            pts, thumb, detail = event
            times.append(pts - film.origin)
            gatherer.push(thumb, detail)
            if len(times) > 1:
                tick(float((times[-1] - times[-2]) * film.time_base))
    if len(times) < 2:
        raise InputError(f"{film.path} holds {len(times)} picture, a film has more")
    gatherer.finish()
    return _assemble(film, np.array(times, np.int64), gatherer, levels)


def _events(container: InputContainer, film: FilmInfo) -> Iterator[AudioFrame | tuple[int, Picture, Picture | None]]:
    """Timestamp, thumbnail and now and then a larger picture, and sound frames, as they come out of the file."""
    thumbs, details = VideoReformatter(), VideoReformatter()
    wait = round(_DETAIL_S / float(film.time_base))
    next_detail = film.origin
    sound = container.streams.audio[0] if container.streams.audio else None
    for event in decode_film(container, film, sound):
        if isinstance(event, AudioFrame):
            yield event
            continue
        pts, frame = event
        detail = None
        if pts >= next_detail:
            next_detail = pts + wait
            detail = _scaled(details, frame, DETAIL_WIDTH, DETAIL_HEIGHT)
        yield pts, _scaled(thumbs, frame, THUMB_WIDTH, THUMB_HEIGHT), detail


def _scaled(reformatter: VideoReformatter, frame: VideoFrame, width: int, height: int) -> Picture:
    small = reformatter.reformat(frame, width, height, "rgb24", interpolation=Interpolation.BICUBIC, threads=1)
    return small.to_ndarray().astype(np.uint8, copy=False)


def _level(frame: AudioFrame, film: FilmInfo) -> tuple[float, float]:
    """Start of a sound frame in seconds after the first picture, and its mean square (full scale is 1)."""
    samples = frame.to_ndarray()
    scaled = samples.astype(np.float64)
    if samples.dtype.kind == "u":
        scaled = scaled / 128 - 1
    elif samples.dtype.kind == "i":
        scaled /= 2.0 ** (8 * samples.itemsize - 1)
    start = float(frame.time or 0.0) - float(film.origin * film.time_base)
    return start, float(np.mean(np.square(scaled))) if scaled.size else 0.0


class _Gatherer:
    """Turns a stream of pictures into probabilities, statistics, lettering scores and key pictures."""

    def __init__(self, detector: TransitionDetector) -> None:
        self._detector = detector
        self._batch: list[Picture] = []
        self._before: Picture | None = None
        self._waiting: deque[Picture] = deque()  # thumbnails whose probability is not yet known
        self._probabilities: list[NDArray[np.float32]] = []
        self._statistics: list[NDArray[np.float32]] = []
        self._lettering: list[tuple[int, tuple[float, float]]] = []
        self._keys = KeyPictureGatherer()
        self._count = 0

    def push(self, thumb: Picture, detail: Picture | None) -> None:
        if detail is not None:
            self._lettering.append((self._count, lettering(detail)))
        self._count += 1
        self._batch.append(thumb)
        if len(self._batch) == _BATCH:
            self._flush()

    def finish(self) -> None:
        """Run what is left."""
        if self._batch:
            self._flush()
        self._take(self._detector.finish())

    @property
    def probabilities(self) -> NDArray[np.float32]:
        return np.concatenate(self._probabilities)

    @property
    def statistics(self) -> NDArray[np.float32]:
        return np.concatenate(self._statistics)

    @property
    def lettering(self) -> Lettering:
        at, scores = zip(*self._lettering, strict=True)
        return Lettering(np.array(at, np.int64), np.array(scores, np.float32))

    @property
    def pictures(self) -> KeyPictures:
        return self._keys.finish()

    def _flush(self) -> None:
        thumbs = np.stack(self._batch)
        self._statistics.append(frame_statistics(thumbs, self._before))
        self._before = thumbs[-1]
        self._waiting.extend(thumbs)
        self._batch.clear()
        self._take(self._detector.push(thumbs))

    def _take(self, probabilities: NDArray[np.float32]) -> None:
        self._probabilities.append(probabilities)
        for probability in probabilities:
            self._keys.push(self._waiting.popleft(), float(probability))


def _assemble(
    film: FilmInfo, times: NDArray[np.int64], gatherer: _Gatherer, levels: list[tuple[float, float]]
) -> FilmAnalysis:
    probabilities, statistics = gatherer.probabilities, gatherer.statistics
    rate, variable = measure_rate(times, film.time_base, film.header_rate)
    ends = np.append(times, 2 * times[-1] - times[-2])  # the last picture is held as long as the one before it
    clock = [time * film.time_base for time in ends.tolist()]
    ranges = shots_from_probabilities(probabilities)
    flags = flag_shots(statistics, gatherer.lettering, ranges, ends * float(film.time_base))
    shots = []
    for number, (first, last) in enumerate(ranges):
        lit_first, lit_last = lit_part(statistics, first, last)
        shots.append(
            DetectedShot(
                number=number,
                first=first,
                last=last,
                start=clock[first],
                end=clock[last],
                frame_in=film_frame(clock[first], rate),
                frame_out=film_frame(clock[last], rate),
                lit_in=film_frame(clock[lit_first], rate),
                lit_out=film_frame(clock[lit_last], rate),
                flags=flags[number],
            )
        )
    return FilmAnalysis(
        rate,
        variable,
        film_frame(clock[-1], rate),
        film.time_base,
        times,
        probabilities,
        statistics,
        tuple(shots),
        gatherer.pictures,
        _shot_loudness(shots, levels),
    )


def _shot_loudness(shots: list[DetectedShot], levels: list[tuple[float, float]]) -> NDArray[np.float32]:
    """Level of the film sound in each shot, dBFS; -100 where there is none."""
    if not levels:
        return np.full(len(shots), _SILENCE_DB, np.float32)
    starts = np.array([start for start, _ in levels])
    powers = np.concatenate(([0.0], np.cumsum([power for _, power in levels])))
    first = np.searchsorted(starts, [float(shot.start) for shot in shots])
    last = np.searchsorted(starts, [float(shot.end) for shot in shots])
    mean = (powers[last] - powers[first]) / np.maximum(1, last - first)
    return np.maximum(10 * np.log10(np.maximum(mean, 1e-10)), _SILENCE_DB).astype(np.float32)
