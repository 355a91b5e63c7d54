"""The channels of what is said, on simulated films: does a model that reads lines make better trailers?

    python -m benchmarks.text

prints a table. The editor of the films (``trailergen/training/simulation/lines.py``) prefers shots in which a line
matters, more or less or not at all; the models see the films' subtitles through the channels of geometry-3, or do not,
with geometry-2. Everything else is the same: films, trailers, steps, seeds. Every training is kept in the cache when it
is finished, so that a run that was killed goes on where it stopped.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import numpy as np
import torch

from benchmarks.paper.store import ExperimentStore
from trailergen.evaluation.budget import TrainingBudget, train_ssmp
from trailergen.evaluation.cases import EvaluationCase
from trailergen.evaluation.comparison import MethodResult
from trailergen.evaluation.methods import SSMPMethod
from trailergen.evaluation.metrics import Scores, mean_scores, score
from trailergen.evaluation.tables import TITLES, written
from trailergen.runtime.cache import StageCache, default_cache_dir
from trailergen.ssmp.spaces import GEOMETRY_2, GEOMETRY_3, SPACES
from trailergen.ssmp.types import Floats
from trailergen.training.augmentation import augment
from trailergen.training.batches import Example
from trailergen.training.simulation.examples import TEST_SEED, TRAIN_SEED, simulated_example
from trailergen.training.simulation.lines import spoken_pair
from trailergen.training.starter import MODEL

VERSION = 1
"""Of what is measured; raise it when the same size gives other figures."""
METRICS = ("f1", "f1_at_1", "f1_at_2", "ld", "aa", "aa_positions")
NAMES = {GEOMETRY_2.name: "without lines", GEOMETRY_3.name: "with lines"}
WITHHELD = "with lines, of films that have none"
_DECODER = "scheduled"


@dataclass(frozen=True)
class Size:
    """Size of the comparison; ``preferences`` are those of the editors, in nats."""

    preferences: tuple[float, ...] = (0.0, 4.0)
    seeds: int = 3
    films: int = 400
    test_films: int = 80
    steps: int = 1000
    batch: int = 5
    width: int = 64
    layers: int = 2

    def budget(self, space: str) -> TrainingBudget:
        """The training budget: the starter's model, narrower and of fewer layers."""
        tokens = SPACES[space]
        model = replace(MODEL, feature_dim=tokens.dim, width=self.width, layers=self.layers, ffn=2 * self.width)
        return TrainingBudget(model, self.steps, self.batch, augment=partial(augment, space=tokens))


@dataclass(frozen=True)
class Films:
    """The films of one editor: to learn from and to be tried on, by the space of their tokens.

    ``matters`` is of each film to be tried on how much what is said in each of its shots matters, (I,).
    """

    examples: dict[str, list[Example]]
    cases: dict[str, list[EvaluationCase]]
    matters: list[Floats]


@lru_cache(maxsize=1)
def films_of(size: Size, preference: float) -> Films:
    """The films of an editor."""
    found = Films({name: [] for name in NAMES}, {name: [] for name in (*NAMES, WITHHELD)}, [])
    for number in range(size.films):
        pair, _ = spoken_pair(TRAIN_SEED, number, preference)
        for name, examples in found.examples.items():
            examples.append(simulated_example(pair, SPACES[name]))
    for number in range(size.test_films):
        pair, lines = spoken_pair(TEST_SEED, number, preference)
        for name in NAMES:
            found.cases[name].append(EvaluationCase.simulated(pair, SPACES[name]))
        measured = {name: row for name, row in pair.facts.measured.items() if name not in ("line", "salience")}
        silent = replace(pair, facts=replace(pair.facts, measured=measured))
        found.cases[WITHHELD].append(EvaluationCase.simulated(silent, GEOMETRY_3))
        found.matters.append(lines.matters)
    return found


def run(size: Size, preference: float, space: str, seed: int) -> dict[str, Any]:
    """One training and its trailers: scores, and the mean of what the lines in their shots matter, by kind of films."""
    films = films_of(size, preference)
    model = train_ssmp(size.budget(space), films.examples[space], seed).model.eval()
    found: dict[str, Any] = {}
    for kind in (space, *([WITHHELD] if space == GEOMETRY_3.name else [])):
        trailers = made_by(SSMPMethod(model, _DECODER), films.cases[kind], seed)
        scores = [score(shots, case.official) for shots, case in zip(trailers, films.cases[kind], strict=True)]
        found[kind] = {"scores": asdict(mean_scores(scores)), "matters": mean_matter(trailers, films.matters)}
    official = [case.official for case in films.cases[space]]
    return {**found, "official": mean_matter(official, films.matters)}


def made_by(method: SSMPMethod, cases: Sequence[EvaluationCase], seed: int) -> list[list[int]]:
    """The trailers of a method."""
    return [method.trailer(case.film, seed * 100_003 + number) for number, case in enumerate(cases)]


def mean_matter(trailers: Iterable[Sequence[int]], matters: Sequence[Floats]) -> float:
    """The mean over trailers of how much what is said in their shots matters."""
    return float(np.mean([matter[list(shots)].mean() for shots, matter in zip(trailers, matters, strict=True)]))


def table(size: Size, store: ExperimentStore) -> str:
    """The comparison as Markdown; trainings that are missing are made."""
    heads = ["editor's preference", "model", *(TITLES[metric] for metric in METRICS), "matter of lines"]
    rows = [heads, ["---"] * len(heads)]
    about = {**asdict(size), "preferences": None}
    for preference in size.preferences:
        editor = f"{preference:g} nats" if preference else "none"
        runs: dict[str, list[dict[str, Any]]] = {}
        for space in NAMES:
            for seed in range(size.seeds):
                facts = {"text": VERSION, "preference": preference, "space": space, "seed": seed}
                made = store.get(about, facts, partial(run, size, preference, space, seed))
                for kind in _kinds(made):
                    runs.setdefault(kind, []).append(made[kind])
                official = made["official"]
        for kind, known in runs.items():
            result = MethodResult(kind, [Scores(**one["scores"]) for one in known])
            matter = [one["matters"] for one in known]
            cells = [written(result, metric) for metric in METRICS]
            rows.append([editor, NAMES.get(kind, kind), *cells, _spread(matter)])
        rows.append([editor, "the editor", *[""] * len(METRICS), f"{official:.3f}"])
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def _kinds(made: dict[str, Any]) -> list[str]:
    """The kinds of films that a training was tried on."""
    return [kind for kind in (*NAMES, WITHHELD) if kind in made]


def _spread(values: Sequence[float]) -> str:
    spread = f" ± {np.std(values, ddof=1):.3f}" if len(values) > 1 else ""
    return f"{np.mean(values):.3f}{spread}"


def main(asked: Sequence[str] | None = None) -> int:
    """Print the table; the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.text", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    default = Size()
    for name in ("seeds", "films", "test_films", "steps", "width", "layers"):
        word = f"--{name.replace('_', '-')}"
        parser.add_argument(word, type=int, default=getattr(default, name), help="default: %(default)s")
    parser.add_argument("--preferences", default="0,4", help="of the editors, in nats; default: %(default)s")
    parser.add_argument("--work", type=Path, default=default_cache_dir(), help="folder of finished trainings")
    options = vars(parser.parse_args(asked))
    work = options.pop("work")
    preferences = tuple(float(word) for word in options.pop("preferences").split(","))
    torch.set_num_threads(1)
    store = ExperimentStore(StageCache(work), lambda line: print(line, file=sys.stderr, flush=True))
    print(table(Size(preferences, **options), store))
    return 0


if __name__ == "__main__":
    sys.exit(main())
