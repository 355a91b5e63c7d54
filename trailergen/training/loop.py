"""The training loop: equations 1 to 6, nothing else.

Every draw is keyed by the step it belongs to and all that changes lies in one ``TrainState``, so a run is a
function of its configuration, its batches and its state, and can be taken up at any step.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import torch
from torch import Tensor
from torch.nn.utils.rnn import pad_sequence
from torch.optim.lr_scheduler import LambdaLR

from trailergen.ssmp.losses import NO_LABEL, accuracy, cross_entropy_loss, squared_error_loss
from trailergen.ssmp.masking import Pace, Schedule, SelfPaced, sample_mask
from trailergen.ssmp.model import SSMP, ModelConfig


@dataclass(frozen=True)
class Example:
    """A film (I, D), its trailer (J, D), both float32, and the film shot of each trailer shot (J,) int64 (eq. 1).

    Trailer shots labelled ``NO_LABEL`` are seen by the model but not learned from.
    """

    film: Tensor
    trailer: Tensor
    labels: Tensor


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
    per_epoch = -(-len(examples) // size)

    def batch(step: int) -> Sequence[Example]:
        epoch, number = divmod(step, per_epoch)
        rng = np.random.default_rng((seed, epoch))
        by_length = np.argsort(lengths + rng.normal(0, 0.1, len(lengths)))
        first = size * int(rng.permutation(per_epoch)[number])
        return [examples[i] for i in by_length[first : first + size]]

    return batch


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
    rate: LambdaLR
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
        rate = LambdaLR(optimizer, lambda step: cosine_with_warmup(step, config.steps, config.warmup))
        return cls(model, optimizer, rate, config.schedule.start(), Curves())


def cosine_with_warmup(step: int, steps: int, warmup: float) -> float:
    """Learning rate as a share of its peak: a line up over ``warmup`` of the steps, then half a cosine to 0."""
    rising = max(1, round(warmup * steps))
    if step < rising:
        return (step + 1) / rising
    return float(0.5 * (1 + np.cos(np.pi * (step - rising) / max(1, steps - rising))))


def train(
    config: TrainConfig,
    batches: Batches,
    device: torch.device | None = None,
    on_step: Callable[[TrainState], None] = lambda state: None,
) -> TrainState:
    """Train from the start for ``config.steps`` steps; ``on_step`` is called after each.

    The same configuration, batches, device and number of threads give the same weights bit for bit.
    """
    state = TrainState.start(config, device or torch.device("cpu"))
    state.model.train()
    while len(state.curves.loss) < config.steps:
        step(config, state, batches(len(state.curves.loss)))
        on_step(state)
    state.model.eval()
    return state


def step(config: TrainConfig, state: TrainState, examples: Sequence[Example]) -> None:
    """One optimisation step on a batch: eq. 2, 3, 4, then 5 and 6 for the next mask ratio."""
    done = len(state.curves.loss)
    device = state.model.mask_placeholder.device
    batch = collate(examples, device)
    ratio = state.pace.ratio
    generator = torch.Generator().manual_seed(int(np.random.SeedSequence((config.seed, done)).generate_state(1)[0]))
    masked = sample_mask(batch.trailer_valid, ratio, generator)

    predicted = state.model(batch.film, batch.trailer, masked, batch.film_valid, batch.trailer_valid)
    logits = state.model.logits(predicted, batch.film)
    if config.loss == "ce":
        loss = cross_entropy_loss(logits, batch.labels, masked, ratio, batch.film_valid)
    else:
        loss = squared_error_loss(predicted.float(), batch.film, batch.labels, masked, ratio)
    state.optimizer.zero_grad(set_to_none=True)
    loss.backward()  # type: ignore[no-untyped-call]
    torch.nn.utils.clip_grad_norm_(state.model.parameters(), config.clip)
    state.optimizer.step()
    state.rate.step()

    reached = float(accuracy(logits.detach(), batch.labels, masked, batch.film_valid))
    state.curves.loss.append(float(loss.detach()))
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


def collate(examples: Sequence[Example], device: torch.device) -> Batch:
    """Pad films and trailers of different lengths into one batch; padding has ``NO_LABEL``."""

    def valid(lengths: list[int]) -> Tensor:
        return (torch.arange(max(lengths))[None] < torch.tensor(lengths)[:, None]).to(device)

    return Batch(
        pad_sequence([e.film for e in examples], batch_first=True).to(device),
        pad_sequence([e.trailer for e in examples], batch_first=True).to(device),
        pad_sequence([e.labels for e in examples], batch_first=True, padding_value=NO_LABEL).to(device),
        valid([len(e.film) for e in examples]),
        valid([len(e.trailer) for e in examples]),
    )
