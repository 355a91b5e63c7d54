"""Methods side by side: the same films, the same numbers of positions, several seeds."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields

import torch
from torch import Tensor

from trailergen.evaluation.method import Method, Trained
from trailergen.evaluation.metrics import Scores, mean_scores, score
from trailergen.runtime.progress import Tick, no_tick
from trailergen.ssmp.positions import Positions, position_channels
from trailergen.ssmp.spaces import GEOMETRY_2, TokenSpace
from trailergen.training.loop import Example
from trailergen.training.simulate import SimulatedPair

METRICS = tuple(field.name for field in fields(Scores))
LOWER_IS_BETTER = ("ld",)


@dataclass(frozen=True)
class Exam:
    """A film (I, D) to make a trailer for, and the film shots of the official trailer, in its order.

    Title cards have no place in either; a method is told how many shots the official trailer has, and, where they are
    known, the channels ``positions`` (J, P) of where they stand.
    """

    film: Tensor
    official: Sequence[int]
    positions: Tensor | None = None

    @classmethod
    def of(cls, example: Example) -> Exam:
        """From an example, whose labels (eq. 1) are taken for the truth."""
        labelled = example.labels >= 0
        positions = None if example.positions is None else example.positions[labelled]
        return cls(example.film, example.labels[labelled].tolist(), positions)

    @classmethod
    def simulated(cls, pair: SimulatedPair, space: TokenSpace = GEOMETRY_2) -> Exam:
        """From a simulated pair, of which the truth is known."""
        tokens = torch.from_numpy(space.film_tokens(pair.features, pair.facts))
        positions = position_channels(Positions(pair.story.lengths_s, pair.story.music))
        return cls(tokens, pair.story.shots.tolist(), torch.from_numpy(positions))


def examine(method: Method, exams: Iterable[Exam], seed: int, tick: Tick = no_tick) -> Scores:
    """Mean scores of a method's trailers; film n is cut with a seed of its own, a function of (seed, n).

    Raises:
        ValueError: no exams.
    """
    found = []
    for number, exam in enumerate(exams):
        asked = (exam.film, len(exam.official), seed * 100_003 + number)
        # Only a model can use what is known of positions; the others learn from and are told their number alone.
        trailer = method.trailer(*asked, exam.positions) if isinstance(method, Trained) else method.trailer(*asked)
        found.append(score(trailer, exam.official))
        tick(1)
    if not found:
        raise ValueError("no films to examine a method on")
    return mean_scores(found)


@dataclass(frozen=True)
class Result:
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


def side_by_side(
    methods: Mapping[str, Method], examples: Sequence[Example], exams: Sequence[Exam], seeds: Iterable[int], tick: Tick
) -> list[Result]:
    """Every method, fitted to ``examples`` and examined once per seed; ``tick`` gets one per method and seed."""
    runs: dict[str, list[Scores]] = {name: [] for name in methods}
    for seed in seeds:
        for name, method in methods.items():
            method.fit(examples, seed)
            runs[name].append(examine(method, exams, seed))
            tick(1)
    return [Result(name, scores) for name, scores in runs.items()]
