"""The position of a plan that is carried to each position of the new trailer."""

from __future__ import annotations

from collections.abc import Sequence, Set
from itertools import pairwise

import numpy as np

from trailergen.edit.draft import Draft
from trailergen.errors import PlanError
from trailergen.plans import Plan

Order = list[int | None]
"""For each position of the new trailer the position of the plan that is carried there, None for none."""


def moved(count: int, moves: Sequence[tuple[int, int]]) -> Order:
    """The ``count`` positions after moves (from, to), one after the other; those between make room."""
    order: Order = list(range(count))
    for start, end in moves:
        order.insert(end, order.pop(start))
    return order


def carried(plan: Plan, draft: Draft, pinned: Set[int]) -> Order:
    """For each position of a draft of other music or length the one that has its share of the plan's trailer.

    Pinned positions come first, and take the nearest position that is free. Raises PlanError where they are too many.
    """
    bounds = draft.record_bounds
    middles = np.array([(start + end) / 2 / bounds[-1] for start, end in pairwise(bounds)])
    order: Order = [None] * len(middles)
    for old in sorted(range(len(plan.positions)), key=lambda old: old not in pinned):
        record = plan.positions[old].record
        middle = (record.start + record.end) / 2 / plan.sequence.frames
        nearest = np.argsort(np.abs(middles - middle), kind="stable")
        # A pinned clip goes where there is room; others only to the position that is theirs.
        reach = nearest if old in pinned else nearest[:1]
        free = next((int(index) for index in reach if order[index] is None), None)
        if free is not None:
            order[free] = old
        elif old in pinned:
            raise PlanError(f"there are {len(order)} positions, fewer than are pinned", hint="unpin some")
    return order
