"""Music made on the spot: clicks, noise, tones; mono at 48 kHz as (samples,) float64."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np

RATE = 48_000


def silence(seconds: float) -> np.ndarray:
    return np.zeros(round(seconds * RATE))


def noise(seconds: float, amplitude: float = 0.1, seed: int = 0) -> np.ndarray:
    return amplitude * np.random.default_rng(seed).normal(size=round(seconds * RATE))


def tone(seconds: float, amplitude: float = 0.3, pitch: float = 440.0) -> np.ndarray:
    return amplitude * np.sin(2 * np.pi * pitch * np.arange(round(seconds * RATE)) / RATE)


def clicks(seconds: float, bpm: float, amplitude: float = 0.5) -> np.ndarray:
    """A burst of 30 ms on every beat, the first at 0."""
    track = silence(seconds)
    for at in beats(seconds, bpm):
        piece = track[at : at + RATE * 3 // 100]
        piece += noise(0.03, amplitude, seed=1)[: len(piece)] * np.exp(-np.arange(len(piece)) / 300)
    return track


def beats(seconds: float, bpm: float) -> np.ndarray:
    """Sample positions of the beats of ``clicks``."""
    return np.round(np.arange(0, seconds - 1e-9, 60 / bpm) * RATE).astype(int)


def hit(seconds: float, amplitude: float = 0.9, decay: float = 0.3) -> np.ndarray:
    """A chord struck once that dies away; ``decay`` in seconds to 1/e."""
    struck = sum(tone(seconds, amplitude / 3, pitch) for pitch in (220.0, 277.0, 330.0))
    return struck * np.exp(-np.arange(round(seconds * RATE)) / (decay * RATE))


def track(*parts: np.ndarray) -> np.ndarray:
    """Parts one after another as (samples, 1) float32."""
    return np.concatenate(parts).astype(np.float32)[:, None]


def write_wav(path: Path, samples: np.ndarray) -> Path:
    """16-bit WAV of (samples, channels) with full scale 1."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(samples.shape[1])
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())
    return path
