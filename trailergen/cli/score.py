"""``trailergen score``: how likely the model finds each clip of a plan."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from trailergen.cli import options as o
from trailergen.runtime.device import Device
from trailergen.runtime.progress import ProgressKind


def score(
    plan: o.PlanArgument,
    film: Annotated[Path | None, typer.Option("--film", readable=False, help="Where the film is now.")] = None,
    checkpoint: o.CheckpointOption = None,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    cache_dir: o.CacheOption = None,
    progress: o.ProgressOption = ProgressKind.auto,
    device: o.DeviceOption = Device.auto,
    offline: o.OfflineOption = False,
) -> None:
    """Mask each position of a plan by itself and ask the model what stands there.

    Prints, per position, its shot, the probability the model gives it in view of all the others, its rank among the
    shots that could stand there, and the model's own choice. Works for any plan, edited ones too.
    """
    from dataclasses import asdict
    from json import dumps

    from trailergen.edit import revision
    from trailergen.plans import read_plan

    session = o.open_session(cache_dir, progress, device, offline)
    wanted = read_plan(plan)
    found = revision.score_plan(session, wanted, film, checkpoint)
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
