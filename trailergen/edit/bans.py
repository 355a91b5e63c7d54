"""Bans: film frames that a trailer must not show, by time, by share of the film or by shot."""

from __future__ import annotations

from collections.abc import Sequence

from trailergen.errors import UsageError
from trailergen.plans import Ban, Film, Plan, Range, span
from trailergen.settings.plan import TimeRange
from trailergen.timebase import Moment, Timecode, moment_frame


def range_bans(
    ranges: Sequence[TimeRange], spoiler_free: float | None, film: Film, flag: str = "--ban"
) -> tuple[Ban, ...]:
    """Bans for ranges, named after the option ``flag``, and for ``--spoiler-free``, cut to the film.

    Raises:
        UsageError: a range lies after the end of the film, or is none at the film's rate.
    """
    bans = []
    for start, end in ranges:
        first, last = (moment_frame(edge, film.rate, film.start_timecode) for edge in (start, end))
        why = f"{flag} {shown_moment(start)}-{shown_moment(end)}"
        if first >= last and first < film.frames:
            raise UsageError(f"{why} does not end after it begins")
        last = min(last, film.frames)
        if first >= last:
            raise UsageError(
                f"{why} {flag.removeprefix('--')}s nothing", f"the film lasts {float(film.frames / film.rate):.1f} s"
            )
        bans.append(Ban(range=span(first, last), why=why))
    if spoiler_free is not None and (first := round(film.frames * spoiler_free)) < film.frames:
        bans.append(Ban(range=span(first, film.frames), why=f"--spoiler-free {spoiler_free:g}"))
    return tuple(bans)


def shown_moment(moment: Moment) -> str:
    """As a person would write it."""
    return str(moment) if isinstance(moment, Timecode) else f"{float(moment):g}"


def shot_ban(plan: Plan, shot: int, flag: str = "--ban") -> Ban:
    """The ban of one whole shot, named after the option. Raises UsageError for a shot the film does not have."""
    if not 0 <= shot < len(plan.shots):
        raise UsageError(f"the film has no shot {shot}", f"its shots are 0 to {len(plan.shots) - 1}")
    return Ban(range=span(plan.shots[shot].start, plan.shots[shot].end), why=f"{flag} shot:{shot}")


def unbanned(plan: Plan, free: Sequence[Ban]) -> Plan:
    """The plan without bans of the frames of ``free``; of a ban that reaches farther the rest stays.

    Raises:
        UsageError: nothing of them is banned.
    """
    bans = list(plan.bans)
    for lifted in free:
        if not any(ban.range.overlaps(lifted.range) for ban in plan.bans):
            raise UsageError(f"{lifted.why} lifts nothing", "no ban is there")
        bans = [
            ban.model_copy(update={"range": rest}) for ban in bans for rest in frames_without(ban.range, lifted.range)
        ]
    return plan.model_copy(update={"bans": bans})


def frames_without(whole: Range, part: Range) -> list[Range]:
    """What is left of a range without another: up to two."""
    if not whole.overlaps(part):
        return [whole]
    edges = ((whole.start, part.start), (part.end, whole.end))
    return [span(start, end) for start, end in edges if start < end]
