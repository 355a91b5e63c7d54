"""``trailergen export``: a plan for an editing system."""

from __future__ import annotations

from typing import Annotated

import typer

from trailergen.cli import options as o
from trailergen.timeline.write.formats import FORMATS


def export(
    plan: o.PlanArgument,
    to: Annotated[
        str,
        typer.Option(
            metavar="|".join(FORMATS), help="Format of the timeline; docs/export.md says which editor reads which."
        ),
    ],
    output: o.OutputOption = None,
    media_root: Annotated[
        str | None,
        typer.Option(metavar="DIR", help="The folder of film and music on the editor's machine."),
    ] = None,
    record_start: Annotated[
        str | None,
        typer.Option(metavar="TIMECODE", help="Timecode of the trailer's first frame in an EDL or AAF (01:00:00:00)."),
    ] = None,
    force: o.ForceOption = False,
) -> None:
    """Hand a plan over to an editing system: writes a timeline of its name beside the plan, or what --output says."""
    from trailergen.api.export import export as export_plan
    from trailergen.runtime.progress import Progress, ProgressKind

    made = export_plan(plan, to, output, media_root=media_root, record_start=record_start, force=force)
    for note in made.notes:
        Progress(ProgressKind.auto).note(note)
    print(made.path)
