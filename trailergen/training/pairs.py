"""Films, their official trailers and what is said in them, as a list or a folder names them."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path

from trailergen.errors import InputError

Pairs = Mapping[Path, tuple[Path, ...]]
"""Films and their trailers."""
Scripts = Mapping[Path, Path]
"""Films and what is said in them: subtitles, or the JSON of a transcript."""

_SCRIPTS = (".srt", ".vtt", ".ass", ".ssa", ".ttml")
_VIDEO = {".avi", ".m2ts", ".m4v", ".mkv", ".mov", ".mp4", ".mpeg", ".mpg", ".mxf", ".ogv", ".ts", ".webm", ".wmv"}


def find_pairs(source: Path) -> Pairs:
    """The films and trailers that a list or a folder names.

    Args:
        source: a CSV file with the columns ``film`` and ``trailer``, one trailer a row, paths counted from the file's
            folder; or a folder with one folder per film, in which lie ``film.*`` and ``trailer*.*``.

    Raises:
        InputError: it cannot be read, names nothing, or a file it names is not there.
    """
    found = _from_folder(source) if source.is_dir() else _from_list(source)
    if not found:
        raise InputError(f"{source} names no films")
    return found


def find_scripts(source: Path) -> Scripts:
    """The files of what is said in the films that a list or a folder names, of those that have one.

    Args:
        source: as of ``find_pairs``; a list has it in the column ``subtitles``, a film's folder as ``film.srt`` or so.

    Raises:
        InputError: a file that the list names is not there, or it names several of one film.
    """
    if source.is_dir():
        beside = [(film, film.with_suffix(suffix)) for film in find_pairs(source) for suffix in reversed(_SCRIPTS)]
        return {film: script for film, script in beside if script.is_file()}
    scripts: dict[Path, Path] = {}
    for line, row in _rows(source):
        if not (named := (row.get("subtitles") or "").strip()):
            continue
        film, script = source.parent / row["film"].strip(), source.parent / named
        if not script.is_file():
            raise InputError(f"{source}, line {line}: there is no file {script}")
        if scripts.setdefault(film, script) != script:
            raise InputError(f"{source}, line {line}: {film} has other subtitles above, {scripts[film]}")
    return scripts


def _from_list(source: Path) -> Pairs:
    pairs: dict[Path, tuple[Path, ...]] = {}
    for line, row in _rows(source):
        if not row["film"] or not row["trailer"]:
            raise InputError(f"{source}, line {line}: a film and a trailer are needed")
        film, trailer = (source.parent / row[column].strip() for column in ("film", "trailer"))
        for path in (film, trailer):
            if not path.is_file():
                raise InputError(f"{source}, line {line}: there is no file {path}")
        pairs[film] = (*pairs.get(film, ()), trailer)
    return pairs


def _rows(source: Path) -> list[tuple[int, dict[str, str]]]:
    """The rows of a list with the numbers of their lines. Raises InputError."""
    try:
        text = source.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise InputError(f"there is no file or folder {source}") from error
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"cannot read {source}", str(error), "a list is a CSV file in UTF-8") from error
    try:
        reader = csv.DictReader(text.splitlines(), strict=True)
        rows = [(reader.line_num, row) for row in reader]
    except csv.Error as error:
        raise InputError(f"{source} is not a CSV file", str(error)) from error
    if not {"film", "trailer"} <= set(reader.fieldnames or ()):
        raise InputError(
            f"{source} has no columns film and trailer", f"its first line is {text.partition(chr(10))[0]!r}"
        )
    return rows


def _from_folder(source: Path) -> Pairs:
    pairs: dict[Path, tuple[Path, ...]] = {}
    for folder in sorted(path for path in source.iterdir() if path.is_dir()):
        videos = sorted(path for path in folder.iterdir() if path.suffix.lower() in _VIDEO)
        films = [path for path in videos if path.stem == "film"]
        trailers = tuple(path for path in videos if path.stem.startswith("trailer"))
        if not films and not trailers:
            continue
        if len(films) != 1 or not trailers:
            raise InputError(
                f"{folder} does not hold one film.* and its trailer*.*",
                f"its videos are: {', '.join(path.name for path in videos)}",
            )
        pairs[films[0]] = trailers
    return pairs
