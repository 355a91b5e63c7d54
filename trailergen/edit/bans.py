"""Bans: film frames that a trailer must not show, by time, by share of the film or by shot."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from trailergen.errors import UsageError
from trailergen.plans import Ban, Film, Plan, span
from trailergen.timebase import frame_at


def range_bans(ranges: Sequence[tuple[Fraction, Fraction]], spoiler_free: float | None, film: Film) -> tuple[Ban, ...]:
    """Bans for ``--ban`` ranges in seconds and for ``--spoiler-free``, cut to the film.

    Raises:
        UsageError: a range lies after the end of the film.
    """
    bans = []
    for start, end in ranges:
        first, last = frame_at(start, film.rate), min(frame_at(end, film.rate), film.frames)
        why = f"--ban {float(start):g}-{float(end):g}"
        if first >= last:
            raise UsageError(f"{why} bans nothing", f"the film lasts {float(film.frames / film.rate):.1f} s")
        bans.append(Ban(range=span(first, last), why=why))
    if spoiler_free is not None and (first := round(film.frames * spoiler_free)) < film.frames:
        bans.append(Ban(range=span(first, film.frames), why=f"--spoiler-free {spoiler_free:g}"))
    return tuple(bans)


def shot_ban(plan: Plan, shot: int) -> Ban:
    """The ban of one whole shot. Raises UsageError for a shot the film does not have."""
    if not 0 <= shot < len(plan.shots):
        raise UsageError(f"the film has no shot {shot}", f"its shots are 0 to {len(plan.shots) - 1}")
    return Ban(range=span(plan.shots[shot].start, plan.shots[shot].end), why=f"--ban shot:{shot}")
