"""``trailergen desk``: a plan in the browser, played without rendering, and changed where it is seen."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from trailergen.cli import options as o
from trailergen.cli.groups import Only, spread
from trailergen.errors import UsageError
from trailergen.runtime.progress import ProgressKind
from trailergen.settings.desk import DeskSettings
from trailergen.settings.machine import MachineSettings
from trailergen.settings.plan import PlanSettings

if TYPE_CHECKING:
    from trailergen.session import Session


@spread
def desk(
    plan: o.PlanArgument,
    *,
    place: DeskSettings,
    model: Annotated[PlanSettings, Only("checkpoint")],
    film: o.FilmOption = None,
    machine: MachineSettings,
    progress: o.ProgressOption = ProgressKind.auto,
) -> None:
    """Edit a plan in the browser: play it without rendering, re-roll, swap, trim and move clips, render and export.

    Prints the address of a page on this machine, which only who has the address can use, and serves it until it is
    interrupted. Every state is a plan in the folder PLAN.desk beside PLAN, which stays as it is. Needs the extra
    `desk`.
    """
    put_on_desk(o.open_session(machine, progress), plan, place, film, model.checkpoint)


def require_desk() -> None:
    """Raise UsageError where the extra is not installed."""
    if missing := [name for name in ("starlette", "uvicorn") if find_spec(name) is None]:
        raise UsageError(f"the desk needs {missing[0]}", "it is not installed", "pip install 'trailergen[desk]'")


def put_on_desk(
    session: Session, plan: Path, place: DeskSettings, film: Path | None = None, checkpoint: Path | None = None
) -> None:
    """Serve the desk of a plan until it is interrupted. Raises UsageError where the extra is not installed."""
    require_desk()
    from trailergen.desk.desk import open_desk
    from trailergen.desk.serve import serve

    with open_desk(plan, session, film, checkpoint) as opened:
        serve(opened, place, lambda address: print(address, flush=True))
