"""A model ready to plan a film: the starter or another checkpoint, and the tokens it reads."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from trailergen.runtime.cache import file_sha256
from trailergen.runtime.progress import Tick, no_tick
from trailergen.ssmp.channels.channel import ShotFacts
from trailergen.ssmp.checkpoint import load_checkpoint
from trailergen.ssmp.constraints import Constraints
from trailergen.ssmp.decoders.registry import find_decoder
from trailergen.ssmp.decoders.result import DecodingResult
from trailergen.ssmp.generate import generate, predictor
from trailergen.ssmp.model import SSMP
from trailergen.ssmp.positions import Positions, position_channels
from trailergen.ssmp.spaces import SPACES, TokenSpace
from trailergen.ssmp.types import Predict
from trailergen.weights import STARTER, find_weights, verified

_SEED_NOISE = 0.7
"""Standard deviation, in nats, of the noise that a seed adds to the log-prior of each shot."""
_SEED_NOISE_WITH_ENERGY = 1.2
"""The same beside an energy, whose terms differ by more nats than the model's logits do."""


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

    def decode(
        self,
        features: NDArray[np.float32],
        facts: ShotFacts,
        constraints: Constraints,
        decoder: str,
        seed: int,
        tick: Tick = no_tick,
        positions: Positions | None = None,
    ) -> DecodingResult:
        """Fill the trailer.

        Args:
            features: (I, D) of the film's shots, of the model's feature space if it has one.
            facts: times, measurements and, where there are any, readings of the shots.
            constraints: what must be respected.
            decoder: a name in ``DECODERS``.
            seed: same input and seed, same trailer. With a decoder that draws nothing, each but 0 adds seed noise to
                the log-prior of the shots.
            tick: progress in positions.
            positions: how long each is, and its music; None if not known. Not every model looks at them.

        Raises:
            UsageError: no such decoder.
            PlanError: no trailer respects the constraints.
        """
        if seed and find_decoder(decoder).seed_noise:
            scale = _SEED_NOISE if constraints.energy is None else _SEED_NOISE_WITH_ENERGY
            noise = scale * np.random.default_rng(seed).standard_normal(constraints.shots)
            prior = np.zeros((constraints.positions, 1)) if constraints.prior is None else constraints.prior
            constraints = replace(constraints, prior=prior + noise)
        known = self._channels(constraints.positions, positions)
        return generate(self.model, self._tokens(features, facts), constraints, decoder, seed, tick, known)

    def predictor(
        self, features: NDArray[np.float32], facts: ShotFacts, count: int, positions: Positions | None = None
    ) -> Predict:
        """The model on one film and ``count`` positions, as a predictor."""
        return predictor(self.model, self._tokens(features, facts), self._channels(count, positions))

    def _channels(self, count: int, positions: Positions | None) -> torch.Tensor | None:
        if self.model.config.position_dim == 0:
            return None
        return torch.from_numpy(position_channels(positions or Positions(np.ones(count))))

    def _tokens(self, features: NDArray[np.float32], facts: ShotFacts) -> torch.Tensor:
        return torch.from_numpy(features if self.tokens is None else self.tokens.film_tokens(features, facts))
