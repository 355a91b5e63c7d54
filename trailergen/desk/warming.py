"""What the first change would have to find out, found out before somebody waits for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module

import numpy as np

from trailergen.edit.duplicates import near_duplicates
from trailergen.edit.model import ModelFiller
from trailergen.edit.reopen import Reopened
from trailergen.ssmp.types import MASKED


def steps(reopened: Callable[[], Reopened]) -> Iterator[Callable[[], object]]:
    """Steps in an order in which each finds out something that a change needs, and that is remembered.

    Args:
        reopened: the state that counts, opened; asked anew at every step.
    """
    yield lambda: import_module("trailergen.edit.revise.plan")
    yield lambda: import_module("trailergen.evaluation.planning.find")
    yield lambda: reopened().draft.usable
    yield lambda: _first_pass(reopened())
    yield lambda: _moments(reopened())
    yield lambda: near_duplicates(reopened().draft.analysis)
    yield lambda: _rules(reopened())
    yield lambda: reopened().groundwork.keep()


def _first_pass(known: Reopened) -> None:
    """The tokens of the film, and a pass of the model, of which the first takes longer than others."""
    draft = known.draft
    if isinstance(known.filler, ModelFiller):
        predict = known.filler.planner.predictor(draft.features, draft.facts, draft.count, draft.positions)
        predict(np.full(draft.count, MASKED))


def _moments(known: Reopened) -> None:
    """The best moments of all shots."""
    if known.draft.appeal is None:
        _ = known.draft.activity


def _rules(known: Reopened) -> None:
    """The gain of any shot by an editor's rules."""
    if (energy := known.draft.constraints().energy) is not None:
        _ = energy.pairwise
