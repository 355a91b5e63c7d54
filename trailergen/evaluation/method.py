"""What every method of making trailers is to ``evaluate``, and the course all those that learn take."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Literal, Protocol, TypeVar

import numpy as np
import torch
from torch import Tensor, nn

from trailergen.ssmp.constraints import Constraints, relax_constraints
from trailergen.ssmp.decoders.registry import DECODERS
from trailergen.ssmp.decoders.scheduled import decode_scheduled
from trailergen.ssmp.generate import predictor
from trailergen.ssmp.masking import Random, Schedule
from trailergen.ssmp.model import SSMP, ModelConfig
from trailergen.training.loop import (
    Batch,
    Batches,
    Example,
    TrainConfig,
    TrainState,
    collate,
    cosine_with_warmup,
    epochs,
    train,
)

M = TypeVar("M", bound=nn.Module)


class Method(Protocol):
    """A way to make trailers: it may learn from examples, and then chooses shots for films it has not seen."""

    def fit(self, examples: Sequence[Example], seed: int) -> None:
        """Learn; what has nothing to learn does nothing."""

    def trailer(self, film: Tensor, positions: int, seed: int) -> list[int]:
        """Distinct shots of a film, in trailer order.

        Args:
            film: (I, D) shot features or tokens.
            positions: J; at most I shots are returned.
            seed: of the method's draws; the same input and seed give the same trailer.
        """
        ...


@dataclass(frozen=True)
class Course:
    """How much every method that learns may learn: the same films, tokens, batches and steps for all.

    Args:
        model: size of SSMP. The others take its width, heads, feed-forward and logit scale, and its number of layers
            in all, so that parameters and cost are alike.
        steps: optimisation steps.
        batch: films per step.
        learning_rate: peak of the cosine.
        varied: what changes an example each time it is seen (random turns, for tokens that say nothing of a basis).
    """

    model: ModelConfig
    steps: int
    batch: int = 8
    learning_rate: float = 2e-3
    varied: Callable[[Example, np.random.Generator], Example] | None = None

    def batches(self, examples: Sequence[Example], seed: int) -> Batches:
        """The batch of each step, a pure function. Raises ValueError where there are no examples."""
        order = epochs(examples, self.batch, seed)

        def batch(step: int) -> Sequence[Example]:
            if self.varied is None:
                return order(step)
            rng = np.random.default_rng((seed, step))
            return [self.varied(example, rng) for example in order(step)]

        return batch

    def config(self, seed: int) -> TrainConfig:
        """SSMP's training; the optimizer's other constants, the paper's, are everybody's."""
        return TrainConfig(self.model, self.steps, self.learning_rate, schedule=Random(seed), seed=seed)


class Trained:
    """An SSMP that has been trained already, and one of its decoders.

    Args:
        model: in evaluation mode.
        decoder: a name in ``DECODERS``.
        rounds: most forward passes of the ``scheduled`` decoder, if not its own number.
    """

    def __init__(self, model: SSMP, decoder: str, rounds: int | None = None) -> None:
        self.model, self.decoder = model, decoder
        self.decode = DECODERS[decoder] if rounds is None else partial(decode_scheduled, rounds=rounds)
        self.passes: list[int] = []
        """Forward passes of each trailer made so far."""

    def fit(self, examples: Sequence[Example], seed: int) -> None:
        """Nothing: the model stays as it is."""

    def trailer(self, film: Tensor, positions: int, seed: int, known: Tensor | None = None) -> list[int]:
        """See ``Method``; ``known`` (J, P) are the channels of the positions, for a model that reads them."""
        constraints = Constraints(len(film), min(positions, len(film)))
        result = self.decode(predictor(self.model, film, known), relax_constraints(constraints), seed)
        self.passes.append(result.passes)
        return [int(shot) for shot in result.shots]


def train_ssmp(
    course: Course,
    examples: Sequence[Example],
    seed: int,
    schedule: Schedule | None = None,
    loss: Literal["ce", "mse"] = "ce",
) -> TrainState:
    """SSMP after the course, with another mask ratio schedule than the course's random one, or the loss of Table 6."""
    config = replace(course.config(seed), loss=loss)
    if schedule is not None:
        config = replace(config, schedule=schedule)
    return train(config, course.batches(examples, seed))


def seeded(make: Callable[[], M], seed: int) -> M:
    """A module with initial weights that depend on the seed alone; torch's global random state stays as it was."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return make()


def learn(
    module: nn.Module, loss: Callable[[Batch], Tensor], course: Course, examples: Sequence[Example], seed: int
) -> None:
    """Take a baseline through the course: the optimizer, learning rates and batches of ``training/loop.py``.

    Args:
        module: what learns, in place; afterwards in evaluation mode.
        loss: of a batch, a scalar.
        course: how long.
        examples: films with their trailers.
        seed: of the order of the batches.
    """
    config, batches = course.config(seed), course.batches(examples, seed)
    optimizer = torch.optim.AdamW(
        [
            {"params": [p for p in module.parameters() if p.ndim > 1], "weight_decay": config.weight_decay},
            {"params": [p for p in module.parameters() if p.ndim <= 1], "weight_decay": 0.0},
        ],
        lr=config.learning_rate,
        betas=(0.9, config.beta2),
    )
    module.train()
    for step in range(course.steps):
        for group in optimizer.param_groups:
            group["lr"] = config.learning_rate * cosine_with_warmup(step, course.steps, config.warmup)
        optimizer.zero_grad(set_to_none=True)
        loss(collate(batches(step), torch.device("cpu"))).backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(module.parameters(), config.clip)
        optimizer.step()
    module.eval()
