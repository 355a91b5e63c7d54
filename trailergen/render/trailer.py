"""A plan becomes a film file."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import ffmpeg
import numpy as np
from filelock import FileLock
from numpy.typing import NDArray

from trailergen.errors import FFmpegError, InputError, OutputError
from trailergen.media.container import open_media
from trailergen.media.ffmpeg import file_url, run
from trailergen.media.probe import probe_film
from trailergen.plan import SAMPLE_RATE, Plan, dump_plan
from trailergen.progress import Progress
from trailergen.render.codec import RenderSettings
from trailergen.render.join import join_segments
from trailergen.render.seals import read_seal, seal
from trailergen.render.segments import encode_segments, segment_paths
from trailergen.render.sound import mix
from trailergen.render.tracks import CHANNELS
from trailergen.render.verify import verify_trailer

_MARK = "trailergen plan sha256:"
_SETTINGS = " as "


def render_trailer(
    plan: Plan, output: Path, *, film: Path, music: Path, settings: RenderSettings, work: Path, progress: Progress
) -> None:
    """Render and verify a trailer, an mp4 that plays while it loads, or a mov of ProRes (see codec.py).

    Every picture is encoded once. The output appears when it is complete and verified, replacing what is there;
    until then, and whatever goes wrong, only finished segments are left, in ``work``, where the same or
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
        with FileLock(work / "render.lock"):
            for abandoned in work.glob("*.part"):
                abandoned.unlink()
            sound = _render(plan, part, film, music, settings, work, progress)
        segments = segment_paths(plan, probe_film(film), settings, work)
        seals = [read_seal(segment) for segment in segments]
        seen = [known.seen if known else None for known in seals]
        with progress.stage("verify", plan.sequence.frames) as tick:
            found = verify_trailer(
                part, plan, film=film, music=music, settings=settings, sound=sound, seen=seen, tick=tick
            )
        for segment, known, before in zip(segments, found, seen, strict=True):
            if known != before:
                seal(segment, known)
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
    plan: Plan, part: Path, film: Path, music: Path, settings: RenderSettings, work: Path, progress: Progress
) -> NDArray[np.float32]:
    """Returns the sound's samples, as they were planned."""
    info = probe_film(film)
    sound = mix(plan, music, info).sum()
    with progress.stage("render", plan.sequence.frames) as tick:
        segments = encode_segments(plan, info, settings, work, tick)
    pictures = work / "joined.part"
    try:
        frames = join_segments(segments, plan.sequence.rate, pictures)
        if frames != plan.sequence.frames:
            raise FFmpegError(f"the clips have {frames} frames, the plan {plan.sequence.frames}")
        _mux(pictures, sound, plan, settings, part)
        return sound
    finally:
        pictures.unlink(missing_ok=True)


def _mux(pictures: Path, sound: NDArray[np.float32], plan: Plan, settings: RenderSettings, part: Path) -> None:
    """The only encode of the sound; the pictures are copied."""
    tag = {"tag:v": settings.kind.tag} if settings.kind.tag else {}
    graph = ffmpeg.output(
        ffmpeg.input(file_url(pictures)).video,
        ffmpeg.input("pipe:", format="f32le", ar=SAMPLE_RATE, ac=CHANNELS).audio,
        file_url(part),
        format=settings.kind.container,
        vcodec="copy",
        movflags="+faststart",
        metadata=f"comment={_MARK}{plan_sha256(plan)}{_SETTINGS}{settings}",
        **settings.kind.sound,
        **tag,
    )
    run(graph, [sound.tobytes()])


def plan_sha256(plan: Plan) -> str:
    """The SHA-256 of the plan's file, which the trailer carries as its comment."""
    return hashlib.sha256(dump_plan(plan).encode()).hexdigest()


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
