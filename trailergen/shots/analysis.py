"""The one decode of a film: pictures, timestamps and sound levels in a single streaming pass.

Everything later stages need is gathered here, and nothing kept grows with the film but a few numbers per
picture and a few thumbnails per shot.
"""

from __future__ import annotations

from collections import deque
from contextlib import closing
from dataclasses import dataclass, field, replace
from fractions import Fraction

import numpy as np
from av.codec.hwaccel import HWAccel
from numpy.typing import NDArray

from trailergen.errors import InputError
from trailergen.media.container import open_media
from trailergen.media.decoding import Damage
from trailergen.media.frames import film_frame
from trailergen.media.probe import FilmInfo
from trailergen.media.rate import measure_rate
from trailergen.runtime.prefetch import prefetch
from trailergen.runtime.progress import Tick, no_tick
from trailergen.runtime.threads import cores, quiet_thread, torch_threads
from trailergen.shots.captions import CaptionGatherer, ClosedCaptions
from trailergen.shots.decode import DecodedBatch, Picture, film_batches
from trailergen.shots.detect import TransitionDetector, shots_from_probabilities, transition_detector
from trailergen.shots.embed import EmbeddingGatherer
from trailergen.shots.embeddings import FrameEmbeddings
from trailergen.shots.flags import fade_trimmed, flag_shots
from trailergen.shots.memo import KeptMemo
from trailergen.shots.networks import Networks, load_networks
from trailergen.shots.onscreen_text import TextScores
from trailergen.shots.pictures import KeyPictureGatherer, KeyPictures
from trailergen.shots.seeking import must_read_in_order
from trailergen.shots.sound import SoundActivity
from trailergen.shots.statistics import frame_statistics
from trailergen.shots.voice_activity import SILENCE_DB, VoiceActivityGatherer, level_db

VERSION = 10
_AHEAD = 4  # batches that are decoded while the network works


@dataclass(frozen=True)
class DetectedShot:
    """A shot: pictures ``[first, last)`` counted as decoded, their exact times ``[start, end)`` in seconds after
    the film's first picture, the film frames ``[frame_in, frame_out)`` that show them, and of those the part
    ``[fade_trimmed_in, fade_trimmed_out)`` without the black that it fades from and to."""

    number: int
    first: int
    last: int
    start: Fraction
    end: Fraction
    frame_in: int
    frame_out: int
    fade_trimmed_in: int
    fade_trimmed_out: int
    flags: tuple[str, ...]


