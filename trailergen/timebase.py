"""Exact rates and times: ``fractions.Fraction`` throughout, never ``index / fps`` in floats.

A *rate* is frames per second (24000/1001, not 23.976); a *time* is seconds. Frames are counted from
zero and ranges are half-open. Timecode follows SMPTE ST 12-1: labels count at the rounded-up rate, and
drop-frame skips labels 0 and 1 (0 to 3 at 59.94) of every minute that is not a multiple of ten.
"""

from __future__ import annotations

import math
import re
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction

from trailergen.errors import UsageError

STANDARD_RATES = tuple(
    Fraction(n, d)
    for n, d in (
        (24000, 1001), (24, 1), (25, 1), (30000, 1001), (30, 1), (48, 1), (50, 1), (60000, 1001), (60, 1),
    )
)  # fmt: skip


def parse_rate(text: str) -> Fraction:
    """Read a rate written as ``24000/1001`` or ``25``. Raises ValueError unless it is positive."""
    rate = Fraction(text)
    if rate <= 0:
        raise ValueError(f"a rate must be positive, not {text}")
    return rate


def format_fraction(value: Fraction) -> str:
    """Write a fraction as ``numerator/denominator``, the form ``parse_rate`` reads."""
    return f"{value.numerator}/{value.denominator}"


def snap_rate(measured: Fraction) -> Fraction:
    """Return the standard rate within 0.05 % of ``measured``, else ``measured`` with a denominator that
    editing systems accept (at most 1001).

    24 and 24000/1001 differ by 0.1 %, so at most one standard rate can be that near.
    """
    for rate in STANDARD_RATES:
        if abs(measured / rate - 1) <= Fraction(1, 2000):
            return rate
    whole = Fraction(round(measured))
    if whole > 0 and abs(measured / whole - 1) <= Fraction(1, 2000):
        return whole
    return max(measured.limit_denominator(1001), Fraction(1, 1001))


def round_half_up(value: Fraction) -> int:
    """Round to the nearest integer, halves up: monotone, unlike Python's banker's rounding of ties."""
    return math.floor(value + Fraction(1, 2))


def frame_at(time: Fraction, rate: Fraction) -> int:
    """The frame boundary nearest to ``time`` seconds."""
    return round_half_up(time * rate)


def parse_time(text: str) -> Fraction:
    """Read ``90``, ``1:30``, ``0:01:30.5`` as exact seconds.

    Raises:
        UsageError: the text is no time.
    """
    match = re.fullmatch(r"(?:(?:(\d+):)?(\d{1,2}):)?(\d+(?:\.\d+)?)", text.strip())
    if not match:
        raise UsageError(
            f"{text!r} is not a time",
            hint="write seconds, h:mm:ss or a timecode, as in 90 or 1:30 or 0:01:30.5 or 0:01:30:12",
        )
    hours, minutes, seconds = (Fraction(part or 0) for part in match.groups())
    if (match[2] and seconds >= 60) or (match[1] and minutes >= 60):
        raise UsageError(f"{text!r} is not a time", "seconds and minutes go to 59")
    return hours * 3600 + minutes * 60 + seconds


@dataclass(frozen=True)
class Timecode:
    """A label like ``1:02:03:04`` of a film whose rate is still to be known; with ``;`` it is of drop-frame."""

    text: str

    def frame(self, rate: Fraction, start: str | None = None) -> int:
        """The frame it names, counted from the first.

        Args:
            rate: of the film.
            start: the film's own timecode of its first picture; one that its rate does not have counts as none.

        Raises:
            UsageError: the rate has no such label, or the film begins after it.
        """
        first = 0
        if start is not None:
            with suppress(ValueError):
                first = parse_timecode(start, rate)
        try:
            found = parse_timecode(self.text.zfill(11), rate) - first
        except ValueError as error:
            raise UsageError(str(error)) from error
        if found < 0:
            raise UsageError(f"the timecode {self.text} is before the film's first, {start}")
        return found

    def __str__(self) -> str:
        return self.text


Moment = Fraction | Timecode
"""A time as people write it: seconds, or a timecode, whose seconds hang on the film."""


def parse_moment(text: str) -> Moment:
    """Read what ``parse_time`` reads, or a timecode of hours, minutes, seconds and frames. Raises UsageError."""
    stripped = text.strip()
    return Timecode(stripped) if re.fullmatch(r"\d{1,2}:\d{2}:\d{2}[:;]\d{2,3}", stripped) else parse_time(stripped)


def moment_frame(moment: Moment, rate: Fraction, start: str | None = None) -> int:
    """The frame boundary nearest to a time, or the frame of a timecode. Raises UsageError as ``Timecode.frame``."""
    return moment.frame(rate, start) if isinstance(moment, Timecode) else frame_at(moment, rate)


def format_time(time: Fraction) -> str:
    """Write seconds as ``h:mm:ss.mmm`` for people; rounds to the millisecond, so never read it back."""
    millis = round_half_up(time * 1000)
    sign, millis = ("-", -millis) if millis < 0 else ("", millis)
    seconds, millis = divmod(millis, 1000)
    return f"{sign}{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}.{millis:03d}"


def supports_drop_frame(rate: Fraction) -> bool:
    """Drop-frame labels exist for 30000/1001 and 60000/1001 only."""
    return rate in (Fraction(30000, 1001), Fraction(60000, 1001))


def format_timecode(frame: int, rate: Fraction, drop: bool = False) -> str:
    """SMPTE timecode of a frame count; ``;`` before the frames marks drop-frame. Wraps at 24 hours.

    Raises:
        ValueError: drop-frame asked for at a rate that has none.
    """
    base = math.ceil(rate)
    if drop:
        if not supports_drop_frame(rate):
            raise ValueError(f"no drop-frame timecode at {rate}")
        skipped = base // 15
        per_minute, per_ten = base * 60 - skipped, base * 600 - skipped * 9
        tens, rest = divmod(frame, per_ten)
        frame += skipped * 9 * tens + skipped * max(0, (rest - skipped) // per_minute)
    frame %= base * 86400
    seconds, frames = divmod(frame, base)
    mark = ";" if drop else ":"
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}{mark}{frames:02d}"


def parse_timecode(text: str, rate: Fraction) -> int:
    """Frame count of an SMPTE timecode; ``;`` or ``.`` before the frames means drop-frame.

    Raises:
        ValueError: no timecode, a frame number the rate has not, or a dropped label.
    """
    match = re.fullmatch(r"(\d{2}):(\d{2}):(\d{2})([:;.])(\d{2,3})", text.strip())
    if not match:
        raise ValueError(f"{text!r} is not a timecode")
    hours, minutes, seconds, frames = (int(match[i]) for i in (1, 2, 3, 5))
    base, drop = math.ceil(rate), match[4] != ":"
    if minutes > 59 or seconds > 59 or frames >= base:
        raise ValueError(f"timecode {text} is out of range at {rate} frames/s")
    count = ((hours * 60 + minutes) * 60 + seconds) * base + frames
    if drop:
        if not supports_drop_frame(rate):
            raise ValueError(f"drop-frame timecode {text} at {rate} frames/s")
        skipped, total_minutes = base // 15, hours * 60 + minutes
        if seconds == 0 and frames < skipped and minutes % 10:
            raise ValueError(f"timecode {text} is a dropped label")
        count -= skipped * (total_minutes - total_minutes // 10)
    return count
