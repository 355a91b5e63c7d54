"""``trailergen plan``: everything but the render."""

from __future__ import annotations

from trailergen.cli import options as o
from trailergen.cli.groups import spread
from trailergen.cli.machine_options import MachineOptions
from trailergen.cli.narration_options import NarrationOptions
from trailergen.cli.plan_options import PlanOptions, SoundOptions
from trailergen.cli.title_options import TitleOptions
from trailergen.runtime.progress import ProgressKind


@spread
def plan(
    film: o.FilmArgument,
    music: o.MusicOption,
    *,
    output: o.OutputOption = None,
    length: o.LengthOption = None,
    wishes: PlanOptions,
    sound: SoundOptions,
    narration: NarrationOptions,
    titles: TitleOptions,
    force: o.ForceOption = False,
    machine: MachineOptions,
    progress: o.ProgressOption = ProgressKind.auto,
) -> None:
    """Plan a trailer without rendering it: writes FILM-trailer.plan.json, which `trailergen render` renders."""
    from pathlib import Path

    from trailergen.api.outputs import claim_plan
    from trailergen.edit.plan import make_plan
    from trailergen.plans import dump_plan

    session = machine.open_session(progress)
    settings = titles.added(wishes.settings(length, sound, narration))
    target = output or Path(f"{film.stem}-trailer.plan.json")
    o.check_output(target, ".json", inputs=(film, music))
    made = make_plan(session, film, music, settings, narration.endpoint())
    if claim_plan(target, made, force):
        o.write_text(target, dump_plan(made))
    print(target)