@dataclass(frozen=True)
class FilmAnalysis:
    """The result of one pass over a film of n pictures and I shots.

    ``rate`` is the film's, or for variable rates the standard one it is conformed to; ``frames`` its length in
    film frames. ``times`` (n,) int64 are timestamps after the first picture, in units of ``time_base``.
    ``probabilities`` (n,) are TransNet V2's; ``statistics`` (n, 7) as in shots/statistics.py; ``loudness`` (I,) is the
    level of the film's sound in each shot, dBFS; ``embeddings`` are the ImageNet network's of a few pictures of each;
    ``sound`` is empty where the film has none, and so are the closed ``captions`` inside its pictures. ``in_order``
    says that pictures are right only when the film is read from its start (see shots/seeking.py); ``damage`` counts
    everything that was not read as it stands.
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
    embeddings: FrameEmbeddings
    sound: SoundActivity
    captions: ClosedCaptions = field(default_factory=ClosedCaptions)
    in_order: bool = False
    damage: Damage = field(default_factory=Damage)


def analyse_film(
    film: FilmInfo,
    device: str = "cpu",
    tick: Tick = no_tick,
    hardware: HWAccel | None = None,
    networks: Networks | None = None,
    memo: KeptMemo | None = None,
) -> FilmAnalysis:
    """Decode the film once and find its shots.

    Args:
        film: the probed film.
        device: where the networks run.
        tick: called with the seconds of film decoded since the last call.
        hardware: what decodes the film, as hardware_decoder gives it; the CPU by default.
        networks: those for ``device``, if they are loaded.
        memo: what the networks found in an analysis that was interrupted; it is kept now and then.

    Raises:
        WeightsError: the networks are to be loaded, and one's weights are missing or damaged.
        InputError: the film cannot be read, or holds fewer than two pictures.
    """
    networks, damage = networks or load_networks(device), Damage()
    with (
        closing(transition_detector(networks.transnet, device, memo)) as detector,
        quiet_thread() as thread,
        open_media(film.path, hardware) as container,
        closing(prefetch(film_batches(container, film, damage), _AHEAD)) as batches,
        torch_threads(max(1, cores() // 3)),  # three parts of the network work at a time: see transnet.py
    ):
        gatherer = _Gatherer(
            detector,
            EmbeddingGatherer(networks.efficientnet, thread, memo),
            VoiceActivityGatherer(networks.silero, thread, memo),
        )
        for batch in batches:
            tick(gatherer.push(batch) * float(film.time_base))
            if memo is not None:
                memo.keep()
        if len(gatherer.times) < 2:
            raise InputError(f"{film.path} holds {len(gatherer.times)} picture, a film has more")
        gatherer.finish()
        found = _assemble(film, gatherer)
    in_order = must_read_in_order(film, found.rate, found.times, found.pictures, damage)
    return replace(found, in_order=in_order, damage=damage)


class _Gatherer:
    """Turns a stream of pictures and sound into the parts of a film's analysis."""

    def __init__(
        self, detector: TransitionDetector, embeddings: EmbeddingGatherer, sound: VoiceActivityGatherer
    ) -> None:
        self.times: list[int] = []
        self.levels: list[tuple[float, float]] = []
        self._detector = detector
        self._before: Picture | None = None
        self._waiting: deque[Picture] = deque()  # thumbnails whose probability is not yet known
        self._probabilities: list[NDArray[np.float32]] = []
        self._statistics: list[NDArray[np.float32]] = []
        self._text: list[tuple[int, tuple[float, float]]] = []
        self._keys = KeyPictureGatherer()
        self._embeddings, self._sound = embeddings, sound
        self._captions = CaptionGatherer()

    def push(self, batch: DecodedBatch) -> int:
        """Take the next pictures; returns the time that they add to the known film, in units of its time base."""
        self.levels.extend(batch.levels)
        for first, samples in batch.sound:
            self._sound.push(first, samples)
        for at, triples in batch.captions:
            self._captions.push(at, triples)
        if not batch.times:
            return 0
        known = self.times[-1] if self.times else 0
        self._text.extend((len(self.times) + at, scores) for at, scores in batch.text)
        for at, picture in batch.candidates:
            self._embeddings.offer(len(self.times) + at, picture)
        self.times.extend(batch.times)
        thumbs = np.stack(batch.thumbs)
        self._statistics.append(frame_statistics(thumbs, self._before))
        self._before = thumbs[-1]
        self._waiting.extend(thumbs)
        self._take(self._detector.push(thumbs))
        return self.times[-1] - known

    def finish(self) -> None:
        """Run what is left."""
        self._take(self._detector.finish())

    @property
    def probabilities(self) -> NDArray[np.float32]:
        return np.concatenate(self._probabilities)

    @property
    def statistics(self) -> NDArray[np.float32]:
        return np.concatenate(self._statistics)

    @property
    def text(self) -> TextScores:
        at, scores = zip(*self._text, strict=True)
        return TextScores(np.array(at, np.int64), np.array(scores, np.float32))

    @property
    def pictures(self) -> KeyPictures:
        return self._keys.finish()

    @property
    def embeddings(self) -> FrameEmbeddings:
        return self._embeddings.finish()

    @property
    def captions(self) -> ClosedCaptions:
        return self._captions.finish()

    def sound(self, seconds: float) -> SoundActivity:
        """The sound's activity along a film of that length."""
        return self._sound.finish(seconds)

    def _take(self, probabilities: NDArray[np.float32]) -> None:
        self._probabilities.append(probabilities)
        for probability in probabilities:
            self._keys.push(self._waiting.popleft(), float(probability))
            self._embeddings.push(float(probability))


def _assemble(film: FilmInfo, gatherer: _Gatherer) -> FilmAnalysis:
    times = np.array(gatherer.times, np.int64)
    probabilities, statistics = gatherer.probabilities, gatherer.statistics
    rate, variable = measure_rate(times, film.time_base, film.header_rate)
    ends = np.append(times, 2 * times[-1] - times[-2])  # the last picture is held as long as the one before it
    clock = [time * film.time_base for time in ends.tolist()]
    ranges = shots_from_probabilities(probabilities)
    flags = flag_shots(statistics, gatherer.text, ranges, ends * float(film.time_base))
    shots = []
    for number, (first, last) in enumerate(ranges):
        trimmed_first, trimmed_last = fade_trimmed(statistics, first, last)
        shots.append(
            DetectedShot(
                number=number,
                first=first,
                last=last,
                start=clock[first],
                end=clock[last],
                frame_in=film_frame(clock[first], rate),
                frame_out=film_frame(clock[last], rate),
                fade_trimmed_in=film_frame(clock[trimmed_first], rate),
                fade_trimmed_out=film_frame(clock[trimmed_last], rate),
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
        _shot_loudness(shots, gatherer.levels),
        gatherer.embeddings,
        gatherer.sound(float(clock[-1])),
        gatherer.captions,
    )


def _shot_loudness(shots: list[DetectedShot], levels: list[tuple[float, float]]) -> NDArray[np.float32]:
    """Level of the film sound in each shot, dBFS; -100 where there is none."""
    if not levels:
        return np.full(len(shots), SILENCE_DB, np.float32)
    starts = np.array([start for start, _ in levels])
    powers = np.concatenate(([0.0], np.cumsum([power for _, power in levels])))
    first = np.searchsorted(starts, [float(shot.start) for shot in shots])
    last = np.searchsorted(starts, [float(shot.end) for shot in shots])
    mean = (powers[last] - powers[first]) / np.maximum(1, last - first)
    return level_db(mean)
