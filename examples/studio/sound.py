"""The sounds of the first film: a bed of noises for every place, single effects where things happen."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np

from studio.synth import RATE, Samples, band, clock, glide, hiss, partials, place, shaped, swell

LOOP = 20.0


def scattered(sound: Callable[[np.random.Generator], Samples], count: int, seed: int, gain: float) -> Samples:
    """``count`` variations of a sound at random moments and sides of a loop."""
    rng = np.random.default_rng(seed)
    track = np.zeros((round(LOOP * RATE), 2))
    for _ in range(count):
        place(track, sound(rng), float(rng.uniform(0, LOOP - 1.5)), gain, float(rng.uniform(-0.8, 0.8)))
    return track


def _gull(rng: np.random.Generator) -> Samples:
    cry = [shaped(glide(rng.uniform(1500, 1900), rng.uniform(900, 1100), 0.26, 1.6), 0.03, 0.1) for _ in range(3)]
    return np.asarray(np.concatenate([np.tanh(2.5 * c) * 0.4 for c in cry]))


def _bird(rng: np.random.Generator) -> Samples:
    low = rng.uniform(2400, 4200)
    notes = [
        shaped(glide(low, low * rng.uniform(1.1, 1.6), 0.07, 1), 0.01, 0.04) for _ in range(int(rng.integers(2, 7)))
    ]
    return np.concatenate([np.concatenate([note, np.zeros(1800)]) for note in notes])


def _drop(rng: np.random.Generator) -> Samples:
    return shaped(glide(rng.uniform(900, 2600), rng.uniform(2800, 4200), 0.025), 0.001, 0.02)


def _bubble(rng: np.random.Generator) -> Samples:
    return shaped(glide(rng.uniform(160, 300), rng.uniform(400, 800), 0.09, 2), 0.01, 0.05)


def _creak(rng: np.random.Generator) -> Samples:
    t = clock(0.5)
    pulses = np.sin(2 * np.pi * np.cumsum(rng.uniform(40, 70) + 60 * np.sin(5 * t)) / RATE) ** 9
    return shaped(pulses * np.sin(2 * np.pi * rng.uniform(500, 800) * t), 0.1, 0.3)


def _cricket(rng: np.random.Generator) -> Samples:
    t = clock(0.5)
    return shaped(np.sin(2 * np.pi * rng.uniform(4000, 4600) * t) * (np.sin(2 * np.pi * 28 * t) > 0), 0.05, 0.2)


def air(low: float, high: float, seed: int, period: float = LOOP, depth: float = 0.0, shift: float = 0.0) -> Samples:
    """A loop of noise between two frequencies, its loudness breathing with ``period`` (a divisor of the loop)."""
    return np.asarray(hiss(LOOP, band(low, high), seed) * swell(LOOP, period, depth, shift))


def _hum() -> Samples:
    t = clock(LOOP)
    tone = 0.09 * np.sin(2 * np.pi * 110 * t) + 0.05 * np.sin(2 * np.pi * 165 * t)
    return np.asarray(tone[:, None] * swell(LOOP, 0.5, 0.3))


@lru_cache(maxsize=32)
def bed(name: str) -> Samples:
    """Twenty periodic seconds of a place, (samples, 2). Raises KeyError for a bed that does not exist."""
    make: dict[str, Callable[[], Samples]] = {
        "waves": lambda: air(90, 2600, 1, 5, 0.75) + 0.35 * air(1500, 7000, 2, 5, 0.97, 0.2),
        "wind": lambda: air(180, 700, 3, 4, 0.6) + 0.3 * air(720, 860, 4, LOOP / 3, 0.9),
        "rain": lambda: 0.6 * air(1800, 10000, 5) + 0.3 * air(60, 240, 7) + scattered(_drop, 300, 6, 0.1),
        "storm": lambda: 1.3 * bed("wind") + 0.9 * bed("waves") + 0.6 * bed("rain"),
        "harbour": lambda: 0.4 * bed("waves") + 0.12 * air(220, 600, 8, 2.5, 0.5) + scattered(_creak, 9, 9, 0.22),
        "gulls": lambda: scattered(_gull, 8, 10, 0.16),
        "birds": lambda: scattered(_bird, 34, 11, 0.16) + 0.2 * air(300, 3000, 12, 10, 0.5),
        "room": lambda: 0.2 * air(60, 300, 13) + np.tile(_tick(), (20, 1)),
        "town": lambda: 0.3 * air(200, 520, 14, 2, 0.6),
        "night": lambda: scattered(_cricket, 60, 15, 0.05) + 0.4 * air(120, 500, 16, 10, 0.6),
        "cave": lambda: (
            0.5 * air(70, 200, 17) + 0.16 * air(430, 446, 18, 5, 0.9) + 0.12 * air(650, 668, 19, 4, 0.9, 0.4)
        ),
        "deep": lambda: air(40, 260, 20) + scattered(_bubble, 90, 21, 0.12),
        "hum": _hum,
    }
    return make[name]()


def _tick() -> Samples:
    second = np.zeros((RATE, 2))
    for at, tone in ((0.1, 2300), (0.6, 1900)):
        place(second, partials(tone, 0.04, [1, 0.5], [120, 160]), at, 0.07, 0.3)
    return second


def steps(each: float, count: int, loud: float) -> Samples:
    """``count`` footfalls, ``each`` seconds apart, left and right."""
    track = np.zeros((round((each * count + 0.3) * RATE), 2))
    for k in range(count):
        thump = hiss(0.12, band(90, 900), 30 + k, 1)[:, 0] * np.exp(-clock(0.12) * 45)
        place(track, thump, k * each, loud, 0.2 if k % 2 else -0.2)
    return track


def _bell() -> Samples:
    modes = (
        (0.5, 0.5, 0.9),
        (1, 0.7, 1.3),
        (1.19, 0.5, 1.6),
        (1.5, 0.35, 2.0),
        (2, 0.5, 2.4),
        (2.74, 0.25, 4),
        (3.76, 0.18, 6),
    )
    return np.asarray(sum(0.4 * level * partials(196 * ratio, 3.0, [1.0], [decay]) for ratio, level, decay in modes))


def _chime() -> Samples:
    track = np.zeros((round(2.4 * RATE), 2))
    for k, ratio in enumerate((1, 1.26, 1.5, 2)):
        place(track, partials(1046 * ratio, 2.0, [1, 0.3, 0.15], [2.4, 4, 7]), 0.1 * k, 0.15, 0.3 * k - 0.45)
    return track


def _thunder() -> Samples:
    t = clock(3.4)
    roll = np.minimum(t / 0.15, 1) * np.exp(-1.1 * t)
    return np.asarray(2.2 * hiss(3.4, band(28, 170), 40) * roll[:, None] * swell(3.4, 0.47, 0.5))


def _crash() -> Samples:
    t = clock(1.8)
    return np.asarray(1.5 * hiss(1.8, band(120, 5000), 41) * (np.minimum(t / 0.12, 1) * np.exp(-2.4 * t))[:, None])


def _scratch() -> Samples:
    return np.asarray(0.35 * shaped(hiss(0.5, band(2500, 8000), 42), 0.1, 0.2) * swell(0.5, 0.1, 0.8))


def _fizzle() -> Samples:
    t = clock(1.4)
    sparks = np.random.default_rng(44).random(len(t)) > 0.4
    return np.asarray(0.6 * hiss(1.4, band(900, 9000), 43) * (np.exp(-2 * t) * sparks)[:, None])


def _owl() -> Samples:
    calls = [shaped(glide(430, 400, 0.3), 0.05, 0.12), np.zeros(4800), shaped(glide(420, 370, 0.7), 0.08, 0.4)]
    return 0.22 * np.concatenate(calls)


def _whale() -> Samples:
    song = [glide(92 * k, 176 * k, 2.4, 0.7) * level for k, level in ((1, 1.0), (2, 0.5), (3, 0.2))]
    return 0.35 * shaped(np.asarray(sum(song)), 0.5, 1.0)


def _rise() -> Samples:
    return 0.05 * np.asarray(sum(glide(f, 2 * f, 1.9, 1.5) * clock(1.9) ** 2 for f in (110, 165, 220, 330)))


def effect(name: str) -> Samples:
    """A single sound, mono or stereo. Raises KeyError for an effect that does not exist."""
    make: dict[str, Callable[[], Samples]] = {
        "bell": _bell,
        "chime": _chime,
        "thunder": _thunder,
        "crash": _crash,
        "steps": lambda: steps(0.5, 3, 0.9),
        "patter": lambda: steps(0.16, 8, 0.5),
        "squeak": lambda: 0.1 * shaped(glide(1100, 1700, 0.35, 2), 0.08, 0.15),
        "scratch": _scratch,
        "fizzle": _fizzle,
        "owl": _owl,
        "drip": lambda: 0.5 * shaped(glide(700, 1500, 0.06, 2), 0.002, 0.04),
        "whale": _whale,
        "rise": _rise,
    }
    return make[name]()
