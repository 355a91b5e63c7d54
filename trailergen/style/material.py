"""The input of an editor's rules: the film's shots as read, the trailer's positions, and the music's energy."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from trailergen.readings.types import Readings
from trailergen.ssmp.channels.channel import rank

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Material:
    """A film of I shots and a trailer of J positions.

    Args:
        readings: of the shots.
        looks: (I, D) float32, looks of the shots (readings/setups.py): centred on the film, of unit length.
        start_s, end_s: (I,) seconds in the film.
        usable_s: (I,) seconds of each shot that may be shown.
        usable: (I,) bool, shots that may be chosen.
        at: (J,) middle of each position as a share of the trailer's clips, however long they are.
        length_s: (J,) seconds of each position.
        music: (J,) energy of the music in each position, any unit: only its order counts.
    """

    readings: Readings
    looks: NDArray[np.float32]
    start_s: Floats
    end_s: Floats
    usable_s: Floats
    usable: Bools
    at: Floats
    length_s: Floats
    music: Floats

    @property
    def shots(self) -> int:
        """I, the number of shots."""
        return len(self.start_s)

    @property
    def positions(self) -> int:
        """J, the number of positions."""
        return len(self.at)

    @cached_property
    def share(self) -> Floats:
        """(I,) middle of each shot as a share of the film."""
        return (self.start_s + self.end_s) / 2 / max(float(self.end_s[-1]), 1e-9)

    @cached_property
    def open(self) -> Ints:
        """Numbers of the shots that may be chosen; of all where none may."""
        return np.flatnonzero(self.usable) if self.usable.any() else np.arange(self.shots)

    def rank(self, values: NDArray[np.generic]) -> Floats:
        """Rank (I,) among the shots that may be chosen, from -1 to 1; equal values share their mean rank."""
        known = np.asarray(values, np.float64)
        ordered = np.sort(known[self.open])
        below, through = np.searchsorted(ordered, known, "left"), np.searchsorted(ordered, known, "right")
        return np.clip((below + through) / len(ordered) - 1, -1, 1)

    @cached_property
    def beat(self) -> Floats:
        """(J,) rank of the music's energy in the trailer, from -1 to 1."""
        return rank(self.music)

    @cached_property
    def alike(self) -> NDArray[np.float32]:
        """(I, I) cosine of the looks of two shots."""
        return self.looks @ self.looks.T
