"""The zero of subtitles: that of the film's own clock, as players show it.

Cues inside a file and cues beside it count from the same zero, so that both name the same moment; that is seldom the
first picture. MP4, QuickTime, Matroska and AVI have a clock that begins at 0, wherever the first picture stands on it,
edit lists counted in. MPEG transport and programme streams and Ogg begin at any time, and players take the earliest
timestamp of picture and sound for zero.

Where no edit list can hide what a codec of sound needs before its first sample, programs move everything behind it:
pictures that begin up to 1/20 s after zero began at zero before, and cues beside the film still do.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from trailergen.media.container import open_media
from trailergen.media.probe import FilmInfo

_UNIT = 1_000_000
_LATE_S = 1
_PRIMING_S = Fraction(1, 20)
_ANY_BEGINNING = 0x0200
"""AVFMT_TS_DISCONT of libavformat."""


def clock_zero(film: FilmInfo, note: Callable[[str], None] = lambda _: None) -> Fraction:
    """The zero of a film's clock, in seconds from its first picture: 0, or less where the picture begins later.

    Args:
        film: as probed.
        note: is told where a player might take another moment for zero.

    Raises:
        InputError: the film cannot be read.
    """
    with open_media(film.path) as container:
        begin = Fraction(container.start_time or 0, _UNIT)
        edited = "mp4" in container.format.name.split(",")
        any_begin = bool(container.format.flags & _ANY_BEGINNING)
    if not any_begin and begin >= _LATE_S:
        seconds = f"{float(begin):g}"
        note(
            f"picture and sound of {film.path.name} begin {seconds} s after the 0 of its clock, from which subtitles "
            f"are counted; where they count from the beginning give --subtitle-offset {seconds}"
        )
    zero = (begin if any_begin else Fraction(0)) - film.origin * film.time_base
    return Fraction(0) if not edited and abs(zero) <= _PRIMING_S else zero
