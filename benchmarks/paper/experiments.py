"""The experiments of the results page: each one training and its evaluation, with one seed."""

from __future__ import annotations

import math
import multiprocessing
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import torch

from benchmarks.paper.ablations import DECODED, ROUNDS, Ablation
from benchmarks.paper.inputs import ShotInput
from benchmarks.paper.protocols import Protocol
from benchmarks.paper.store import ExperimentStore
from benchmarks.paper.styled import evaluate_styled
from benchmarks.paper.tasks import Task, tasks_of
from benchmarks.paper.trained import Trained, kept, kept_path
from trailergen.evaluation.baselines.registry import BASELINES
from trailergen.evaluation.budget import train_ssmp
from trailergen.evaluation.cases import EvaluationCase
from trailergen.evaluation.comparison import MethodResult, evaluate
from trailergen.evaluation.infill import infill_accuracy
from trailergen.evaluation.methods import Method, SSMPMethod
from trailergen.evaluation.metrics import Scores
from trailergen.evaluation.simulated.oracle import ceilings
from trailergen.evaluation.simulated.statistics import statistics
from trailergen.runtime.cache import StageCache
from trailergen.ssmp.decoders import scheduled
from trailergen.ssmp.decoders.registry import DECODERS
from trailergen.ssmp.model import SSMP
from trailergen.training.batches import Example
from trailergen.training.films import missing
from trailergen.training.loop import LearningCurves

DEFAULT = "scheduled"
"""The decoder that trailergen uses."""
STYLE = "story"
STYLED = f"{DEFAULT}, style {STYLE}"
"""The same with an editor's rules."""
_BY_DEFAULT = {"scheduled": scheduled.VERSION}
"""Facts of the experiments in which it is used."""
REACHED = 0.95
"""The accuracy that the paper's trainings reach."""
_WINDOW = 50
"""Steps over which an accuracy must have reached it."""
CURVE_POINTS = 20
"""Means of a curve that are kept, over equal parts of the training."""


