"""A plan changed where an editor asks for it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from trailergen.plans import Plan, read_plan

if TYPE_CHECKING:
    from trailergen.edit.requests import Wishes
    from trailergen.session import Session


def revise(
    plan: Plan | Path | str, wishes: Wishes | None = None, *, session: Session | None = None, **changes: Any
) -> Plan:
    """Change a plan and fill the rest around what stays.

    Args:
        plan: a plan or its file; it stays as it is.
        wishes: which clips change.
        session: cache, progress and processor; a new one by default.
        changes: what else changes, see ``trailergen.edit.revision.revise_plan``: ``titles``, ``sound``, ``lines``,
            ``cut``, ``more``, ``less``, ``film``, ``music``, ``length``, ``checkpoint`` and ``seed``.

    Raises:
        InputError: the plan, the film or the music cannot be read.
        PlanError: no trailer grants the wishes.
        UsageError, WeightsError: as ``trailergen.plan``.
    """
    from trailergen.edit.requests import Wishes
    from trailergen.edit.revision import revise_plan
    from trailergen.session import Session

    session = session or Session()
    known = plan if isinstance(plan, Plan) else read_plan(Path(plan))
    with session.limits():
        return revise_plan(session, known, wishes or Wishes(), [], **changes)
