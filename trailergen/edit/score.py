"""The model's opinion of each position of a plan that is there."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from trailergen.edit.model import load_planner
from trailergen.edit.reopen import reopen
from trailergen.plans import Plan
from trailergen.session import Session
from trailergen.ssmp.energy import with_energy
from trailergen.ssmp.score import PositionScore, leave_one_out


def score_plan(
    session: Session, plan: Plan, film: Path | None = None, checkpoint: Path | None = None
) -> list[PositionScore]:
    """Score each position in view of all others, by the model and the rules of the plan's style.

    Args:
        session: cache, progress, processor.
        plan: any valid one.
        film: its file, None for the one it names.
        checkpoint: the model's file, None for the starter.

    Raises:
        InputError, PlanError, UsageError, WeightsError: as edit/reopen.py.
    """
    reopened = reopen(session, plan, film, checkpoint, plan.bans)
    draft = reopened.draft
    available = np.array(
        [part.length > 0 and not shot.flags for part, shot in zip(draft.usable, plan.shots, strict=True)]
    )
    shots = np.array([position.shot for position in plan.positions])
    predict = load_planner(session, checkpoint).predictor(draft.features, draft.facts, len(shots), draft.positions)
    if (energy := draft.constraints().energy) is not None:
        predict = with_energy(predict, energy)
    with session.progress.stage("score", len(shots)) as tick:
        return leave_one_out(predict, shots, available, tick)
