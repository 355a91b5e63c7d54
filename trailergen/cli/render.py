"""``trailergen render``: a plan becomes a film file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from trailergen.cli import options as o
from trailergen.cli.groups import spread
from trailergen.cli.render_options import RenderOptions
from trailergen.runtime.progress import ProgressKind


@spread
def render(
    plan: o.PlanArgument,
    *,
    output: o.OutputOption = None,
    film: Annotated[Path | None, typer.Option("--film", readable=False, help="Where the film is now.")] = None,
    music: Annotated[Path | None, typer.Option("--music", "-m", readable=False, help="Where the music is now.")] = None,
    encoding: RenderOptions,
    force: o.ForceOption = False,
    cache_dir: o.CacheOption = None,
    progress: o.ProgressOption = ProgressKind.auto,
    threads: o.ThreadsOption = None,
) -> None:
    """Render a plan: writes an .mp4 (ProRes: a .mov) of its name in the current folder, or what --output says.

    Clips that are encoded already are not encoded again.
    """
    from trailergen.plans import read_plan

    suffix = encoding.settings().kind.suffix
    session = o.open_session(cache_dir, progress, threads=threads)
    wanted = read_plan(plan)
    target = output or Path(f"{plan.name.removesuffix('.json').removesuffix('.plan')}{suffix}")
    places = film or Path(wanted.film.path), music or Path(wanted.music.path)
    o.check_output(target, suffix, inputs=(plan, *places))
    encoding.render(session, wanted, target, film=film, music=music, force=force)
    print(target)
