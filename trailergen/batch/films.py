"""The jobs of a batch: of films with the same settings, or of a list with columns of settings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from trailergen.api.check import tests_of
from trailergen.api.make import Request
from trailergen.batch.filmlist import Row, read_list
from trailergen.batch.job import Job
from trailergen.errors import InputError, TrailergenError, UsageError
from trailergen.settings.group import Group, settings_of
from trailergen.settings.option import Setting
from trailergen.settings.series import SeriesSettings
from trailergen.settings.tree import GROUPS

_SERIES = "series"


def columns() -> dict[str, tuple[str, Setting]]:
    """The columns a list may have beside film, music and name: the group and the setting of each, by its name."""
    groups: dict[str, type[Group]] = {_SERIES: SeriesSettings, **GROUPS}
    # The length of a series comes first: a film may have several.
    found: dict[str, tuple[str, Setting]] = {}
    for name, group in groups.items():
        for setting in settings_of(group):
            found.setdefault(setting.name, (name, setting))
    return found


def jobs_of_films(films: Sequence[Path], shared: Request, folder: Path) -> list[Job]:
    """One job for each film, with the settings of ``shared``. Raises UsageError for two that write the same file."""
    return distinct(_job(film.stem, film, shared.music, shared, folder) for film in films)


def jobs_of_list(path: Path, shared: Request, music: Path | None, folder: Path) -> list[Job]:
    """One job for each line of a list.

    Args:
        path: of the list; relative paths in it begin at its folder.
        shared: settings of all films; a line's own count before them.
        music: of lines that name none.
        folder: of the results.

    Raises:
        InputError: the list cannot be read.
        UsageError: a cell is no value of its column, or nothing that any film could have, with file, line and column;
            or two lines would write the same file.
    """
    return distinct(_job_of_row(path, row, shared, music, folder) for row in read_list(path, columns()))


def distinct(jobs: Iterable[Job]) -> list[Job]:
    """The jobs, if no two would write the same file. Raises UsageError."""
    seen: dict[str, Job] = {}
    for job in jobs:
        other = seen.setdefault(job.target.name.casefold(), job)
        if other is not job:
            raise UsageError(
                f"{other.film} and {job.film} would both become {job.target.name}",
                hint="rename one, or list them with a column `name`",
            )
    return list(seen.values())


def _job_of_row(path: Path, row: Row, shared: Request, music: Path | None, folder: Path) -> Job:
    track = row.music or music
    if track is None:
        raise InputError(f"{path} line {row.line} has no music", hint="add a column music, or give --music")
    try:
        settings = shared.settings
        own = _values(path, row, shared)
        series = replace(shared.series, **own.pop(_SERIES, {}))
        groups = {group: replace(getattr(settings, group), **values) for group, values in own.items()}
        settings = replace(settings, **groups)
        settings.titles.require_text()
    except UsageError as error:
        if error.what.startswith(str(path)):
            raise
        raise UsageError(f"{path} line {row.line}: {error.what}", error.why, error.hint) from error
    job = _job(row.name or row.film.stem, row.film, track, replace(shared, settings=settings, series=series), folder)
    for name, test in tests_of(job.request):
        try:
            test()
        except TrailergenError as error:
            where = f", column {name}" if name in dict(row.options) else ""
            raise UsageError(f"{path} line {row.line}{where}: {error.what}", error.why, error.hint) from error
    return job


def _values(path: Path, row: Row, shared: Request) -> dict[str, dict[str, Any]]:
    """The settings that a line has of its own, by group and field."""
    known, found = columns(), {}  # type: tuple[dict[str, tuple[str, Setting]], dict[str, dict[str, Any]]]
    for name, cell in row.options:
        group, setting = known[name]
        try:
            value = setting.parse(cell)
        except UsageError as error:
            what = error.what.removeprefix(f"{setting.flag} ")
            raise UsageError(f"{path} line {row.line}, column {name}: {what}", error.why, error.hint) from error
        if isinstance(value, Path):
            value = path.parent / value
        elif setting.facts.file_suffix and value.endswith(setting.facts.file_suffix):
            value = str((path.parent / value).absolute())
        values = found.setdefault(group, {})
        if setting.facts.adds:
            before = values.get(setting.field, getattr(getattr(shared.settings, group), setting.field))
            value = (*before, *value)
        values[setting.field] = value
    return found


def _job(name: str, film: Path, music: Path, request: Request, folder: Path) -> Job:
    settings = request.settings.absolute()
    target = folder.absolute() / f"{name}-trailer{settings.render.kind.suffix}"
    return Job(
        name,
        replace(request, film=film.absolute(), music=music.absolute(), output=target, settings=settings),
    )
