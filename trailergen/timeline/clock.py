"""The film's own timecode: where it starts, how it counts, and which formats can say so."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from trailergen.errors import PlanError, UsageError
from trailergen.plans import Film
from trailergen.timebase import STANDARD_RATES, format_timecode, parse_timecode, supports_drop_frame

_NTSC = Fraction(1000, 1001)


@dataclass(frozen=True)
class Clock:
    """``rate`` frames a second, counted from ``start`` at the first picture; ``drop`` says how labels are written."""

    rate: Fraction
    start: int
    drop: bool

    def label(self, frame: int) -> str:
        """SMPTE timecode of a frame of this clock; wraps at 24 hours."""
        return format_timecode(frame, self.rate, self.drop)


def film_clock(film: Film) -> Clock:
    """The clock of a film; a film without timecode counts from zero, non-drop.

    Files mark drop-frame at rates that have none; there the mark says nothing.

    Raises:
        PlanError: the plan's start timecode is no timecode of this rate.
    """
    text = (film.start_timecode or "").strip()
    if not text:
        return Clock(film.rate, 0, False)
    if not supports_drop_frame(film.rate):
        text = text.replace(";", ":").replace(".", ":")
    try:
        return Clock(film.rate, parse_timecode(text, film.rate), ";" in text or "." in text)
    except ValueError as error:
        raise PlanError(
            f"the start timecode {film.start_timecode!r} of {film.path} cannot be kept",
            f"$.film.start_timecode: {error}",
            "write it like 01:00:00:00, or null, in the plan",
        ) from error


def record_frame(text: str, clock: Clock) -> int:
    """The frame of a timecode at which a trailer begins; it counts as the film's does, with either mark.

    Raises:
        UsageError: it is no timecode of this rate.
    """
    try:
        if ";" in text and not clock.drop:
            raise ValueError("the film's timecode is not drop-frame")
        label = re.sub(r":(\d+)$", r";\1", text.strip()) if clock.drop else text
        return parse_timecode(label, clock.rate)
    except ValueError as error:
        raise UsageError(f"the trailer cannot begin at {text!r}", str(error), "write it like 01:00:00:00") from error


def whole_timebase(rate: Fraction) -> tuple[int, bool]:
    """A rate as FCP7 XML writes it: frames a second, and whether each lasts 1001/1000 of that.

    Raises:
        UsageError: the rate is neither.
    """
    for exact, ntsc in ((rate, False), (rate / _NTSC, True)):
        if exact.denominator == 1:
            return exact.numerator, ntsc
    raise _inexpressible(rate, "Final Cut Pro 7 XML", "whole rates and their 1000/1001")


def check_edl_rate(rate: Fraction) -> None:
    """Refuse a rate that SMPTE timecode has no labels for. Raises UsageError."""
    if rate not in STANDARD_RATES:
        raise _inexpressible(rate, "an EDL", ", ".join(str(known) for known in STANDARD_RATES))


def _inexpressible(rate: Fraction, where: str, known: str) -> UsageError:
    return UsageError(
        f"{where} cannot express the film's rate of {rate} frames/s",
        f"it knows {known}",
        "use --to otio or --to fcpxml, or convert the film to a standard rate",
    )
