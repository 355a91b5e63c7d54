"""Learning curves as tables: the paper's Fig. 4 and 5."""

from __future__ import annotations

from collections.abc import Mapping
from statistics import fmean

from benchmarks.paper.ablations import Ablation
from benchmarks.paper.experiments import CURVE_POINTS, Experiments
from benchmarks.paper.section import plain_table

_SHOWN = 10


def curve_table(experiments: Experiments, named: Mapping[str, Ablation], curve: str, head: str = "schedule") -> str:
    """Means of a curve (``accuracy`` or ``ratio``) over tenths of the training and over the seeds, a row each."""
    rows = []
    for name, ablation in named.items():
        runs = experiments.curves(ablation, curve)
        means = [fmean(values) for values in zip(*runs, strict=True)]
        step = max(1, len(means) // _SHOWN)
        cells = [fmean(means[first : first + step]) for first in range(0, step * _SHOWN, step) if means[first:]]
        rows.append([name, *(f"{value:.2f}" for value in cells)])
    steps = experiments.protocol.steps
    ends = [round(steps * (number + 1) / min(_SHOWN, CURVE_POINTS)) for number in range(len(rows[0]) - 1)]
    return plain_table([f"{head}; up to step", *map(str, ends)], rows)
