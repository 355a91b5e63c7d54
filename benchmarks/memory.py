"""Peak memory and time of analysing 10 min, 1 h and 2 h at 1080p: a film scaled up and looped by stream copy."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import ffmpeg
from rows import Material, Row, alone

from trailergen.media.ffmpeg import file_url, run

MINUTES = (10, 60, 120)


def rows(material: Material) -> list[Row]:
    large = material.folder / "large.mkv"
    source = ffmpeg.input(file_url(material.film))
    picture = source.video.filter("scale", -2, 1080)
    options = {"vcodec": "libx264", "preset": "veryfast", "crf": 23, "acodec": "aac", "format": "matroska"}
    run(ffmpeg.output(picture, source.audio, file_url(large), **options))
    found = []
    for minutes in MINUTES:
        film = material.folder / f"{minutes}.mkv"
        looped = ffmpeg.input(file_url(large), stream_loop=-1)
        run(ffmpeg.output(looped, file_url(film), t=60 * minutes, c="copy", format="matroska"))
        found.append(_analyse(film, material.folder / f"cache-{minutes}"))
        film.unlink()
    (short_s, short), (_, middle), (long_s, long) = found
    times = ", ".join(f"{minutes} min: {wall:.0f} s" for minutes, (wall, _) in zip(MINUTES, found, strict=True))
    peaks = f"{short:.0f}, {middle:.0f} and {long:.0f} MiB"
    factor = MINUTES[-1] / MINUTES[0]
    return [
        Row("memory: 2 h at 1080p more than 10 min", peaks, long - short, 200, unit="MiB"),
        Row("memory: peak of 2 h at 1080p", peaks, long, 2048, unit="MiB"),
        Row("time of 2 h / 12 times that of 10 min", times, long_s / short_s / factor, 1.1),
    ]


def _analyse(film: Path, cache: Path) -> tuple[float, float]:
    """Wall seconds and peak MiB of a process that finds a film's shots."""
    command = [sys.executable, "-m", "trailergen", "shots", str(film), "--cache-dir", str(cache), "--progress", "none"]
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise RuntimeError(f"{' '.join(command)} ended with {status}")
    return time.perf_counter() - started, usage.ru_maxrss / 1024


if __name__ == "__main__":
    alone(rows, __doc__)
