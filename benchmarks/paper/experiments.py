"""The experiments of the results page: each one training and its evaluation, with one seed."""

from __future__ import annotations

import math
import multiprocessing
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import torch

from benchmarks.paper.ablations import ABLATIONS, DECODED, ROUNDS, Ablation
from benchmarks.paper.inputs import ExperimentSize, ShotInput
from benchmarks.paper.store import ExperimentStore
from trailergen.evaluation.baselines.registry import BASELINES
from trailergen.evaluation.budget import train_ssmp
from trailergen.evaluation.cases import EvaluationCase
from trailergen.evaluation.comparison import MethodResult, evaluate
from trailergen.evaluation.infill import infill_accuracy
from trailergen.evaluation.methods import Method, SSMPMethod
from trailergen.evaluation.metrics import Scores
from trailergen.runtime.cache import StageCache
from trailergen.ssmp.decoders import scheduled
from trailergen.ssmp.decoders.registry import DECODERS
from trailergen.ssmp.model import SSMP
from trailergen.training.batches import Example
from trailergen.training.loop import TrainState

DEFAULT = "scheduled"
"""The decoder that trailergen uses."""
_BY_DEFAULT = {"scheduled": scheduled.VERSION}
"""Facts of the experiments in which it is used."""
_REACHED, _WINDOW = 0.95, 50
"""An accuracy, over so many steps, and the step at which a training reaches it."""


class Experiments:
    """The finished experiments, and how the missing ones are made. Arguments are those of ``ExperimentStore``."""

    def __init__(self, size: ExperimentSize, cache: StageCache, note: Callable[[str], None]) -> None:
        self.size, self.store = size, ExperimentStore(size, cache, note)

    @cached_property
    def examples(self) -> list[Example]:
        """The films to learn from, as the paper shows them."""
        return self.size.films(ShotInput.features)

    @cached_property
    def cases(self) -> list[EvaluationCase]:
        """The films to evaluate on, as the paper shows them."""
        return self.size.cases(ShotInput.features)

    @cached_property
    def pca_examples(self) -> list[Example]:
        """Films to learn from as the starter does."""
        return self.size.films(ShotInput.pca, self.size.varied_films)

    def prepare(self, jobs: int) -> None:
        """Make the missing experiments on simulated films, ``jobs`` processes at a time."""
        parts = {"_ssmp": ABLATIONS, "_baseline": tuple(BASELINES), "_shot_input": tuple(ShotInput)}
        tasks = [
            (self.size, self.store.cache.root, method, about, seed)
            for seed in range(self.size.seeds)
            for method, several in parts.items()
            for about in several
        ]
        with ProcessPoolExecutor(jobs, multiprocessing.get_context("spawn")) as pool:
            for note in pool.map(_make, tasks):
                if note is not None:
                    self.store.note(note)

    def ssmp(self, ablation: Ablation, decoder: str = "paper", name: str | None = None) -> MethodResult:
        """SSMP trained one way, once per seed, with one of its decoders."""
        runs = [self._ssmp(ablation, seed)["decoders"][decoder] for seed in range(self.size.seeds)]
        return MethodResult(name or decoder, [scores_of(run) for run in runs])

    def passes(self, ablation: Ablation, decoder: str) -> float:
        """Mean forward passes of a decoder for one trailer."""
        runs = [self._ssmp(ablation, seed)["passes"][decoder] for seed in range(self.size.seeds)]
        return sum(runs) / len(runs)

    def baseline(self, name: str) -> MethodResult:
        """One of ``BASELINES``, once per seed."""
        return MethodResult(name, [scores_of(self._baseline(name, seed)["scores"]) for seed in range(self.size.seeds)])

    def pace(self, ablation: Ablation) -> list[tuple[float | None, float]]:
        """Of each seed: the first step at which the accuracy, over the last 50, is 0.95, and the last mask ratio."""
        return [tuple(self._ssmp(ablation, seed)["pace"]) for seed in range(self.size.seeds)]

    def shot_input(self, shot_input: ShotInput, out_of_domain: bool) -> MethodResult:
        """The default decoder of an SSMP that reads this input, on films of its encoder or of others."""
        domain = "abroad" if out_of_domain else "home"  # as they are called in finished experiments
        runs = [self._shot_input(shot_input, seed)[domain] for seed in range(self.size.seeds)]
        return MethodResult(shot_input, [scores_of(run) for run in runs])

    def model_on(
        self, name: str, model: SSMPMethod, cases: Sequence[EvaluationCase], fingerprint: str, draws: int
    ) -> MethodResult:
        """A trained model as it is on other films.

        Args:
            name: of the decoder, for the table.
            model: with that decoder.
            cases: the films.
            fingerprint: of what the cases were made from and of the model's file.
            draws: seeds of the decoder.
        """
        facts = {"examined": fingerprint, "method": name, "draws": draws} | _BY_DEFAULT
        found = self.store.get(facts, lambda: {"runs": [asdict(evaluate(model, cases, seed)) for seed in range(draws)]})
        return MethodResult(name, [scores_of(run) for run in found["runs"]])

    def baseline_on(self, name: str, cases: Sequence[EvaluationCase], fingerprint: str, draws: int) -> MethodResult:
        """A baseline, fitted to tokens of simulated films, on other films.

        Arguments are those of ``model_on``. A baseline that learns is fitted once per training seed; the draws take
        turns with these.
        """

        def make() -> dict[str, Any]:
            runs: list[Scores] = []
            for fitted in range(self.size.seeds):
                method = self._fitted(name, fitted, ShotInput.pca)
                runs += [evaluate(method, cases, seed) for seed in range(fitted, draws, self.size.seeds)]
            return {"runs": [asdict(run) for run in runs]}

        found = self.store.get({"examined": fingerprint, "method": name, "draws": draws}, make)
        return MethodResult(name, [scores_of(run) for run in found["runs"]])

    def gaps(
        self, model: SSMP, cases: Sequence[EvaluationCase], fingerprint: str, hidden: float, draws: int
    ) -> list[dict[str, float]]:
        """The accuracy of filling gaps (see ``infill_accuracy``), once per draw of what is hidden."""

        def make() -> dict[str, Any]:
            return {"runs": [infill_accuracy(model, cases, hidden, seed) for seed in range(draws)]}

        facts = {"gaps": fingerprint, "hidden": hidden, "draws": draws} | _BY_DEFAULT
        runs: list[dict[str, float]] = self.store.get(facts, make)["runs"]
        return runs

    def _ssmp(self, ablation: Ablation, seed: int) -> dict[str, Any]:
        def make() -> dict[str, Any]:
            budget = self.size.budget(ShotInput.features)
            schedule = ablation.mask_schedule(budget.steps, seed)
            state = train_ssmp(budget, self.examples, seed, schedule, ablation.loss)
            methods = _decoders(state.model, ablation)
            scores = {name: asdict(evaluate(method, self.cases, seed)) for name, method in methods.items()}
            passes = {name: sum(method.passes) / len(method.passes) for name, method in methods.items()}
            return {"decoders": scores, "passes": passes, "pace": _pace(state)}

        facts = {"ssmp": asdict(ablation), "seed": seed}
        return self.store.get(facts | _BY_DEFAULT if ablation in DECODED else facts, make)

    def _baseline(self, name: str, seed: int) -> dict[str, Any]:
        return self.store.get(
            {"baseline": name, "seed": seed},
            lambda: {"scores": asdict(evaluate(self._fitted(name, seed), self.cases, seed))},
        )

    def _shot_input(self, shot_input: ShotInput, seed: int) -> dict[str, Any]:
        def make() -> dict[str, Any]:
            is_pca = shot_input is ShotInput.pca
            films = self.pca_examples if is_pca else self.size.films(shot_input, self.size.varied_films)
            method = SSMPMethod(train_ssmp(self.size.budget(shot_input), films, seed).model, DEFAULT)
            domains = {"home": self.size.cases(shot_input), "abroad": self.size.cases(shot_input, out_of_domain=True)}
            return {domain: asdict(evaluate(method, cases, seed)) for domain, cases in domains.items()}

        return self.store.get({"form": shot_input.stored_name, "seed": seed} | _BY_DEFAULT, make)

    def _fitted(self, name: str, seed: int, shot_input: ShotInput = ShotInput.features) -> Method:
        method = BASELINES[name].within(self.size.budget(shot_input))
        if method.learns:
            method.fit(self.examples if shot_input is ShotInput.features else self.pca_examples, seed)
        return method


