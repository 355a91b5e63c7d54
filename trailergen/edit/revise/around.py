"""The constraints under which a trailer is filled around what is known of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from trailergen.edit.draft import Draft
from trailergen.edit.revise.decide import Decision, Open, Place, Stay
from trailergen.plans import Plan, shots_in
from trailergen.ssmp.constraints import Constraints

if TYPE_CHECKING:
    from trailergen.ssmp.decoders.result import DecodingResult

Fill = Callable[[Constraints], "DecodingResult"]
"""The model: fills a trailer under constraints."""


def constraints_around(plan: Plan, draft: Draft, decisions: Sequence[Decision]) -> Constraints:
    """The constraints of a draft, with a pin on all that is known.

    What stays is as long as it needs to be, whatever its shot is, and the shots it shows are used up.

    Args:
        plan: whose shots are numbered.
        draft: the positions.
        decisions: one for each position.
    """
    asked = draft.constraints()
    needed, banned = np.array(asked.needed), np.array(asked.banned)
    for decision in decisions:
        if isinstance(decision, Open):
            banned[list(decision.rejected)] = True
    for index, decision in enumerate(decisions):
        if isinstance(decision, Stay):
            needed[index] = 0
            banned[shots_in(plan, decision.entry.source)] = True
    stays = {index: one.entry.shot for index, one in enumerate(decisions) if isinstance(one, Stay)}
    placed = {index: one.shot for index, one in enumerate(decisions) if isinstance(one, Place)}
    for shot in (*stays.values(), *(shot for shot in placed.values() if draft.usable[shot].length)):
        banned[shot] = False
    return replace(asked, needed=needed, banned=banned, pins=stays | placed)
