"""Methods side by side: the same films, the same numbers of positions, several seeds."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields

from trailergen.evaluation.cases import EvaluationCase
from trailergen.evaluation.methods import Method
from trailergen.evaluation.metrics import Scores, mean_scores, score
from trailergen.runtime.progress import Tick, no_tick
from trailergen.training.batches import Example

METRICS = tuple(field.name for field in fields(Scores))
LOWER_IS_BETTER = ("ld",)


def evaluate(method: Method, cases: Iterable[EvaluationCase], seed: int, tick: Tick = no_tick) -> Scores:
    """Mean scores of a method's trailers.

    Args:
        method: fitted, if it learns.
        cases: films and official trailers.
        seed: of the method's draws; each case has one of its own, a function of (seed, its number).
        tick: gets one per case.

    Raises:
        ValueError: no cases.
        UsageError: a film lacks what the method needs.
    """
    found = []
    for number, case in enumerate(cases):
        own = seed * 100_003 + number
        case.film.require(method.needs, type(method).__name__)
        trailer = method.trailer(case.film, own)
        found.append(score(trailer, case.official))
        tick(1)
    if not found:
        raise ValueError("no films to evaluate a method on")
    return mean_scores(found)


@dataclass(frozen=True)
class MethodResult:
    """A method's mean scores, one per seed."""

    name: str
    runs: Sequence[Scores]

    def mean(self, metric: str) -> float:
        """Mean over the seeds in which the metric is defined; NaN if in none."""
        return float(getattr(mean_scores(self.runs), metric))

    def spread(self, metric: str) -> float:
        """Standard deviation over the seeds (of a sample); NaN where fewer than two are defined."""
        defined = [value for run in self.runs if not math.isnan(value := getattr(run, metric))]
        return statistics.stdev(defined) if len(defined) > 1 else math.nan


def compare(
    methods: Mapping[str, Method],
    examples: Sequence[Example],
    cases: Sequence[EvaluationCase],
    seeds: Iterable[int],
    tick: Tick = no_tick,
) -> list[MethodResult]:
    """Every method, fitted to ``examples`` and evaluated on ``cases`` once per seed.

    Args:
        methods: by name.
        examples: films with their trailers, for methods that learn.
        cases: films and official trailers.
        seeds: of fits and draws.
        tick: gets one per method and seed.
    """
    runs: dict[str, list[Scores]] = {name: [] for name in methods}
    for seed in seeds:
        for name, method in methods.items():
            method.fit(examples, seed)
            runs[name].append(evaluate(method, cases, seed))
            tick(1)
    return [MethodResult(name, scores) for name, scores in runs.items()]
