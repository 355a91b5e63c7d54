"""Positions on the two bars of a storyboard, the trailer's and the film's, in per cent of their width."""

from __future__ import annotations

import math
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction

from trailergen.plans import Plan
from trailergen.timebase import format_timecode, parse_timecode

BANDS = 6
"""Shades that rounds are told apart by, as many as an eye can name."""
_STEPS_S = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200)
_MOST_TICKS = 8


@dataclass(frozen=True)
class Place:
    """A stretch of a bar: its left edge and width in per cent."""

    left: str
    width: str

    @property
    def middle(self) -> str:
        """The centre in per cent."""
        return _percent(float(self.left[:-1]) + float(self.width[:-1]) / 2)


@dataclass(frozen=True)
class Tick:
    """A label of a time axis."""

    left: str
    label: str


@dataclass(frozen=True)
class Marked:
    """A part of the film that is hatched, and why: flags of a shot, or a ban."""

    place: Place
    why: str
    banned: bool


@dataclass(frozen=True)
class Band:
    """A shade and the rounds it stands for, for the legend."""

    number: int
    rounds: str


def place(start: int, end: int, whole: int) -> Place:
    """``[start, end)`` of a bar of ``whole`` units."""
    return Place(_percent(100 * start / whole), _percent(100 * (end - start) / whole))


def ticks(seconds: Fraction) -> list[Tick]:
    """At most eight labels at round times of a bar that lasts so long; none crowds its end."""
    step = next((s for s in _STEPS_S if seconds / s <= _MOST_TICKS), _STEPS_S[-1])
    times = range(0, math.ceil(seconds), step)
    return [
        Tick(_percent(float(100 * time / seconds)), clock(time)) for time in times if time < seconds * Fraction(95, 100)
    ]


def clock(seconds: Fraction | int) -> str:
    """Whole seconds as ``m:ss`` or ``h:mm:ss``."""
    whole = math.floor(seconds)
    minutes, rest = divmod(whole, 60)
    return f"{minutes // 60}:{minutes % 60:02d}:{rest:02d}" if minutes >= 60 else f"{minutes}:{rest:02d}"


def band_of(round_: int, rounds: int) -> int:
    """The shade of a decoding round, 1 (first rounds, lightest) to ``BANDS`` (last ones, darkest)."""
    return 1 + min(max(round_ - 1, 0), rounds - 1) * min(BANDS, rounds) // rounds


def bands(rounds: int) -> list[Band]:
    """The legend of ``band_of``."""
    members: dict[int, list[int]] = {}
    for round_ in range(1, rounds + 1):
        members.setdefault(band_of(round_, rounds), []).append(round_)
    return [Band(number, _span(found[0], found[-1])) for number, found in members.items()]


def marked_parts(plan: Plan) -> list[Marked]:
    """Flagged shots, neighbours of the same flags joined, and after them the bans."""
    runs: list[tuple[int, int, str]] = []
    for shot in plan.shots:
        why = ", ".join(shot.flags)
        if not why:
            continue
        if runs and runs[-1][1:] == (shot.start, why):
            runs[-1] = (runs[-1][0], shot.end, why)
        else:
            runs.append((shot.start, shot.end, why))
    whole = plan.film.frames
    flagged = [Marked(place(start, end, whole), why, banned=False) for start, end, why in runs]
    # A range of a ban may end after the film, where there is nothing to hatch.
    ends = [(min(ban.range.start, whole), min(ban.range.end, whole), ban.why) for ban in plan.bans]
    return flagged + [Marked(place(start, end, whole), why, banned=True) for start, end, why in ends if start < end]


def film_timecode(plan: Plan, frame: int) -> str:
    """Timecode of a film frame, counted from the film's start timecode if it has a readable one, else from zero."""
    rate, start = plan.film.rate, plan.film.start_timecode
    if start is not None:
        # Cameras write labels that their own rate does not have: then frames count from zero.
        with suppress(ValueError):
            return format_timecode(parse_timecode(start, rate) + frame, rate, drop=any(mark in start for mark in ";."))
    return format_timecode(frame, rate)


def _span(first: int, last: int) -> str:
    return str(first) if first == last else f"{first}\N{EN DASH}{last}"


def _percent(value: float) -> str:
    return f"{value:.3f}".rstrip("0").rstrip(".") + "%"
