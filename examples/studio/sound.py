"""The sound of the film: a bed of noises for every place and single effects where things happen."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np

from studio.film import RATE as FRAME_RATE
from studio.film import SHOTS, starts
from studio.synth import RATE, Samples, band, clock, echoing, glide, hiss, partials, place, shaped, swell

LOOP = 20.0


def _scattered(sound: Callable[[np.random.Generator], Samples], count: int, seed: int, gain: float) -> Samples:
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
    notes = [shaped(glide(low, low * rng.uniform(1.1, 1.6), 0.07, 1), 0.01, 0.04) for _ in range(int(rng.integers(2, 7)))]
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


@lru_cache(maxsize=32)
def bed(name: str) -> Samples:
    """Twenty periodic seconds of a place, (samples, 2). Raises KeyError for a bed that does not exist."""
    make: dict[str, Callable[[], Samples]] = {
        "waves": lambda: hiss(LOOP, band(90, 2600), 1) * swell(LOOP, 5, 0.75) + hiss(LOOP, band(1500, 7000), 2) * swell(LOOP, 5, 0.97, 0.2) * 0.35,
        "wind": lambda: hiss(LOOP, band(180, 700), 3) * swell(LOOP, 4, 0.6) + hiss(LOOP, band(720, 860), 4) * swell(LOOP, 20 / 3, 0.9) * 0.3,
        "rain": lambda: hiss(LOOP, band(1800, 10000), 5) * 0.6 + _scattered(_drop, 300, 6, 0.10) + hiss(LOOP, band(60, 240), 7) * 0.3,
        "storm": lambda: bed("wind") * 1.3 + bed("waves") * 0.9 + bed("rain") * 0.6,
        "harbour": lambda: bed("waves") * 0.4 + hiss(LOOP, band(220, 600), 8) * swell(LOOP, 2.5, 0.5) * 0.12 + _scattered(_creak, 9, 9, 0.22),
        "gulls": lambda: _scattered(_gull, 8, 10, 0.16),
        "birds": lambda: _scattered(_bird, 34, 11, 0.10) + hiss(LOOP, band(300, 3000), 12) * swell(LOOP, 10, 0.5) * 0.14,
        "room": lambda: hiss(LOOP, band(60, 300), 13) * 0.2 + np.tile(_tick(), (20, 1)),
        "town": lambda: hiss(LOOP, band(200, 520), 14) * swell(LOOP, 2, 0.6) * 0.3,
        "night": lambda: _scattered(_cricket, 60, 15, 0.035) + hiss(LOOP, band(120, 500), 16) * swell(LOOP, 10, 0.6) * 0.3,
        "cave": lambda: hiss(LOOP, band(70, 200), 17) * 0.5 + hiss(LOOP, band(430, 446), 18) * swell(LOOP, 5, 0.9) * 0.16 + hiss(LOOP, band(650, 668), 19) * swell(LOOP, 4, 0.9, 0.4) * 0.12,
        "deep": lambda: hiss(LOOP, band(40, 260), 20) * 1.0 + _scattered(_bubble, 90, 21, 0.12),
        "hum": lambda: (0.09 * np.sin(2 * np.pi * 110 * clock(LOOP)) + 0.05 * np.sin(2 * np.pi * 165 * clock(LOOP)))[:, None] * swell(LOOP, 0.5, 0.3),
    }  # fmt: skip
    return make[name]()


def _tick() -> Samples:
    second = np.zeros((RATE, 2))
    for at, tone in ((0.1, 2300), (0.6, 1900)):
        place(second, partials(tone, 0.04, [1, 0.5], [120, 160]), at, 0.07, 0.3)
    return second


def _steps(each: float, count: int, loud: float) -> Samples:
    track = np.zeros((round((each * count + 0.3) * RATE), 2))
    for k in range(count):
        thump = hiss(0.12, band(90, 900), 30 + k, 1)[:, 0] * np.exp(-clock(0.12) * 45)
        place(track, thump, k * each, loud, 0.2 if k % 2 else -0.2)
    return track


def effect(name: str) -> Samples:
    """A single sound, mono or stereo. Raises KeyError for an effect that does not exist."""
    make: dict[str, Callable[[], Samples]] = {
        "bell": lambda: sum((level * partials(196 * ratio, 3.0, [1.0], [decay]) for ratio, level, decay in ((0.5, 0.5, 0.9), (1, 0.7, 1.3), (1.19, 0.5, 1.6), (1.5, 0.35, 2.0), (2, 0.5, 2.4), (2.74, 0.25, 4), (3.76, 0.18, 6))), np.zeros(3 * RATE)) * 0.4,
        "chime": lambda: sum((0.3 * np.concatenate([np.zeros(k * 4800), partials(1046 * r, 2.2 - k * 0.1, [1, 0.3, 0.15], [2.4, 4, 7])]) for k, r in enumerate((1, 1.26, 1.5, 2))), np.zeros(round(2.2 * RATE))) * 0.5,
        "thunder": lambda: hiss(3.4, band(28, 170), 40) * np.minimum(clock(3.4) / 0.15, 1)[:, None] * np.exp(-clock(3.4) * 1.1)[:, None] * swell(3.4, 0.47, 0.5) * 2.2,
        "crash": lambda: hiss(1.8, band(120, 5000), 41) * (np.minimum(clock(1.8) / 0.12, 1) * np.exp(-clock(1.8) * 2.4))[:, None] * 1.5,
        "steps": lambda: _steps(0.5, 3, 0.9),
        "patter": lambda: _steps(0.16, 8, 0.5),
        "squeak": lambda: shaped(glide(1100, 1700, 0.35, 2), 0.08, 0.15) * 0.10,
        "scratch": lambda: shaped(hiss(0.5, band(2500, 8000), 42), 0.1, 0.2) * swell(0.5, 0.1, 0.8) * 0.35,
        "fizzle": lambda: hiss(1.4, band(900, 9000), 43) * (np.exp(-clock(1.4) * 2) * (np.random.default_rng(44).random(round(1.4 * RATE)) > 0.4))[:, None] * 0.6,
        "owl": lambda: np.concatenate([shaped(glide(430, 400, 0.3), 0.05, 0.12), np.zeros(4800), shaped(glide(420, 370, 0.7), 0.08, 0.4)]) * 0.22,
        "drip": lambda: shaped(glide(700, 1500, 0.06, 2), 0.002, 0.04) * 0.5,
        "whale": lambda: shaped(sum((glide(a, b, 2.4, 0.7) * level for a, b, level in ((92, 176, 1.0), (184, 352, 0.5), (276, 528, 0.2))), np.zeros(round(2.4 * RATE))), 0.5, 1.0) * 0.35,
        "rise": lambda: sum((glide(f, f * 2, 1.9, 1.5) * clock(1.9) ** 2 for f in (110, 165, 220, 330)), np.zeros(round(1.9 * RATE))) * 0.05,
    }  # fmt: skip
    return make[name]()


def soundtrack() -> Samples:
    """The film's sound, (samples, 2), exactly as long as its pictures, peaks below -1 dBFS."""
    begin = starts()
    per_frame = RATE // FRAME_RATE
    total = begin[-1] * per_frame
    beds, effects = np.zeros((total, 2)), np.zeros((total, 2))
    edge = round(0.04 * RATE)
    for number, shot in enumerate(SHOTS):
        start, stop = begin[number] * per_frame, begin[number + 1] * per_frame
        first, last = max(0, start - edge), min(total, stop + edge)
        moment = np.arange(first, last)
        # Beds of neighbouring shots cross over during 80 ms around the cut.
        level = np.clip((moment - start + edge) / (2 * edge), 0, 1) * np.clip((stop + edge - moment) / (2 * edge), 0, 1)
        for name in shot.sounds:
            loop = bed(name)
            beds[first:last] += loop[moment % len(loop)] * level[:, None]
        for name, at in shot.effects:
            place(effects, effect(name), begin[number] / FRAME_RATE + at, 0.8)
    track = 0.5 * beds + echoing(effects, 1.3, 0.35, 50)
    return np.asarray(0.82 * np.tanh(track / 0.82))
