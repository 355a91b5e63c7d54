"""The inputs of the starter: tokens that suit every encoder, beside the paper's features.

The paper learns from many films described by one encoder. The starter cannot: no such films are to be had. It reads
tokens that say nothing about the encoder (``ssmp/spaces.py``). What is lost by that, and what the context channels
bring, is measured here on simulated films: of the encoder that was learned from, and of others.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
import torch

from trailergen.evaluation.budget import TrainingBudget
from trailergen.evaluation.cases import EvaluationCase
from trailergen.evaluation.films import Film
from trailergen.ssmp.losses import label_shots
from trailergen.ssmp.model import ModelConfig
from trailergen.ssmp.positions import Positions, position_channels
from trailergen.ssmp.spaces import GEOMETRY_2
from trailergen.ssmp.types import Array
from trailergen.training.augmentation import augment
from trailergen.training.batches import Example
from trailergen.training.simulation.examples import TEST_SEED, TRAIN_SEED, simulated_example
from trailergen.training.simulation.pairs import SimulatedEncoder, SimulatedPair, simulate_pair, simulate_pairs
from trailergen.training.starter import MODEL as STARTER_MODEL

_ENCODER_SEED = 7


class ShotInput(StrEnum):
    """The tokens of a shot: its features; these with context channels; or PCA features with context channels."""

    features = "features"
    bound = "features and channels"
    pca = "rotation-augmented PCA features and channels"

    @property
    def stored_name(self) -> str:
        """The name in the facts of finished experiments."""
        return "turned geometry and channels" if self is ShotInput.pca else str(self)


@dataclass(frozen=True)
class StarterSize:
    """Size of the experiments about the starter, which are on films like those it learned from.

    Args:
        varied_films, test_films: films to learn from, and others to evaluate on.
        shots: bounds of a film's number of shots.
        positions: bounds of a trailer's number of shots.
        steps, batch: of every training.
        dimension: of the features.
        width, layers, heads, ffn: of the models.
        films, film_shots: those that the starter itself is tried on, and bounds of their numbers of shots.
    """

    varied_films: int = 1000
    test_films: int = 80
    shots: tuple[int, int] = (40, 100)
    positions: tuple[int, int] = (8, 30)
    steps: int = 1500
    batch: int = 5
    dimension: int = 96
    width: int = 96
    layers: int = 4
    heads: int = 4
    ffn: int = 192
    films: int = 60
    film_shots: tuple[int, int] = (40, 400)

    def budget(self, shot_input: ShotInput) -> TrainingBudget:
        """The training budget.

        With the paper's features the model is the paper's but for its size and the scale of the logits; otherwise it
        is the starter's.
        """
        if shot_input is ShotInput.features:
            model = ModelConfig(self.dimension, logit_scale=10.0)
        else:
            model = replace(
                STARTER_MODEL,
                feature_dim=GEOMETRY_2.dim if shot_input is ShotInput.pca else self.dimension + GEOMETRY_2.channel_dim,
            )
        model = replace(model, width=self.width, layers=self.layers, heads=self.heads, ffn=self.ffn)
        return TrainingBudget(model, self.steps, self.batch, augment=augment if shot_input is ShotInput.pca else None)

    def examples(self, shot_input: ShotInput) -> list[Example]:
        """The films to learn from."""
        encoder = None if shot_input is ShotInput.pca else self._encoder()
        pairs = simulate_pairs(TRAIN_SEED, self.varied_films, self.shots, self.positions, encoder)
        return [example_of(shot_input, pair) for pair in pairs]

    def cases(self, shot_input: ShotInput, out_of_domain: bool = False) -> list[EvaluationCase]:
        """The films to evaluate on: of the encoder that was learned from, or each of another (out of domain)."""
        return [_case(shot_input, pair) for pair in self._unseen(out_of_domain)]

    def _encoder(self) -> SimulatedEncoder:
        return SimulatedEncoder.draw(np.random.default_rng(_ENCODER_SEED), self.dimension)

    def _unseen(self, out_of_domain: bool) -> Iterator[SimulatedPair]:
        if not out_of_domain:
            yield from simulate_pairs(TEST_SEED, self.test_films, self.shots, self.positions, self._encoder())
            return
        for number in range(self.test_films):
            rng = np.random.default_rng((TEST_SEED, number))
            shots, positions = (int(rng.integers(*bounds)) for bounds in (self.shots, self.positions))
            yield simulate_pair(rng, shots, min(positions, shots // 3), SimulatedEncoder.draw(rng, self.dimension))


def example_of(shot_input: ShotInput, pair: SimulatedPair) -> Example:
    """The example of a pair, title cards left out; labels by eq. 1."""
    if shot_input is ShotInput.pca:
        return simulated_example(pair)
    kept = pair.labels >= 0
    film, trailer = pair.features, pair.trailer_features[kept]
    labels = label_shots(torch.from_numpy(trailer), torch.from_numpy(film))
    if shot_input is ShotInput.bound:
        channels = GEOMETRY_2.context(film, pair.facts)
        film, trailer = _beside(film, channels), _beside(trailer, channels[labels.numpy()])
    positions = known_positions(pair) if shot_input is ShotInput.bound else None
    return Example(torch.from_numpy(film), torch.from_numpy(trailer), labels, positions)


def _case(shot_input: ShotInput, pair: SimulatedPair) -> EvaluationCase:
    example = example_of(shot_input, pair)
    channels = None if example.positions is None else known_positions(pair)
    official = pair.story.shots.tolist()
    return EvaluationCase(Film(example.film, len(official), channels=channels), official)


def known_positions(pair: SimulatedPair) -> torch.Tensor:
    """The channels (J, P) of the positions of a pair's trailer, title cards not among them."""
    return torch.from_numpy(position_channels(Positions(pair.story.lengths_s, pair.story.music)))


def _beside(features: Array, channels: Array) -> Array:
    return np.hstack([features, channels])
