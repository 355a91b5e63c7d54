"""The constraints under which a trailer is filled around what is known of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, TypeGuard

import numpy as np
from numpy.typing import NDArray

from trailergen.edit.draft import Draft
from trailergen.edit.revise.decide import Decision, Open, Place, Stay
from trailergen.errors import PlanError
from trailergen.plans import Plan, shots_in
from trailergen.ssmp.constraints import Constraints, relax_constraints

if TYPE_CHECKING:
    from trailergen.ssmp.decoders.result import DecodingResult

Fill = Callable[[Constraints], "DecodingResult"]
"""The model: fills a trailer under constraints."""


def constraints_around(plan: Plan, draft: Draft, decisions: Sequence[Decision]) -> Constraints:
    """The constraints of a draft, with a pin on all that is known.

    What stays is as long as it needs to be, whatever its shot is, and the shots it shows are used up. What an editor
    took out is offered nowhere: shots that are re-rolled, and those that others were chosen for by hand.

    Args:
        plan: whose shots are numbered.
        draft: the positions.
        decisions: one for each position.
    """
    asked = draft.constraints()
    needed, banned = np.array(asked.needed), np.array(asked.banned)
    for index, decision in enumerate(decisions):
        banned[_within(_taken_out(decision), banned)] = True
        # What is shown already is long enough, over however many shots it runs.
        if isinstance(decision, Stay) or _cut_from_itself(decision, draft, needed[index]):
            needed[index] = 0
            banned[shots_in(plan, decision.entry.source)] = True
    stays = {index: one.entry.shot for index, one in enumerate(decisions) if isinstance(one, Stay)}
    placed = {index: one.shot for index, one in enumerate(decisions) if isinstance(one, Place)}
    shown = [*stays.values(), *(shot for shot in placed.values() if draft.usable[shot].length)]
    banned[shown] = False
    asked = replace(asked, needed=needed, banned=banned, pins=stays | placed)
    return _without(asked, [shot for one in decisions for shot in _replaced(one) if shot not in shown])


def _without(constraints: Constraints, shots: Sequence[int]) -> Constraints:
    """Constraints under which these shots are not shown either, if that can be."""
    banned = np.array(constraints.banned)
    banned[_within(shots, banned)] = True
    fewer = replace(constraints, banned=banned)
    try:
        relax_constraints(fewer)
    except PlanError:
        return constraints
    return fewer


def _taken_out(decision: Decision) -> Sequence[int]:
    """Shots that are taken away from a position now: re-rolled, or replaced by one that is chosen by hand."""
    if isinstance(decision, Open):
        return decision.rejected
    changed = isinstance(decision, Place) and decision.shot != decision.entry.shot
    return (decision.entry.shot,) if changed else ()


def _replaced(decision: Decision) -> Sequence[int]:
    """The shot that an earlier revision replaced by one chosen by hand: the first alternative of such a position."""
    entry = decision.entry
    if entry is None or not entry.pinned or entry.round:
        return ()
    return [other.shot for other in entry.alternatives[:1]]


def _within(shots: Sequence[int], of: NDArray[np.bool_]) -> list[int]:
    """Those that the film has: whoever edits a plan by hand may name others."""
    return [shot for shot in shots if shot < len(of)]


def _cut_from_itself(decision: Decision, draft: Draft, needed: int) -> TypeGuard[Place]:
    """True for a clip that has the frames for its new place, where its first shot alone has not."""
    if not isinstance(decision, Place) or decision.shot != decision.entry.shot:
        return False
    return len(decision.entry.source) >= needed > draft.usable[decision.shot].length
