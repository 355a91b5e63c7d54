"""Projects of Shotcut and Kdenlive as ``melt`` plays them, and films with sound to put into them."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path

import av
import ffmpeg
import numpy as np
from counterfilm import make_film, read_numbers
from numpy.typing import NDArray
from scipy.io import wavfile
from scipy.signal import butter, sosfiltfilt

from trailergen.media.ffmpeg import file_url, run

RATE = 48_000
MUSIC_BAND, CLIP_BAND, LINE_BAND = (200, 800), (1600, 3600), (6000, 12_000)
"""Hz: what is heard of the music, of clips and of lines can be told apart."""
LINES = (130, 206)
"""Film frames that are in the band of lines."""

Sound = NDArray[np.float64]


def melt_binary() -> str | None:
    """The program, None where it is not installed."""
    return shutil.which("melt") or shutil.which("melt-7")


def band_noise(samples: int, band: tuple[int, int], seed: int, level: float = 0.02) -> Sound:
    """Steady noise of a band, (samples, 2)."""
    noise = np.random.default_rng(seed).normal(size=(samples, 2))
    heard = sosfiltfilt(butter(6, band, "bandpass", fs=RATE, output="sos"), noise, axis=0)
    return heard * level / np.sqrt((heard**2).mean())


def make_heard_film(path: Path, frames: int, rate: Fraction) -> Path:
    """A film of numbered pictures, with a noise that never repeats: in frames ``LINES`` in the band of lines."""
    silent = make_film(path.with_suffix(".silent.mp4"), frames, rate=rate)
    wav = path.with_suffix(".wav")
    sound = band_noise(int(frames / rate * RATE) + RATE, CLIP_BAND, 1)
    first, last = (int(frame / rate * RATE) for frame in LINES)
    sound[first:last] = band_noise(last - first, LINE_BAND, 3)
    wavfile.write(wav, RATE, sound.astype(np.float32))
    sources = ffmpeg.input(file_url(silent)).video, ffmpeg.input(file_url(wav)).audio
    run(ffmpeg.output(*sources, file_url(path), vcodec="copy", acodec="pcm_s16le", t=float(frames / rate)))
    return path


def make_music(path: Path, seconds: float) -> Path:
    """A noise in another band."""
    wavfile.write(path, RATE, band_noise(int(seconds * RATE), MUSIC_BAND, 2).astype(np.float32))
    return path


def play(project: Path) -> tuple[list[int], Sound]:
    """The number of every picture of a project, and its sound (samples, 2)."""
    with played(project) as output:
        return read_numbers(output)[0], read_sound(output)


@contextmanager
def played(project: Path) -> Iterator[Path]:
    """A project as a film, while the block runs."""
    output = project.with_suffix(".played.mov")
    environment = {**os.environ, "DISPLAY": os.environ.get("DISPLAY", ":0"), "QT_QPA_PLATFORM": "offscreen"}
    options = ["vcodec=mpeg4", "qscale=2", "acodec=pcm_s24le", "ar=48000", "channels=2", "f=mov"]
    consumer = [f"avformat:{output}", *options, "real_time=-1", "terminate_on_pause=1"]
    command = [melt_binary() or "melt", str(project), "-silent", "-consumer", *consumer]
    for again in (True, False):  # it hangs at its start once in a while
        try:
            done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, env=environment, timeout=90)
            break
        except subprocess.TimeoutExpired:
            if not again:
                raise
    assert done.returncode == 0 and output.exists(), done.stderr.decode(errors="replace")[-2000:]
    yield output
    output.unlink()


def read_sound(path: Path) -> Sound:
    """The sound of a file at 48 kHz, (samples, 2)."""
    with av.open(str(path)) as container:
        resampler = av.AudioResampler("fltp", "stereo", RATE)
        heard = [each.to_ndarray() for frame in container.decode(audio=0) for each in resampler.resample(frame)]
    return np.concatenate(heard, axis=1).T.astype(np.float64)


def differences(ours: Sound, theirs: Sound, band: tuple[int, int], frame: float) -> Sound:
    """Differences of level in dB in steps of 25 ms, each where within ``frame`` seconds of it they are least.

    Compared are stretches of 100 ms of a band; what is under -60 dBFS on both sides is alike.
    """
    step, width = RATE // 40, RATE // 10
    shifts = np.arange(-int(frame * RATE), int(frame * RATE) + 1, RATE // 1000)
    own, other = (_power(sound, band, width) for sound in (ours, theirs))
    at = np.arange(0, min(len(own), len(other)), step)
    near = other[np.clip(at[:, None] + shifts, 0, len(other) - 1)]
    floor = 10 ** (-60 / 10)
    return np.abs(10 * np.log10((near + floor) / (own[at, None] + floor))).min(axis=1)


def _power(sound: Sound, band: tuple[int, int], width: int) -> Sound:
    """The mean square of every stretch of ``width`` samples of a band."""
    heard = sosfiltfilt(butter(6, band, "bandpass", fs=RATE, output="sos"), sound, axis=0)
    total = np.concatenate([[0.0], np.cumsum((heard**2).mean(axis=1))])
    return (total[width:] - total[:-width]) / width
