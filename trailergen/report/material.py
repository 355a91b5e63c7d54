"""Gather what a storyboard shows beside the plan: thumbnails, the music's outline, the trailer."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from trailergen.cache import Entry
from trailergen.errors import InputError
from trailergen.plan import Plan
from trailergen.report.cards import Wanted, wanted_pictures
from trailergen.report.peaks import BINS, PEAKS_VERSION, music_peaks
from trailergen.report.pictures import THUMBNAIL_VERSION, thumbnail
from trailergen.report.storyboard import Material, Trailer, embedded
from trailergen.threads import cores
from trailergen.timebase import format_fraction

if TYPE_CHECKING:
    from trailergen.media.probe import FilmInfo
    from trailergen.pipeline import Workshop


def gather(
    shop: Workshop,
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
        pictures = _pictures(shop, plan, film)
        if missing := len(wanted_pictures(plan)) - len(pictures):
            notes.append(f"{missing} pictures of the film cannot be decoded.")
    if music is None:
        notes.append(f"The music {plan.music.path} is not there: no outline. `report --music` says where it is.")
    peaks = None if music is None else _peaks(shop, plan, music)
    return Material(pictures, peaks, _trailer(trailer, link, embed), tuple(notes))


def _pictures(shop: Workshop, plan: Plan, path: Path) -> dict[Wanted, bytes]:
    """Those thumbnails that can be decoded. Each is kept by itself: a revised plan needs only its new ones."""
    from trailergen.pipeline import probe

    film = probe(shop, path, plan.film.sha256)
    wanted = wanted_pictures(plan)
    found = {}
    # One picture is sought and decoded alone, which keeps one core busy at most.
    with ThreadPoolExecutor(cores()) as pool, shop.progress.stage("storyboard", len(wanted)) as tick:
        jobs = [pool.submit(_picture, shop, plan, film, *one) for one in wanted]
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


def _picture(shop: Workshop, plan: Plan, film: FilmInfo, frame: int, width: int) -> bytes | None:
    """A thumbnail, None where the film is damaged: a storyboard with a gap is better than none."""
    inputs = {"film": plan.film.sha256, "rate": format_fraction(plan.film.rate), "frame": frame, "width": width}
    crop = plan.sequence.crop
    if crop:
        inputs["crop"] = [crop.x, crop.y, crop.width, crop.height]

    def make() -> Entry:
        jpeg = thumbnail(film, plan.film.rate, frame, width, crop)
        return Entry({}, {"jpeg": np.frombuffer(jpeg, np.uint8)})

    try:
        entry = shop.cache.result(shop.cache.key("thumbnail", THUMBNAIL_VERSION, inputs), make)
    except InputError:
        return None
    return entry.arrays["jpeg"].tobytes()


def _peaks(shop: Workshop, plan: Plan, path: Path) -> NDArray[np.float32]:
    part, rate = plan.music.part, plan.music.sample_rate
    inputs = {"music": plan.music.sha256, "rate": rate, "in": part.start, "out": part.end, "bins": BINS}

    def make() -> Entry:
        return Entry({}, {"peaks": music_peaks(path, rate, part.start, part.end)})

    return shop.cache.result(shop.cache.key("peaks", PEAKS_VERSION, inputs), make).arrays["peaks"]


def _trailer(path: Path | None, link: str | None, embed: bool) -> Trailer | None:
    if path is None or link is None:
        return None
    if not embed:
        return Trailer(link, embedded=False)
    try:
        return Trailer(embedded(path), embedded=True)
    except OSError as error:
        raise InputError(f"cannot read the trailer {path}", error.strerror) from error
