"""Random choice: the level that a method must beat to have learned anything."""

from __future__ import annotations

import numpy as np

from trailergen.evaluation.films import Film
from trailergen.evaluation.methods import Method


def random_trailer(shots: int, positions: int, rng: np.random.Generator) -> list[int]:
    """Distinct shots of the film in random order; as many as there are positions, or as the film has."""
    return [int(shot) for shot in rng.permutation(shots)[:positions]]


class RandomChoice(Method):
    """``random_trailer`` as a ``Method``."""

    def trailer(self, film: Film, seed: int) -> list[int]:
        """See ``Method``."""
        return random_trailer(len(film), film.positions, np.random.default_rng(seed))
