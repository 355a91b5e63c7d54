"""Examples of films and trailers, and padded batches of them for a training step."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn.utils.rnn import pad_sequence

from trailergen.ssmp.losses import NO_LABEL
from trailergen.training.films import FilmFacts, Music


@dataclass(frozen=True)
class Example:
    """A film (I, D), its trailer (J, D), both float32, and the film shot of each trailer shot (J,) int64 (eq. 1).

    Trailer shots labelled ``NO_LABEL`` are seen by the model but not learned from. ``positions`` (J, P) float32 are
    for models that read them. ``film_facts`` are about the film's shots, ``music`` is the trailer's own, a segment (J)
    for each of its shots; None where not known.
    """

    film: Tensor
    trailer: Tensor
    labels: Tensor
    positions: Tensor | None = None
    film_facts: FilmFacts | None = None
    music: Music | None = None


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
    """The number of batches of ``size`` that show every example once; the last may be smaller."""
    return -(-examples // size)


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
