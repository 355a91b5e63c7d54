"""Reads the list of a batch: CSV with a header, one film a line."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Collection
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from trailergen.errors import InputError

_OWN = ("film", "music", "name")
_LONGEST_NAME = 255 - len("-trailer-v99.plan.json")


@dataclass(frozen=True)
class Row:
    """One film of a list.

    Attributes:
        line: of the file, where it ends.
        film: its path.
        music: its own track; None for that of the command line.
        name: of the results; None for the film's.
        options: what is asked of this film's trailer, as name and text; a name may come more than once.
    """

    line: int
    film: Path
    music: Path | None
    name: str | None
    options: tuple[tuple[str, str], ...]


def read_list(path: Path, options: Collection[str]) -> list[Row]:
    """The films of a list. Relative paths begin at the list's folder.

    Args:
        path: UTF-8, with or without a byte order mark; commas, semicolons or tabs.
        options: names that columns may have beside film, music and name; dashes and underscores are the same.

    Raises:
        InputError: it cannot be read, has no column ``film``, a column nobody knows, a line with too many or too few
            cells or without a film, or no film at all.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise InputError(f"cannot read the list {path}", error.strerror) from error
    except UnicodeDecodeError as error:
        raise InputError(
            f"the list {path} is not UTF-8 text", hint="a list is a CSV of films and music, saved as UTF-8"
        ) from error
    head = text.lstrip().partition("\n")[0]
    lines = csv.reader(
        io.StringIO(text, newline=""), delimiter=max(",;\t", key=head.count), strict=True, skipinitialspace=True
    )
    try:
        header = [cell.strip().lower().replace("_", "-") for cell in next((line for line in lines if any(line)), [])]
        _check_header(path, header, options)
        rows = [_row(path, lines.line_num, header, cells) for cells in lines if any(cell.strip() for cell in cells)]
    except csv.Error as error:
        raise InputError(f"{path} line {lines.line_num} is no CSV", str(error)) from error
    if not rows:
        raise InputError(f"the list {path} has no films", hint="write one a line below the header")
    return rows


def _check_header(path: Path, header: list[str], options: Collection[str]) -> None:
    if "film" not in header:
        raise InputError(f"the list {path} has no column film", hint="begin it with a line like: film,music")
    for name in header:
        if name not in _OWN and name not in options:
            known = [*_OWN, *sorted(options)]
            meant = get_close_matches(name, known, n=1)
            hint = f"call it {meant[0]}" if meant else f"use some of: {', '.join(known)}"
            raise InputError(f"the list {path} has a column {name!r}, which is nothing", hint=hint)
        if name in _OWN and header.count(name) > 1:
            raise InputError(f"the list {path} has the column {name} twice")


def _row(path: Path, line: int, header: list[str], cells: list[str]) -> Row:
    if len(cells) != len(header):
        raise InputError(
            f"{path} line {line} has {len(cells)} cells, the header {len(header)}", hint="quote cells with commas"
        )
    given = [(name, cell.strip()) for name, cell in zip(header, cells, strict=True) if cell.strip()]
    own = {name: cell for name, cell in given if name in _OWN}
    if "film" not in own:
        raise InputError(f"{path} line {line} has no film")
    name = own.get("name")
    if name is not None and (name in (".", "..") or any(sign in name for sign in "/\\\0")):
        raise InputError(f"{path} line {line}: the name {name!r} is not one of a file", hint="leave out slashes")
    if name is not None and len(os.fsencode(name)) > _LONGEST_NAME:
        raise InputError(f"{path} line {line}: the name is longer than {_LONGEST_NAME} bytes")
    music = path.parent / own["music"] if "music" in own else None
    return Row(line, path.parent / own["film"], music, name, tuple(pair for pair in given if pair[0] not in _OWN))
