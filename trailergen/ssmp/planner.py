"""A model ready to plan any film: the starter checkpoint and the tokens it reads."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from trailergen.errors import UsageError
from trailergen.progress import Tick, no_tick
from trailergen.ssmp.checkpoint import load_checkpoint, require_feature_space
from trailergen.ssmp.constraints import Constraints
from trailergen.ssmp.filling import Filling
from trailergen.ssmp.generate import DECODERS, generate
from trailergen.ssmp.model import SSMP
from trailergen.ssmp.tokens import FEATURE_SPACE, ShotFacts, film_tokens
from trailergen.weights import STARTER, find_weights, verified


@dataclass(frozen=True)
class Planner:
    """A loaded model, with the name and SHA-256 of its file."""

    model: SSMP
    name: str
    sha256: str

    @classmethod
    def load(cls, device: str) -> Planner:
        """The starter checkpoint. Raises WeightsError if it is missing, damaged or made for other tokens."""
        weights = find_weights(STARTER)
        path = verified(weights)
        model, info = load_checkpoint(path, device)
        require_feature_space(info, FEATURE_SPACE, path)
        return cls(model, weights.name, weights.sha256)

    def fill(
        self,
        features: NDArray[np.float32],
        facts: ShotFacts,
        constraints: Constraints,
        decoder: str,
        seed: int,
        tick: Tick = no_tick,
    ) -> Filling:
        """Fill the trailer (see ssmp/generate.py).

        Args:
            features: (I, D) of the film's shots, of any encoder.
            facts: times, movement, brightness and loudness of the shots.
            constraints: what must be respected.
            decoder: a name in ``DECODERS``.
            seed: same input and seed, same trailer.
            tick: progress in positions.

        Raises:
            UsageError: no such decoder.
            PlanError: no trailer respects the constraints.
        """
        if decoder not in DECODERS:
            raise UsageError(f"there is no decoder {decoder!r}", hint=f"use one of: {', '.join(DECODERS)}")
        tokens = torch.from_numpy(film_tokens(features, facts))
        return generate(self.model, tokens, constraints, decoder, seed, tick)
