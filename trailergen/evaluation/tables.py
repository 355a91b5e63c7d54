"""Results as tables of Markdown, and as JSON."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from trailergen.evaluation.comparison import LOWER_IS_BETTER, METRICS, MethodResult

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
    "f1_single_at_1": "F1, R = 1, one numerator",
    "f1_single_at_2": "F1, R = 2, one numerator",
    "ld": "LD",
    "aa": "AA",
    "aa_positions": "AA of positions",
}


def markdown(results: Sequence[MethodResult], head: str = "method", metrics: Sequence[str] = tuple(TITLES)) -> str:
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


def written(result: MethodResult, metric: str) -> str:
    """``mean ± spread`` of one metric; a dash where it is defined in no run."""
    mean, spread = result.mean(metric), result.spread(metric)
    if math.isnan(mean):
        return "-"
    digits = 1 if metric == "ld" else 3
    return f"{mean:.{digits}f}" if math.isnan(spread) else f"{mean:.{digits}f} ± {spread:.{digits}f}"


def as_json(results: Sequence[MethodResult]) -> list[dict[str, Any]]:
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


def _best(results: Sequence[MethodResult], metric: str) -> float:
    means = [mean for result in results if not math.isnan(mean := result.mean(metric))]
    if not means:
        return math.nan
    return min(means) if metric in LOWER_IS_BETTER else max(means)


def _number(value: float) -> float | None:
    return None if math.isnan(value) else round(value, 6)
