"""What the results page is made of: cells, each one training and examination, kept when they are finished.

A cell is a pure function of the page's ``Size`` and its own facts, so one that was finished before a kill is not
made again.
"""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

from trailergen.cache import StageCache, atomic_output
from trailergen.evaluation.baselines.m2t import M2T
from trailergen.evaluation.baselines.random import RandomChoice
from trailergen.evaluation.baselines.tgt import TGT
from trailergen.evaluation.baselines.uniform import UniformChoice
from trailergen.evaluation.baselines.vasnet import VASNet
from trailergen.evaluation.experiment import Exam, Result, examine
from trailergen.evaluation.method import Course, Method, Trained, train_ssmp
from trailergen.evaluation.metrics import Scores
from trailergen.ssmp.generate import DECODERS
from trailergen.ssmp.masking import Linear, Random, Schedule, SelfPaced
from trailergen.ssmp.model import ModelConfig
from trailergen.ssmp.tokens import TOKEN_DIM
from trailergen.training.examples import turned
from trailergen.training.loop import Example
from trailergen.training.simulate import simulate_pairs
from trailergen.training.starter import TEST_SEED, TRAIN_SEED, example_of

VERSION = 1
"""Of the cells; raise it when the same facts give other figures."""
PAPER_MU_A, PAPER_MU_T = 0.98, 0.1
MU_T = (0.9, 0.5, 0.1, 0.0)
MU_A = (1.0, 0.98, 0.95, 0.9, 0.5, 0.0)
ROUNDS = (1, 2, 4, 8, 16, 32, 64)
BASELINES = ("TGT", "VASNet", "M2T", "random", "uniform")


@dataclass(frozen=True)
class Size:
    """How large the experiments are: small enough for one core, and all trained methods alike.

    Args:
        train_films, test_films: simulated films to learn from, and others to be examined on.
        shots: bounds of a film's number of shots.
        positions: bounds of a trailer's number of shots.
        steps, batch: of every training.
        width, layers, heads, ffn: of the models.
        seeds: trainings per method.
    """

    train_films: int = 1500
    test_films: int = 80
    shots: tuple[int, int] = (40, 120)
    positions: tuple[int, int] = (8, 40)
    steps: int = 1800
    batch: int = 8
    width: int = 96
    layers: int = 4
    heads: int = 4
    ffn: int = 192
    seeds: int = 3

    @property
    def course(self) -> Course:
        """What every method that learns goes through."""
        model = ModelConfig(TOKEN_DIM, self.width, self.layers, self.heads, self.ffn, logit_scale=10.0)
        return Course(model, self.steps, self.batch, varied=turned)


@dataclass(frozen=True)
class Training:
    """One way to train SSMP: the mask ratio schedule of Tables 3, 4 and 8, and the loss of Table 6."""

    schedule: str = "self-paced"
    mu_a: float = PAPER_MU_A
    mu_t: float = PAPER_MU_T
    loss: str = "ce"

    def paced(self, steps: int, seed: int) -> Schedule:
        """The schedule of a run of ``steps``."""
        schedules: dict[str, Callable[[], Schedule]] = {
            "self-paced": lambda: SelfPaced(mu_a=self.mu_a, mu_t=self.mu_t),
            "random": lambda: Random(seed),
            "increased": lambda: Linear(steps),
            "decreased": lambda: Linear(steps, 1.0, 0.1),
        }
        return schedules[self.schedule]()


DECODED = (Training(), Training("random"))
"""The trainings that every decoder is tried on: the paper's, and the one that suits decoding from nothing best."""


