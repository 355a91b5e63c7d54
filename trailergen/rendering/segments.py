"""The encoded clips and cards of a trailer: made some at a time, kept by content, made only once."""

from __future__ import annotations

import hashlib
import json
import os
import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from dataclasses import astuple
from pathlib import Path
from typing import TypeVar

from trailergen.errors import FFmpegError, InputError
from trailergen.media.container import open_media
from trailergen.media.encoding import Means
from trailergen.media.frames import FrameReader
from trailergen.media.probe import FilmInfo
from trailergen.plans import Plan
from trailergen.rendering.captions import CAPTION_VERSION
from trailergen.rendering.cards import CARD_VERSION, DrawnCard, card_frames
from trailergen.rendering.checksums import is_intact, write_checksum
from trailergen.rendering.codec import means
from trailergen.rendering.pieces import Shown, film_start, pieces
from trailergen.rendering.typeset import font_sha256
from trailergen.rendering.video import (
    CaptionedClip,
    CaptionedDissolve,
    Dissolve,
    encode_clip,
    encode_dissolve,
    encode_drawn,
)
from trailergen.runtime.cache import discard_folder
from trailergen.runtime.progress import Tick
from trailergen.runtime.threads import cores
from trailergen.settings.render import RenderSettings

SEGMENT_VERSION = 6
"""Part of every segment's name: raise it when the same clip would be encoded, or verified, differently."""

Frame = TypeVar("Frame")


def segment_path(work: Path, film_sha256: str, shows: Shown, settings: RenderSettings, by: Means | None = None) -> Path:
    """The path of the segment of a clip or a card: its name is a hash of everything that its content depends on.

    ``by`` is what encodes it (see codec.means), by default what encodes H.264. Raises InputError if a
    card's font cannot be read.
    """
    parts: tuple[object, ...] = (SEGMENT_VERSION, (by or Means()).build(), film_sha256, astuple(shows), str(settings))
    if isinstance(shows, DrawnCard):
        parts = (*parts, CARD_VERSION, font_sha256(shows.font))
    if isinstance(shows, CaptionedClip | CaptionedDissolve):
        parts = (*parts, CAPTION_VERSION, font_sha256(shows.font))
    return work / f"{hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:32]}{settings.kind.suffix}"


def segment_paths(plan: Plan, film: FilmInfo, settings: RenderSettings, work: Path) -> list[Path]:
    """The paths of the segments of a plan's ``pieces``. Raises InputError if a card's font cannot be read."""
    by = means(film, settings)
    return [segment_path(work, plan.film.sha256, piece.shows, settings, by) for piece in pieces(plan, settings)]


def encode_segments(plan: Plan, film: FilmInfo, settings: RenderSettings, work: Path, tick: Tick) -> list[Path]:
    """Make the segment of every clip and card of a plan; those that are there already are kept.

    Args:
        plan: a valid plan of this film.
        film: the film as probed.
        settings: quality and speed.
        work: an existing folder, where segments stay for the next time.
        tick: called with the frames done.

    Returns:
        One file for each of the plan's ``pieces``.

    Raises:
        InputError: the film, or the font of a card, cannot be read.
        PlanError: a card cannot be drawn.
        FFmpegError: a segment cannot be encoded.
    """
    wanted = [piece.shows for piece in pieces(plan, settings)]
    paths = segment_paths(plan, film, settings, work)
    stop, ticking = threading.Event(), threading.Lock()

    def done(frames: float) -> None:
        with ticking:
            tick(frames)

    reader = FrameReader(film, plan.film.rate)

    def encode(shows: Shown, path: Path) -> None:
        if not stop.is_set():
            _encode_segment(film, reader, shows, settings, path, stop, done)

    # Each encoder has two threads, which wait for the decoder at times. A film that is read in order is read once.
    workers = 1 if film.in_order else min(cores(), max(2, cores() // 2))
    order = sorted(zip(paths, wanted, strict=True), key=lambda one: film_start(one[1]) if film.in_order else 0)
    with ThreadPoolExecutor(workers) as pool:
        try:
            jobs = []
            for path, shows in dict(order).items():
                if is_intact(path):
                    done(_frames(shows))
                else:
                    jobs.append(pool.submit(encode, shows, path))
            for job in wait(jobs, return_when=FIRST_EXCEPTION).done:
                job.result()
        finally:
            stop.set()
    return paths


def _frames(shows: Shown) -> int:
    return shows.frames if isinstance(shows, DrawnCard) else shows.end - shows.start


def _has_all_frames(path: Path, shows: Shown) -> bool:
    try:
        with open_media(path) as container:
            return sum(1 for packet in container.demux(video=0) if packet.size) == _frames(shows)
    except InputError:
        return False


class StoppedError(Exception):
    """Something else failed or the user interrupted: this is not wanted any more."""


def _encode_segment(
    film: FilmInfo,
    reader: FrameReader,
    shows: Shown,
    settings: RenderSettings,
    path: Path,
    stop: threading.Event,
    tick: Tick,
) -> None:
    part = path.with_suffix(".part")

    def check() -> None:
        if stop.is_set():
            raise StoppedError

    def counted(frames: Iterable[Frame]) -> Iterator[Frame]:
        for frame in frames:
            check()
            yield frame
            tick(1)

    try:
        with part.open("wb") as file:
            if isinstance(shows, DrawnCard):
                drawn = (picture.tobytes() for picture in counted(card_frames(shows)))
                encode_drawn(film, (shows.width, shows.height), shows.rate, settings, drawn, file, check)
            elif isinstance(shows, Dissolve):
                # A film that is read in order can be in one place at a time: the shorter way is to keep these.
                first = list(reader.read(shows.first.start, shows.first.end))
                second = counted(reader.read(shows.second.start, shows.second.end))
                encode_dissolve(film, shows, settings, (first, second), file, check)
            else:
                pictures = counted(reader.read(shows.start, shows.end))
                encode_clip(film, shows, settings, pictures, file, check)
        if not _has_all_frames(part, shows):
            what = f"card {shows.text!r}" if isinstance(shows, DrawnCard) else f"clip at film frame {shows.start}"
            raise FFmpegError(f"ffmpeg lost frames of the {what}")
        discard_folder(path)
        os.replace(part, path)
        write_checksum(path)
    finally:
        part.unlink(missing_ok=True)
