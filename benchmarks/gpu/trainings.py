"""Trainings of SSMP side by side on one card, all with the same films and as many steps."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from benchmarks.gpu.resident import Forward, Resident, compiled
from benchmarks.paper.ablations import Ablation
from trailergen.ssmp.model import ModelConfig
from trailergen.training.batches import Example
from trailergen.training.config import TrainConfig
from trailergen.training.loop import TrainState

BATCH = 5
LEARNING_RATE = 1e-3
REACHED = 0.95
"""The paper trains until this share of the hidden positions is right."""
_WINDOW = 50
"""Steps over which curves are averaged before they are kept."""
_TOLD = 500
"""Steps between two reports."""


@dataclass(frozen=True)
class Training:
    """One of the trainings: schedule and loss; the seed of the weights, the masks and the order of the films."""

    name: str
    ablation: Ablation
    seed: int = 0

    def config(self, width: int, steps: int) -> TrainConfig:
        """The paper's training at this width, with the logits' scale of the results page."""
        model = ModelConfig(width, width, 4, 4, 2 * width, logit_scale=10.0)
        schedule = self.ablation.mask_schedule(steps, self.seed)
        return TrainConfig(model, steps, LEARNING_RATE, loss=self.ablation.loss, schedule=schedule, seed=self.seed)

    def chosen(self, films: int, step: int) -> list[int]:
        """The films of a step: all of them once in every epoch, each time in another order."""
        epoch, number = divmod(step, max(1, films // BATCH))
        order = np.random.default_rng((self.seed, epoch)).permutation(films)
        return [int(film) for film in order[number * BATCH : (number + 1) * BATCH]]


class SideBySide:
    """Trainings that take their steps together.

    Args:
        trainings: of one size.
        examples: what on; their features are as long as the model is wide.
        device: of torch.
        graphed: capture each training's step in a CUDA graph.
        compile: the forward pass, once for all.
    """

    def __init__(
        self,
        trainings: Sequence[Training],
        examples: Sequence[Example],
        device: str,
        graphed: bool,
        compile: bool = False,
    ) -> None:
        self.trainings, self.examples, self.device, self.graphed = trainings, examples, device, graphed
        self._forward: Forward | None = compiled() if compile else None

    def seconds(self, pilot: float) -> float:
        """Seconds of a step of all of them, tried out for so long; what is learned is forgotten."""
        residents = self._residents(10_000)
        started, made = time.perf_counter(), 0
        while time.perf_counter() - started < pilot:
            self._step(residents, made)
            made += 1
        return (time.perf_counter() - started) / made

    def train(self, steps: int, until: float, tell: Callable[[Training, dict[str, Any]], None]) -> list[TrainState]:
        """Train for so many steps, or until then as ``time.time()`` counts; ``tell`` gets the curves now and then."""
        residents = self._residents(steps)
        started = time.time()

        def told() -> None:
            for training, resident in zip(self.trainings, residents, strict=True):
                found = {"seconds": time.time() - started, "steps": steps, "films": len(self.examples)}
                tell(training, {**found, **_curves(resident.state)})

        for number in range(steps):
            if number % _WINDOW == 0 and time.time() > until:
                break
            self._step(residents, number)
            if number % _TOLD == _TOLD - 1:
                told()
        told()
        return [resident.state for resident in residents]

    def _residents(self, steps: int) -> list[Resident]:
        width = self.examples[0].film.shape[1]
        return [
            Resident(
                training.config(width, steps),
                self.examples,
                BATCH,
                self.device,
                forward=self._forward,
                graphed=self.graphed,
            )
            for training in self.trainings
        ]

    def _step(self, residents: Sequence[Resident], number: int) -> None:
        for training, resident in zip(self.trainings, residents, strict=True):
            resident.begin(training.chosen(len(self.examples), number))
        for resident in residents:
            resident.end()


def _curves(state: TrainState) -> dict[str, Any]:
    """Means over every so many steps, and where the accuracy first was high enough."""
    curves = {name: np.array(values) for name, values in vars(state.curves).items()}
    whole = len(curves["loss"]) // _WINDOW * _WINDOW
    means = {name: values[:whole].reshape(-1, _WINDOW).mean(1) for name, values in curves.items()}
    reached = np.flatnonzero(means["accuracy"] >= REACHED)
    return {
        "done": len(curves["loss"]),
        "accuracy": float(curves["accuracy"][-100:].mean()) if len(curves["loss"]) else 0.0,
        "ratio": float(curves["ratio"][-1]) if len(curves["loss"]) else 0.0,
        "reached_at": int(reached[0] + 1) * _WINDOW if len(reached) else None,
        "window": _WINDOW,
        "curves": {name: [round(float(value), 4) for value in values] for name, values in means.items()},
    }


def one_thread() -> None:
    """Batches are put together by this process alone: more threads only wait for each other."""
    torch.set_num_threads(1)
