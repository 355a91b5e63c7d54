"""Run ffmpeg: the only place of the project that starts a process.

Graphs are built with ffmpeg-python and run from an argument list, never through a shell.
"""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
import threading
from collections import deque
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

import ffmpeg
import imageio_ffmpeg

from trailergen.errors import FFmpegError

ENVIRONMENT = "TRAILERGEN_FFMPEG"
_NEEDED = ("libx264",)
_OPTIONAL = ("libx265", "libsvtav1", "prores_ks", "h264_nvenc", "hevc_nvenc", "h264_videotoolbox")
_FILTERS = {"zscale": "zscale=transfer=linear:npl=100,tonemap=mobius"}
"""Needs beside encoders, each with the filters that show that it is there."""
_QUIET = ("-nostdin", "-hide_banner", "-loglevel", "error")
_LAST_LINES = 12
_FULL = ("No space left on device", "Disk quota exceeded")


def file_url(path: Path) -> str:
    """A name that ffmpeg takes for a file whatever is in it: leading dashes, colons, a ``-`` alone."""
    return f"file:{path}"


@functools.cache
def find_ffmpeg(*needed: str) -> str:
    """The ffmpeg to use: ``$TRAILERGEN_FFMPEG``, else the system's if it can encode H.264, else the
    binary that imageio-ffmpeg brings. Looked for once per process.

    Args:
        needed: further encoders it must have, and ``zscale`` for the filters that change colour spaces.

    Raises:
        FFmpegError: none of them can, or the one named by the environment cannot.
    """
    asked = os.environ.get(ENVIRONMENT)
    if asked:
        if reason := _why_not(asked, needed):
            raise FFmpegError(f"the ffmpeg named by {ENVIRONMENT}, {asked}, cannot be used", reason)
        return asked
    system = shutil.which("ffmpeg")
    reasons = []
    if system:
        reason = _why_not(system, needed)
        if not reason:
            return system
        reasons.append(f"{system}: {reason}")
    try:
        bundled = imageio_ffmpeg.get_ffmpeg_exe()
    except RuntimeError as error:
        reasons.append(f"imageio-ffmpeg: {error}")
    else:
        reason = _why_not(bundled, needed)
        if not reason:
            return str(bundled)
        reasons.append(f"{bundled}: {reason}")
    also = "".join(f", and has {name}" for name in needed)
    raise FFmpegError(
        f"no ffmpeg that can encode H.264{also}",
        "\n       ".join(reasons),
        f"install ffmpeg with {', '.join(('libx264', *needed))}",
    )


@functools.cache
def version(*needed: str) -> str:
    """The first line of ``ffmpeg -version``: names the build whose encoder made a segment. See find_ffmpeg."""
    return _output([find_ffmpeg(*needed), "-version"]).partition("\n")[0].strip()


def encoders_that_work() -> list[str]:
    """Names of the encoders that encode something here, not merely are listed (no GPU, no driver).

    Raises:
        FFmpegError: there is no usable ffmpeg at all.
    """
    exe = find_ffmpeg()
    return [encoder for encoder in (*_NEEDED, *_OPTIONAL) if _encoder_fault(exe, encoder) is None]


def run(
    graph: Any, stdin: Iterable[bytes | memoryview] = (), stdout: IO[bytes] | None = None, needed: tuple[str, ...] = ()
) -> None:
    """Run an ffmpeg-python graph to its end; existing outputs are overwritten.

    Args:
        graph: an output stream of ffmpeg-python.
        stdin: bytes for an input named ``pipe:``, consumed as ffmpeg takes them.
        stdout: an open file for an output named ``pipe:``. A file that ffmpeg opens by name can appear after this
            process was killed, from an ffmpeg that was still starting; this one cannot.
        needed: encoders and filters that the graph needs beside H.264, as in ``find_ffmpeg``.

    Raises:
        FFmpegError: ffmpeg failed; ``why`` holds its own last lines.
        Exception: any that ``stdin`` raises. The process is killed on any exception, KeyboardInterrupt too.
    """
    graph = graph.global_args(*_QUIET)
    _run([str(part) for part in ffmpeg.compile(graph, cmd=find_ffmpeg(*needed), overwrite_output=True)], stdin, stdout)


def _run(argv: list[str], stdin: Iterable[bytes | memoryview] = (), stdout: IO[bytes] | None = None) -> None:
    # A raw picture is larger than a default pipe holds: without room, both sides wait for each other at every frame.
    process = subprocess.Popen(
        argv, stdin=subprocess.PIPE, stdout=stdout or subprocess.DEVNULL, stderr=subprocess.PIPE, pipesize=1 << 20
    )
    assert process.stdin is not None and process.stderr is not None
    lines: deque[str] = deque(maxlen=_LAST_LINES)
    reader = threading.Thread(target=_drain, args=(process.stderr, lines), daemon=True)
    reader.start()
    try:
        # Where ffmpeg goes before it has read all, its exit status tells why.
        with suppress(BrokenPipeError):
            for chunk in stdin:
                process.stdin.write(chunk)
            process.stdin.close()
        process.wait()
    except BaseException:
        process.kill()
        raise
    finally:
        with suppress(BrokenPipeError):
            process.stdin.close()
        process.wait()
        reader.join()
        process.stderr.close()
    # Where the disk is full when a file is closed, some versions say so and still exit with 0.
    full = any(reason in line for line in lines for reason in _FULL)
    if process.returncode != 0 or full:
        raise FFmpegError(
            f"ffmpeg failed (exit status {process.returncode})",
            "\n       ".join(lines) or "it gave no reason",
            "free some space, or write somewhere else; what is finished is kept" if full else None,
        )


def _drain(pipe: IO[bytes], lines: deque[str]) -> None:
    for line in pipe:
        lines.append(line.decode(errors="replace").rstrip())


def _output(argv: list[str]) -> str:
    done = subprocess.run(argv, stdin=subprocess.DEVNULL, capture_output=True, check=True)
    return done.stdout.decode(errors="replace")


def _why_not(exe: str, needed: tuple[str, ...] = ()) -> str | None:
    """The reason why a binary cannot be used, None if it can."""
    for name in (*_NEEDED, *needed):
        if reason := _encoder_fault(exe, name):
            return reason
    return None


def _encoder_fault(exe: str, encoder: str) -> str | None:
    """The reason why an encoder, or a filter, cannot process ten black frames; None if it can."""
    if filters := _FILTERS.get(encoder):
        wanted = {"vf": f"setparams=colorspace=bt709:color_trc=bt709:color_primaries=bt709,{filters}"}
    else:
        wanted = {"c:v": encoder}
    # Hardware encoders refuse pictures smaller than this.
    graph = ffmpeg.input("color=black:size=256x256:rate=25", format="lavfi", t=0.4)
    sink = graph.output("pipe:", format="null", **wanted).global_args(*_QUIET)
    try:
        _run([str(part) for part in ffmpeg.compile(sink, cmd=exe)])
    except FFmpegError as error:
        return f"{encoder}: {error.why}"
    except OSError as error:
        return error.strerror or str(error)
    return None
