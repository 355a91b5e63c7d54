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


def moved(count: int, moves: Sequence[tuple[int, int]]) -> list[int]:
    """The ``count`` positions after moves (from, to), one after the other; those between make room."""
    order = list(range(count))
    for start, end in moves:
        order.insert(end, order.pop(start))
    return order


def taken_along(count: int, moves: Sequence[tuple[int, int]]) -> frozenset[int]:
    """The positions, of ``count``, whose clips moves take elsewhere; those that only make room are not among them."""
    return frozenset(moved(count, moves[:done])[start] for done, (start, _) in enumerate(moves))


def carried(plan: Plan, draft: Draft, kept: Set[int], places: Sequence[int]) -> Order:
    """For each position of a draft of other music or length the one that has its share of the plan's trailer.

    Positions that are kept come first, and take the nearest position that is free.

    Args:
        plan: whose clips are carried.
        draft: the new trailer.
        kept: positions of the plan that must stand somewhere.
        places: for each place of the plan's trailer the position that stands there, after moves.

    Raises:
        PlanError: there are fewer positions than are kept.
    """
    bounds = draft.record_bounds
    middles = np.array([(start + end) / 2 / bounds[-1] for start, end in pairwise(bounds)])
    order: Order = [None] * len(middles)
    for place, old in sorted(enumerate(places), key=lambda one: one[1] not in kept):
        record = plan.positions[place].record
        middle = (record.start + record.end) / 2 / plan.sequence.frames
        nearest = np.argsort(np.abs(middles - middle), kind="stable")
        # A clip that is kept goes where there is room; others only to the position that is theirs.
        reach = nearest if old in kept else nearest[:1]
        free = next((int(index) for index in reach if order[index] is None), None)
        if free is not None:
            order[free] = old
        elif old in kept:
            raise PlanError(f"there are {len(order)} positions, fewer than are pinned or moved", hint="unpin some")
    return order