class Experiments:
    """The finished experiments, and how the missing ones are made.

    Args:
        protocol: sizes.
        cache: holds the finished ones.
        note: is told of each that is made.
    """

    def __init__(self, protocol: Protocol, cache: StageCache, note: Callable[[str], None]) -> None:
        self.protocol, self.store = protocol, ExperimentStore(cache, note)
        self.cards: dict[str, str | None] = {}
        """The card of each training of SSMP that was looked at, None for the CPU."""
        self._size = protocol.facts

    @cached_property
    def main(self) -> str:
        """The kind of order that ablations are of."""
        return self.protocol.orders[0]

    @cached_property
    def baselines(self) -> list[str]:
        """The baselines of which enough is known of the films; of simulated films all is."""
        if self.protocol.simulated:
            return list(BASELINES)
        examples, cases = self.protocol.examples(self.main), self.protocol.cases(self.main)

        def possible(method: type[Method]) -> bool:
            known = not any(case.film.missing(method.needs) for case in cases)
            return known and not (
                method.learns and any(missing(method.needs, one.film_facts, one.music) for one in examples)
            )

        return [name for name, method in BASELINES.items() if possible(method)]

    def prepare(self, parts: Iterable[str], jobs: int) -> None:
        """Make the missing experiments of these parts of the page, ``jobs`` processes at a time."""
        tasks = tasks_of(parts, self.protocol, self.baselines)
        asked = [(self.protocol, self.store.cache.root, *one) for one in tasks]
        with ProcessPoolExecutor(jobs, multiprocessing.get_context("spawn")) as pool:
            for note in pool.map(_make, asked):
                if note is not None:
                    self.store.note(note)

    def ssmp(
        self, ablation: Ablation, decoder: str = "paper", name: str | None = None, order: str | None = None
    ) -> MethodResult:
        """SSMP trained one way, once per seed, with one of its decoders."""
        found = [self.ssmp_run(ablation, order or self.main, seed) for seed in range(self.protocol.seeds)]
        runs = [run["decoders"][decoder] for run in found]
        return MethodResult(name or decoder, [scores_of(run) for run in runs])

    def passes(self, ablation: Ablation, decoder: str) -> float:
        """Mean forward passes of a decoder for one trailer."""
        runs = [self.ssmp_run(ablation, self.main, seed)["passes"][decoder] for seed in range(self.protocol.seeds)]
        return sum(runs) / len(runs)

    def curves(self, ablation: Ablation, curve: str) -> list[list[float]]:
        """Of each seed, a learning curve (``accuracy`` or ``ratio``) in ``CURVE_POINTS`` means."""
        return [self.ssmp_run(ablation, self.main, seed)["curves"][curve] for seed in range(self.protocol.seeds)]

    def last_accuracy(self, ablation: Ablation, order: str) -> float:
        """The training accuracy (eq. 5) in the last of the ``CURVE_POINTS`` parts of a training, the seeds' mean."""
        found = [self.ssmp_run(ablation, order, seed) for seed in range(self.protocol.seeds)]
        return sum(run["curves"]["accuracy"][-1] for run in found) / len(found)

    def reached(self, ablation: Ablation) -> list[int | None]:
        """Of each seed, the first step at which the accuracy is 0.95; None where it never is."""
        return [self.ssmp_run(ablation, self.main, seed)["reached"] for seed in range(self.protocol.seeds)]

    def baseline(self, name: str, order: str) -> MethodResult:
        """One of ``BASELINES``, once per seed."""
        runs = [self.baseline_run(name, order, seed)["scores"] for seed in range(self.protocol.seeds)]
        return MethodResult(name, [scores_of(run) for run in runs])

    def ceilings(self, order: str) -> dict[str, Any]:
        """Scores of the two oracles, ``sampler`` and ``frequent``, and the ``statistics`` of the films."""

        def make() -> dict[str, Any]:
            films = self.protocol.films(order)
            known = ceilings(films, self.protocol.draws)
            found = {name: asdict(scores) for name, scores in vars(known).items()}
            return {**found, "statistics": {row.name: row.simulated for row in statistics(films, known)}}

        return self.store.get(self._size, {"ceilings": order, "draws": self.protocol.draws}, make)

    def shot_input(self, shot_input: ShotInput, out_of_domain: bool) -> MethodResult:
        """The default decoder of an SSMP that reads this input, on films of its encoder or of others."""
        domain = "abroad" if out_of_domain else "home"  # as they are called in finished experiments
        runs = [self.shot_input_run(shot_input, seed)[domain] for seed in range(self.protocol.seeds)]
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

        def make() -> dict[str, Any]:
            return {"runs": [asdict(evaluate(model, cases, seed)) for seed in range(draws)]}

        return MethodResult(name, [scores_of(run) for run in self.store.get({}, facts, make)["runs"]])

    def baseline_on(self, name: str, cases: Sequence[EvaluationCase], fingerprint: str, draws: int) -> MethodResult:
        """A baseline, fitted to tokens of the starter's films, on other films.

        Arguments are those of ``model_on``. A baseline that learns is fitted once per training seed; the draws take
        turns with these.
        """

        def make() -> dict[str, Any]:
            runs: list[Scores] = []
            for fitted in range(self.protocol.seeds):
                method = BASELINES[name].within(self.protocol.starter.budget(ShotInput.pca))
                if method.learns:
                    method.fit(_starter_examples(self.protocol, ShotInput.pca), fitted)
                runs += [evaluate(method, cases, seed) for seed in range(fitted, draws, self.protocol.seeds)]
            return {"runs": [asdict(run) for run in runs]}

        facts = {"examined": fingerprint, "method": name, "draws": draws, "fits": self.protocol.seeds}
        found = self.store.get(asdict(self.protocol.starter), facts, make)
        return MethodResult(name, [scores_of(run) for run in found["runs"]])

    def gaps(
        self, model: SSMP, cases: Sequence[EvaluationCase], fingerprint: str, hidden: float, draws: int
    ) -> list[dict[str, float]]:
        """The accuracy of filling gaps (see ``infill_accuracy``), once per draw of what is hidden."""

        def make() -> dict[str, Any]:
            return {"runs": [infill_accuracy(model, cases, hidden, seed) for seed in range(draws)]}

        facts = {"gaps": fingerprint, "hidden": hidden, "draws": draws} | _BY_DEFAULT
        runs: list[dict[str, float]] = self.store.get({}, facts, make)["runs"]
        return runs

    def ssmp_run(self, ablation: Ablation, order: str, seed: int) -> dict[str, Any]:
        """One training of SSMP and its evaluation: ``decoders``, ``passes``, ``card``, ``curves``, ``reached``."""

        def make() -> dict[str, Any]:
            trained = self._trained(ablation, order, seed)
            methods = _decoders(trained.model, ablation, order == self.main)
            cases = _cases(self.protocol, order)
            scores = {name: asdict(evaluate(method, cases, seed)) for name, method in methods.items()}
            if self.protocol.simulated and ablation in DECODED:
                films = self.protocol.films(order)
                scores[STYLED] = asdict(evaluate_styled(trained.model, films, STYLE, seed))
            passes = {name: sum(method.passes) / len(method.passes) for name, method in methods.items()}
            return {"decoders": scores, "passes": passes, "card": trained.card, **curves_of(trained.curves)}

        facts = {"ssmp": asdict(ablation), "order": order, "seed": seed}
        found = self.store.get(self._size, facts | _BY_DEFAULT if ablation in DECODED else facts, make)
        self.cards[repr(facts)] = found.get("card")
        return found

    def _trained(self, ablation: Ablation, order: str, seed: int) -> Trained:
        """A training of SSMP: that of a card if there is one, otherwise one that is made now."""
        found = kept(kept_path(self.store.cache, self.protocol, ablation, order, seed), self.protocol)
        if found is not None:
            return found
        budget = self.protocol.budget
        schedule = ablation.mask_schedule(budget.steps, seed)
        state = train_ssmp(budget, _examples(self.protocol, order), seed, schedule, ablation.loss, ablation.clip)
        return Trained(state.model, state.curves)

    def baseline_run(self, name: str, order: str, seed: int) -> dict[str, Any]:
        """One fit of a baseline and its evaluation: ``scores``."""

        def make() -> dict[str, Any]:
            method: Method = BASELINES[name].within(self.protocol.budget)
            if method.learns:
                method.fit(_examples(self.protocol, order), seed)
            return {"scores": asdict(evaluate(method, _cases(self.protocol, order), seed))}

        return self.store.get(self._size, {"baseline": name, "order": order, "seed": seed}, make)

    def shot_input_run(self, shot_input: ShotInput, seed: int) -> dict[str, Any]:
        """One training of the starter's kind: scores at ``home`` and ``abroad``."""
        starter = self.protocol.starter

        def make() -> dict[str, Any]:
            examples = _starter_examples(self.protocol, shot_input)
            method = SSMPMethod(train_ssmp(starter.budget(shot_input), examples, seed).model, DEFAULT)
            domains = {"home": starter.cases(shot_input), "abroad": starter.cases(shot_input, out_of_domain=True)}
            return {domain: asdict(evaluate(method, cases, seed)) for domain, cases in domains.items()}

        return self.store.get(asdict(starter), {"form": shot_input.stored_name, "seed": seed} | _BY_DEFAULT, make)


