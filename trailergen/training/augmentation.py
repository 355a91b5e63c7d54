"""Augmentation of examples whose tokens are PCA features and context channels."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import torch

from trailergen.ssmp.pca import PCA_DIM
from trailergen.ssmp.positions import ENERGY, LENGTH
from trailergen.ssmp.spaces import GEOMETRY_2, TokenSpace
from trailergen.training.batches import Example

_DROPPED = 0.15
"""Share of examples whose positions lack their length, and of those that lack their energy."""


def augment(example: Example, rng: np.random.Generator, space: TokenSpace = GEOMETRY_2) -> Example:
    """The example with its PCA features in a random orthogonal basis, and some of its sources dropped.

    The sign and order of principal axes differ from film to film and from encoder to encoder; under random rotations
    only the geometry of the shots counts.

    Args:
        example: tokens of ``space``, and positions or none; it is not changed.
        rng: of the rotation and of what is dropped.
        space: of the tokens.
    """
    basis, _ = np.linalg.qr(rng.standard_normal((PCA_DIM, PCA_DIM)))
    rotation = torch.from_numpy(np.asarray(basis, np.float32))
    keep = torch.from_numpy(space.source_dropout(rng))

    def augmented(tokens: torch.Tensor) -> torch.Tensor:
        return torch.cat((tokens[:, :PCA_DIM] @ rotation, tokens[:, PCA_DIM:] * keep), dim=1)

    positions = example.positions
    if positions is not None:
        positions = positions.clone()
        for column in (LENGTH, ENERGY):
            positions[:, column] *= float(rng.random() >= _DROPPED)
    return replace(example, film=augmented(example.film), trailer=augmented(example.trailer), positions=positions)
