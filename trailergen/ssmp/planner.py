"""A model ready to plan a film: the starter or another checkpoint, and the tokens it reads."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from trailergen.errors import UsageError
from trailergen.runtime.cache import file_sha256
from trailergen.runtime.progress import Tick, no_tick
from trailergen.ssmp.checkpoint import load_checkpoint
from trailergen.ssmp.constraints import Constraints
from trailergen.ssmp.decoders.registry import DECODERS, generate, predictor
from trailergen.ssmp.decoders.result import Filling, Predict
from trailergen.ssmp.model import SSMP
from trailergen.ssmp.positions import Positions, position_channels
from trailergen.ssmp.spaces import SPACES, TokenSpace
from trailergen.ssmp.tokens import ShotFacts
from trailergen.weights import STARTER, find_weights, verified

_TASTE = 0.7
"""Standard deviation, in nats, of what a seed finds in a shot. On 25 simulated films two seeds then show the same shot
at about a tenth of the places instead of 37 %, and F1 is about 0.02 lower than the 0.43 of seed 0."""

_TASTE_BESIDE_RULES = 1.2
"""The same where rules have a say, which decide by more nats than the model does: in a minute of Big Buck Bunny about a
third of the shots are others then."""


@dataclass(frozen=True)
class Planner:
    """A loaded model, with the name and SHA-256 of its file.

    ``space`` is the feature space it reads, None if it reads ``tokens`` that suit every encoder.
    """

    model: SSMP
    name: str
    sha256: str
    space: str | None
    tokens: TokenSpace | None

    @classmethod
    def load(cls, device: str, checkpoint: Path | None = None) -> Planner:
        """A checkpoint, ready to run on ``device``.

        Args:
            device: of torch.
            checkpoint: a file, as `trailergen train` writes it; None for the starter.

        Raises:
            WeightsError: it is missing or damaged.
        """
        path = verified(find_weights(STARTER)) if checkpoint is None else checkpoint
        model, info = load_checkpoint(path, device)
        tokens = SPACES.get(info.feature_space)
        space = info.feature_space if tokens is None else None
        return cls(model, STARTER if checkpoint is None else path.name, file_sha256(path), space, tokens)

    def fill(
        self,
        features: NDArray[np.float32],
        facts: ShotFacts,
        constraints: Constraints,
        decoder: str,
        seed: int,
        tick: Tick = no_tick,
        positions: Positions | None = None,
    ) -> Filling:
        """Fill the trailer (see ssmp/decoders/registry.py).

        Args:
            features: (I, D) of the film's shots, of the model's feature space if it has one.
            facts: times, movement, brightness, loudness and, where there are any, readings of the shots.
            constraints: what must be respected.
            decoder: a name in ``DECODERS``.
            seed: same input and seed, same trailer. With the default decoder, which draws nothing, each but 0 has a
                taste of its own for some shots and against others.
            tick: progress in positions.
            positions: how long each is, and its music; None if not known. Not every model looks at them.

        Raises:
            UsageError: no such decoder.
            PlanError: no trailer respects the constraints.
        """
        if decoder not in DECODERS:
            raise UsageError(f"there is no decoder {decoder!r}", hint=f"use one of: {', '.join(DECODERS)}")
        if seed and decoder == "scheduled":
            scale = _TASTE if constraints.energy is None else _TASTE_BESIDE_RULES
            taste = scale * np.random.default_rng(seed).standard_normal(constraints.shots)
            prior = np.zeros((constraints.positions, 1)) if constraints.prior is None else constraints.prior
            constraints = replace(constraints, prior=prior + taste)
        known = self._channels(constraints.positions, positions)
        return generate(self.model, self._tokens(features, facts), constraints, decoder, seed, tick, known)

    def predictor(
        self, features: NDArray[np.float32], facts: ShotFacts, count: int, positions: Positions | None = None
    ) -> Predict:
        """The model on one film and ``count`` positions, for whoever asks it one by one."""
        return predictor(self.model, self._tokens(features, facts), self._channels(count, positions))

    def _channels(self, count: int, positions: Positions | None) -> torch.Tensor | None:
        if self.model.config.position_dim == 0:
            return None
        return torch.from_numpy(position_channels(positions or Positions(np.ones(count))))

    def _tokens(self, features: NDArray[np.float32], facts: ShotFacts) -> torch.Tensor:
        return torch.from_numpy(features if self.tokens is None else self.tokens.film_tokens(features, facts))