class Cells:
    """The finished cells in a folder, and how the missing ones are made."""

    def __init__(self, size: Size, cache: StageCache, note: Callable[[str], None]) -> None:
        self.size, self.cache, self.note = size, cache, note

    @cached_property
    def examples(self) -> list[Example]:
        """The films to learn from."""
        pairs = simulate_pairs(TRAIN_SEED, self.size.train_films, self.size.shots, self.size.positions)
        return [example_of(pair) for pair in pairs]

    @cached_property
    def exams(self) -> list[Exam]:
        """The films to be examined on."""
        pairs = simulate_pairs(TEST_SEED, self.size.test_films, self.size.shots, self.size.positions)
        return [Exam.simulated(pair) for pair in pairs]

    def ssmp(self, training: Training, decoder: str = "paper", name: str | None = None) -> Result:
        """SSMP trained one way, once per seed, with one of its decoders."""
        runs = [self._ssmp(training, seed)["decoders"][decoder] for seed in range(self.size.seeds)]
        return Result(name or decoder, [scores_of(run) for run in runs])

    def passes(self, training: Training, decoder: str) -> float:
        """Mean forward passes of a decoder for one trailer."""
        runs = [self._ssmp(training, seed)["passes"][decoder] for seed in range(self.size.seeds)]
        return sum(runs) / len(runs)

    def baseline(self, name: str) -> Result:
        """One of ``BASELINES``, once per seed."""
        return Result(name, [scores_of(self._baseline(name, seed)["scores"]) for seed in range(self.size.seeds)])

    def real(self, name: str, exam: Exam, fingerprint: str, seeds: int, model: Trained | None = None) -> Result:
        """A method on the real pair: a trained model as it is, or a baseline fitted to the simulated films.

        Args:
            name: of the method, in ``BASELINES`` unless there is a model.
            exam: the pair.
            fingerprint: of the pair's and the model's files.
            seeds: of the draws. A baseline that learns is fitted once per training seed, and they take turns.
        """

        def make() -> dict[str, Any]:
            if model is not None:
                return {"runs": [asdict(examine(model, [exam], seed)) for seed in range(seeds)]}
            runs: list[Scores] = []
            for fitted in range(self.size.seeds):
                method = self._fitted(name, fitted)
                runs += [examine(method, [exam], seed) for seed in range(fitted, seeds, self.size.seeds)]
            return {"runs": [asdict(run) for run in runs]}

        found = self._cell({"real": fingerprint, "method": name, "draws": seeds}, make)
        return Result(name, [scores_of(run) for run in found["runs"]])

    def _ssmp(self, training: Training, seed: int) -> dict[str, Any]:
        def make() -> dict[str, Any]:
            course = self.size.course
            schedule = training.paced(course.steps, seed)
            model = train_ssmp(course, self.examples, seed, schedule, "mse" if training.loss == "mse" else "ce")
            # The decoders are compared on one training; elsewhere Algorithm 1 alone is asked for.
            methods: dict[str, Trained] = {"paper": Trained(model, "paper")}
            if training in DECODED:
                methods |= {decoder: Trained(model, decoder) for decoder in DECODERS}
                methods |= {f"{rounds} rounds": Trained(model, "scheduled", rounds) for rounds in ROUNDS}
            scores = {name: asdict(examine(method, self.exams, seed)) for name, method in methods.items()}
            passes = {name: sum(method.passes) / len(method.passes) for name, method in methods.items()}
            return {"decoders": scores, "passes": passes}

        return self._cell({"ssmp": asdict(training), "seed": seed}, make)

    def _baseline(self, name: str, seed: int) -> dict[str, Any]:
        return self._cell(
            {"baseline": name, "seed": seed},
            lambda: {"scores": asdict(examine(self._fitted(name, seed), self.exams, seed))},
        )

    def _fitted(self, name: str, seed: int) -> Method:
        method = baselines(self.size.course)[name]
        method.fit(self.examples if name in ("TGT", "VASNet") else [], seed)
        return method

    def _cell(self, facts: Mapping[str, Any], make: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        key = self.cache.key("results", VERSION, {"size": asdict(self.size), **facts})
        path = self.cache.folder("results") / f"{key}.json"
        if path.exists():
            stored: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
            return stored
        started = time.monotonic()
        found = make()
        with atomic_output(path) as temporary:
            temporary.write_text(json.dumps({"facts": facts, **found}), encoding="utf-8")
        self.note(f"{json.dumps(facts)}: {time.monotonic() - started:.0f} s")
        return found


def baselines(course: Course) -> dict[str, Method]:
    """The methods SSMP is compared with, by name; those that learn take the course."""
    methods: Sequence[Method] = (TGT(course), VASNet(course), M2T(), RandomChoice(), UniformChoice())
    return dict(zip(BASELINES, methods, strict=True))


def scores_of(stored: Mapping[str, float]) -> Scores:
    """Scores from JSON, in which what is not defined is NaN or null."""
    return Scores(**{name: math.nan if value is None else float(value) for name, value in stored.items()})
