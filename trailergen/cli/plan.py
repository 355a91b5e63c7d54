"""``trailergen plan``: everything but the render."""

from __future__ import annotations

from typing import Annotated

from trailergen.cli import options as o
from trailergen.cli.groups import Without, spread
from trailergen.runtime.progress import ProgressKind
from trailergen.settings.language_model import LanguageModelSettings
from trailergen.settings.machine import MachineSettings
from trailergen.settings.tree import Settings


@spread
def plan(
    film: o.FilmArgument,
    music: o.MusicOption,
    *,
    output: o.OutputOption = None,
    settings: Annotated[Settings, Without("render")],
    language_model: LanguageModelSettings,
    machine: MachineSettings,
    force: o.ForceOption = False,
    progress: o.ProgressOption = ProgressKind.auto,
) -> None:
    """Plan a trailer without rendering it: writes FILM-trailer.plan.json, which `trailergen render` renders."""
    from pathlib import Path

    from trailergen.api.outputs import check_output, write_plan
    from trailergen.api.plan import plan as make_plan

    session = o.open_session(machine, progress)
    target = output or Path(f"{film.stem}-trailer.plan.json")
    settings.titles.require_text()
    check_output(target, ".json", inputs=(film, music))
    made = make_plan(film, music, session=session, settings=settings, language_model=language_model)
    print(write_plan(made, target, force=force))
