"""A plan becomes a film file."""

from __future__ import annotations

import functools
import hashlib
import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import ffmpeg
import numpy as np
from numpy.typing import NDArray

from trailergen.audio.mix import mix
from trailergen.errors import FFmpegError, InputError, OutputError
from trailergen.media.container import open_media
from trailergen.media.ffmpeg import file_url, run
from trailergen.media.probe import FilmInfo, probe_film
from trailergen.plans import Plan, plan_sha256
from trailergen.rendering.checksums import Fingerprints, is_intact, read_checksum, write_checksum
from trailergen.rendering.join import join_segments
from trailergen.rendering.segments import encode_segments, segment_paths
from trailergen.rendering.soundtrack import encode_soundtrack, soundtrack_path
from trailergen.rendering.typeset import font_sha256
from trailergen.rendering.verify import verify_trailer
from trailergen.runtime.lock import alone
from trailergen.runtime.progress import Progress
from trailergen.settings.render import RenderSettings

_MARK = "trailergen plan sha256:"
_SETTINGS = " as "


def render_trailer(
    plan: Plan, output: Path, *, film: Path, music: Path, settings: RenderSettings, work: Path, progress: Progress
) -> None:
    """Render and verify a trailer, an mp4 that plays while it loads, or a mov of ProRes (see codec.py).

    Every picture is encoded once. The output appears when it is complete and verified, replacing what is there;
    until then, and whatever goes wrong, only finished segments and sound are left, in ``work``, where the same or
    a changed plan finds them. One render at a time works in a ``work`` folder; others wait.

    Args:
        plan: a valid plan, made from this film and music.
        output: the file to write.
        film: where the film is now.
        music: where the music is now.
        settings: quality and speed.
        work: the folder of the segments; made if missing.
        progress: shows the stages.

    Raises:
        InputError: the film or the music cannot be read.
        OutputError: the output or the work folder cannot be written.
        FFmpegError: ffmpeg failed.
        VerificationError: what came out is not what the plan says.
    """
    part = part_path(output)
    _check_writable(part, work)
    try:
        with alone(work / "render.lock"):
            for abandoned in work.glob("*.part"):
                abandoned.unlink()
            info = probe_film(film, plan.film.in_order)
            mixed = functools.cache(lambda: mix(plan, music, info).sum())
            _render(plan, part, info, mixed, settings, work, progress)
        files = [*segment_paths(plan, info, settings, work), soundtrack_path(plan, settings, work)]
        before = [known.seen if (known := read_checksum(file)) else None for file in files]
        with progress.stage("verify", plan.sequence.frames) as tick:
            found = verify_trailer(
                part,
                plan,
                film=film,
                music=music,
                settings=settings,
                mixed=mixed,
                seen=Fingerprints(tuple(before[:-1]), before[-1]),
                tick=tick,
            )
        for file, now, then in zip(files, (*found.pieces, found.sound), before, strict=True):
            if now != then:
                write_checksum(file, now)
        os.replace(part, output)
    except OSError as error:
        raise _cannot_write(output, error) from error
    finally:
        part.unlink(missing_ok=True)


def part_path(output: Path) -> Path:
    """The unfinished output: always the same name, so that the next run replaces what a killed one left, and never
    one too long for a file system."""
    return output.with_name(f".{hashlib.sha256(os.fsencode(output.name)).hexdigest()[:16]}.part")


def _check_writable(part: Path, work: Path) -> None:
    """Find out before the work and not after it."""
    try:
        work.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _cannot_write(work, error) from error
    try:
        part.unlink(missing_ok=True)
        part.touch()
    except OSError as error:
        raise _cannot_write(part.parent, error) from error


def _cannot_write(path: Path, error: OSError) -> OutputError:
    return OutputError(f"cannot write to {path}", error.strerror or str(error), "give another --output")


def _render(
    plan: Plan,
    part: Path,
    film: FilmInfo,
    mixed: Callable[[], NDArray[np.float32]],
    settings: RenderSettings,
    work: Path,
    progress: Progress,
) -> None:
    segments, sound = _encode(plan, film, mixed, settings, work, progress)
    pictures = work / "joined.part"
    try:
        frames = join_segments(segments, plan.sequence.rate, pictures)
        if frames != plan.sequence.frames:
            raise FFmpegError(f"the clips have {frames} frames, the plan {plan.sequence.frames}")
        _mux(pictures, sound, plan, settings, part)
    finally:
        pictures.unlink(missing_ok=True)


def _encode(
    plan: Plan,
    film: FilmInfo,
    mixed: Callable[[], NDArray[np.float32]],
    settings: RenderSettings,
    work: Path,
    progress: Progress,
) -> tuple[list[Path], Path]:
    """The segments of the pictures, and the sound; what is there already is kept."""
    sound, stop = soundtrack_path(plan, settings, work), threading.Event()

    def encode_sound() -> None:
        encode_soundtrack(mixed(), sound, settings, stop)

    # Mixing and encoding sound keep one core busy for some seconds: beside the pictures they cost hardly any time.
    with ThreadPoolExecutor(1) as pool:
        try:
            encoding = None if is_intact(sound) else pool.submit(encode_sound)
            with progress.stage("render", plan.sequence.frames) as tick:
                segments = encode_segments(plan, film, settings, work, tick)
            if encoding:
                encoding.result()
        except BaseException:
            stop.set()
            raise
    return segments, sound


def _mux(pictures: Path, sound: Path, plan: Plan, settings: RenderSettings, part: Path) -> None:
    """Pictures and sound are copied as they are."""
    tag = {"tag:v": settings.kind.tag} if settings.kind.tag else {}
    graph = ffmpeg.output(
        ffmpeg.input(file_url(pictures)).video,
        ffmpeg.input(file_url(sound)).audio,
        file_url(part),
        format=settings.kind.container,
        c="copy",
        movflags="+faststart",
        metadata=f"comment={_MARK}{plan_sha256(plan)}{_SETTINGS}{settings_mark(settings)}",
        **tag,
    )
    run(graph)


def settings_mark(settings: RenderSettings) -> str:
    """Settings as a trailer says them: its font by content, for a path means nothing elsewhere. Raises InputError."""
    font = settings.caption_font
    return f"{settings}" if font is None else f"{settings}, font sha256:{font_sha256(str(font))}"


def rendered_plan(trailer: Path) -> tuple[str, str] | None:
    """The SHA-256 of the plan that a finished trailer was rendered from, and with which settings, as their text.

    None for any other file.
    """
    try:
        with open_media(trailer) as container:
            comment = container.metadata.get("comment", "")
    except InputError:
        return None
    digest, _, settings = comment.removeprefix(_MARK).partition(_SETTINGS)
    return (digest, settings) if comment.startswith(_MARK) else None
