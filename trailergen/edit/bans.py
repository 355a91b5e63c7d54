"""Bans: film frames that a trailer must not show, by time, by share of the film or by shot."""

from __future__ import annotations

from collections.abc import Sequence

from trailergen.errors import UsageError
from trailergen.plans import Ban, Film, Plan, span
from trailergen.settings.plan import TimeRange
from trailergen.timebase import Moment, Timecode, moment_frame


def range_bans(ranges: Sequence[TimeRange], spoiler_free: float | None, film: Film) -> tuple[Ban, ...]:
    """Bans for ``--ban`` ranges and for ``--spoiler-free``, cut to the film.

    Raises:
        UsageError: a range lies after the end of the film, or is none at the film's rate.
    """
    bans = []
    for start, end in ranges:
        first, last = (moment_frame(edge, film.rate, film.start_timecode) for edge in (start, end))
        why = f"--ban {shown_moment(start)}-{shown_moment(end)}"
        if first >= last and first < film.frames:
            raise UsageError(f"{why} does not end after it begins")
        last = min(last, film.frames)
        if first >= last:
            raise UsageError(f"{why} bans nothing", f"the film lasts {float(film.frames / film.rate):.1f} s")
        bans.append(Ban(range=span(first, last), why=why))
    if spoiler_free is not None and (first := round(film.frames * spoiler_free)) < film.frames:
        bans.append(Ban(range=span(first, film.frames), why=f"--spoiler-free {spoiler_free:g}"))
    return tuple(bans)


def shown_moment(moment: Moment) -> str:
    """As a person would write it."""
    return str(moment) if isinstance(moment, Timecode) else f"{float(moment):g}"


def shot_ban(plan: Plan, shot: int) -> Ban:
    """The ban of one whole shot. Raises UsageError for a shot the film does not have."""
    if not 0 <= shot < len(plan.shots):
        raise UsageError(f"the film has no shot {shot}", f"its shots are 0 to {len(plan.shots) - 1}")
    return Ban(range=span(plan.shots[shot].start, plan.shots[shot].end), why=f"--ban shot:{shot}")
