"""The training loop: equations 1 to 6, nothing else.

Every draw is keyed by the step it belongs to and all that changes lies in one ``TrainState``, so a run is a
function of its configuration, its batches and its state, and can be taken up at any step. What differs between a
CPU, a GPU and several of them is in ``machine.py``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import torch
from torch import Tensor
from torch.nn.utils.rnn import pad_sequence

from trailergen.ssmp.losses import NO_LABEL, accuracy_parts, cross_entropy_loss, squared_error_loss
from trailergen.ssmp.masking import Pace, Schedule, SelfPaced, sample_mask
from trailergen.ssmp.model import SSMP, ModelConfig
from trailergen.training.machine import Forward, Machine, OneProcess


@dataclass(frozen=True)
class Example:
    """A film (I, D), its trailer (J, D), both float32, and the film shot of each trailer shot (J,) int64 (eq. 1).

    Trailer shots labelled ``NO_LABEL`` are seen by the model but not learned from. ``positions`` (J, P) float32 are
    for models that read them.
    """

    film: Tensor
    trailer: Tensor
    labels: Tensor
    positions: Tensor | None = None


Batches = Callable[[int], Sequence[Example]]
"""The batch of a step, steps counted from 0: a pure function, or a resumed run would not be the same."""


def epochs(examples: Sequence[Example], size: int, seed: int) -> Batches:
    """Batches of ``size`` that go through ``examples`` again and again, each time in another order.

    Films of similar length share a batch, so that little of it is padding.

    Raises:
        ValueError: no examples.
    """
    if not examples:
        raise ValueError("nothing to train on")
    lengths = np.log([len(example.film) for example in examples])
    per_epoch = steps_per_epoch(len(examples), size)

    def batch(step: int) -> Sequence[Example]:
        epoch, number = divmod(step, per_epoch)
        rng = np.random.default_rng((seed, epoch))
        by_length = np.argsort(lengths + rng.normal(0, 0.1, len(lengths)))
        first = size * int(rng.permutation(per_epoch)[number])
        return [examples[i] for i in by_length[first : first + size]]

    return batch


def steps_per_epoch(examples: int, size: int) -> int:
    """How many batches of ``size`` show every example once; the last may be smaller."""
    return -(-examples // size)


@dataclass(frozen=True)
class TrainConfig:
    """How to train; the defaults are the paper's (section 4.1), but for ``steps``, which depend on the data.

    Args:
        model: size of the model.
        steps: optimisation steps in all.
        learning_rate: peak of the cosine.
        warmup: share of the steps in which the rate rises to it.
        weight_decay, beta2: of AdamW. Decay spares vectors (norm gains, the placeholder), as is usual.
        clip: largest gradient norm. The paper names none; the factor 1/t of eq. 4 makes gradients uneven.
        loss: ``ce`` is the cross-entropy of eq. 4, ``mse`` the squared error of Table 6.
        schedule: of the mask ratio.
        seed: of the initial weights and of the masks.
    """

    model: ModelConfig
    steps: int
    learning_rate: float = 1e-4
    warmup: float = 0.1
    weight_decay: float = 0.1
    beta2: float = 0.95
    clip: float = 1.0
    loss: Literal["ce", "mse"] = "ce"
    schedule: Schedule = field(default_factory=SelfPaced)
    seed: int = 0


@dataclass
class Curves:
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
    curves: Curves

    @classmethod
    def start(cls, config: TrainConfig, device: torch.device) -> TrainState:
        """The state before the first step; leaves torch's global random state as it was."""
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(config.seed)
            model = SSMP(config.model).to(device)
        optimizer = torch.optim.AdamW(
            [
                {"params": [p for p in model.parameters() if p.ndim > 1], "weight_decay": config.weight_decay},
                {"params": [p for p in model.parameters() if p.ndim <= 1], "weight_decay": 0.0},
            ],
            lr=config.learning_rate,
            betas=(0.9, config.beta2),
        )
        return cls(model, optimizer, config.schedule.start(), Curves())


def cosine_with_warmup(step: int, steps: int, warmup: float) -> float:
    """Learning rate as a share of its peak: a line up over ``warmup`` of the steps, then half a cosine to 0."""
    rising = max(1, round(warmup * steps))
    if step < rising:
        return (step + 1) / rising
    return float(0.5 * (1 + np.cos(np.pi * (step - rising) / max(1, steps - rising))))


