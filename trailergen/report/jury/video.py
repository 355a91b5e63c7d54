"""Trailers as they are played to judges: small, all encoded alike, with nothing in the file that tells them apart."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import ffmpeg
import numpy as np

from trailergen.errors import InputError
from trailergen.media.ffmpeg import file_url, run, version
from trailergen.plans import Plan
from trailergen.report.jury.entries import Entry
from trailergen.runtime.cache import Entry as Stored

if TYPE_CHECKING:
    from trailergen.media.probe import FilmInfo
    from trailergen.session import Session

HEIGHT = 360
"""Pixels of the pictures that are played, if nothing else is asked for."""
_VERSION = 1


def blind_video(session: Session, entry: Entry, film: Path | None, music: Path | None, height: int) -> bytes:
    """A trailer as an mp4 of H.264 and AAC, at most ``height`` pixels high, kept in the cache.

    A plan's render, if it lies beside the plan or in the current folder, is taken; else the plan is rendered, small.
    Files are encoded anew in any case: what they say of their making (the mark of the plan, an encoder's name, dates)
    and how finely they were encoded would give them away.

    Args:
        session: cache and display.
        entry: the trailer.
        film, music: where those of a plan are now, None for where the plan says.
        height: of the picture.

    Raises:
        InputError: the video, film or music cannot be read, or the video is HDR.
        FFmpegError: ffmpeg failed.
        OutputError: the cache cannot be written.
    """
    inputs = {"trailer": entry.sha256, "height": height, "ffmpeg": version()}

    def make() -> Stored:
        with TemporaryDirectory(dir=session.cache.folder("jury")) as folder:
            source = (
                entry.path
                if entry.plan is None
                else _rendered(session, entry, entry.plan, film, music, height, Path(folder))
            )
            return Stored({}, {"mp4": np.frombuffer(_encode(source, height, Path(folder) / "v.mp4"), np.uint8)})

    return session.cache.result(session.cache.key("jury", _VERSION, inputs), make).arrays["mp4"].tobytes()


def _rendered(
    session: Session, entry: Entry, plan: Plan, film: Path | None, music: Path | None, height: int, folder: Path
) -> Path:
    from trailergen.media.probe import probe_film
    from trailergen.rendering.render import is_rendered, render_plan
    from trailergen.session import locate
    from trailergen.settings.render import RenderSettings

    name = entry.path.name.removesuffix(".json").removesuffix(".plan")
    for path in (at / f"{name}{suffix}" for suffix in (".mp4", ".mov") for at in (entry.path.parent, Path())):
        if is_rendered(path, plan) and not probe_film(path).colour.is_hdr:
            return path
    target = folder / "render.mp4"
    small = _small(plan, height)
    places = (
        locate(session, "film", film, plan.film.path, plan.film.sha256),
        locate(session, "music", music, plan.music.path, plan.music.sha256),
    )
    render_plan(session, small, target, *places, RenderSettings(crf=16, preset="fast"))
    return target


def _small(plan: Plan, height: int) -> Plan:
    """The same trailer in a picture no higher than that."""
    sequence = plan.sequence
    if sequence.height <= height:
        return plan
    size = {"width": _even(sequence.width * height / sequence.height), "height": _even(height)}
    return plan.model_copy(update={"sequence": sequence.model_copy(update=size)})


def _encode(source: Path, height: int, target: Path) -> bytes:
    from trailergen.media.probe import probe_film

    info = probe_film(source)
    if info.colour.is_hdr:
        raise InputError(
            f"{source} is HDR, which most browsers show wrong", hint="give a version of it in BT.709, or its plan"
        )
    media = ffmpeg.input(file_url(source))
    down = min(height, info.display_height)
    picture = media[f"v:{info.stream}"].filter(
        "scale", _even(info.display_width * down / info.display_height), _even(down)
    )
    streams = [picture.filter("setsar", "1"), *([media["a:0"]] if info.has_audio else [])]
    run(ffmpeg.output(*streams, file_url(target), **_options(info)))
    return target.read_bytes()


def _options(info: FilmInfo) -> dict[str, Any]:
    sound = {"acodec": "aac", "audio_bitrate": 128_000, "ar": 48_000, "ac": 2, "flags:a": "+bitexact"}
    return {
        "format": "mp4",
        "vcodec": "libx264",
        "pix_fmt": "yuv420p",
        "crf": 23,
        "preset": "medium",
        "flags:v": "+bitexact",
        # Neither the titles, dates and encoder's name of the source, nor those of this run.
        "map_metadata": -1,
        "map_chapters": -1,
        "fflags": "+bitexact",
        "movflags": "+faststart",
        **(sound if info.has_audio else {}),
    }


def _even(pixels: float) -> int:
    return max(2, round(pixels / 2) * 2)
