"""The experiments that each part of the page needs, the most important first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
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
)
from benchmarks.paper.inputs import ShotInput
from benchmarks.paper.protocols import Protocol


@dataclass(frozen=True)
class Task:
    """One experiment: a method of ``Experiments`` and its arguments, but for the seed, which some have not."""

    method: str
    arguments: tuple[Any, ...]
    seeded: bool = True


PARTS = ("1", "3", "5", "6", "7", "passes", "clip", "8", "4", "inputs", "starter")
"""Parts of the page, tables of the paper by their numbers, in the order in which they are worth their time."""
FIRST = ("1", "3", "5", "6", "7", "passes")
"""Parts that are made with every seed before the others are begun."""


def experiments_of(part: str, protocol: Protocol, baselines: Iterable[str]) -> Sequence[Task]:
    """The experiments that a part needs; ``baselines`` are those that can be tried on the protocol's films."""
    main = protocol.orders[0]
    if part in ("1", "7"):
        methods = [("ssmp_run", one) for one in DECODED] + [("baseline_run", name) for name in baselines]
        ceilings = [Task("ceilings", (order,), seeded=False) for order in protocol.orders if protocol.simulated]
        return [*ceilings, *(Task(method, (one, order)) for order in protocol.orders for method, one in methods)]
    if part == "inputs":
        return [Task("shot_input_run", (shot_input,)) for shot_input in ShotInput]
    ablations = {
        "3": (*SCHEDULES, NOT_MONOTONE),
        "5": (OURS,),
        "6": LOSSES,
        "passes": DECODED,
        "clip": CLIPS,
        "8": ACCURACY_MOMENTA,
        "4": RATIO_MOMENTA,
    }
    return [Task("ssmp_run", (ablation, main)) for ablation in ablations.get(part, ())]


def tasks_of(parts: Iterable[str], protocol: Protocol, baselines: Iterable[str]) -> list[tuple[Task, int | None]]:
    """All experiments of some parts, each with its seed, the most important first: the first parts with one seed, with
    the others, then the other parts."""
    names = list(baselines)
    chosen = [part for part in PARTS if part in set(parts)]
    groups = [[part for part in chosen if part in FIRST], [part for part in chosen if part not in FIRST]]
    found: dict[tuple[Task, int | None], None] = {}
    for group in groups:
        for seed in range(protocol.seeds):
            for part in group:
                found |= {(task, seed if task.seeded else None): None for task in experiments_of(part, protocol, names)}
    return list(found)
