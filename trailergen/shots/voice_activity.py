"""Voice activity of a film: its sound is resampled and given to the detector while the film streams by."""

from __future__ import annotations

import math
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import av.error
import numpy as np
from av.audio.fifo import AudioFifo
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from numpy.typing import NDArray

from trailergen.shots.memo import Memo
from trailergen.shots.silero import RATE, WINDOW, Silero, VoiceActivityDetector
from trailergen.shots.sound import STEP_S, SoundActivity

SILENCE_DB = -100.0
_BREAK_S = 0.01  # by which timestamps may differ from what was decoded before it counts as a gap in the sound
_GAP = RATE  # samples of a gap after which the sound begins anew; a shorter one is silence
_TOGETHER = 1 << 14  # samples of the film that are converted at a time: frames are many and small
_BATCH = 256  # windows that the network takes at a time
_AWAITED = 4  # batches that may be outstanding while the film goes on

Samples = NDArray[np.float32]
Stretch = tuple[int, Samples]
"""Samples (n,) at ``RATE``, full scale 1, and the number of the first, 0 being that at the film's first picture."""


class SoundResampler:
    """Sound frames as mono, placed by their time. Frames that cannot be converted are left out, as silence."""

    def __init__(self) -> None:
        self._resampler: AudioResampler | None = None
        self._frames = AudioFifo()
        self._form: tuple[str, str, int] | None = None
        self._expected = 0.0  # seconds at which the next frame begins if nothing is missing
        self._next = 0

    def push(self, frame: AudioFrame, seconds: float) -> Iterator[Stretch]:
        """The stretches that the next frame completes, which begins at ``seconds``. It loses its timestamp."""
        form = (frame.format.name, frame.layout.name, frame.sample_rate)
        if form != self._form or abs(seconds - self._expected) > _BREAK_S:
            yield from self.finish()
            self._resampler, self._frames, self._form = AudioResampler("flt", "mono", RATE), AudioFifo(), form
            self._expected, self._next = seconds, round(seconds * RATE)
        self._expected += frame.samples / frame.sample_rate
        frame.pts = None  # a jump of the timestamps would be taken for an error
        if self._resampler is not None:
            self._frames.write(frame)
            if self._frames.samples >= _TOGETHER:
                yield from self._converted(self._frames.read())

    def finish(self) -> Iterator[Stretch]:
        """The rest, which the resampler still holds."""
        if (rest := self._frames.read()) is not None:
            yield from self._converted(rest)
        yield from self._converted(None)

    def _converted(self, frame: AudioFrame | None) -> Iterator[Stretch]:
        if self._resampler is None:
            return
        try:
            for converted in self._resampler.resample(frame):
                samples = converted.to_ndarray().reshape(-1).astype(np.float32, copy=False)
                first, self._next = self._next, self._next + len(samples)
                yield first, samples
        except (av.error.FFmpegError, ValueError, NotImplementedError):
            self._resampler, self._frames = None, AudioFifo()  # until a frame of another form comes


@dataclass(frozen=True)
class _Windows:
    """Windows in a row: the number of the first, the level of each, and their coming probabilities of speech."""

    first: int
    level: NDArray[np.float32]
    speech: Future[NDArray[np.float32]]


class VoiceActivityGatherer:
    """Cuts the sound into windows and has voice activity detected in them.

    Only windows with sound are kept and computed, so that a clock that jumps costs nothing.

    Args:
        network: the voice activity detector.
        thread: that it works in; see ``quiet_thread``.
        memo: what it found in an analysis that was interrupted.
    """

    def __init__(self, network: Silero, thread: ThreadPoolExecutor, memo: Memo | None = None) -> None:
        self._network, self._thread, self._memo = network, thread, memo
        self._detector = VoiceActivityDetector(network, memo)
        self._waiting: list[Samples] = []  # from the beginning of window ``_window`` on, ``_count`` samples
        self._window = self._count = 0
        self._sent: list[_Windows] = []

    def push(self, first: int, samples: Samples) -> None:
        """Take the next stretch of sound, without samples that came before or precede the film's first picture."""
        if first < 0:
            first, samples = 0, samples[-first:]
        gap = first - (self._window * WINDOW + self._count)
        if gap >= _GAP:
            self._begin_anew(first)
        elif gap > 0:
            self._take(np.zeros(gap, np.float32))
        self._take(samples[max(0, -gap) :])
        while self._count >= _BATCH * WINDOW:
            self._send(_BATCH)

    def finish(self, seconds: float) -> SoundActivity:
        """The activity along a film of that length; empty if it has no sound."""
        self._flush()
        if not self._sent:
            return SoundActivity(np.zeros(0, np.float32), np.zeros(0, np.float32))
        windows = math.ceil(seconds / STEP_S)
        level, speech = np.full(windows, SILENCE_DB, np.float32), np.zeros(windows, np.float32)
        for part in self._sent:
            room = slice(part.first, part.first + len(part.level))
            level[room] = part.level[: len(level[room])]
            speech[room] = part.speech.result()[: len(speech[room])]
        return SoundActivity(level, speech)

    def _begin_anew(self, first: int) -> None:
        """Start again after a gap: with a new detector state, and silence before the sound in its first window."""
        self._flush()
        self._detector = VoiceActivityDetector(self._network, self._memo)
        self._window = first // WINDOW
        self._take(np.zeros(first % WINDOW, np.float32))

    def _flush(self) -> None:
        if self._count:
            self._take(np.zeros(-self._count % WINDOW, np.float32))
            self._send(self._count // WINDOW)

    def _take(self, samples: Samples) -> None:
        self._waiting.append(samples)
        self._count += len(samples)

    def _send(self, count: int) -> None:
        # Damaged samples may be anything but numbers.
        sound = np.nan_to_num(np.concatenate(self._waiting), nan=0.0, posinf=1.0, neginf=-1.0)
        windows, rest = sound[: count * WINDOW].reshape(count, WINDOW), sound[count * WINDOW :]
        if len(self._sent) >= _AWAITED:
            self._sent[-_AWAITED].speech.result()
        speech = self._thread.submit(self._detector.push, windows)
        self._sent.append(_Windows(self._window, level_db(np.square(windows).mean(axis=1)), speech))
        self._waiting, self._count = [rest], len(rest)
        self._window += count


def level_db(power: NDArray[np.floating]) -> NDArray[np.float32]:
    """Mean squares as dBFS, not below -100."""
    return np.maximum(10 * np.log10(np.maximum(power, 1e-10)), SILENCE_DB).astype(np.float32)
