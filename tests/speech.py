"""Films in which somebody speaks at known times: by espeak-ng where it is, or in syllables of noise."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import ffmpeg
import numpy as np
import pytest
from scipy.io import wavfile
from scipy.signal import butter, resample_poly, sosfilt

from trailergen.media.ffmpeg import run
from trailergen.media.probe import FilmInfo, probe_film

RATE = 48_000


def syllables(seconds: float, seed: int) -> np.ndarray:
    """Noise in the band of speech, four syllables a second, never silent for 50 ms: (samples,), peak 0.5."""
    rng = np.random.default_rng(seed)
    noise = sosfilt(butter(2, [200, 3500], "band", fs=RATE, output="sos"), rng.normal(size=round(seconds * RATE)))
    time = np.arange(len(noise)) / RATE
    voice = noise * (0.3 + np.abs(np.sin(4 * np.pi * time + rng.uniform(0, 1))))
    return 0.5 * voice / np.abs(voice).max()


def spoken(folder: Path, text: str) -> np.ndarray:
    """A text said by espeak-ng, without the silence around it: (samples,), peak 0.5."""
    program = shutil.which("espeak-ng")
    if program is None:
        pytest.skip("espeak-ng is not installed")
    subprocess.run([program, "-s", "140", "-w", str(folder / "said.wav"), text], check=True)
    rate, said = wavfile.read(folder / "said.wav")
    voice = resample_poly(said.astype(np.float64), RATE, rate)
    voice *= 0.5 / np.abs(voice).max()
    loud = np.flatnonzero(np.abs(voice) > 0.01)
    return voice[loud[0] : loud[-1] + 1]


def speech_film(
    folder: Path,
    voices: Sequence[tuple[float, np.ndarray]],
    seconds: float,
    *,
    bed: float = 0.002,
) -> FilmInfo:
    """A film in which each voice begins at its second, over a tone of 3 kHz and of amplitude ``bed``."""
    time = np.arange(round(seconds * RATE)) / RATE
    sound = bed * np.sin(2 * np.pi * 3000 * time)
    for at, voice in voices:
        first = round(at * RATE)
        sound[first : first + len(voice)] += voice
    wavfile.write(folder / "speech.wav", RATE, np.stack([sound, sound], 1).astype(np.float32))
    picture = ffmpeg.input(f"testsrc=size=96x54:rate=24:duration={seconds}", format="lavfi")
    path = folder / "speech.mov"  # its times are samples, Matroska's milliseconds
    heard = ffmpeg.input(str(folder / "speech.wav")).audio
    run(ffmpeg.output(picture.video, heard, str(path), acodec="pcm_s16le", preset="ultrafast", g=48))
    return probe_film(path)
