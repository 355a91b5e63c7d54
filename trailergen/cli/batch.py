"""``trailergen batch``: a list of films in, a trailer of each out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from trailergen.cli import options as o
from trailergen.cli.groups import Without, spread
from trailergen.runtime.progress import ProgressKind
from trailergen.settings.batch import BatchSettings
from trailergen.settings.language_model import LanguageModelSettings
from trailergen.settings.machine import MachineSettings
from trailergen.settings.series import SeriesSettings
from trailergen.settings.tree import Settings


@spread
def batch(
    films: Annotated[Path, typer.Argument(metavar="LIST.csv", readable=False, help="The films, one a line.")],
    *,
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FOLDER", help="The folder of the trailers.")],
    music: Annotated[
        Path | None,
        typer.Option("--music", "-m", metavar="TRACK", readable=False, help="The music of films without their own."),
    ] = None,
    many: BatchSettings,
    series: SeriesSettings,
    settings: Annotated[Settings, Without("length")],
    language_model: LanguageModelSettings,
    machine: MachineSettings,
    force: o.ForceOption = False,
    skip_existing: o.SkipExistingOption = False,
    progress: o.ProgressOption = ProgressKind.auto,
) -> None:
    """Make a trailer of every film in LIST.csv, which begins with a line like: film,music.

    Further columns are named like the options of `make` and count for their film only; see docs/batch.md. The same
    command continues: finished trailers are left as they are. Exit code 7 if some films failed.
    """
    from trailergen.api.make import Request
    from trailergen.batch.films import jobs_of_list
    from trailergen.cli.several import make_several

    shared = Request(
        films,
        music or films,
        None,
        settings,
        series,
        language_model,
        force=force,
        skip_existing=skip_existing,
    )
    folder = output.absolute()
    make_several(jobs_of_list(films, shared, music, folder), folder, many, machine, progress)
