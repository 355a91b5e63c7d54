"""The simulated benchmark's films of feature size, made by all cores beside the other parts and kept in one file.

    python -m benchmarks.gpu.simulated FOLDER [tiny]

Films are those of ``trailergen/evaluation/simulated``, each a function of its number alone. Labels to learn from and
the truth to be examined on are those of eq. 1, title cards among them.
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

import torch
from numpy.typing import NDArray

from trailergen.evaluation.cases import EvaluationCase
from trailergen.evaluation.films import Film
from trailergen.evaluation.metrics import Scores, mean_scores
from trailergen.evaluation.simulated.films import benchmark_film
from trailergen.evaluation.simulated.oracle import Ceilings, ceilings
from trailergen.evaluation.simulated.spec import SPECS, BenchmarkSpec
from trailergen.evaluation.simulated.version import BENCHMARK_VERSION
from trailergen.training.batches import Example

_CEILING_DRAWS = 8


@dataclass(frozen=True)
class Films:
    """Number of the films, and their spec."""

    train: int = 120
    test: int = 40
    spec: BenchmarkSpec = SPECS["b"]

    @property
    def width(self) -> int:
        """D, the length of the features."""
        return self.spec.width


FULL, TINY = Films(), Films(6, 2, SPECS["tiny"])


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
    stored = [([torch.from_numpy(array) for array in arrays], *rest) for arrays, *rest in made]
    torch.save(stored, temporary)
    os.replace(temporary, path)
    return path


@dataclass(frozen=True)
class LoadedFilms:
    """The films to learn from, those to be examined on, and the ceilings of these: mean scores of each oracle."""

    examples: list[Example]
    cases: list[EvaluationCase]
    ceilings: Ceilings


def load(films: Films, folder: Path, until: float) -> LoadedFilms:
    """All films, waiting for them until then.

    Raises:
        TimeoutError: they did not come.
    """
    path = _path(films, folder)
    while not path.exists():
        if time.time() > until:
            raise TimeoutError("the simulated films were not made in time")
        time.sleep(0.2)
    stored = torch.load(path, weights_only=True)
    examples = [Example(*tensors) for tensors, *_ in stored[: films.train]]
    cases = [EvaluationCase(Film(one[0], positions), official) for one, positions, official, _ in stored[films.train :]]
    known = [[Scores(**scores) for scores in both] for *_, both in stored[films.train :]]
    return LoadedFilms(examples, cases, Ceilings(*(mean_scores(oracle) for oracle in zip(*known, strict=True))))


def _path(films: Films, folder: Path) -> Path:
    return folder / f"films-{BENCHMARK_VERSION}-{films.train}-{films.test}-{films.spec.shots[1]}-{films.width}.pt"


_Made = tuple[list[NDArray[Any]], int, list[int], list[dict[str, float]]]


def _one(films: Films, number: int) -> _Made:
    """Film ``number``, those to be examined on after those to learn from; its positions, its official trailer, and the
    scores of the oracles if it is to be examined on.

    As arrays: tensors would go from process to process as open files, of which there are too few.
    """
    torch.set_num_threads(1)
    learned = number < films.train
    split, own = ("train", number) if learned else ("test", number - films.train)
    film = benchmark_film(films.spec, split, own)
    example, case = film.example(), film.case()
    known = None if learned else ceilings([film], _CEILING_DRAWS, number)
    scores = [] if known is None else [vars(known.sampler), vars(known.frequent)]
    arrays = [tensor.numpy() for tensor in (example.film, example.trailer, example.labels)]
    return arrays, case.film.positions, list(case.official), scores


if __name__ == "__main__":
    started = time.time()
    made = make(films_of("tiny" in sys.argv), Path(sys.argv[1]))
    print(f"simulated films: {time.time() - started:.0f} s, {made.stat().st_size / 2**20:.0f} MiB", flush=True)