def train(
    config: TrainConfig,
    batches: Batches,
    machine: Machine | None = None,
    on_step: Callable[[TrainState], None] = lambda state: None,
    state: TrainState | None = None,
) -> TrainState:
    """Train until ``config.steps`` steps are done; ``on_step`` is called after each.

    The same configuration, batches, machine and number of threads give the same weights, on the CPU bit for bit.

    Args:
        config: how.
        batches: the batch of each step.
        machine: where; the CPU by default.
        on_step: is shown the state, which it may store but not change.
        state: where to go on; the start by default. It is changed and returned.
    """
    machine = machine or OneProcess()
    state = state or TrainState.start(config, machine.device)
    forward = machine.prepare(state.model.train())
    while (done := len(state.curves.loss)) < config.steps:
        step(config, state, batches(done), machine, forward)
        on_step(state)
    state.model.eval()
    return state


def step(
    config: TrainConfig,
    state: TrainState,
    examples: Sequence[Example],
    machine: Machine | None = None,
    forward: Forward | None = None,
) -> None:
    """One optimisation step on a batch: eq. 2, 3, 4, then 5 and 6 for the next mask ratio.

    ``forward`` is what ``machine.prepare`` made of the state's model; by default the model itself is called.
    """
    machine = machine or OneProcess(state.model.mask_placeholder.device)
    forward = forward or state.model
    done = len(state.curves.loss)
    ratio = state.pace.ratio
    whole = collate(examples, torch.device("cpu"))
    generator = torch.Generator().manual_seed(int(np.random.SeedSequence((config.seed, done)).generate_state(1)[0]))
    hidden = sample_mask(whole.trailer_valid, ratio, generator)
    batch, masked = _own_rows(whole, hidden, machine)

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
    for group in state.optimizer.param_groups:
        group["lr"] = config.learning_rate * cosine_with_warmup(done, config.steps, config.warmup)
    state.optimizer.zero_grad(set_to_none=True)
    machine.backward(loss * machine.processes)
    torch.nn.utils.clip_grad_norm_(state.model.parameters(), config.clip)
    state.optimizer.step()

    shares, pairs = accuracy_parts(logits.detach(), batch.labels, masked, batch.film_valid)
    summed, shares, pairs = machine.total(torch.stack((loss.detach(), shares, pairs.to(shares.dtype))))
    reached = float(shares / pairs.clamp(min=1))
    state.curves.loss.append(float(summed))
    state.curves.accuracy.append(reached)
    state.curves.ratio.append(ratio)
    state.pace = config.schedule.next(state.pace, reached)


@dataclass(frozen=True)
class Batch:
    """Examples padded at the end to the longest film (I) and trailer (J): see ``SSMP.forward`` for the shapes."""

    film: Tensor
    trailer: Tensor
    labels: Tensor
    film_valid: Tensor
    trailer_valid: Tensor
    positions: Tensor | None = None


def collate(examples: Sequence[Example], device: torch.device) -> Batch:
    """Pad films and trailers of different lengths into one batch; padding has ``NO_LABEL``.

    There are positions if all examples have them.
    """

    def valid(lengths: list[int]) -> Tensor:
        return (torch.arange(max(lengths))[None] < torch.tensor(lengths)[:, None]).to(device)

    positions = [e.positions for e in examples if e.positions is not None]
    return Batch(
        pad_sequence([e.film for e in examples], batch_first=True).to(device),
        pad_sequence([e.trailer for e in examples], batch_first=True).to(device),
        pad_sequence([e.labels for e in examples], batch_first=True, padding_value=NO_LABEL).to(device),
        valid([len(e.film) for e in examples]),
        valid([len(e.trailer) for e in examples]),
        pad_sequence(positions, batch_first=True).to(device) if len(positions) == len(examples) else None,
    )


def _own_rows(batch: Batch, masked: Tensor, machine: Machine) -> tuple[Batch, Tensor]:
    """This process's share of a batch and of its mask (B, J), on its device.

    In a batch of fewer pairs than processes some have none; they join in with a pair that has no labels.
    """
    own = torch.arange(len(masked))[machine.rank :: machine.processes]
    rows = own if len(own) else torch.zeros(1, dtype=torch.long)
    labels = batch.labels if len(own) else torch.full_like(batch.labels, NO_LABEL)
    parts = (batch.film, batch.trailer, labels, batch.film_valid, batch.trailer_valid, masked)
    film, trailer, own_labels, film_valid, trailer_valid, own_masked = (part[rows].to(machine.device) for part in parts)
    positions = None if batch.positions is None else batch.positions[rows].to(machine.device)
    return Batch(film, trailer, own_labels, film_valid, trailer_valid, positions), own_masked
