"""The clips of a trailer as two stills each: from a plan without a render, or from a video's own shots."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from trailergen.plans import Plan
from trailergen.rendering.cards import DrawnCard, card_levels
from trailergen.rendering.pieces import Piece, pieces
from trailergen.rendering.video import Clip, Dissolve
from trailergen.rendering.writing import writings
from trailergen.report.jury.entries import Entry
from trailergen.report.pictures import thumbnail_size
from trailergen.report.stills import Reel, Wanted, decode_stills, reel

if TYPE_CHECKING:
    from trailergen.session import Session

STILL_WIDTH, NARROW_WIDTH = 248, 122
"""Pixels across of a still, and of one that is higher than wide."""
_AT = (Fraction(1, 3), Fraction(2, 3))


@dataclass(frozen=True)
class Seen:
    """A clip or a card as it is seen: ``start`` in seconds of the trailer, and its stills in their order."""

    start: Fraction
    stills: tuple[Image.Image, ...]


@dataclass(frozen=True)
class Sighting:
    """All that is seen of a trailer, ``length`` in seconds; every still has ``size`` (width, height)."""

    length: Fraction
    size: tuple[int, int]
    clips: tuple[Seen, ...]


def see(session: Session, entry: Entry, film: Path | None) -> Sighting:
    """The stills of a trailer, at a third and at two thirds of each clip.

    Args:
        session: cache and display.
        entry: the trailer.
        film: where the film of its plan is now, None for where the plan says.

    Raises:
        InputError: the film, the video or a card's font cannot be read.
        PlanError: a card cannot be drawn.
    """
    if entry.plan is None:
        return _see_video(session, entry)
    from trailergen.session import locate

    plan = entry.plan
    path = locate(session, "film", film, plan.film.path, plan.film.sha256)
    shape = (plan.sequence.width, plan.sequence.height)
    size, longest = _still_size(*shape)
    shown = pieces(plan)
    wanted = {
        (_film_frame(piece, at), longest) for piece in shown if not isinstance(piece.shows, DrawnCard) for at in _AT
    }
    stills = decode_stills(session, reel(plan, path), sorted(wanted), "stills")
    clips = (
        Seen(piece.start / plan.sequence.rate, tuple(_piece_still(piece, at, stills, size, longest) for at in _AT))
        for piece in shown
    )
    return Sighting(_length(plan), size, tuple(clips))


def _see_video(session: Session, entry: Entry) -> Sighting:
    from trailergen.stages import find_shots

    found = find_shots(session, entry.path)
    rate, shots = found.analysis.rate, found.analysis.shots
    size, longest = _still_size(found.info.display_width, found.info.display_height)
    frames = [[_within(shot.frame_in, shot.frame_out, at) for at in _AT] for shot in shots]
    wanted: list[Wanted] = sorted({(frame, longest) for both in frames for frame in both})
    stills = decode_stills(session, Reel(entry.path, entry.sha256, rate), wanted, "stills")
    clips = (
        Seen(shot.frame_in / rate, tuple(_open(stills.get((frame, longest)), size) for frame in both))
        for shot, both in zip(shots, frames, strict=True)
    )
    return Sighting(found.analysis.frames / rate, size, tuple(clips))


def _piece_still(
    piece: Piece, at: Fraction, stills: Mapping[Wanted, bytes], size: tuple[int, int], longest: int
) -> Image.Image:
    """A piece as it is seen there, with the fades of cards and of the end."""
    frame, shows = _within(0, piece.end - piece.start, at), piece.shows
    if isinstance(shows, DrawnCard):
        drawn = Image.fromarray(shows.picture())
        level = float(card_levels(shows)[frame])
        return _dimmed(drawn.resize(size, Image.Resampling.LANCZOS).convert("RGB"), level)
    if isinstance(shows, Dissolve):
        return _open(stills.get((_film_frame(piece, at), longest)), size)
    faded = frame - (shows.end - shows.start - shows.fade)
    level = 1.0 if shows.fade == 0 else float(np.clip(1 - faded / max(shows.fade - 1, 1), 0, 1))
    return _dimmed(_written(_open(stills.get((_film_frame(piece, at), longest)), size), shows, frame), level)


def _written(picture: Image.Image, shows: Clip, frame: int) -> Image.Image:
    """A clip's picture with the titles over it."""
    for writing in writings(shows):
        if writing.start <= frame < writing.end:
            drawn = Image.fromarray(writing.at(writing.levels[frame - writing.start]))
            drawn = drawn.convert("RGBa").resize(picture.size, Image.Resampling.LANCZOS).convert("RGBA")
            picture.paste(drawn, mask=drawn)
    return picture


def _film_frame(piece: Piece, at: Fraction) -> int:
    shows = piece.shows
    return 0 if isinstance(shows, DrawnCard) else _within(shows.start, shows.end, at)


def _within(start: int, end: int, at: Fraction) -> int:
    return start + int((end - start) * at)


def _open(jpeg: bytes | None, size: tuple[int, int]) -> Image.Image:
    """A still, black where the film is damaged."""
    if jpeg is None:
        return Image.new("RGB", size)
    picture = Image.open(io.BytesIO(jpeg)).convert("RGB")
    return picture if picture.size == size else picture.resize(size, Image.Resampling.LANCZOS)


def _dimmed(picture: Image.Image, level: float) -> Image.Image:
    return picture if level >= 1 else picture.point([round(value * level) for value in range(256)] * 3)


def _still_size(width: int, height: int) -> tuple[tuple[int, int], int]:
    longest = STILL_WIDTH if width >= height else round(NARROW_WIDTH * height / width)
    return thumbnail_size(width, height, longest), longest


def _length(plan: Plan) -> Fraction:
    return plan.sequence.frames / plan.sequence.rate
