"""Results as Markdown and JSON, and in one sentence: does an ordering hold?"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any

from trailergen.evaluation.experiment import LOWER_IS_BETTER, METRICS, Result

TITLES = {
    "precision": "P",
    "recall": "R",
    "f1": "F1",
    "precision_at_1": "P, R = 1",
    "recall_at_1": "R, R = 1",
    "f1_at_1": "F1, R = 1",
    "precision_at_2": "P, R = 2",
    "recall_at_2": "R, R = 2",
    "f1_at_2": "F1, R = 2",
    "ld": "LD",
    "aa": "AA",
}
BRIEF = ("precision", "recall", "f1", "f1_at_1", "f1_at_2", "ld", "aa")


def markdown(results: Sequence[Result], head: str = "method", metrics: Sequence[str] = tuple(TITLES)) -> str:
    """A table of means and, where there are several seeds, spreads; the best mean of each column is bold."""
    rows = [[head, *(TITLES[metric] for metric in metrics)], ["---"] * (len(metrics) + 1)]
    best = {metric: _best(results, metric) for metric in metrics}
    for result in results:
        cells = []
        for metric in metrics:
            text = written(result, metric)
            cells.append(f"**{text}**" if result.mean(metric) == best[metric] else text)
        rows.append([result.name, *cells])
    return "\n".join("| " + " | ".join(row) + " |" for row in rows) + "\n"


def written(result: Result, metric: str) -> str:
    """``mean ± spread`` of one metric; a dash where it is defined in no run."""
    mean, spread = result.mean(metric), result.spread(metric)
    if math.isnan(mean):
        return "-"
    digits = 1 if metric == "ld" else 3
    return f"{mean:.{digits}f}" if math.isnan(spread) else f"{mean:.{digits}f} ± {spread:.{digits}f}"


def as_json(results: Sequence[Result]) -> list[dict[str, Any]]:
    """Per method its name, and mean, spread and runs of every metric; None for what is not defined."""
    return [
        {
            "method": result.name,
            **{
                metric: {
                    "mean": _number(result.mean(metric)),
                    "spread": _number(result.spread(metric)),
                    "runs": [_number(getattr(run, metric)) for run in result.runs],
                }
                for metric in METRICS
            },
        }
        for result in results
    ]


def verdict(results: Sequence[Result], paper: Mapping[str, float], metric: str = "f1") -> str:
    """One sentence on whether these results come in the order of the paper's.

    Two results differ if their means are further apart than their spreads together, the root of the sum of their
    squares; within that the order is left open.

    Args:
        results: ours; those that the paper does not have are passed over.
        paper: the paper's value by name of the result.
        metric: what both are measured by.
    """
    ours = {result.name: result for result in results if result.name in paper}
    sign = -1 if metric in LOWER_IS_BETTER else 1
    pairs = [(a, b) if sign * (paper[a] - paper[b]) > 0 else (b, a) for a, b in combinations(ours, 2)]
    pairs = [(better, worse) for better, worse in pairs if paper[better] != paper[worse]]
    compared = [_compared(ours[better], ours[worse], metric) for better, worse in pairs]
    first = max(ours, key=lambda name: sign * paper[name])
    rivals = [name for name in ours if name != first]
    rival = max(rivals, key=lambda name: sign * ours[name].mean(metric))
    against = _compared(ours[first], ours[rival], metric)
    outcome = {1: "holds", 0: "is left open", -1: "does not hold"}[against]
    sentence = (
        f"That {first} is best, as in the paper, {outcome}: {TITLES[metric]} {written(ours[first], metric)} against "
        f"{written(ours[rival], metric)} of the best other, {rival}"
    )
    if len(pairs) > 1:
        sentence += (
            f"; of the {len(pairs)} pairs {compared.count(1)} come in the paper's order, {compared.count(-1)} in the "
            f"opposite one, and {compared.count(0)} lie within the spread of the seeds"
        )
    return sentence + "."


def not_worse(ours: Result, other: Result) -> str:
    """One sentence on whether a method is as good as another in selection and in order, within the spread."""
    words = {1: "better than", 0: "as good as", -1: "worse than"}
    parts = [
        f"in {TITLES[metric]} {words[_compared(ours, other, metric)]} {other.name} "
        f"({written(ours, metric)} against {written(other, metric)})"
        for metric in ("f1", "aa")
    ]
    return f"{ours.name} is {parts[0]} and {parts[1]}."


def _compared(better: Result, worse: Result, metric: str) -> int:
    """1 if ``better`` is better by more than the spread, -1 if it is worse by more, else 0; 0 where there is none."""
    sign = -1 if metric in LOWER_IS_BETTER else 1
    ahead = sign * (better.mean(metric) - worse.mean(metric))
    if not abs(ahead) > math.hypot(better.spread(metric), worse.spread(metric)):  # also where one is NaN
        return 0
    return 1 if ahead > 0 else -1


def _best(results: Sequence[Result], metric: str) -> float:
    means = [mean for result in results if not math.isnan(mean := result.mean(metric))]
    if not means:
        return math.nan
    return min(means) if metric in LOWER_IS_BETTER else max(means)


def _number(value: float) -> float | None:
    return None if math.isnan(value) else round(value, 6)
