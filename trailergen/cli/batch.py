"""``trailergen batch``: a list of films in, a trailer of each out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, get_args, get_type_hints

import typer

from trailergen.cli import options as o
from trailergen.cli.batch_options import BatchOptions, distinct
from trailergen.cli.groups import as_arguments, option, spread
from trailergen.cli.machine_options import MachineOptions
from trailergen.cli.make import TrailerOptions
from trailergen.cli.narration_options import NarrationOptions
from trailergen.cli.plan_options import PlanOptions, SoundOptions
from trailergen.cli.render_options import RenderOptions
from trailergen.cli.title_options import TitleOptions
from trailergen.errors import InputError
from trailergen.runtime.progress import ProgressKind

if TYPE_CHECKING:
    from trailergen.batch.filmlist import Row
    from trailergen.batch.job import Job

_COLUMN_GROUPS = (TrailerOptions, PlanOptions, SoundOptions, NarrationOptions, TitleOptions, RenderOptions)
_NO_COLUMNS = ("force", "skip-existing", "llm-url", "llm-model", "llm-key")  # of the run, not of a film
_YES, _NO = ("yes", "true", "1"), ("no", "false", "0")


@spread
def batch(
    films: Annotated[Path, typer.Argument(metavar="LIST.csv", readable=False, help="The films, one a line.")],
    *,
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FOLDER", help="Where the trailers go.")],
    music: Annotated[
        Path | None, typer.Option("--music", "-m", metavar="TRACK", readable=False, help="For films without their own.")
    ] = None,
    many: BatchOptions,
    trailer: TrailerOptions,
    wishes: PlanOptions,
    sound: SoundOptions,
    narration: NarrationOptions,
    titles: TitleOptions,
    encoding: RenderOptions,
    machine: MachineOptions,
    progress: o.ProgressOption = ProgressKind.auto,
) -> None:
    """Make a trailer of every film in LIST.csv, which begins with a line like: film,music.

    Further columns are named like the options of `make` and count for their film only; see docs/batch.md. The same
    command continues: finished trailers are left as they are. Exit code 7 if some films failed.
    """
    from trailergen.batch.filmlist import read_list
    from trailergen.batch.job import Job
    from trailergen.rendering.codec import CODECS
    from trailergen.runtime.progress import Progress

    kinds = _columns()
    folder = output.absolute()
    shared = as_arguments(trailer, wishes, sound, narration, titles, encoding) + many.shared(machine)
    jobs: list[Job] = []
    for row in read_list(films, kinds):
        own = dict(row.options)
        codec = own.get("codec", encoding.codec.value)
        suffix = CODECS[codec].suffix if codec in CODECS else ".mp4"
        name = row.name or row.film.stem
        target = folder / f"{name}-trailer{suffix}"
        track = row.music or music
        if track is None:
            raise InputError(f"{films} line {row.line} has no music", hint="add a column music, or give --music")
        arguments = [*shared, *_arguments(films, row, kinds)]
        arguments += [f"--music={track.absolute()}", f"--output={target}", "--", str(row.film.absolute())]
        _check(films, row, arguments)
        jobs.append(Job(name, row.film, target, ("make", *arguments)))
    many.run(distinct(jobs), folder, Progress(progress), machine)


def _columns() -> dict[str, Any]:
    """The columns a list may have, and what is in them."""
    hints = {name: hint for group in _COLUMN_GROUPS for name, hint in get_type_hints(group).items()}
    columns = {option(name).removeprefix("--"): hint for name, hint in hints.items()}
    return {name: hint for name, hint in columns.items() if name not in _NO_COLUMNS}


def _arguments(path: Path, row: Row, kinds: dict[str, Any]) -> list[str]:
    """A line's own options."""
    arguments = []
    for name, cell in row.options:
        if kinds[name] is bool:
            if cell.strip().lower() not in (*_YES, *_NO):
                raise InputError(f"{path} line {row.line}: {name} is {cell!r}", hint="write yes or no")
            arguments += [f"--{name}"] * (cell.strip().lower() in _YES)
        elif Path in get_args(kinds[name]):
            arguments.append(f"--{name}={(path.parent / cell).absolute()}")
        else:
            arguments.append(f"--{name}={cell}")
    return arguments


def _check(path: Path, row: Row, arguments: list[str]) -> None:
    """Find out before the first film is decoded whether a line's options can be understood. Raises InputError."""
    from trailergen.cli import app

    command = typer.main.get_command(app)
    with command.make_context("trailergen", ["make"]) as context:
        make = command.get_command(context, "make")  # type: ignore[attr-defined]
        try:
            make.make_context("make", list(arguments), parent=context)
        except typer.BadParameter as error:
            raise InputError(f"{path} line {row.line}: {error.format_message()}") from error