def scores_of(stored: Mapping[str, float]) -> Scores:
    """Scores from JSON, in which what is not defined is NaN or null."""
    return Scores(**{name: math.nan if value is None else float(value) for name, value in stored.items()})


def curves_of(curves: LearningCurves) -> dict[str, Any]:
    """Accuracy and mask ratio in means over equal parts of a training, and the first step at which the accuracy, over
    the last 50, is 0.95."""
    parts = {
        name: [
            round(float(part.mean()), 4) for part in np.array_split(getattr(curves, name), CURVE_POINTS) if len(part)
        ]
        for name in ("accuracy", "ratio")
    }
    over = np.convolve(curves.accuracy, np.full(_WINDOW, 1 / _WINDOW), "valid") if len(curves.loss) >= _WINDOW else []
    reached = np.flatnonzero(np.asarray(over) >= REACHED)
    return {"curves": parts, "reached": int(reached[0]) + _WINDOW if len(reached) else None}


def _decoders(model: SSMP, ablation: Ablation, main: bool) -> dict[str, SSMPMethod]:
    """Algorithm 1; of the trainings that decoders are compared on, all of them, and in the main kind of order at more
    numbers of rounds."""
    methods = {"paper": SSMPMethod(model, "paper")}
    if ablation in DECODED:
        methods |= {decoder: SSMPMethod(model, decoder) for decoder in DECODERS}
    if ablation in DECODED and main:
        methods |= {f"{rounds} rounds": SSMPMethod(model, "scheduled", rounds) for rounds in ROUNDS}
    return methods


@lru_cache(1)
def _examples(protocol: Protocol, order: str) -> list[Example]:
    return protocol.examples(order)


@lru_cache(2)
def _cases(protocol: Protocol, order: str) -> list[EvaluationCase]:
    return protocol.cases(order)


@lru_cache(1)
def _starter_examples(protocol: Protocol, shot_input: ShotInput) -> list[Example]:
    return protocol.starter.examples(shot_input)


@cache
def _experiments(protocol: Protocol, work: Path) -> Experiments:
    """A worker's own."""
    torch.set_num_threads(1)
    return Experiments(protocol, StageCache(work), lambda note: None)


def _make(asked: tuple[Protocol, Path, Task, int | None]) -> str | None:
    """Make one experiment, in a worker; the note on it, if it was missing."""
    protocol, work, task, seed = asked
    experiments, notes = _experiments(protocol, work), list[str]()
    experiments.store.note = notes.append
    getattr(experiments, task.method)(*task.arguments, *([] if seed is None else [seed]))
    return notes[0] if notes else None
