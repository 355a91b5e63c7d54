"""Random choice: what a method must beat to have learned anything."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from torch import Tensor

from trailergen.training.loop import Example


def random_trailer(shots: int, positions: int, rng: np.random.Generator) -> list[int]:
    """Distinct shots of the film in random order; as many as there are positions, or as the film has."""
    return [int(shot) for shot in rng.permutation(shots)[:positions]]


class RandomChoice:
    """``random_trailer`` as a ``Method``."""

    def fit(self, examples: Sequence[Example], seed: int) -> None:
        """Nothing to learn."""

    def trailer(self, film: Tensor, positions: int, seed: int) -> list[int]:
        """See ``Method``."""
        return random_trailer(len(film), positions, np.random.default_rng(seed))
