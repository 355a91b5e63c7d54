"""Simulated films of feature size, made by all cores beside the other parts and kept in one file.

    python -m benchmarks.gpu.simulated FOLDER [tiny]

Each film is a function of its number alone. Labels to learn from are those of eq. 1; the truth to be examined on is the
simulator's own.
"""

from __future__ import annotations

import os
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from benchmarks.paper.inputs import ShotInput, example_of
from trailergen.evaluation.cases import EvaluationCase
from trailergen.evaluation.films import Film
from trailergen.training.batches import Example
from trailergen.training.simulation.examples import TEST_SEED, TRAIN_SEED
from trailergen.training.simulation.pairs import SimulatedEncoder, simulate_pair


@dataclass(frozen=True)
class Films:
    """Number and size of the films; ``shots`` and ``positions`` are bounds, ``width`` the length of the features."""

    train: int = 120
    test: int = 40
    shots: tuple[int, int] = (900, 1100)
    positions: tuple[int, int] = (60, 90)
    width: int = 256

    def made(self, number: int) -> tuple[Example, list[int]]:
        """Film ``number``, those to be examined on after those to learn from; and the official trailer's shots."""
        seed, own = (TRAIN_SEED, number) if number < self.train else (TEST_SEED, number - self.train)
        rng = np.random.default_rng((seed, own))
        shots, positions = (int(rng.integers(low, high + 1)) for low, high in (self.shots, self.positions))
        encoder = SimulatedEncoder.draw(np.random.default_rng(7), self.width)
        pair = simulate_pair(rng, shots, positions, encoder)
        return example_of(ShotInput.features, pair), [int(label) for label in pair.labels if label >= 0]


FULL, TINY = Films(), Films(6, 2, (60, 80), (5, 7), 32)


def films_of(tiny: bool) -> Films:
    """The protocol's, or a rehearsal's."""
    return TINY if tiny else FULL


def make(films: Films, folder: Path) -> Path:
    """Make them all, unless they are there."""
    path = _path(films, folder)
    if path.exists():
        return path
    processes = max(1, min(12, (os.cpu_count() or 1) - 2))
    with ProcessPoolExecutor(processes, get_context("spawn")) as pool:
        numbers = range(films.train + films.test)
        made = list(pool.map(_one, [films] * len(numbers), numbers, chunksize=max(1, len(numbers) // processes // 8)))
    temporary = path.with_suffix(".making")
    torch.save([([torch.from_numpy(array) for array in arrays], official) for arrays, official in made], temporary)
    os.replace(temporary, path)
    return path


def load(films: Films, folder: Path, until: float) -> tuple[list[Example], list[EvaluationCase]]:
    """The films to learn from and to be examined on, waiting for them until then.

    Raises:
        TimeoutError: they did not come.
    """
    path = _path(films, folder)
    while not path.exists():
        if time.time() > until:
            raise TimeoutError("the simulated films were not made in time")
        time.sleep(0.2)
    stored = torch.load(path, weights_only=True)
    made = [(Example(*tensors), official) for tensors, official in stored]
    cases = [EvaluationCase(Film(example.film, len(official)), official) for example, official in made[films.train :]]
    return [example for example, _ in made[: films.train]], cases


def _path(films: Films, folder: Path) -> Path:
    return folder / f"films-{films.train}-{films.test}-{films.shots[1]}-{films.width}.pt"


def _one(films: Films, number: int) -> tuple[list[NDArray[Any]], list[int]]:
    """As arrays: tensors would go from process to process as open files, of which there are too few."""
    torch.set_num_threads(1)
    example, official = films.made(number)
    return [tensor.numpy() for tensor in (example.film, example.trailer, example.labels)], official


if __name__ == "__main__":
    started = time.time()
    made = make(films_of("tiny" in sys.argv), Path(sys.argv[1]))
    print(f"simulated films: {time.time() - started:.0f} s, {made.stat().st_size / 2**20:.0f} MiB", flush=True)
