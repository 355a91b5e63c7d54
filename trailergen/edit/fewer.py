"""A trailer that the film's shots can fill: where they are too few, with fewer and longer clips, or shorter."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from trailergen.edit.draft import Draft
from trailergen.errors import PlanError
from trailergen.ssmp.constraints import Constraints, relax_constraints

LEAST_S = 2.0
"""No trailer is shorter: it is as much music as one needs."""
_STEP = 0.8

Recut = Callable[[float], Draft]
"""The draft of the same film with so many seconds of the music."""


def fit_to_film(draft: Draft, recut: Recut, note: Callable[[str], None]) -> Draft:
    """The draft itself where the film can fill it; else one of as many positions, and as long, as it can.

    Neighbouring positions are joined first, which keeps the length; only where no shot is long enough for what comes
    of that, less of the music is used. A draft that nothing helps is given back, and its filling says why.

    Args:
        draft: as it is asked for.
        recut: gives one of another length.
        note: is told what was shortened.
    """
    found = with_fewer_positions(draft)
    seconds = _seconds(draft)
    if found is None:
        most = sum(part.length for part in draft.usable) / float(draft.film.rate)
        length = min(seconds * _STEP, most)
        while found is None and length >= LEAST_S:
            found = with_fewer_positions(recut(math.floor(length * 10) / 10))
            length *= _STEP
        if found is None:
            return draft
        note(
            f"the film's shots are too few or too short for {seconds:.1f} s: the trailer lasts {_seconds(found):.1f} s"
        )
    elif found.count < draft.count:
        each = f"{seconds / found.count:.1f} s long" + (" on the mean" if found.count > 1 else "")
        note(f"the film has too few shots for {draft.count} clips: the trailer has {found.count}, {each}")
    return found


def with_fewer_positions(draft: Draft) -> Draft | None:
    """The draft with neighbouring positions joined, the shortest first, until the film can fill it; None if it never
    can."""
    asked, boundaries = draft.fitting_constraints(), list(draft.boundaries)
    while True:
        trial = draft if len(boundaries) > draft.count else replace(draft, boundaries=tuple(boundaries))
        if can_be_filled(replace(asked, positions=trial.count, needed=np.diff(trial.record_bounds))):
            return trial
        if len(boundaries) == 2:
            return None
        together = np.array(boundaries[2:]) - np.array(boundaries[:-2])
        del boundaries[1 + int(together.argmin())]


def can_be_filled(constraints: Constraints) -> bool:
    """True if some trailer keeps the constraints, however far they are relaxed."""
    try:
        relax_constraints(constraints)
    except PlanError:
        return False
    return True


def _seconds(draft: Draft) -> float:
    return float(draft.record_bounds[-1] / draft.film.rate)
