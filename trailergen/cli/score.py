"""``trailergen score``: how likely the model finds each clip of a plan."""

from __future__ import annotations

from typing import Annotated

import typer

from trailergen.cli import options as o
from trailergen.cli.groups import Only, spread
from trailergen.runtime.progress import ProgressKind
from trailergen.settings.machine import MachineSettings
from trailergen.settings.plan import PlanSettings


@spread
def score(
    plan: o.PlanArgument,
    *,
    film: o.FilmOption = None,
    model: Annotated[PlanSettings, Only("checkpoint")],
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    machine: Annotated[MachineSettings, Only("cache_dir", "device", "offline")],
    progress: o.ProgressOption = ProgressKind.auto,
) -> None:
    """Mask each position of a plan by itself and ask the model what stands there.

    Prints, per position, its shot, the probability the model gives it in view of all the others, its rank among the
    shots that could stand there, and the model's own choice. Works for any plan, edited ones too.
    """
    from dataclasses import asdict
    from json import dumps

    from trailergen.api.stages import score as score_plan
    from trailergen.plans import read_plan

    session = o.open_session(machine, progress)
    wanted = read_plan(plan)
    found = score_plan(wanted, film=film, checkpoint=model.checkpoint, session=session)
    if json:
        rows = [
            {"position": index, "id": position.id, "shot": position.shot, **asdict(score)}
            for index, (position, score) in enumerate(zip(wanted.positions, found, strict=True))
        ]
        print(dumps(rows, indent=1))
        return
    print("position   shot  probability   rank  the model's choice")
    for index, (position, score) in enumerate(zip(wanted.positions, found, strict=True)):
        print(f"{index:8d} {position.shot:6d} {score.probability:12.4f} {score.rank:6d} {score.best:19d}")
