"""The training loop: equations 1 to 6, nothing else.

Every draw is keyed by the step it belongs to and all that changes lies in one ``TrainState``, so a run is a
function of its configuration, its batches and its state, and can be taken up at any step. What differs between a
CPU, a GPU and several of them is in ``accelerator.py``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
from torch import Tensor

from trailergen.ssmp.losses import NO_LABEL, accuracy_parts, cross_entropy_loss, squared_error_loss
from trailergen.ssmp.masking import Pace, sample_mask
from trailergen.ssmp.model import SSMP
from trailergen.training.accelerator import Accelerator, Forward, SingleProcess
from trailergen.training.batches import Batch, Batches, Example, collate
from trailergen.training.config import TrainConfig
from trailergen.training.optimizer import adamw, clip_gradients, set_learning_rate


@dataclass
class LearningCurves:
    """One value per step: loss (eq. 4), accuracy (eq. 5), mask ratio (eq. 6)."""

    loss: list[float] = field(default_factory=list)
    accuracy: list[float] = field(default_factory=list)
    ratio: list[float] = field(default_factory=list)


@dataclass
class TrainState:
    """All that a run has changed after ``len(curves.loss)`` steps."""

    model: SSMP
    optimizer: torch.optim.AdamW
    pace: Pace
    curves: LearningCurves

    @classmethod
    def start(cls, config: TrainConfig, device: torch.device) -> TrainState:
        """The state before the first step; leaves torch's global random state as it was."""
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(config.seed)
            model = SSMP(config.model).to(device)
        return cls(model, adamw(model, config), config.schedule.start(), LearningCurves())

    @property
    def done(self) -> int:
        """Steps that are done."""
        return len(self.curves.loss)

    def advance(self, config: TrainConfig, loss: float, accuracy: float) -> None:
        """Note the figures of the step just made, and take the next mask ratio (eq. 6)."""
        self.curves.loss.append(loss)
        self.curves.accuracy.append(accuracy)
        self.curves.ratio.append(self.pace.ratio)
        self.pace = config.schedule.next(self.pace, accuracy)


def mask_generator(config: TrainConfig, step: int) -> torch.Generator:
    """The generator of a step's masks, a function of (seed, step)."""
    return torch.Generator().manual_seed(int(np.random.SeedSequence((config.seed, step)).generate_state(1)[0]))


def train(
    config: TrainConfig,
    batches: Batches,
    accelerator: Accelerator | None = None,
    on_step: Callable[[TrainState], None] = lambda state: None,
    state: TrainState | None = None,
) -> TrainState:
    """Train until ``config.steps`` steps are done; ``on_step`` is called after each.

    The same configuration, batches, accelerator and number of threads give the same weights, on the CPU bit for bit.

    Args:
        config: of the run.
        batches: the batch of each step.
        accelerator: computes the steps; one process on the CPU by default.
        on_step: is shown the state, which it may store but not change.
        state: of a run to go on with; a new one by default. It is changed and returned.
    """
    accelerator = accelerator or SingleProcess()
    state = state or TrainState.start(config, accelerator.device)
    forward = accelerator.prepare(state.model.train())
    while state.done < config.steps:
        step(config, state, batches(state.done), accelerator, forward)
        on_step(state)
    state.model.eval()
    return state


def step(
    config: TrainConfig,
    state: TrainState,
    examples: Sequence[Example],
    accelerator: Accelerator | None = None,
    forward: Forward | None = None,
) -> None:
    """One optimisation step on a batch: eq. 2, 3, 4, then 5 and 6 for the next mask ratio.

    ``forward`` is what ``accelerator.prepare`` made of the state's model; by default the model itself is called.
    """
    accelerator = accelerator or SingleProcess(state.model.mask_placeholder.device)
    forward = forward or state.model
    ratio = state.pace.ratio
    whole = collate(examples, torch.device("cpu"))
    hidden = sample_mask(whole.trailer_valid, ratio, mask_generator(config, state.done))
    batch, masked = _own_rows(whole, hidden, accelerator)

    # Attention without a mask is the same and, on a GPU, faster.
    padded = not bool(whole.film_valid.all() and whole.trailer_valid.all())
    valid = (batch.film_valid, batch.trailer_valid) if padded else (None, None)
    known = () if batch.positions is None else (batch.positions,)
    predicted = forward(batch.film, batch.trailer, masked, *valid, *known)
    logits = state.model.logits(predicted, batch.film)
    if config.loss == "ce":
        loss = cross_entropy_loss(logits, batch.labels, masked, ratio, batch.film_valid)
    else:
        loss = squared_error_loss(predicted.float(), batch.film, batch.labels, masked, ratio)
    # The losses are means over this process's pairs; what counts is the mean over the batch's.
    loss = loss * (len(batch.labels) / len(whole.labels))
    set_learning_rate(state.optimizer, config, state.done)
    state.optimizer.zero_grad(set_to_none=True)
    accelerator.backward(loss * accelerator.world_size)
    clip_gradients(state.model, config)
    state.optimizer.step()

    shares, pairs = accuracy_parts(logits.detach(), batch.labels, masked, batch.film_valid)
    summed, shares, pairs = accelerator.all_reduce(torch.stack((loss.detach(), shares, pairs.to(shares.dtype))))
    state.advance(config, float(summed), float(shares / pairs.clamp(min=1)))


def _own_rows(batch: Batch, masked: Tensor, accelerator: Accelerator) -> tuple[Batch, Tensor]:
    """This process's share of a batch and of its mask (B, J), on its device.

    In a batch of fewer pairs than processes some have none; they join in with a pair that has no labels.
    """
    own = torch.arange(len(masked))[accelerator.rank :: accelerator.world_size]
    rows = own if len(own) else torch.zeros(1, dtype=torch.long)
    labels = batch.labels if len(own) else torch.full_like(batch.labels, NO_LABEL)
    parts = (batch.film, batch.trailer, labels, batch.film_valid, batch.trailer_valid, masked)
    film, trailer, own_labels, film_valid, trailer_valid, own_masked = (
        part[rows].to(accelerator.device) for part in parts
    )
    positions = None if batch.positions is None else batch.positions[rows].to(accelerator.device)
    return Batch(film, trailer, own_labels, film_valid, trailer_valid, positions), own_masked
