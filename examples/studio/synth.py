"""Sound from numbers: shaped noise, tones, envelopes, echoes. Everything is float64 at 48 kHz."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

RATE = 48_000

Samples: TypeAlias = npt.NDArray[np.float64]


def clock(seconds: float) -> Samples:
    """The time of every sample, in seconds."""
    return np.arange(round(seconds * RATE)) / RATE


def hiss(seconds: float, spectrum: Callable[[Samples], Samples], seed: int, channels: int = 2) -> Samples:
    """Periodic noise (samples, channels) whose amplitude at each frequency (Hz) is ``spectrum``; RMS 0.25."""
    count = round(seconds * RATE)
    white = np.random.default_rng(seed).standard_normal((count, channels))
    shape = spectrum(np.asarray(np.fft.rfftfreq(count, 1 / RATE), dtype=np.float64))[:, None]
    noise = np.fft.irfft(np.fft.rfft(white, axis=0) * shape, n=count, axis=0)
    return np.asarray(noise / (np.sqrt((noise**2).mean()) + 1e-12) * 0.25)


def band(low: float, high: float) -> Callable[[Samples], Samples]:
    """A soft band between two frequencies."""

    def spectrum(frequency: Samples) -> Samples:
        octaves = np.log2(np.maximum(frequency, 1.0) / np.sqrt(low * high)) / (np.log2(high / low) / 2)
        return np.asarray(np.exp(-(np.abs(octaves) ** 3)))

    return spectrum


def swell(seconds: float, period: float, depth: float, shift: float = 0.0) -> Samples:
    """A slow periodic loudness between ``1 - depth`` and 1, (samples, 1)."""
    wave = 0.5 + 0.5 * np.sin(2 * np.pi * (clock(seconds) / period + shift))
    return np.asarray((1 - depth + depth * wave**2)[:, None])


def partials(
    frequency: float, seconds: float, levels: list[float], decays: list[float], stretch: float = 0.0
) -> Samples:
    """A sum of decaying harmonics; ``stretch`` makes them a little sharp, as on a real string."""
    t = clock(seconds)
    tone = np.zeros_like(t)
    for k, (level, decay) in enumerate(zip(levels, decays, strict=True), start=1):
        pitch = frequency * k * np.sqrt(1 + stretch * k * k)
        if pitch < RATE * 0.45:
            tone += level * np.sin(2 * np.pi * pitch * t + k * 0.7) * np.exp(-decay * t)
    return tone


def glide(start: float, stop: float, seconds: float, bend: float = 1.0) -> Samples:
    """A sine whose pitch moves from ``start`` to ``stop`` Hz."""
    t = clock(seconds)
    pitch = start + (stop - start) * (t / seconds) ** bend
    return np.asarray(np.sin(2 * np.pi * np.cumsum(pitch) / RATE))


def shaped(sound: Samples, attack: float, release: float) -> Samples:
    """The sound with a linear attack and a squared release, both in seconds."""
    count = len(sound)
    rise, fall = max(1, round(attack * RATE)), max(1, round(release * RATE))
    position = np.arange(count)
    envelope = np.minimum(position / rise, 1) * np.clip((count - position) / fall, 0, 1) ** 2
    return np.asarray(sound * (envelope[:, None] if sound.ndim == 2 else envelope))


def panned(sound: Samples, where: float) -> Samples:
    """Mono to stereo with equal power; ``where`` from -1 (left) to 1 (right)."""
    angle = (where + 1) * np.pi / 4
    return np.stack([sound * np.cos(angle), sound * np.sin(angle)], axis=1)


def place(track: Samples, sound: Samples, at: float, gain: float = 1.0, pan: float = 0.0) -> None:
    """Add a sound to a stereo track ``at`` seconds; what runs over either end is cut."""
    stereo = sound if sound.ndim == 2 else panned(sound, pan)
    start = round(at * RATE)
    stop = min(len(track), start + len(stereo))
    if start < stop:
        track[start:stop] += gain * stereo[: stop - start]


def echoing(track: Samples, seconds: float, amount: float, seed: int) -> Samples:
    """The track with the sound of a room: an exponentially decaying noise response."""
    t = clock(seconds)
    room = np.random.default_rng(seed).standard_normal((len(t), 2)) * np.exp(-6.9 * t / seconds)[:, None]
    room[: round(0.012 * RATE)] = 0
    size = 1 << (len(track) + len(t)).bit_length()
    spectrum = np.fft.rfft(track, size, axis=0) * np.fft.rfft(room, size, axis=0)
    # A room swallows the highest frequencies first.
    spectrum *= (1 / (1 + (np.fft.rfftfreq(size, 1 / RATE) / 4500) ** 2))[:, None]
    wet = np.fft.irfft(spectrum, size, axis=0)[: len(track)]
    loud = np.sqrt((wet**2).mean()) + 1e-12
    return np.asarray(track + wet / loud * np.sqrt((track**2).mean()) * amount)


def limited(track: Samples, peak: float) -> Samples:
    """The track scaled and softly limited so that no sample exceeds ``peak``."""
    level = np.quantile(np.abs(track), 0.9995)
    return np.asarray(peak * np.tanh(track / level * 0.9))
