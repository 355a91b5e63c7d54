"""Random choice: what a method must beat to have learned anything."""

from __future__ import annotations

import numpy as np


def random_trailer(shots: int, positions: int, rng: np.random.Generator) -> list[int]:
    """Distinct shots of the film in random order; as many as there are positions, or as the film has."""
    return [int(shot) for shot in rng.permutation(shots)[:positions]]
