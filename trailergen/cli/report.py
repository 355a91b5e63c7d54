"""``trailergen report``: a plan as a storyboard."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from trailergen.cli import options as o
from trailergen.cli.groups import Only, spread
from trailergen.runtime.progress import ProgressKind
from trailergen.settings.machine import MachineSettings


@spread
def report(
    plan: o.PlanArgument,
    *,
    output: o.OutputOption = None,
    film: o.FilmOption = None,
    music: o.MusicNowOption = None,
    trailer: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            readable=False,
            help="The rendered plan; by default PLAN's .mp4 or .mov beside it or in the current folder.",
        ),
    ] = None,
    embed: Annotated[
        bool, typer.Option("--embed", help="Put the trailer into the page: one file that can be sent.")
    ] = False,
    machine: Annotated[MachineSettings, Only("cache_dir")],
    force: o.ForceOption = False,
    progress: o.ProgressOption = ProgressKind.auto,
) -> None:
    """Show a plan as a storyboard: writes an .html of its name in the current folder, or what --output says.

    One page with the music, every clip, where it comes from, its alternatives, and the commands that change it.
    Without the film it has no thumbnails.
    """
    from trailergen.api.storyboard import storyboard

    session = o.open_session(machine, progress)
    print(storyboard(plan, output, film=film, music=music, trailer=trailer, embed=embed, session=session, force=force))
