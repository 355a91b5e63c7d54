"""Music of a simulated trailer: a course of energy and sections over its time, and segments of it.

Official trailers are cut to it, and methods are given it in segments of its own, whose number is drawn apart from the
number of the official trailer's shots. A segment's features are its section's sound, its energy and noise; the first
is the energy with some error, as the 0th of the Mel cepstral coefficients would have it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from trailergen.ssmp.types import Array
from trailergen.training.films import Music
from trailergen.training.simulation.pairs import simulate_music

FEATURES = 32
"""M, the length of a segment's features."""
_STEPS = 120
_SECTIONS = 3
_NOISE = 0.5
_SOUND_SEED = 17


@dataclass(frozen=True)
class Piece:
    """A piece of music over ``_STEPS`` equal steps of its time: energy, and the number of the section."""

    energy: Array
    section: NDArray[np.int64]

    def segments(self, lengths_s: Array, rng: np.random.Generator) -> Music:
        """The piece cut into segments of these lengths, which last as long as the whole piece together."""
        ends = np.cumsum(lengths_s, dtype=np.float64) / np.sum(lengths_s, dtype=np.float64) * _STEPS
        starts = np.concatenate(([0.0], ends[:-1]))
        sums = np.concatenate(([0.0], np.cumsum(self.energy, dtype=np.float64)))
        grid = np.arange(_STEPS + 1)
        energy = (np.interp(ends, grid, sums) - np.interp(starts, grid, sums)) / np.maximum(ends - starts, 1e-9)
        energy = (energy - energy.mean()) / max(float(energy.std()), 1e-6)
        section = self.section[np.minimum((starts + ends) / 2, _STEPS - 1).astype(np.int64)]
        sounds = np.random.default_rng(_SOUND_SEED).standard_normal((_SECTIONS + 1, FEATURES))
        features = sounds[section] + energy[:, None] * sounds[-1]
        features[:, 0] = energy
        features += _NOISE * rng.standard_normal(features.shape)
        return Music(*(torch.from_numpy(np.asarray(rows, np.float32)) for rows in (lengths_s, energy, features)))


def simulate_piece(rng: np.random.Generator) -> Piece:
    """A piece of four to seven sections; its energy goes as that of the starter's simulated trailers."""
    energy = simulate_music(rng, np.ones(_STEPS, np.float32))
    bounds = np.sort(rng.choice(np.arange(1, _STEPS), int(rng.integers(3, 7)), replace=False))
    number = np.searchsorted(bounds, np.arange(_STEPS), side="right")
    return Piece(energy, rng.integers(0, _SECTIONS, len(bounds) + 1)[number])
