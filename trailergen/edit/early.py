"""Checks of a request by the film's header, before hours of looking at its pictures."""

from __future__ import annotations

from contextlib import suppress
from fractions import Fraction
from pathlib import Path

from trailergen.edit.bans import shown_moment
from trailergen.errors import InputError, UsageError
from trailergen.media.container import open_media, picture_stream
from trailergen.media.probe import FilmInfo
from trailergen.session import Session
from trailergen.settings.plan import LEAST_PIXELS, PlanSettings
from trailergen.stages import probe
from trailergen.timebase import Moment, Timecode

# Of other formats headers guess the length, and clocks may begin anew within the file.
_TRUSTED = {"matroska", "mov"}


def check_early(session: Session, film: Path, asked: PlanSettings) -> None:
    """Refuse what this film cannot have, as far as that is sure before it is analysed.

    Raises:
        InputError: the film cannot be read.
        UsageError: the picture would be too narrow, or a ban begins after the film's end.
    """
    info = probe(session, film, session.cache.fingerprint(film))
    if asked.height is not None:
        _check_width(info, asked.height)
    for first, last in asked.bans:
        start = _seconds(first, info)
        if start is not None and _ends_before(info, start):
            why = f"--ban {shown_moment(first)}-{shown_moment(last)} bans nothing"
            raise UsageError(
                why, f"the film lasts {info.duration:.1f} s", "give times within it, counted from its start"
            )


def _check_width(film: FilmInfo, height: int) -> None:
    shape = Fraction(film.display_width, film.display_height)
    if (width := round(shape * height)) < LEAST_PIXELS:
        least = -(-LEAST_PIXELS * film.display_height // film.display_width)
        raise UsageError(
            f"--height {height} makes the picture {width} pixels wide",
            f"below {LEAST_PIXELS} it cannot be seen if it is the film's",
            f"give --height {least + least % 2} or more",
        )


def _seconds(moment: Moment, film: FilmInfo) -> Fraction | None:
    """The time of the film; None where the header does not say it."""
    if not isinstance(moment, Timecode):
        return moment
    if film.header_rate is None:
        return None
    return moment.frame(film.header_rate, film.start_timecode) / film.header_rate


def _ends_before(film: FilmInfo, start: Fraction) -> bool:
    """True if the header says that the film ends before that, and no packet of its pictures says otherwise."""
    if film.duration is None or start < film.duration or film.clock != "pts" or film.in_order:
        return False
    with suppress(InputError), open_media(film.path) as container:
        if container.format.name.partition(",")[0] not in _TRUSTED:
            return False
        stream = picture_stream(container, film.path)
        at = film.origin + int(start / film.time_base)
        container.seek(at, stream=stream)
        return not any(packet.pts is not None and packet.pts >= at for packet in container.demux(stream))
    return False
