"""``trailergen make``: film and music in, trailer and plan out."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from trailergen.cli import options as o
from trailergen.cli.desk import put_on_desk, require_desk
from trailergen.cli.groups import Without, spread
from trailergen.errors import UsageError
from trailergen.runtime.models import Models
from trailergen.runtime.progress import ProgressKind
from trailergen.settings.batch import BatchSettings
from trailergen.settings.desk import DeskSettings
from trailergen.settings.language_model import LanguageModelSettings
from trailergen.settings.machine import MachineSettings
from trailergen.settings.series import SeriesSettings
from trailergen.settings.tree import Settings


@spread
def make(
    context: typer.Context,
    films: Annotated[
        list[Path], typer.Argument(metavar="FILM...", readable=False, help="The films: any files ffmpeg can read.")
    ],
    music: o.MusicOption,
    *,
    output: Annotated[
        str | None,
        typer.Option(
            "--output", "-o", metavar="FILE|FOLDER/", help="The trailer's file; or a folder, always of several films."
        ),
    ] = None,
    series: SeriesSettings,
    settings: Annotated[Settings, Without("length")],
    language_model: LanguageModelSettings,
    machine: MachineSettings,
    many: BatchSettings,
    desk: Annotated[
        bool, typer.Option("--desk", help="Open the trailer on the desk afterwards, as `trailergen desk` does.")
    ] = False,
    force: o.ForceOption = False,
    skip_existing: o.SkipExistingOption = False,
    progress: o.ProgressOption = ProgressKind.auto,
) -> None:
    """Make a trailer: FILM cut to the music, and the plan it was cut by.

    Writes FILM-trailer.mp4 (ProRes: .mov), FILM-trailer.plan.json, the storyboard FILM-trailer.html and, where lines of
    the film are heard, FILM-trailer.srt in the current folder, or what --output says. After an interruption the same
    command continues; a finished trailer is left as it is. Several lengths and variants are made from one analysis,
    their names ending in -30s, -v2 or -30s-v2. Of several films each gets its trailer, and one that fails is told of at
    the end with exit code 7.
    """
    from trailergen.api.make import Request, make_series
    from trailergen.api.outputs import make_folder

    request = Request(
        films[0],
        music,
        None if output is None else Path(output),
        settings,
        series,
        language_model,
        force=force,
        skip_existing=skip_existing,
    )
    if desk and (len(films) > 1 or len(request.targets()) > 1):
        raise UsageError("--desk opens one trailer", hint="open one of several by `trailergen desk PLAN`")
    if desk:
        require_desk()
    if len(films) > 1:
        from trailergen.api.check import check_request
        from trailergen.batch.films import jobs_of_films
        from trailergen.cli.several import make_several

        check_request(request)
        folder = Path(output or "").absolute()
        make_several(jobs_of_films(films, request, folder), folder, many, machine, progress)
        return
    if output is not None and output.endswith(("/", os.sep)):
        make_folder(Path(output))
        request = replace(request, output=Path(output) / replace(request, output=None).target)
    session = o.open_session(machine, progress, context.ensure_object(Models))
    for path, made in make_series(session, request):
        for result in (path,) if made is None else made.files:
            print(result)
    if desk:
        put_on_desk(session, request.target.with_suffix(".plan.json"), DeskSettings(), films[0])
