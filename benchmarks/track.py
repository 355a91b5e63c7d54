"""`make` with another track on an analysed film, against nothing but rendering the same plan: whole processes."""

from __future__ import annotations

import json
import shutil
import statistics
import subprocess
import sys
from pathlib import Path

import ffmpeg
from pairs import measure
from rows import PLAN_S, Material, Row, alone

from trailergen.media.ffmpeg import file_url, run


def rows(material: Material) -> list[Row]:
    pairs = [_pair(material, number) for number in range(material.runs)]
    wall, pure = (statistics.median(side) for side in zip(*((wall, pure) for wall, pure, _ in pairs), strict=True))
    stages = {name: statistics.median(found[name] for _, _, found in pairs) for name in pairs[0][2]}
    note = "Where `make` spends it: " + ", ".join(f"{name} {seconds:.1f} s" for name, seconds in stages.items())
    note += f"; starting, importing and the rest {wall - sum(stages.values()):.1f} s. Both sides verify their result."
    measured = f"{wall:.1f} s against {pure:.1f} s"
    ratio = statistics.median(wall / pure for wall, pure, _ in pairs)
    return [Row("new track on an analysed film: `trailergen render` of its plan", measured, ratio, 1.3, note=note)]


def _pair(material: Material, number: int) -> tuple[float, float, dict[str, float]]:
    """Seconds of ``make`` with a track of its own, of rendering the same plan, and of the stages of ``make``."""
    cache, folder = material.analysed(f"track-cache{number}"), material.folder
    track = folder / f"another{number}.wav"
    faster = ffmpeg.input(file_url(material.music)).audio.filter("atempo", 1.1 + number / 100)
    run(ffmpeg.output(faster, file_url(track)))
    output = folder / f"track{number}.mp4"
    stages: dict[str, float] = {}

    def whole() -> None:
        command = ["make", str(material.film), "-m", str(track), "--length", f"{PLAN_S:g}", "-o", str(output)]
        said = trailergen(*command, "--cache-dir", str(cache), "--progress", "json")
        events = [json.loads(line) for line in said.splitlines() if line.startswith("{")]
        stages.update((event["stage"], event["elapsed_s"]) for event in events if event["event"] == "done")

    wall, _ = measure(whole)
    shutil.rmtree(cache / "segments")
    again = ["render", str(output.with_suffix(".plan.json")), "-o", str(folder / f"again{number}.mp4")]
    pure, _ = measure(lambda: trailergen(*again, "--cache-dir", str(cache)))
    return wall, pure, stages


def trailergen(*arguments: str, cwd: Path | None = None) -> str:
    """Run a command as users do; returns what it said on stderr."""
    done = subprocess.run(
        [sys.executable, "-m", "trailergen", *arguments], cwd=cwd, check=True, capture_output=True, text=True
    )
    return done.stderr


if __name__ == "__main__":
    alone(rows, __doc__)
