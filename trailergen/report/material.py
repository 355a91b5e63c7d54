"""Gather what a storyboard shows beside the plan: thumbnails, the music's outline, the trailer."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from trailergen.errors import InputError
from trailergen.plans import Plan
from trailergen.report.cards import wanted_pictures
from trailergen.report.peaks import BINS, PEAKS_VERSION, music_peaks
from trailergen.report.stills import Wanted, decode_stills, reel
from trailergen.report.storyboard import Material, Trailer, embedded
from trailergen.runtime.cache import Entry
from trailergen.stages import measure_sound

if TYPE_CHECKING:
    from trailergen.session import Session


def gather(
    session: Session,
    plan: Plan,
    film: Path | None,
    music: Path | None,
    trailer: Path | None,
    link: str | None,
    embed: bool,
) -> Material:
    """The material of a page. ``film``, ``music`` and ``trailer`` are None where they are not there; ``link`` is how
    the page refers to the trailer.

    Raises:
        InputError: one that is there cannot be read.
    """
    notes = []
    pictures: dict[Wanted, bytes] = {}
    if film is None:
        notes.append(f"The film {plan.film.path} is not there: no thumbnails. `report --film` says where it is.")
    else:
        wanted = wanted_pictures(plan)
        pictures = decode_stills(session, reel(plan, film), wanted, "storyboard")
        if missing := len(wanted) - len(pictures):
            notes.append(f"{missing} pictures of the film cannot be decoded.")
    if music is None:
        notes.append(f"The music {plan.music.path} is not there: no outline. `report --music` says where it is.")
    peaks = None if music is None else _peaks(session, plan, music)
    measured = None if trailer is None or link is None else measure_sound(session, trailer)
    return Material(pictures, peaks, _trailer(trailer, link, embed), measured, tuple(notes))


def _peaks(session: Session, plan: Plan, path: Path) -> NDArray[np.float32]:
    part, rate = plan.music.part, plan.music.sample_rate
    inputs = {"music": plan.music.sha256, "rate": rate, "in": part.start, "out": part.end, "bins": BINS}

    def make() -> Entry:
        return Entry({}, {"peaks": music_peaks(path, rate, part.start, part.end)})

    return session.cache.result(session.cache.key("peaks", PEAKS_VERSION, inputs), make).arrays["peaks"]


def _trailer(path: Path | None, link: str | None, embed: bool) -> Trailer | None:
    if path is None or link is None:
        return None
    if not embed:
        return Trailer(link, embedded=False)
    try:
        return Trailer(embedded(path), embedded=True)
    except OSError as error:
        raise InputError(f"cannot read the trailer {path}", error.strerror) from error