def scores_of(stored: Mapping[str, float]) -> Scores:
    """Scores from JSON, in which what is not defined is NaN or null."""
    return Scores(**{name: math.nan if value is None else float(value) for name, value in stored.items()})


def _decoders(model: SSMP, ablation: Ablation) -> dict[str, SSMPMethod]:
    """Algorithm 1; of the trainings that decoders are compared on, all of them."""
    methods = {"paper": SSMPMethod(model, "paper")}
    if ablation in DECODED:
        methods |= {decoder: SSMPMethod(model, decoder) for decoder in DECODERS}
        methods |= {f"{rounds} rounds": SSMPMethod(model, "scheduled", rounds) for rounds in ROUNDS}
    return methods


def _pace(state: TrainState) -> tuple[int | None, float]:
    """The first step at which the accuracy, over a window, is high enough, or None; and the last mask ratio."""
    accuracy = np.convolve(state.curves.accuracy, np.full(_WINDOW, 1 / _WINDOW), "valid")
    reached = np.flatnonzero(accuracy >= _REACHED)
    return int(reached[0]) + _WINDOW if len(reached) else None, state.curves.ratio[-1]


@lru_cache(maxsize=1)
def _experiments(size: ExperimentSize, work: Path) -> Experiments:
    """A worker's own, with the films it has simulated."""
    torch.set_num_threads(1)
    return Experiments(size, StageCache(work), lambda note: None)


def _make(task: tuple[ExperimentSize, Path, str, Any, int]) -> str | None:
    """Make one experiment, in a worker; the note on it, if it was missing."""
    size, work, method, about, seed = task
    experiments, notes = _experiments(size, work), list[str]()
    experiments.store.note = notes.append
    getattr(experiments, method)(about, seed)
    return notes[0] if notes else None
