"""The training budget: what every method that learns may learn from, and for how long."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeVar

import numpy as np
import torch
from torch import Tensor, nn

from trailergen.settings.training import OptimizerSettings
from trailergen.ssmp.masking import Random, Schedule
from trailergen.ssmp.model import ModelConfig
from trailergen.training.accelerator import Precision, SingleProcess
from trailergen.training.batches import Batches, Example, epochs
from trailergen.training.config import TrainConfig
from trailergen.training.loop import TrainState, train
from trailergen.training.optimizer import adamw, clip_gradients, set_learning_rate

M = TypeVar("M", bound=nn.Module)


@dataclass(frozen=True)
class TrainingBudget:
    """The same films, tokens, batches and steps for all methods that learn.

    Args:
        model: size of SSMP. The others take its width, heads, feed-forward and logit scale, and its number of layers
            in all, so that parameters and cost are alike.
        steps: optimisation steps.
        batch: films per step.
        learning_rate: peak of the cosine.
        augment: changes an example each time it is seen; None shows all examples as they are.
        device, precision: of SSMP's training; the other methods train on the CPU in single precision.
    """

    model: ModelConfig
    steps: int
    batch: int = 8
    learning_rate: float = 2e-3
    augment: Callable[[Example, np.random.Generator], Example] | None = None
    device: str = "cpu"
    precision: Precision = "auto"

    def batches(self, examples: Sequence[Example], seed: int) -> Batches:
        """The batch of each step, a pure function. Raises ValueError where there are no examples."""
        order = epochs(examples, self.batch, seed)

        def batch(step: int) -> Sequence[Example]:
            if self.augment is None:
                return order(step)
            rng = np.random.default_rng((seed, step))
            return [self.augment(example, rng) for example in order(step)]

        return batch

    def config(self, seed: int) -> TrainConfig:
        """SSMP's training; the optimizer's other constants, the paper's, hold for all methods."""
        return TrainConfig(self.model, self.steps, self.learning_rate, schedule=Random(seed), seed=seed)


def train_ssmp(
    budget: TrainingBudget,
    examples: Sequence[Example],
    seed: int,
    schedule: Schedule | None = None,
    loss: Literal["ce", "mse"] = "ce",
    clip: float = OptimizerSettings.clip,
) -> TrainState:
    """Train SSMP within a budget.

    Args:
        budget: model, steps, batches.
        examples: films with their trailers.
        seed: of weights, order and masks.
        schedule: of the mask ratio; uniformly random by default.
        loss: cross-entropy (eq. 4), or the squared error of Table 6.
        clip: largest gradient norm, 0 for none.
    """
    config = ssmp_config(budget, seed, schedule, loss, clip)
    place = SingleProcess(budget.device, budget.precision)
    return train(config, budget.batches(examples, seed), place)


def ssmp_config(
    budget: TrainingBudget,
    seed: int,
    schedule: Schedule | None = None,
    loss: Literal["ce", "mse"] = "ce",
    clip: float = OptimizerSettings.clip,
) -> TrainConfig:
    """How ``train_ssmp`` trains; the arguments are its own."""
    config = replace(budget.config(seed), loss=loss, clip=clip)
    return config if schedule is None else replace(config, schedule=schedule)


def seeded_module(make: Callable[[], M], seed: int) -> M:
    """A module with initial weights that depend on the seed alone; torch's global random state stays as it was."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return make()


def fit_module(
    module: nn.Module,
    loss: Callable[[Sequence[Example]], Tensor],
    budget: TrainingBudget,
    examples: Sequence[Example],
    seed: int,
) -> None:
    """Train another network than SSMP within a budget, with SSMP's optimizer, learning rates and batches.

    Args:
        module: changed in place; afterwards in evaluation mode.
        loss: of the examples of a step, a scalar.
        budget: steps and batches.
        examples: films with their trailers.
        seed: of the order of the batches.
    """
    config, batches = budget.config(seed), budget.batches(examples, seed)
    optimizer = adamw(module, config)
    module.train()
    for step in range(config.steps):
        set_learning_rate(optimizer, config, step)
        optimizer.zero_grad(set_to_none=True)
        loss(batches(step)).backward()  # type: ignore[no-untyped-call]
        clip_gradients(module, config)
        optimizer.step()
    module.eval()
