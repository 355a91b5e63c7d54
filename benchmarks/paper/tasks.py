"""The experiments that each part of the page needs, the most important first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.paper.ablations import (
    ACCURACY_MOMENTA,
    CLIPS,
    DECODED,
    LOSSES,
    NOT_MONOTONE,
    OURS,
    RATIO_MOMENTA,
    SCHEDULES,
    Ablation,
)
from benchmarks.paper.inputs import ShotInput
from benchmarks.paper.protocols import ORDERS
from trailergen.evaluation.baselines.registry import BASELINES


@dataclass(frozen=True)
class Task:
    """One experiment: a method of ``Experiments`` and its arguments, but for the seed, which some have not."""

    method: str
    arguments: tuple[Any, ...]
    seeded: bool = True


def _ssmp(ablations: Iterable[Ablation]) -> list[Task]:
    return [Task("ssmp_run", (ablation, ORDERS[0])) for ablation in ablations]


_CEILINGS = [Task("ceilings", (order,), seeded=False) for order in ORDERS]
_METHODS = [
    Task(method, (about, order))
    for order in ORDERS
    for method, several in (("ssmp_run", DECODED), ("baseline_run", BASELINES))
    for about in several
]

PARTS: Mapping[str, Sequence[Task]] = {
    "1": [*_CEILINGS, *_METHODS],
    "3": _ssmp((*SCHEDULES, NOT_MONOTONE)),
    "5": _ssmp((OURS,)),
    "6": _ssmp(LOSSES),
    "7": [*_CEILINGS, *_METHODS],
    "passes": _ssmp(DECODED),
    "clip": _ssmp(CLIPS),
    "8": _ssmp(ACCURACY_MOMENTA),
    "4": _ssmp(RATIO_MOMENTA),
    "inputs": [Task("shot_input_run", (shot_input,)) for shot_input in ShotInput],
    "starter": [],
}
"""Parts of the page, tables of the paper by their numbers, in the order in which they are worth their time."""
_FIRST = ("1", "3", "5", "6", "7", "passes")
"""Parts that are made with every seed before the others are begun."""


def tasks_of(parts: Iterable[str], seeds: int) -> list[tuple[Task, int | None]]:
    """All experiments of some parts, each with its seed, the most important first: the first parts with one seed, with
    the others, then the other parts."""
    chosen = [part for part in PARTS if part in set(parts)]
    groups = [[part for part in chosen if part in _FIRST], [part for part in chosen if part not in _FIRST]]
    found: dict[tuple[Task, int | None], None] = {}
    for group in groups:
        for seed in range(seeds):
            for part in group:
                found |= {(task, seed if task.seeded else None): None for task in PARTS[part]}
    return list(found)
