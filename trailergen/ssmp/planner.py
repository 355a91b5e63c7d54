"""A model ready to plan a film: the starter or another checkpoint, and the tokens it reads."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from trailergen.cache import file_sha256
from trailergen.errors import UsageError
from trailergen.progress import Tick, no_tick
from trailergen.ssmp.checkpoint import load_checkpoint, require_feature_space
from trailergen.ssmp.constraints import Constraints
from trailergen.ssmp.filling import Filling, Predict
from trailergen.ssmp.generate import DECODERS, generate, predictor
from trailergen.ssmp.model import SSMP
from trailergen.ssmp.tokens import FEATURE_SPACE, ShotFacts, film_tokens
from trailergen.weights import STARTER, find_weights, verified


@dataclass(frozen=True)
class Planner:
    """A loaded model, with the name and SHA-256 of its file.

    ``geometry`` tells whether it reads the tokens that suit every encoder, or the features of one.
    """

    model: SSMP
    name: str
    sha256: str
    geometry: bool

    @classmethod
    def load(cls, device: str, feature_space: str, checkpoint: Path | None = None) -> Planner:
        """A checkpoint for films of a feature space.

        Args:
            device: to run on.
            feature_space: of the film's features.
            checkpoint: a file, as `trailergen train` writes it; None for the starter.

        Raises:
            WeightsError: it is missing, damaged, or trained on another feature space.
        """
        path = verified(find_weights(STARTER)) if checkpoint is None else checkpoint
        model, info = load_checkpoint(path, device)
        geometry = info.feature_space == FEATURE_SPACE
        if not geometry:
            require_feature_space(info, feature_space, path)
        return cls(model, STARTER if checkpoint is None else path.name, file_sha256(path), geometry)

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
            features: (I, D) of the film's shots, of the feature space it was loaded for.
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
        return generate(self.model, self._tokens(features, facts), constraints, decoder, seed, tick)

    def predictor(self, features: NDArray[np.float32], facts: ShotFacts) -> Predict:
        """The model on one film, for whoever asks it position by position (see ssmp/generate.py)."""
        return predictor(self.model, self._tokens(features, facts))

    def _tokens(self, features: NDArray[np.float32], facts: ShotFacts) -> torch.Tensor:
        return torch.from_numpy(film_tokens(features, facts) if self.geometry else features)
