"""The sounds of the second film: voices without words, bleats, bells, sleighs, the winch, the avalanche."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np

from studio import sound
from studio.sound import LOOP, air, scattered, steps
from studio.synth import RATE, Samples, band, clock, glide, hiss, partials, place, shaped, swell

VOWELS = ((730, 1090), (530, 1840), (300, 2250), (570, 840), (320, 870))


def syllable(pitch: float, seconds: float, vowel: int, bend: float = 0.0, rough: float = 0.0) -> Samples:
    """A sung vowel: harmonics of a gliding pitch (Hz) under two formants; ``bend`` in octaves, ``rough`` shakes it."""
    t = clock(seconds)
    shake = 1 + 0.012 * np.sin(2 * np.pi * 5.6 * t) + 0.09 * rough * np.sin(2 * np.pi * 13 * t)
    rising = pitch * 2 ** (bend * t / seconds) * shake
    angle = 2 * np.pi * np.cumsum(rising) / RATE
    tone = np.zeros_like(t)
    for k in range(1, 26):
        heard = sum(
            level * np.exp(-(((pitch * k - f) / (90 + f * 0.09)) ** 2))
            for f, level in zip(VOWELS[vowel], (1, 0.6), strict=True)
        )
        tone += (0.02 / k + heard / k**0.3) * np.sin(k * angle) * (rising * k < RATE * 0.45)
    if rough:
        tone *= 0.65 + 0.35 * np.sign(np.sin(2 * np.pi * 13 * t))
    return shaped(tone, 0.035, min(0.09, seconds / 2))


def babble(pitch: float, count: int, seed: int, loud: float = 0.3, rise: float = 0.1) -> Samples:
    """Speech without words: ``count`` syllables around a pitch, falling or rising by ``rise`` octaves in each."""
    rng = np.random.default_rng(seed)
    parts = []
    for k in range(count):
        here = pitch * 2 ** (0.2 * rng.standard_normal() - 0.12 * k / count)
        parts.append(
            syllable(here, float(rng.uniform(0.1, 0.22)), int(rng.integers(0, 5)), rise * float(rng.standard_normal()))
        )
        parts.append(np.zeros(round(float(rng.uniform(0.01, 0.06)) * RATE)))
    voice = np.concatenate(parts)
    return np.asarray(loud * voice / (np.abs(voice).max() + 1e-9))


def cry(pitch: float, seconds: float, vowel: int, bend: float, loud: float, rough: float = 0.0) -> Samples:
    """One long call, ``loud`` its peak."""
    tone = syllable(pitch, seconds, vowel, bend, rough)
    return np.asarray(loud * np.tanh(2 * tone / (np.abs(tone).max() + 1e-9)))


def _murmur() -> Samples:
    track = np.zeros((round(LOOP * RATE), 2))
    for k in range(26):
        voice = babble(110 + 17 * (k % 9), 5, 300 + k, 0.07)
        place(track, voice, (k * 0.77) % (LOOP - 1.6), 1.0, ((k * 5) % 9) / 5 - 0.8)
    return track + 0.06 * air(200, 700, 61, 4, 0.4)


def _crackle() -> Samples:
    rng = np.random.default_rng(62)
    sparks = (rng.random(round(LOOP * RATE)) > 0.9996) * rng.uniform(0.1, 0.5, round(LOOP * RATE))
    return np.asarray(sparks[:, None] * np.array([1.0, 0.8]) + 0.10 * air(60, 260, 63, 2.5, 0.5))


def _grinding() -> Samples:
    clank = scattered(lambda rng: partials(rng.uniform(300, 420), 0.2, [1, 0.6, 0.4], [18, 26, 40]), 40, 64, 0.16)
    return 0.4 * air(50, 180, 65, 1, 0.5) + clank


@lru_cache(maxsize=32)
def bed(name: str) -> Samples:
    """Twenty periodic seconds of a place, (samples, 2): the beds of this film, or of the first."""
    make: dict[str, Callable[[], Samples]] = {
        "mountain": lambda: 0.45 * air(200, 620, 70, 5, 0.6) + 0.1 * air(900, 1100, 71, LOOP / 3, 0.9),
        "blizzard": lambda: 1.0 * air(180, 800, 72, 2.5, 0.6) + 0.35 * air(780, 940, 73, LOOP / 6, 0.9),
        "murmur": _murmur,
        "hearth": _crackle,
        "hush": lambda: 0.10 * air(80, 400, 74, 10, 0.5),
        "runners": lambda: 0.8 * air(900, 5000, 75, 0.5, 0.5) + 0.5 * air(60, 200, 76, 0.25, 0.5),
        "winch": _grinding,
        "avalanche": lambda: 1.9 * air(26, 160, 77, 1, 0.3) + 0.7 * air(200, 2400, 78, 2, 0.5),
        "hall": lambda: 0.12 * air(70, 220, 79) + 0.6 * _crackle(),
    }
    return make[name]() if name in make else sound.bed(name)


def _jingle(count: int = 8, each: float = 0.13) -> Samples:
    track = np.zeros((round((count * each + 0.6) * RATE), 2))
    for k in range(count):
        place(
            track,
            partials(3100 + 170 * (k % 3), 0.5, [1, 0.6, 0.3], [9, 12, 16], 0.02),
            k * each,
            0.07,
            0.3 * (-1) ** k,
        )
    return track


def _oompah() -> Samples:
    track = np.zeros((round(2.4 * RATE), 2))
    for k in range(8):
        low = k % 2 == 0
        for pitch in (87.3,) if low else (220.0, 261.6, 349.2):
            place(
                track,
                shaped(partials(pitch, 0.24, [1, 0.8, 0.6, 0.4, 0.3], [2] * 5), 0.02, 0.08),
                k * 0.3,
                0.22 if low else 0.07,
            )
    return track


def _bang() -> Samples:
    t = clock(1.4)
    body = glide(130, 38, 1.4, 0.3) * np.exp(-3.6 * t)
    return np.asarray(1.5 * body + 2.4 * hiss(1.4, band(200, 5000), 80, 1)[:, 0] * np.exp(-14 * t))


def _crack() -> Samples:
    t = clock(1.6)
    return np.asarray(
        3.4
        * hiss(1.6, band(90, 6000), 81, 1)[:, 0]
        * (np.exp(-20 * t) + 0.5 * np.exp(-30 * np.abs(t - 0.35)) + 0.25 * np.exp(-3 * t))
    )


def _roar() -> Samples:
    t = clock(3.2)
    return np.asarray(
        2.6
        * hiss(3.2, band(24, 300), 82)
        * (np.minimum(t / 0.9, 1) * np.exp(-0.5 * t))[:, None]
        * swell(3.2, 0.31, 0.4)
    )


def _clatter() -> Samples:
    track = np.zeros((round(1.3 * RATE), 2))
    rng = np.random.default_rng(83)
    for _ in range(16):
        place(
            track,
            partials(float(rng.uniform(700, 2600)), 0.4, [1, 0.5, 0.3], [14, 20, 30], 0.03),
            float(rng.uniform(0, 0.8)),
            0.22,
            float(rng.uniform(-0.7, 0.7)),
        )
    return track


def _cheer() -> Samples:
    track = np.zeros((round(2.2 * RATE), 2))
    for k in range(16):
        place(
            track, cry(170 + 26 * (k % 7), 1.0 + 0.06 * (k % 5), k % 2, 0.35, 0.11), 0.04 * k, 1.0, (k % 9) / 4.5 - 0.9
        )
    return track


def _whoosh() -> Samples:
    t = clock(0.8)
    return np.asarray(1.2 * hiss(0.8, band(500, 4000), 84) * (np.sin(np.pi * t / 0.8) ** 2)[:, None])


def _munch() -> Samples:
    track = np.zeros((round(1.2 * RATE), 2))
    for k in range(4):
        place(track, shaped(hiss(0.12, band(700, 4500), 85 + k, 1)[:, 0], 0.01, 0.06), 0.28 * k, 0.5)
    return track


def _bells() -> Samples:
    track = np.zeros((round(3.4 * RATE), 2))
    for k, pitch in enumerate((392, 494, 440, 294, 392, 440)):
        tone = sum(
            level * partials(pitch * ratio, 2.0, [1.0], [decay])
            for ratio, level, decay in ((0.5, 0.4, 1.2), (1, 0.7, 1.6), (1.2, 0.3, 2.2), (2, 0.4, 3))
        )
        place(track, np.asarray(tone), 0.42 * k, 0.2, 0.4 * (-1) ** k)
    return track


def effect(name: str) -> Samples:
    """A single sound, mono or stereo: an effect of this film, or of the first."""
    make: dict[str, Callable[[], Samples]] = {
        "baker talks": lambda: babble(128, 8, 401, 0.42),
        "baker laughs": lambda: np.concatenate([cry(150 - 6 * k, 0.14, 0, -0.3, 0.42) for k in range(5)]),
        "baker scolds": lambda: babble(168, 9, 403, 0.75, 0.3),
        "baker shouts": lambda: cry(190, 0.9, 0, -0.35, 0.85),
        "baker sobs": lambda: babble(112, 4, 405, 0.22, -0.3),
        "pia talks": lambda: babble(290, 7, 411, 0.34),
        "pia laughs": lambda: np.concatenate([cry(340 + 12 * k, 0.11, 1, -0.2, 0.3) for k in range(5)]),
        "pia pleads": lambda: babble(320, 6, 413, 0.42, -0.3),
        "pia screams": lambda: cry(520, 0.9, 0, 0.25, 0.85),
        "pia sighs": lambda: cry(270, 0.7, 3, -0.5, 0.14),
        "count purrs": lambda: babble(96, 6, 421, 0.4, -0.2),
        "count laughs": lambda: np.concatenate([cry(180 - 12 * k, 0.17, 1, -0.2, 0.5) for k in range(6)]),
        "count shrieks": lambda: cry(420, 0.8, 1, 0.5, 0.9),
        "count yells": lambda: cry(240, 1.1, 0, -0.2, 1.0),
        "count weeps": lambda: babble(150, 4, 425, 0.24, -0.4),
        "bleat": lambda: cry(310, 0.8, 1, -0.2, 0.6, 1.0),
        "soft bleat": lambda: cry(280, 0.6, 1, -0.3, 0.2, 1.0),
        "war bleat": lambda: cry(250, 1.0, 0, 0.3, 1.0, 1.0),
        "burp": lambda: cry(84, 0.5, 3, -0.5, 0.9, 1.2),
        "jingle": _jingle,
        "oompah": _oompah,
        "bang": _bang,
        "crack": _crack,
        "roar": _roar,
        "clatter": _clatter,
        "cheer": _cheer,
        "whoosh": _whoosh,
        "munch": _munch,
        "bells": _bells,
        "thud": lambda: 0.6 * _bang(),
        "lever": lambda: np.asarray(1.2 * partials(240, 0.5, [1, 0.7, 0.5, 0.4], [12, 18, 24, 30], 0.05)),
        "gallop": lambda: steps(0.12, 10, 0.8),
        "snow steps": lambda: steps(0.36, 4, 0.45),
        "hoofs": lambda: steps(0.3, 4, 0.3),
        "match": lambda: np.asarray(0.3 * shaped(hiss(0.7, band(2000, 9000), 88), 0.02, 0.6)),
        "sniff": lambda: np.asarray(0.25 * shaped(hiss(0.35, band(1200, 5000), 89), 0.2, 0.08)),
        "snap": lambda: np.asarray(1.6 * hiss(0.3, band(500, 6000), 90, 1)[:, 0] * np.exp(-26 * clock(0.3))),
    }
    return make[name]() if name in make else sound.effect(name)
