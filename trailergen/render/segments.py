"""The encoded clips of a trailer: made two at a time, kept by content, made only once."""

from __future__ import annotations

import hashlib
import json
import os
import threading
from collections.abc import Iterator
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from dataclasses import astuple
from fractions import Fraction
from pathlib import Path

from av.video.frame import VideoFrame

from trailergen.errors import FFmpegError, InputError
from trailergen.media.container import open_media
from trailergen.media.ffmpeg import version
from trailergen.media.frames import read_frames
from trailergen.media.probe import FilmInfo
from trailergen.plan import Plan
from trailergen.progress import Tick
from trailergen.render.codec import RenderSettings, needed
from trailergen.render.video import Clip, clips, encode_clip

SEGMENT_VERSION = 2
"""Part of every segment's name: raise it when the same clip would be encoded differently."""

_AT_ONCE = 2


def segment_path(
    work: Path, film_sha256: str, clip: Clip, settings: RenderSettings, needs: tuple[str, ...] = ()
) -> Path:
    """Where the segment of a clip lies: the name is a hash of everything that its content depends on.

    ``needs`` is what the ffmpeg must have (see codec.needed): another one may be used for it.
    """
    parts = (SEGMENT_VERSION, version(*needs), film_sha256, astuple(clip), str(settings))
    return work / f"{hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:32]}{settings.kind.suffix}"


def encode_segments(plan: Plan, film: FilmInfo, settings: RenderSettings, work: Path, tick: Tick) -> list[Path]:
    """Make the segment of every clip of a plan; those that are there already are kept.

    Args:
        plan: a valid plan of this film.
        film: the film as probed.
        settings: quality and speed.
        work: an existing folder, where segments stay for the next time.
        tick: called with the frames done.

    Returns:
        One file per position.

    Raises:
        InputError: the film cannot be read.
        FFmpegError: a segment cannot be encoded.
    """
    wanted = clips(plan)
    needs = needed(film, settings)
    paths = [segment_path(work, plan.film.sha256, clip, settings, needs) for clip in wanted]
    stop, ticking = threading.Event(), threading.Lock()

    def done(frames: float) -> None:
        with ticking:
            tick(frames)

    def encode(clip: Clip, path: Path) -> None:
        if not stop.is_set():
            _encode_segment(film, clip, settings, path, stop, done)

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        try:
            jobs = []
            for path, clip in dict(zip(paths, wanted, strict=True)).items():
                if _is_finished(path, clip):
                    done(clip.end - clip.start)
                else:
                    jobs.append(pool.submit(encode, clip, path))
            for job in wait(jobs, return_when=FIRST_EXCEPTION).done:
                job.result()
        finally:
            stop.set()
    return paths


def _is_finished(path: Path, clip: Clip) -> bool:
    """Whether a file holds the whole clip. After a power cut even a renamed file may be empty or cut short."""
    try:
        with open_media(path) as container:
            return sum(1 for packet in container.demux(video=0) if packet.size) == clip.end - clip.start
    except InputError:
        return False


class _StoppedError(Exception):
    """Another clip failed or the user interrupted: this one is not wanted any more."""


def _encode_segment(
    film: FilmInfo, clip: Clip, settings: RenderSettings, path: Path, stop: threading.Event, tick: Tick
) -> None:
    part = path.with_suffix(".part")

    def frames() -> Iterator[VideoFrame]:
        for frame in read_frames(film, Fraction(clip.rate), clip.start, clip.end):
            if stop.is_set():
                raise _StoppedError
            yield frame
            tick(1)

    try:
        with part.open("wb") as file:
            encode_clip(film, clip, settings, frames(), file)
        if not _is_finished(part, clip):
            raise FFmpegError(f"ffmpeg lost frames of the clip at film frame {clip.start}")
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)
