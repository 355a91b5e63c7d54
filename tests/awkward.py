"""What becomes of each awkward file, as film and as music, in the words of docs/robustness.md's table:

PYTHONPATH=tests python -m awkward ../shared/media/awkward
"""

from __future__ import annotations

import contextlib
import faulthandler
import io
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import numpy as np
from counterfilm import make_plan
from numpy.typing import NDArray

from trailergen.__main__ import run
from trailergen.errors import TrailergenError
from trailergen.media.ffmpeg import file_url, find_ffmpeg
from trailergen.plans import Plan
from trailergen.rendering.trailer import render_trailer
from trailergen.runtime.cache import StageCache
from trailergen.runtime.models import Models
from trailergen.runtime.progress import Progress, ProgressKind
from trailergen.session import Session
from trailergen.settings.render import RenderSettings
from trailergen.stages import AnalysedFilm, find_shots

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
AWKWARD = Path(__file__).resolve().parents[2] / "shared" / "media" / "awkward"
LIMIT_S = 180
SIZE = (64, 36)
# Mean grey levels: an encode moves a thumbnail by less, another picture of these films is further away.
SAME = 6.0
ALIKE = 1.0

Thumbnails = NDArray[np.float32]


class Runs:
    """Outcomes of ``make``, in one process and with one cache."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.cache = folder, folder / "cache"
        self._models = Models()

    def as_film(self, path: Path) -> str:
        """``trailer``, or the exit code and what is wrong."""
        return self._make(path, EXAMPLES / "score.ogg", "film", "--length", "8")

    def as_music(self, path: Path) -> str:
        """``trailer``, or the exit code and what is wrong."""
        return self._make(EXAMPLES / "film.mp4", path, "music", "--length", "8")

    def pictures(self, path: Path) -> str:
        """Whether three clips of a film show it upright, undistorted and at the right time; ``-`` if it is none."""
        try:
            film = find_shots(Session(StageCache(self.cache), Progress(ProgressKind.none)), path)
        except TrailergenError:
            return "-"
        plan, output = three_clips(film), self.folder / "three.mp4"
        render_trailer(
            plan,
            output,
            film=path,
            music=EXAMPLES / "score.ogg",
            settings=RenderSettings(crf=16, preset="veryfast"),
            work=self.folder / "work" / film.sha256[:16],
            progress=Progress(ProgressKind.none),
        )
        return faults(path, film.info.stream, plan, output) or "right"

    def _make(self, film: Path, music: Path, role: str, *more: str) -> str:
        output = self.folder / f"{role}.mp4"
        command = ["make", "-m", str(music), "-o", str(output), "--force", "--preset", "ultrafast", *more]
        said = io.StringIO()
        faulthandler.dump_traceback_later(LIMIT_S, exit=True)
        with contextlib.redirect_stderr(said), contextlib.redirect_stdout(io.StringIO()):
            code = run([*command, "--cache-dir", str(self.cache), "--", str(film)], self._models)
        faulthandler.cancel_dump_traceback_later()
        if code == 0:
            return "trailer"
        (error,) = (line for line in said.getvalue().splitlines() if line.startswith("error: "))
        given = film if role == "film" else music
        return f"{code}: {error.removeprefix('error: ').replace(str(given), 'the file')}"


def three_clips(film: AnalysedFilm) -> Plan:
    """From the beginning, the middle and the end of a film, whatever its shots."""
    frames, info = film.analysis.frames, film.info
    length = max(1, min(frames // 4, round(film.analysis.rate)))
    starts = sorted({0, frames // 2, frames - length})
    ranges = [(start, start + length) for start in starts if start + length <= frames]
    size = (info.display_width, info.display_height)
    return make_plan([*ranges[1:], ranges[0]], frames=frames, rate=film.analysis.rate, size=size)


def faults(film: Path, stream: int, plan: Plan, trailer: Path) -> str:
    """What an ffmpeg of its own sees in the trailer that is not what it sees in the film; empty if nothing."""
    shape, times, pictures = decode(film, stream)
    got, _, shown = decode(trailer, 0)
    if abs(got[0] / got[1] / (shape[0] / shape[1]) - 1) > 0.02 + 2 / min(got):
        return f"the picture is {got[0]}x{got[1]}, the film's is {shape[0]:.0f}x{shape[1]:.0f}"
    if len(shown) != plan.sequence.frames:
        return f"{len(shown)} frames, planned {plan.sequence.frames}"
    half = Fraction(1, 2)
    worst = 0.0
    for position in plan.positions:
        for offset in sorted({0, len(position.record) // 2, len(position.record) - 1}):
            time = float((position.source.start + offset + half) / plan.film.rate)
            at = max(0, int(np.searchsorted(times, time, side="right")) - 1)
            picture = shown[position.record.start + offset]
            apart = float(np.abs(picture - pictures[at]).mean())
            worst = max(worst, apart)
            for decoy in (at - 1, at + 1):
                other = pictures[max(0, min(decoy, len(pictures) - 1))]
                if np.abs(other - pictures[at]).mean() > ALIKE and np.abs(picture - other).mean() < apart:
                    return f"film frame {position.source.start + offset} shows the picture beside it"
    return f"{worst:.0f} grey levels from the film" if worst > SAME else ""


def decode(path: Path, stream: int) -> tuple[tuple[float, float], NDArray[np.float64], Thumbnails]:
    """The shape as shown (upright, square pixels), times from the first picture on, and small grey pictures."""
    width, height = SIZE
    graph = f"showinfo,scale={width}:{height}:flags=area,format=gray"
    command = [find_ffmpeg(), "-nostdin", "-i", file_url(path), "-map", f"0:v:{stream}", "-vf", graph]
    command += ["-fps_mode", "passthrough", "-f", "rawvideo", "-"]
    done = subprocess.run(command, capture_output=True, timeout=LIMIT_S)
    said = done.stderr.decode(errors="replace")
    infos = re.findall(r"pts_time:(\S+) .*?sar:(\d+)/(\d+) s:(\d+)x(\d+)", said)
    pictures = np.frombuffer(done.stdout, np.uint8).reshape(-1, height, width).astype(np.float32)
    times = np.array([float(time) for time, *_ in infos])
    across, down, wide, high = (int(number) for number in infos[0][1:])
    aspect = across / down if across and 0.1 <= across / max(1, down) <= 10 else 1.0
    return (wide * aspect, float(high)), times[: len(pictures)] - times[0], pictures


def table(folder: Path, runs: Runs) -> Iterator[str]:
    """The table's lines."""
    yield "| file | as film | as music | three clips of it |"
    yield "|---|---|---|---|"
    for path in sorted(folder.iterdir()):
        yield f"| `{path.name}` | {runs.as_film(path)} | {runs.as_music(path)} | {runs.pictures(path)} |"


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        for line in table(Path(sys.argv[1]), Runs(Path(place))):
            print(line, flush=True)
