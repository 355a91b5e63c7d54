"""What the results page is made of: cells, each one training and examination, kept when they are finished.

A cell is a pure function of the page's ``Size`` and its own facts, so one that was finished before a kill is not
made again.
"""

from __future__ import annotations

import json
import math
import multiprocessing
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Literal

import numpy as np
import torch

from benchmarks.paper.forms import Form, Size
from trailergen.evaluation.baselines.m2t import M2T
from trailergen.evaluation.baselines.random import RandomChoice
from trailergen.evaluation.baselines.tgt import TGT
from trailergen.evaluation.baselines.uniform import UniformChoice
from trailergen.evaluation.baselines.vasnet import VASNet
from trailergen.evaluation.experiment import Exam, Result, examine
from trailergen.evaluation.infill import infill
from trailergen.evaluation.method import Course, Method, Trained, train_ssmp
from trailergen.evaluation.metrics import Scores
from trailergen.runtime.cache import StageCache, atomic_output
from trailergen.ssmp.decoders import scheduled
from trailergen.ssmp.decoders.registry import DECODERS
from trailergen.ssmp.masking import Linear, Random, Schedule, SelfPaced
from trailergen.ssmp.model import SSMP
from trailergen.training.loop import Example

VERSION = 4
"""Of the cells; raise it when the same facts give other figures."""
PAPER_MU_A, PAPER_MU_T = 0.98, 0.1
MU_T = (0.9, 0.5, 0.1, 0.0)
MU_A = (1.0, 0.98, 0.95, 0.9, 0.5, 0.0)
ROUNDS = (1, 2, 4, 8, 16, 32, 64)
DEFAULT = "scheduled"
"""The decoder that trailergen uses."""
_BY_DEFAULT = {"scheduled": scheduled.VERSION}
"""What the cells in which it is used also depend on."""
BASELINES = ("TGT", "VASNet", "M2T", "random", "uniform")


@dataclass(frozen=True)
class Training:
    """One way to train SSMP: the mask ratio schedule of Tables 3, 4 and 8, and the loss of Table 6."""

    schedule: str = "self-paced"
    mu_a: float = PAPER_MU_A
    mu_t: float = PAPER_MU_T
    monotone: bool = True
    loss: Literal["ce", "mse"] = "ce"

    def paced(self, steps: int, seed: int) -> Schedule:
        """The schedule of a run of ``steps``."""
        schedules: dict[str, Callable[[], Schedule]] = {
            "self-paced": lambda: SelfPaced(mu_a=self.mu_a, mu_t=self.mu_t, monotone=self.monotone),
            "random": lambda: Random(seed),
            "increased": lambda: Linear(steps),
            "decreased": lambda: Linear(steps, 1.0, 0.1),
        }
        return schedules[self.schedule]()


SCHEDULES = tuple(Training(name) for name in ("random", "decreased", "increased", "self-paced"))
FREE = Training(monotone=False)
TRAININGS = tuple(
    dict.fromkeys(
        (
            *SCHEDULES,
            FREE,
            *(Training(mu_t=mu_t) for mu_t in MU_T),
            *(Training(mu_a=mu_a) for mu_a in MU_A),
            Training(loss="mse"),
        )
    )
)
"""All that the tables need."""
DECODED = (Training(), Training("random"))
"""The trainings that every decoder is tried on: the paper's, and the one that suits decoding from nothing best."""


