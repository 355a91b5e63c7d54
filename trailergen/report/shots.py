"""The page of all shots of a film: a picture of each with its number, its time, its flags and what was read of it."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from trailergen.plans import Film
from trailergen.readings.single import planned_readings
from trailergen.report.page import data_uri, fill_page
from trailergen.report.pictures import thumbnail_size
from trailergen.report.stills import Reel, Wanted, decode_stills
from trailergen.report.timeline import clock
from trailergen.timebase import format_time
from trailergen.timeline.clock import film_clock
from trailergen.timeline.write.shots import ListedShot

if TYPE_CHECKING:
    from trailergen.readings.types import Readings
    from trailergen.session import Session

SHOT_WIDTH = 200
"""Pixels of a shot's picture, as wide or as high."""
_SCALES = ((1 / 3, "wide"), (2 / 3, "middle"), (2, "close"))


@dataclass(frozen=True)
class ShotCard:
    """One shot, as text. ``words`` are what the filter looks at, ``picture`` a data URI, None where there is none."""

    number: int
    timecode: str
    seconds: float
    length: str
    frames: str
    flags: tuple[str, ...]
    scale: str
    readings: list[tuple[str, str]]
    words: str
    picture: str | None


def shots_html(session: Session, film: Film, path: Path, shots: Sequence[ListedShot], readings: Readings) -> str:
    """The page, which loads nothing.

    Args:
        session: cache and display.
        film: the film.
        path: where it is.
        shots: all of its.
        readings: of them.

    Raises:
        InputError: the film cannot be read.
        PlanError: its start timecode is no timecode.
    """
    wanted = [((shot.start + shot.end) // 2, SHOT_WIDTH) for shot in shots]
    reel = Reel(path, film.sha256, film.rate, in_order=film.in_order)
    pictures = decode_stills(session, reel, wanted, "pictures")
    cards = [_card(film, shot, readings, pictures) for shot in shots]
    name = os.fsencode(path.name).decode("utf-8", "replace")
    flags = sorted({flag for shot in shots for flag in shot.flags})
    return fill_page(
        __package__,
        "shots",
        title=name,
        length=clock(Fraction(film.frames) / film.rate),
        cards=cards,
        flags=flags,
        size=thumbnail_size(film.width, film.height, SHOT_WIDTH),
        missing=len(wanted) - len({*wanted} & {*pictures}),
    )


def _card(film: Film, shot: ListedShot, readings: Readings, pictures: Mapping[Wanted, bytes]) -> ShotCard:
    time, start = film_clock(film), Fraction(shot.start) / film.rate
    found = planned_readings(readings, shot.number)
    scale = next(word for most, word in _SCALES if found["closeness"] < most)
    jpeg = pictures.get(((shot.start + shot.end) // 2, SHOT_WIDTH))
    timecode = time.label(time.start + shot.start)
    return ShotCard(
        number=shot.number,
        timecode=timecode,
        seconds=float(start),
        length=f"{float(Fraction(shot.end - shot.start) / film.rate):.2f} s",
        frames=f"{shot.start} to {shot.end}",
        flags=shot.flags,
        scale=scale,
        readings=[(name, f"{value:g}") for name, value in found.items()],
        words=f"{timecode} {format_time(start)} {scale} {' '.join(shot.flags)}",
        picture=None if jpeg is None else data_uri("image/jpeg", jpeg),
    )
