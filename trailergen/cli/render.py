"""``trailergen render``: a plan becomes a film file."""

from __future__ import annotations

from typing import Annotated

from trailergen.cli import options as o
from trailergen.cli.groups import Only, spread
from trailergen.runtime.progress import ProgressKind
from trailergen.settings.machine import MachineSettings
from trailergen.settings.plan import PlanSettings
from trailergen.settings.render import RenderSettings
from trailergen.settings.titles import TitleSettings


@spread
def render(
    plan: o.PlanArgument,
    *,
    output: o.OutputOption = None,
    film: o.FilmOption = None,
    music: o.MusicNowOption = None,
    settings: RenderSettings,
    picture: Annotated[PlanSettings, Only("shape")],
    titles: Annotated[TitleSettings, Only("title_over")],
    machine: Annotated[MachineSettings, Only("cache_dir", "device", "threads")],
    force: o.ForceOption = False,
    progress: o.ProgressOption = ProgressKind.auto,
) -> None:
    """Render a plan: writes an .mp4 (ProRes: a .mov) of its name in the current folder, or what --output says.

    Clips that are encoded already are not encoded again.
    """
    from trailergen.api.render import render as render_plan

    session = o.open_session(machine, progress)
    trailer = render_plan(
        plan,
        output,
        film=film,
        music=music,
        session=session,
        settings=settings,
        force=force,
        shape=picture.shape,
        title_over=titles.title_over,
    )
    print(trailer)
