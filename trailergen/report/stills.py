"""Many thumbnails of one film: decoded some at a time, kept in the cache, gaps where the film is damaged."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from trailergen.errors import InputError
from trailergen.media.frames import read_scattered
from trailergen.plans import Crop, Plan, shown_part
from trailergen.report.pictures import ALTERNATIVE_WIDTH, THUMBNAIL_VERSION, thumbnail, thumbnail_of
from trailergen.runtime.cache import Entry
from trailergen.runtime.threads import cores
from trailergen.timebase import format_fraction

if TYPE_CHECKING:
    from trailergen.media.probe import FilmInfo
    from trailergen.session import Session

Wanted = tuple[int, int]
"""A thumbnail by film frame and its longer side in pixels."""


@dataclass(frozen=True)
class Reel:
    """A film to take pictures from: its file, its content, the rate its frames are counted at, the part shown.

    ``shaped`` is a plan of another shape than the film's, whose clips each show a part of their own.
    """

    path: Path
    sha256: str
    rate: Fraction
    crop: Crop | None = None
    in_order: bool = False
    shaped: Plan | None = None

    def part(self, wanted: Wanted) -> Crop | None:
        """The part of the film's picture that a thumbnail shows: of a clip its own, but of alternatives all."""
        frame, width = wanted
        if self.shaped is None or width == ALTERNATIVE_WIDTH:
            return self.crop
        for position in self.shaped.positions:
            source = position.source
            if source.start <= frame < source.end:
                share = Fraction(frame - source.start, max(1, len(source) - 1))
                return shown_part(self.shaped, position, share)
        return self.crop


def reel(plan: Plan, path: Path) -> Reel:
    """The film of a plan, which now lies at ``path``."""
    sequence = plan.sequence
    shaped = plan if sequence.shape else None
    return Reel(path, plan.film.sha256, plan.film.rate, sequence.crop, plan.film.in_order, shaped)


def decode_stills(session: Session, film: Reel, wanted: Sequence[Wanted], stage: str) -> dict[Wanted, bytes]:
    """Those thumbnails that can be decoded, as JPEG. Each is kept by itself: a revised plan needs only its new ones.

    Raises InputError if the file is no film.
    """
    from trailergen.stages import probe

    info = probe(session, film.path, film.sha256, film.in_order)
    found = {}
    if info.in_order:
        return _in_order(session, film, info, wanted, stage)
    # One picture is sought and decoded alone, which keeps one core busy at most.
    with ThreadPoolExecutor(cores()) as pool, session.progress.stage(stage, len(wanted)) as tick:
        jobs = [pool.submit(_still, session, film, info, *one) for one in wanted]
        try:
            for one, job in zip(wanted, jobs, strict=True):
                jpeg = job.result()
                if jpeg is not None:
                    found[one] = jpeg
                tick(1)
        finally:
            for job in jobs:
                job.cancel()
    return found


def _in_order(
    session: Session, film: Reel, info: FilmInfo, wanted: Sequence[Wanted], stage: str
) -> dict[Wanted, bytes]:
    """The same from one reading of the film."""
    found: dict[Wanted, bytes] = {}
    missing = sorted(one for one in set(wanted) if session.cache.load(_key(session, film, *one)) is None)
    with session.progress.stage(stage, len(missing)) as tick:
        pictures = read_scattered(info, film.rate, [frame for frame, _ in missing])
        with suppress(InputError):
            for (frame, width), (_, picture) in zip(missing, pictures, strict=False):
                jpeg = np.frombuffer(thumbnail_of(picture, info, width, film.part((frame, width))), np.uint8)
                session.cache.store(_key(session, film, frame, width), Entry({}, {"jpeg": jpeg}))
                tick(1)
    for one in wanted:
        if entry := session.cache.load(_key(session, film, *one)):
            found[one] = entry.arrays["jpeg"].tobytes()
    return found


def _key(session: Session, film: Reel, frame: int, width: int) -> str:
    inputs: dict[str, Any] = {
        "film": film.sha256,
        "rate": format_fraction(film.rate),
        "frame": frame,
        "width": width,
    }
    if crop := film.part((frame, width)):
        inputs["crop"] = [crop.x, crop.y, crop.width, crop.height]
    return session.cache.key("thumbnail", THUMBNAIL_VERSION, inputs)


def _still(session: Session, film: Reel, info: FilmInfo, frame: int, width: int) -> bytes | None:
    """A thumbnail, None where the film is damaged: a page with a gap is better than none."""

    def make() -> Entry:
        jpeg = thumbnail(info, film.rate, frame, width, film.part((frame, width)))
        return Entry({}, {"jpeg": np.frombuffer(jpeg, np.uint8)})

    try:
        entry = session.cache.result(_key(session, film, frame, width), make)
    except InputError:
        return None
    return entry.arrays["jpeg"].tobytes()
