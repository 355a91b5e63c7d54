"""Flags of shots overruled by hand: by a list (``make --flags``), or taken off in a revision (``revise --unflag``)."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from trailergen.errors import InputError, UsageError
from trailergen.plans import Plan, Shot
from trailergen.settings.plan import TimeRange, read_ranges
from trailergen.shots.analysis import FilmAnalysis
from trailergen.shots.flags import BLACK, CARD, CREDITS, SHORT, TEXT
from trailergen.timebase import moment_frame

KNOWN = (BLACK, CARD, TEXT, CREDITS, SHORT)
_SHOT, _TIME = ("shot", "number"), "time"
_MOST_BYTES = 10**7


@dataclass(frozen=True)
class FlagRule:
    """The flags that shots shall have: those numbered ``first`` to ``last``, or those of which most lies in ``times``.

    ``line`` is that of the list.
    """

    line: int
    flags: tuple[str, ...]
    shots: tuple[int, int] | None = None
    times: TimeRange | None = None

    def about(self, analysis: FilmAnalysis, start_timecode: str | None = None) -> frozenset[int]:
        """Numbers of the shots that the rule is about. Raises UsageError for a timecode that the film cannot have."""
        if self.times is None:
            first, last = self.shots or (0, -1)
            return frozenset(shot.number for shot in analysis.shots if first <= shot.number <= last)
        start, end = (moment_frame(edge, analysis.rate, start_timecode) for edge in self.times)
        inside = ((min(shot.frame_out, end) - max(shot.frame_in, start), shot) for shot in analysis.shots)
        return frozenset(shot.number for frames, shot in inside if 2 * frames > shot.frame_out - shot.frame_in)


def read_flags(path: Path) -> tuple[FlagRule, ...]:
    """The rules of a CSV file with the columns ``shot`` or ``time``, and ``flags``; others are not looked at.

    A shot is a number or a range of numbers, a time a range as ``--ban`` takes it; flags are names with blanks between
    them, or none. What ``trailergen shots --csv`` prints is such a list.

    Raises:
        InputError: it cannot be read, or a line is none that is meant.
    """
    try:
        with path.open("rb") as file:
            text = file.read(_MOST_BYTES).decode("utf-8-sig")
    except OSError as error:
        raise InputError(f"cannot read the flags {path}", error.strerror) from error
    except UnicodeDecodeError as error:
        raise InputError(f"the flags {path} are not UTF-8 text", hint="save them as CSV UTF-8") from error
    head = text.lstrip().partition("\n")[0]
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=head.count), strict=True)
    try:
        header = [cell.strip().lower() for cell in next((line for line in lines if any(line)), [])]
        if "flags" not in header or not {*_SHOT, _TIME} & {*header}:
            raise InputError(
                f"the flags {path} have no columns shot and flags", hint="begin with a line like: shot,flags"
            )
        rules = [_rule(path, lines.line_num, dict(zip(header, line, strict=False))) for line in lines if any(line)]
    except csv.Error as error:
        raise InputError(f"{path} line {lines.line_num} is no CSV", str(error)) from error
    if not rules:
        raise InputError(f"the flags {path} name no shot", hint="write one a line below the header, as: 106,text")
    return tuple(rules)


def overruled(
    analysis: FilmAnalysis, rules: Sequence[FlagRule], name: str, start_timecode: str | None = None
) -> FilmAnalysis:
    """The analysis with the flags that rules give its shots; of several for one shot the last counts.

    Args:
        analysis: of the film.
        rules: of the list.
        name: of the list, for what is said.
        start_timecode: the film's own, by which timecodes count.

    Raises:
        UsageError: a rule is about no shot of the film.
    """
    found: dict[int, tuple[str, ...]] = {}
    for rule in rules:
        meant = rule.about(analysis, start_timecode)
        if not meant:
            raise UsageError(
                f"{name} line {rule.line} is about no shot of the film",
                f"its shots are 0 to {len(analysis.shots) - 1}, it lasts {float(analysis.shots[-1].end):.1f} s",
            )
        found |= dict.fromkeys(meant, rule.flags)
    return with_flags(analysis, [found.get(shot.number, shot.flags) for shot in analysis.shots])


def with_flags(analysis: FilmAnalysis, flags: Sequence[Sequence[str]]) -> FilmAnalysis:
    """The analysis with these flags of its shots."""
    shots = zip(analysis.shots, flags, strict=True)
    return replace(analysis, shots=tuple(replace(shot, flags=tuple(sorted(found))) for shot, found in shots))


def note_overruled(plan: Plan, analysis: FilmAnalysis) -> Plan:
    """The plan with a note at each shot of the flags that were found there, where it has others."""
    pairs = zip(plan.shots, analysis.shots, strict=True)
    return plan.model_copy(update={"shots": [_noted(shot, shot.flags, found.flags) for shot, found in pairs]})


def unflagged(plan: Plan, shots: Sequence[int]) -> Plan:
    """The plan with no flag at these shots. Raises UsageError for one that is not there, or has none."""
    if not shots:
        return plan
    for number in shots:
        if number >= len(plan.shots):
            raise UsageError(f"the film has no shot {number}", f"its shots are 0 to {len(plan.shots) - 1}")
        if not plan.shots[number].flags:
            raise UsageError(f"shot {number} has no flag", hint="`trailergen shots FILM` lists the flags")
    free = {*shots}
    found = [_noted(shot, [], shot.flags) if shot.number in free else shot for shot in plan.shots]
    return plan.model_copy(update={"shots": found})


def by_hand(plan: Plan) -> Iterator[str]:
    """Words about each shot whose flags were overruled."""
    for shot in plan.shots:
        if shot.found_flags is not None:
            yield f"shot {shot.number}: {' '.join(shot.found_flags) or 'none'} -> {' '.join(shot.flags) or 'none'}"


def _noted(shot: Shot, flags: Sequence[str], found: Sequence[str]) -> Shot:
    """A shot with flags, and those that were found at first where they are others."""
    known = list(found) if shot.found_flags is None else shot.found_flags
    note = None if sorted(flags) == sorted(known) else known
    return shot.model_copy(update={"flags": list(flags), "found_flags": note})


def _rule(path: Path, line: int, cells: dict[str, str]) -> FlagRule:
    """Raises InputError."""
    flags = tuple(sorted({*re.split(r"[\s+|/]+", cells.get("flags", "").strip().lower())} - {""}))
    if strange := [flag for flag in flags if flag not in KNOWN]:
        raise InputError(f"{path} line {line}: {strange[0]!r} is no flag", hint=f"use some of: {', '.join(KNOWN)}")
    shot = next((cell for name in _SHOT if (cell := cells.get(name, "").strip())), "")
    time = cells.get(_TIME, "").strip()
    if shot:
        numbers = re.fullmatch(r"(?:shot:)?(\d{1,9})(?:\s*-\s*(\d{1,9}))?", shot, re.ASCII)
        if numbers is None or int(numbers[2] or numbers[1]) < int(numbers[1]):
            raise InputError(f"{path} line {line}: {shot!r} is no shot", hint="write it like 106 or 9-11")
        return FlagRule(line, flags, shots=(int(numbers[1]), int(numbers[2] or numbers[1])))
    try:
        (times,) = read_ranges(time)
    except (UsageError, ValueError) as error:
        raise InputError(
            f"{path} line {line}: {time!r} is no range of time", hint="write a shot's number, or 1:02:00-1:05:30"
        ) from error
    return FlagRule(line, flags, times=times)
