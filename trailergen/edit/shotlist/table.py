"""Shots of a CSV file: trailergen's own (``trailergen shots --csv``), PySceneDetect's, or one of times."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from trailergen.errors import InputError, UsageError
from trailergen.timebase import Moment, moment_frame, parse_moment

_MOST_BYTES = 10**8
_FRAMES = (("in", "out"), ("start frame", "end frame"))
_TIMES = (("start", "end"), ("start timecode", "end timecode"), ("start_s", "end_s"))


@dataclass(frozen=True)
class Row:
    """One shot of a list: film frames, or times, ``[start, end)``; ``line`` is that of the file."""

    line: int
    start: int | Moment
    end: int | Moment

    def frames(self, rate: Fraction, start_timecode: str | None) -> tuple[int, int]:
        """As film frames. Raises UsageError for a timecode that the film cannot have."""
        first, last = (
            edge if isinstance(edge, int) else moment_frame(edge, rate, start_timecode)
            for edge in (self.start, self.end)
        )
        return first, last


def read_table(path: Path) -> list[Row]:
    """The shots of a CSV file, in its order.

    The columns are ``in`` and ``out``, film frames from 0 and half-open, as ``trailergen shots --csv`` prints them;
    PySceneDetect's ``Start Frame`` and ``End Frame``, the first of which counts from 1; or ``start`` and ``end``, times
    as ``--ban`` takes them. Lines above the columns and other columns are not looked at.

    Raises:
        InputError: it cannot be read, or a line is no shot.
    """
    try:
        with path.open("rb") as file:
            text = file.read(_MOST_BYTES).decode("utf-8-sig")
    except OSError as error:
        raise InputError(f"cannot read the shots {path}", error.strerror) from error
    except UnicodeDecodeError as error:
        raise InputError(f"the shots {path} are not UTF-8 text", hint="save them as CSV UTF-8") from error
    delimiter = max(",;\t", key=text[:4096].count)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        columns = next((found for line in lines if (found := _columns(line))), None)
        if columns is None:
            raise InputError(
                f"the shots {path} have no columns in and out",
                hint="give what `trailergen shots --csv` or PySceneDetect's list-scenes prints, or a line start,end "
                "above the times",
            )
        rows = list(_rows(path, lines, columns))
    except csv.Error as error:
        raise InputError(f"{path} line {lines.line_num} is no CSV", str(error)) from error
    if not rows:
        raise InputError(f"the shots {path} are none", hint="write one a line, below the names of the columns")
    return rows


@dataclass(frozen=True)
class _Columns:
    """Places of the edges of a shot. ``frames`` are no times; those ``from_one`` begin, and end, as PySceneDetect's."""

    start: int
    end: int
    frames: bool
    from_one: bool


def _columns(line: list[str]) -> _Columns | None:
    names: Mapping[str, int] = {cell.strip().lower(): at for at, cell in reversed(list(enumerate(line)))}
    for pairs, frames in ((_FRAMES, True), (_TIMES, False)):
        for start, end in pairs:
            if start in names and end in names:
                return _Columns(names[start], names[end], frames, start == "start frame")
    return None


def _rows(path: Path, lines: Iterator[list[str]], columns: _Columns) -> Iterator[Row]:
    shift: int | None = None
    for line in lines:
        number: int = lines.line_num  # type: ignore[attr-defined]
        if not any(cell.strip() for cell in line):
            continue
        start, end = ((line[at].strip() if at < len(line) else "") for at in (columns.start, columns.end))
        if not columns.frames:
            yield Row(number, _time(path, number, start), _time(path, number, end))
            continue
        first, last = (_frame(path, number, text) for text in (start, end))
        if shift is None:
            # Older versions of PySceneDetect count from 0.
            shift = min(first, 1) if columns.from_one else 0
        yield Row(number, first - shift, last)


def _frame(path: Path, line: int, text: str) -> int:
    if not re.fullmatch(r"\d{1,9}", text, re.ASCII):
        raise InputError(f"{path} line {line}: {text!r} is no frame", hint="write whole numbers, as: 120,184")
    return int(text)


def _time(path: Path, line: int, text: str) -> Moment:
    try:
        return parse_moment(text)
    except UsageError as error:
        raise InputError(f"{path} line {line}: {error.what}", error.why, error.hint) from error
