"""Readings of a simulated film, as inexact as those of real films are."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from trailergen.readings.types import Readings
from trailergen.training.simulation.film import NOBODY, FilmShots, Ints

_MISREAD = 0.08
"""Share of shots of which a label (shot scale, set-up) is misread."""
_UNSEEN = 0.15
"""Share of films whose last fade is not found, so that their guard is at the end."""
_CLOSENESS = np.array([0.17, 0.50, 0.83])


def observe(rng: np.random.Generator, film: FilmShots) -> Readings:
    """Readings of a film's I shots, in the units of ``readings/types.py``."""
    shots = len(film.scene)

    def noisy(values: NDArray[np.floating], spread: float, low: float, high: float) -> NDArray[np.float32]:
        seen = (values + rng.normal(0, spread, shots)).clip(low, high)
        return np.asarray(seen, np.float32)

    scale = np.where(rng.random(shots) < _MISREAD, rng.integers(0, 3, shots), film.scale)
    fame = np.where(film.person == NOBODY, -0.3, 1 / (1 + np.maximum(film.person, 0)))
    brightness = noisy(100 + 30 * film.brightness, 5, 0, 255)
    colour = np.column_stack([brightness * 100 / 255, 15 * film.hue + rng.normal(0, 3, (shots, 2))])
    return Readings(
        subject=noisy(film.subject, 0.15, 0, 1),
        size=noisy(film.size, 0.06, 0.001, 0.98),
        centre=rng.uniform(0.2, 0.8, (shots, 2)).astype(np.float32),
        closeness=noisy(_CLOSENESS[scale], 0.10, 0, 1),
        motion=noisy(np.exp(1.2 + 0.6 * film.motion), 0.3, 0, 255),
        peak_s=(film.duration_s * rng.random(shots)).astype(np.float32),
        sharpness=noisy(0.5 + 0.2 * film.sharpness, 0.07, 0, 1),
        clutter=noisy(0.4 + 0.2 * film.clutter, 0.07, 0, 1),
        brightness=brightness,
        saturation=noisy(25 + 20 * np.linalg.norm(film.hue, axis=1), 5, 0, 255),
        colour=colour.astype(np.float32),
        typicality=noisy(0.2 + 0.4 * fame, 0.15, -1, 1),
        setup=_setups(rng, film.setup),
        speech=noisy(film.speech, 0.10, 0, 1),
        loudness=noisy(-30 + 8 * film.loudness, 2, -100, 0),
        transient=noisy(8 + 5 * film.transient, 2, 0, 60),
        act=_acts(rng, film),
        turn=_about(rng, film.turn, shots),
        guard=shots if rng.random() < _UNSEEN else _about(rng, film.guard, shots),
    )


def _setups(rng: np.random.Generator, setup: Ints) -> Ints:
    """Set-ups as a clustering finds them: here and there a shot is taken for a new one. Numbered as they come."""
    seen = np.where(rng.random(len(setup)) < _MISREAD, setup.max() + 1 + np.arange(len(setup)), setup)
    _, first, number = np.unique(seen, return_index=True, return_inverse=True)
    return np.argsort(np.argsort(first))[number].astype(np.int64)


def _acts(rng: np.random.Generator, film: FilmShots) -> Ints:
    """The acts, each beginning a little early or late."""
    acts = np.unique(film.act)
    starts = np.sort([_about(rng, int(np.searchsorted(film.act, act)), len(film.act)) for act in acts[1:]])
    return np.searchsorted(starts, np.arange(len(film.act)), side="right").astype(np.int64)


def _about(rng: np.random.Generator, shot: int, shots: int) -> int:
    return int(np.clip(shot + round(rng.normal(0, 0.01 * shots + 0.5)), 0, shots))
