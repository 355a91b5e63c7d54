"""SSMP's trainings of the results page on one card, side by side; their evaluation is the page's, anywhere.

    python -m benchmarks.gpu.paper --protocol a --work FOLDER --seconds 240
    python -m benchmarks.paper --protocol a --work FOLDER --jobs 2 -o docs/results.md

The initial weights, the batches and the masks are those of a training on the CPU, in single precision too: the two
differ by rounding. Trainings that there is no time for are left out, the least important first; one is
made however long it takes.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import cache
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from benchmarks.gpu.resident import Resident
from benchmarks.paper.ablations import Ablation
from benchmarks.paper.protocols import PROTOCOLS, Protocol
from benchmarks.paper.tasks import PARTS, tasks_of
from benchmarks.paper.trained import Trained, keep, kept_path
from trailergen.evaluation.budget import ssmp_config
from trailergen.runtime.cache import StageCache
from trailergen.training.batches import Example

_MEASURED = (20, 100, 400, 1000)
"""Steps after which it is seen how many trainings there is time for."""
_SAVING_S = 0.1
"""Of each training, at the end."""


@dataclass(frozen=True)
class Run:
    """One training of the page."""

    ablation: Ablation
    order: str
    seed: int


def runs_of(protocol: Protocol) -> list[Run]:
    """All trainings of SSMP on the protocol's films, the most important first."""
    tasks = tasks_of(PARTS, protocol, ())
    return [Run(*task.arguments, seed) for task, seed in tasks if task.method == "ssmp_run" and seed is not None]


def train_on_card(
    protocol: Protocol, work: StageCache, runs: Sequence[Run], seconds: float, jobs: int, tell: Callable[[str], None]
) -> int:
    """Train what is not there yet, side by side, and keep it.

    Args:
        protocol: its ``device`` is cuda, or cpu for a rehearsal; its films are a whole number of batches.
        work: keeps the trainings.
        runs: the most important first.
        seconds: for all of it.
        jobs: processes that make the films.
        tell: is told how it goes.

    Returns:
        The number of trainings that were made.

    Raises:
        ValueError: the last batch of an epoch would be smaller than the others, whose steps are captured.
    """
    if protocol.train_films % protocol.batch:
        raise ValueError(f"{protocol.train_films} films are no whole number of batches of {protocol.batch}")
    end = time.monotonic() + seconds
    wanted = [run for run in runs if not _path(work, protocol, run).exists()]
    examples = {order: _examples(protocol, order, jobs) for order in dict.fromkeys(run.order for run in wanted)}
    tell(f"films: {seconds - (end - time.monotonic()):.0f} s")
    on_card = protocol.device == "cuda"
    residents = {}
    for run in wanted:
        budget = protocol.budget
        schedule = run.ablation.mask_schedule(budget.steps, run.seed)
        config = ssmp_config(budget, run.seed, schedule, run.ablation.loss, run.ablation.clip)
        residents[run] = Resident(
            config, examples[run.order], budget.batch, protocol.device, graphed=on_card, narrow=False
        )
    tell(f"{len(residents)} trainings ready: {seconds - (end - time.monotonic()):.0f} s")

    @cache
    def chosen(order: str, seed: int, number: int) -> list[int]:
        numbers = {id(example): at for at, example in enumerate(examples[order])}
        return [numbers[id(example)] for example in protocol.budget.batches(examples[order], seed)(number)]

    began = time.monotonic()
    for number in range(protocol.steps):
        for run, resident in residents.items():
            resident.begin(chosen(run.order, run.seed, number))
        for resident in residents.values():
            resident.end()
        if number + 1 in _MEASURED:
            now = time.monotonic()
            step, left = (now - began) / (number + 1) / len(residents), end - now
            room = int(left / (step * (protocol.steps - number - 1) + _SAVING_S))
            for run in list(residents)[max(room, 1) :]:
                del residents[run]
            tell(f"step {number + 1}: {step * 1000:.2f} ms a training, {len(residents)} go on")
            began = time.monotonic() - step * (number + 1) * len(residents)
    card = torch.cuda.get_device_name() if on_card else None
    for run, resident in residents.items():
        keep(_path(work, protocol, run), Trained(resident.state.model.eval(), resident.state.curves, card))
    tell(f"done: {seconds - (end - time.monotonic()):.0f} s")
    return len(residents)


def _path(work: StageCache, protocol: Protocol, run: Run) -> Path:
    return kept_path(work, protocol, run.ablation, run.order, run.seed)


def _examples(protocol: Protocol, order: str, jobs: int) -> list[Example]:
    """The films to learn from. As arrays: tensors would go from process to process as open files."""
    count = protocol.train_films
    with ProcessPoolExecutor(jobs, get_context("spawn")) as pool:
        made: Iterable[list[NDArray[np.generic]]] = pool.map(
            _film, [protocol] * count, [order] * count, range(count), chunksize=max(1, count // jobs // 4)
        )
        return [Example(*map(torch.from_numpy, arrays)) for arrays in made]


def _film(protocol: Protocol, order: str, number: int) -> list[NDArray[np.generic]]:
    torch.set_num_threads(1)
    example = protocol.film(order, "train", number).example()
    return [tensor.numpy() for tensor in (example.film, example.trailer, example.labels)]


def main(arguments: Sequence[str] | None = None) -> None:
    """Train."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.gpu.paper", description="train what the page needs")
    parser.add_argument("--protocol", choices=tuple(PROTOCOLS), default="a", help="sizes")
    parser.add_argument("--work", type=Path, required=True, help="folder of finished experiments")
    parser.add_argument("--seconds", type=float, default=240, help="for all of it")
    parser.add_argument("--jobs", type=int, default=8, help="processes that make the films")
    parser.add_argument("--device", choices=("cpu", "cuda"), default="cuda", help="of torch")
    chosen = parser.parse_args(arguments)
    torch.set_num_threads(1)
    protocol = PROTOCOLS[chosen.protocol]
    sized = replace(protocol, device=chosen.device)
    began = time.monotonic()

    def tell(text: str) -> None:
        print(f"{time.monotonic() - began:4.0f} s  {text}", flush=True)

    train_on_card(sized, StageCache(chosen.work), runs_of(sized), chosen.seconds, chosen.jobs, tell)


if __name__ == "__main__":
    main()