class Cells:
    """The finished cells in a folder, and how the missing ones are made."""

    def __init__(self, size: Size, cache: StageCache, note: Callable[[str], None]) -> None:
        self.size, self.cache, self.note = size, cache, note

    @cached_property
    def examples(self) -> list[Example]:
        """The films to learn from, as the paper shows them."""
        return self.size.films(Form.features)

    @cached_property
    def exams(self) -> list[Exam]:
        """The films to be examined on, as the paper shows them."""
        return self.size.exams(Form.features)

    @cached_property
    def varied(self) -> list[Example]:
        """Films to learn from as the starter does."""
        return self.size.films(Form.turned, self.size.varied_films)

    def prepare(self, jobs: int) -> None:
        """Make the missing cells of simulated films, ``jobs`` processes at a time."""
        asked: list[tuple[Size, Path, str, Any, int]] = []
        for seed in range(self.size.seeds):
            parts = {"_ssmp": TRAININGS, "_baseline": BASELINES, "_form": tuple(Form)}
            asked += [(self.size, self.cache.root, method, about, seed) for method, of in parts.items() for about in of]
        with ProcessPoolExecutor(jobs, multiprocessing.get_context("spawn")) as pool:
            for note in pool.map(_make, asked):
                if note is not None:
                    self.note(note)

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

    def examined(
        self, name: str, exams: Sequence[Exam], fingerprint: str, seeds: int, model: Trained | None = None
    ) -> Result:
        """A method on other films: a trained model as it is, or a baseline fitted to tokens of simulated films.

        Args:
            name: of the method, in ``BASELINES`` unless there is a model.
            exams: the films.
            fingerprint: of what the exams were made from and of the model's file.
            seeds: of the draws. A baseline that learns is fitted once per training seed, and they take turns.
        """

        def make() -> dict[str, Any]:
            if model is not None:
                return {"runs": [asdict(examine(model, exams, seed)) for seed in range(seeds)]}
            runs: list[Scores] = []
            for fitted in range(self.size.seeds):
                method = self._fitted(name, fitted, Form.turned)
                runs += [examine(method, exams, seed) for seed in range(fitted, seeds, self.size.seeds)]
            return {"runs": [asdict(run) for run in runs]}

        facts = {"examined": fingerprint, "method": name, "draws": seeds}
        found = self._cell(facts if model is None else facts | _BY_DEFAULT, make)
        return Result(name, [scores_of(run) for run in found["runs"]])

    def gaps(
        self, model: SSMP, exams: Sequence[Exam], fingerprint: str, hidden: float, draws: int
    ) -> list[dict[str, float]]:
        """How well a model fills gaps (see ``infill``), once per draw of what is hidden."""

        def make() -> dict[str, Any]:
            return {"runs": [infill(model, exams, hidden, seed) for seed in range(draws)]}

        facts = {"gaps": fingerprint, "hidden": hidden, "draws": draws} | _BY_DEFAULT
        runs: list[dict[str, float]] = self._cell(facts, make)["runs"]
        return runs

    def pace(self, training: Training) -> list[tuple[float | None, float]]:
        """Of each seed: the first step at which the accuracy, over the last 50, is 0.95, and the last mask ratio."""
        return [tuple(self._ssmp(training, seed)["pace"]) for seed in range(self.size.seeds)]

    def form(self, form: Form, abroad: bool) -> Result:
        """The default decoder of an SSMP that was shown films in this form, on films of its encoder or of others."""
        place = "abroad" if abroad else "home"
        return Result(form, [scores_of(self._form(form, seed)[place]) for seed in range(self.size.seeds)])

    def _ssmp(self, training: Training, seed: int) -> dict[str, Any]:
        def make() -> dict[str, Any]:
            course = self.size.course(Form.features)
            state = train_ssmp(course, self.examples, seed, training.paced(course.steps, seed), training.loss)
            model = state.model
            # The decoders are compared on one training; elsewhere Algorithm 1 alone is asked for.
            methods: dict[str, Trained] = {"paper": Trained(model, "paper")}
            if training in DECODED:
                methods |= {decoder: Trained(model, decoder) for decoder in DECODERS}
                methods |= {f"{rounds} rounds": Trained(model, "scheduled", rounds) for rounds in ROUNDS}
            scores = {name: asdict(examine(method, self.exams, seed)) for name, method in methods.items()}
            passes = {name: sum(method.passes) / len(method.passes) for name, method in methods.items()}
            accuracy = np.convolve(state.curves.accuracy, np.full(50, 1 / 50), "valid")
            reached = np.flatnonzero(accuracy >= 0.95)
            pace = (int(reached[0]) + 50 if len(reached) else None, state.curves.ratio[-1])
            return {"decoders": scores, "passes": passes, "pace": pace}

        facts = {"ssmp": asdict(training), "seed": seed}
        return self._cell(facts | _BY_DEFAULT if training in DECODED else facts, make)

    def _baseline(self, name: str, seed: int) -> dict[str, Any]:
        return self._cell(
            {"baseline": name, "seed": seed},
            lambda: {"scores": asdict(examine(self._fitted(name, seed), self.exams, seed))},
        )

    def _form(self, form: Form, seed: int) -> dict[str, Any]:
        def make() -> dict[str, Any]:
            films = self.varied if form is Form.turned else self.size.films(form, self.size.varied_films)
            method = Trained(train_ssmp(self.size.course(form), films, seed).model, DEFAULT)
            places = {"home": self.size.exams(form), "abroad": self.size.exams(form, abroad=True)}
            return {place: asdict(examine(method, exams, seed)) for place, exams in places.items()}

        return self._cell({"form": form, "seed": seed} | _BY_DEFAULT, make)

    def _fitted(self, name: str, seed: int, form: Form = Form.features) -> Method:
        method = baselines(self.size.course(form))[name]
        films = self.examples if form is Form.features else self.varied
        method.fit(films if name in ("TGT", "VASNet") else [], seed)
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


@lru_cache(maxsize=1)
def _cells(size: Size, work: Path) -> Cells:
    """A worker's own, with the films it has simulated."""
    torch.set_num_threads(1)
    return Cells(size, StageCache(work), lambda note: None)


def _make(asked: tuple[Size, Path, str, Any, int]) -> str | None:
    """Make one cell, in a worker; what it has to say about it, if it was missing."""
    size, work, method, about, seed = asked
    cells, notes = _cells(size, work), list[str]()
    cells.note = notes.append
    getattr(cells, method)(about, seed)
    return notes[0] if notes else None


def baselines(course: Course) -> dict[str, Method]:
    """The methods SSMP is compared with, by name; those that learn take the course."""
    methods: Sequence[Method] = (TGT(course), VASNet(course), M2T(), RandomChoice(), UniformChoice())
    return dict(zip(BASELINES, methods, strict=True))


def scores_of(stored: Mapping[str, float]) -> Scores:
    """Scores from JSON, in which what is not defined is NaN or null."""
    return Scores(**{name: math.nan if value is None else float(value) for name, value in stored.items()})
