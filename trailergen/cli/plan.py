"""``trailergen plan``: everything but the render."""

from __future__ import annotations

from trailergen.cli import options as o
from trailergen.cli.groups import spread
from trailergen.runtime.progress import ProgressKind
from trailergen.settings.language_model import LanguageModelSettings
from trailergen.settings.machine import MachineSettings
from trailergen.settings.narration import NarrationSettings
from trailergen.settings.plan import PlanSettings
from trailergen.settings.sound import SoundSettings
from trailergen.settings.titles import TitleSettings
from trailergen.settings.tree import Settings


@spread
def plan(
    film: o.FilmArgument,
    music: o.MusicOption,
    *,
    output: o.OutputOption = None,
    wanted: PlanSettings,
    sound: SoundSettings,
    narration: NarrationSettings,
    language_model: LanguageModelSettings,
    titles: TitleSettings,
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
    settings = Settings(wanted, sound, narration, titles)
    settings.titles.require_text()
    check_output(target, ".json", inputs=(film, music))
    made = make_plan(film, music, session=session, settings=settings, language_model=language_model)
    print(write_plan(made, target, force=force))
