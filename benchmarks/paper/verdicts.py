"""Results in one sentence: does an ordering hold?"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import combinations

from trailergen.evaluation.comparison import LOWER_IS_BETTER, MethodResult
from trailergen.evaluation.tables import TITLES, written


def verdict(results: Sequence[MethodResult], paper: Mapping[str, float], metric: str = "f1") -> str:
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


def not_worse(ours: MethodResult, other: MethodResult) -> str:
    """One sentence on whether a method is as good as another in selection and in order, within the spread."""
    words = {1: "better than", 0: "as good as", -1: "worse than"}
    parts = [
        f"in {TITLES[metric]} {words[_compared(ours, other, metric)]} {other.name} "
        f"({written(ours, metric)} against {written(other, metric)})"
        for metric in ("f1", "aa")
    ]
    return f"{ours.name} is {parts[0]} and {parts[1]}."


def _compared(better: MethodResult, worse: MethodResult, metric: str) -> int:
    """1 if ``better`` is better by more than the spread, -1 if it is worse by more, else 0; 0 where there is none."""
    sign = -1 if metric in LOWER_IS_BETTER else 1
    ahead = sign * (better.mean(metric) - worse.mean(metric))
    if not abs(ahead) > math.hypot(better.spread(metric), worse.spread(metric)):  # also where one is NaN
        return 0
    return 1 if ahead > 0 else -1
