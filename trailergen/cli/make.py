"""``trailergen make``: film and music in, trailer and plan out."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from trailergen.cli import options as o
from trailergen.cli.batch_options import BatchOptions, distinct
from trailergen.cli.groups import as_arguments, spread
from trailergen.cli.machine_options import MachineOptions
from trailergen.cli.narration_options import NarrationOptions
from trailergen.cli.plan_options import PlanOptions, SoundOptions
from trailergen.cli.render_options import RenderOptions
from trailergen.cli.title_options import TitleOptions
from trailergen.errors import UsageError
from trailergen.runtime.models import Models
from trailergen.runtime.progress import ProgressKind

if TYPE_CHECKING:
    from trailergen.dialogue.endpoint import Endpoint
    from trailergen.session import Session
    from trailergen.settings.plan import PlanSettings


@dataclass(frozen=True)
class TrailerOptions:
    """Which trailers are made, and what becomes of those that are there."""

    length: Annotated[
        str | None,
        typer.Option(
            metavar="SECONDS[,SECONDS...]",
            help="Takes the part of the music that suits best; several make a trailer each.",
        ),
    ] = None
    variants: Annotated[
        int, typer.Option(min=1, max=99, help="So many trailers of each length, from one seed to the next.")
    ] = 1
    force: o.ForceOption = False
    skip_existing: Annotated[
        bool, typer.Option("--skip-existing", help="Leave trailers that exist, whatever they were made from.")
    ] = False


@spread
def make(
    context: typer.Context,
    films: Annotated[
        list[Path], typer.Argument(metavar="FILM...", readable=False, help="The film: any file ffmpeg can read.")
    ],
    music: o.MusicOption,
    *,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Where the result goes; a folder of several.")
    ] = None,
    trailer: TrailerOptions,
    wishes: PlanOptions,
    sound: SoundOptions,
    narration: NarrationOptions,
    titles: TitleOptions,
    encoding: RenderOptions,
    machine: MachineOptions,
    many: BatchOptions,
    progress: o.ProgressOption = ProgressKind.auto,
) -> None:
    """Make a trailer: FILM cut to the music, and the plan it was cut by.

    Writes FILM-trailer.mp4 (ProRes: .mov), FILM-trailer.plan.json and the storyboard FILM-trailer.html in the current
    folder, or what --output says. After an interruption the same command continues; a finished trailer is left as it
    is. Several lengths and variants are made from one analysis, their names ending in -30s, -v2 or -30s-v2. Of several
    films each gets its trailer, and one that fails is told of at the end with exit code 7.
    """
    from dataclasses import replace

    if len(films) > 1:
        shared = as_arguments(trailer, wishes, sound, narration, titles, encoding) + many.shared(machine)
        _make_several(films, music, output or Path(), shared, encoding, many, machine, progress)
        return
    (film,) = films
    session = machine.open_session(progress, context.ensure_object(Models))
    lengths = _seconds(trailer.length)
    settings, render = titles.added(wishes.settings(lengths[0], sound, narration)), encoding.settings()
    target = output or Path(f"{film.stem}-trailer{render.kind.suffix}")
    endpoint = narration.endpoint()
    inputs = (film, music, *([narration.subtitles] if narration.subtitles else []))
    o.check_output(target, render.kind.suffix, inputs)
    wanted: dict[Path, PlanSettings] = {}
    for seconds in lengths:
        for variant in range(trailer.variants):
            name = target.stem + (f"-{seconds:g}s" if len(lengths) > 1 else "")
            name += f"-v{variant + 1}" if trailer.variants > 1 else ""
            path = target.with_name(name + target.suffix)
            if path in wanted:
                raise UsageError(f"two trailers would be called {path}", hint="choose lengths that differ more")
            wanted[path] = replace(settings, length=seconds, seed=settings.seed + variant)
    for path in list(wanted):
        o.check_output(path, render.kind.suffix, inputs)
        if o.present(path) and trailer.skip_existing:
            session.progress.note(f"{path} exists, and is left")
            print(path)
            del wanted[path]
        elif o.present(path) and not path.with_suffix(".plan.json").exists() and not trailer.force:
            raise o.exists_error(path)
    for path, asked in wanted.items():
        _make(session, film, music, asked, endpoint, path, encoding, trailer.force)


def _make_several(
    films: list[Path],
    music: Path,
    folder: Path,
    shared: list[str],
    encoding: RenderOptions,
    many: BatchOptions,
    machine: MachineOptions,
    progress: ProgressKind,
) -> None:
    """A trailer of each film, in a folder."""
    from trailergen.batch.job import Job
    from trailergen.runtime.progress import Progress

    jobs = []
    for film in films:
        target = folder.absolute() / f"{film.stem}-trailer{encoding.settings().kind.suffix}"
        places = [f"--music={music.absolute()}", f"--output={target}", "--", str(film.absolute())]
        jobs.append(Job(film.stem, film, target, ("make", *shared, *places)))
    many.run(distinct(jobs), folder.absolute(), Progress(progress), machine)


def _make(
    session: Session,
    film: Path,
    music: Path,
    settings: PlanSettings,
    endpoint: Endpoint | None,
    target: Path,
    encoding: RenderOptions,
    force: bool,
) -> None:
    """One trailer with its plan and storyboard."""
    from trailergen.api.outputs import claim_plan
    from trailergen.edit.plan import make_plan
    from trailergen.plans import dump_plan
    from trailergen.report.marks import claim_storyboard
    from trailergen.report.write import write_storyboard

    plan_path, board = target.with_suffix(".plan.json"), target.with_suffix(".html")
    plan = make_plan(session, film, music, settings, endpoint)
    claim_storyboard(board, plan, force)
    if claim_plan(plan_path, plan, force):
        o.write_text(plan_path, dump_plan(plan))
    encoding.render(session, plan, target, film=film, music=music, force=force)
    write_storyboard(session, plan, plan_path, board, film=film, music=music, trailer=target)
    for line in plan.relaxed:
        session.progress.note(f"the film has too few shots for every wish: gave way on {line}")
    print(target)
    print(plan_path)
    print(board)


def _seconds(text: str | None) -> list[float | None]:
    """``15,30`` as numbers, each once; one None where nothing was said. Raises UsageError."""
    if text is None:
        return [None]
    try:
        found = [float(part) for part in text.split(",")]
    except ValueError as error:
        raise UsageError(f"--length {text!r} is no number of seconds", hint="write it like 30 or 15,30,60") from error
    if not all(2 <= seconds < float("inf") for seconds in found):
        raise UsageError(f"--length {text!r}: a trailer has two seconds at least")
    return list(dict.fromkeys(found))
