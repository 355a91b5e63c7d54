"""Input and output of every benchmark: the film and music that are measured on, and rows of the table.

A module of this folder that has ``rows(material) -> list[Row]`` is run by ``benchmarks/run``, in a process of its own;
``alone(rows)`` at its end makes it a command:

    python benchmarks/NAME.py [--film FILM] [--music TRACK] [--runs 3] [--cache-dir FOLDER]

A row compares one figure with a target. Where both sides are timed, they are so in turn and in one run (see
``pairs.py``), and the figure is the ratio: it means something even on a busy machine.
"""

from __future__ import annotations

import argparse
import importlib
import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from pairs import machine

from trailergen.edit.plan import make_plan
from trailergen.plans import Plan
from trailergen.runtime.cache import StageCache, default_cache_dir
from trailergen.runtime.progress import Progress, ProgressKind
from trailergen.session import Session
from trailergen.settings.plan import PlanSettings
from trailergen.settings.tree import Settings

HERE = Path(__file__).resolve().parent
_REAL = HERE.parents[1] / "shared" / "media"
_EXAMPLE = HERE.parent / "examples"
PLAN_S = 60.0


@dataclass(frozen=True)
class Row:
    """One line of the table.

    Attributes:
        what: is measured, and against what: "render, 30 clips: one ffmpeg, concat graph".
        measured: both sides as text: "14.5 s against 16.3 s".
        value: the figure that is compared with the target; a ratio unless ``unit`` says otherwise.
        target: to reach; None where the row only states.
        more: whether the figure is to be at least the target, not at most.
        unit: of both: "x" for ratios, or "s", "MiB".
        note: Markdown below the table, for whoever wants to know how and why.
    """

    what: str
    measured: str
    value: float
    target: float | None = None
    more: bool = False
    unit: str = "x"
    note: str = ""

    @property
    def met(self) -> bool | None:
        """True if the target is reached; None where there is none."""
        if self.target is None:
            return None
        return self.value >= self.target if self.more else self.value <= self.target


@dataclass(frozen=True)
class Material:
    """The film and the music that are measured on.

    Attributes:
        film, music: the inputs.
        runs: how often each side is timed; medians count.
        cache: the cache whose analysis of the film is used, and where it is kept.
        folder: of files that nobody wants afterwards.
    """

    film: Path
    music: Path
    runs: int
    cache: Path
    folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="benchmark-")))

    @cached_property
    def plan(self) -> Plan:
        """A plan of about 30 clips; the film is analysed if the cache does not know it."""
        return make_plan(self.session(), self.film, self.music, Settings(PlanSettings(length=PLAN_S)))

    def session(self) -> Session:
        """The pipeline's open_session on this cache, silent."""
        return Session(StageCache(self.cache), Progress(ProgressKind.none))

    def analysed(self, name: str) -> Path:
        """A new cache folder that knows the analysed film, and nothing that was rendered."""
        _ = self.plan
        copy = self.folder / name
        shutil.copytree(self.cache / "stages", copy / "stages")
        return copy


Benchmark = Callable[[Material], list[Row]]


def rows_of(name: str, material: Material) -> list[Row]:
    """The rows that the module of that name finds."""
    benchmark: Benchmark = importlib.import_module(name).rows
    return benchmark(material)


def table(rows: Sequence[Row]) -> str:
    """The rows in Markdown, their notes below."""
    lines = ["| what | measured | ratio or figure | target | met |", "|---|---|---|---|---|"]
    for row in rows:
        target = "" if row.target is None else f"{'>=' if row.more else '<='} {_figure(row.target, row.unit)}"
        met = {True: "yes", False: "**no**", None: ""}[row.met]
        lines.append(f"| {row.what} | {row.measured} | {_figure(row.value, row.unit)} | {target} | {met} |")
    notes = [row.note for row in rows if row.note]
    return "\n\n".join(["\n".join(lines), *notes])


def options(parser: argparse.ArgumentParser) -> None:
    """The options of a benchmark."""
    real = _REAL.is_dir()
    film = _REAL / "films" / "big_buck_bunny_640x360.mp4" if real else _EXAMPLE / "film.mp4"
    music = _REAL / "music" / "kevin_macleod_vibe_ace.ogg" if real else _EXAMPLE / "score.ogg"
    parser.add_argument("--film", type=Path, default=film, help="default: %(default)s")
    parser.add_argument("--music", type=Path, default=music, help="default: %(default)s")
    parser.add_argument("--runs", type=int, default=3, help="how often each side is timed; default: %(default)s")
    parser.add_argument("--cache-dir", type=Path, default=default_cache_dir(), help="default: %(default)s")


def material(arguments: argparse.Namespace) -> Material:
    """The request of the options."""
    return Material(arguments.film.resolve(), arguments.music.resolve(), arguments.runs, arguments.cache_dir.resolve())


def alone(rows: Benchmark, about: str | None) -> None:
    """Be a command: run one benchmark and print its rows. ``about`` is its module's docstring."""
    parser = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    options(parser)
    asked = material(parser.parse_args())
    try:
        print(f"{table(rows(asked))}\n\n{asked.film.name}, {asked.music.name}; {machine()}")
    finally:
        shutil.rmtree(asked.folder, ignore_errors=True)


def _figure(value: float, unit: str) -> str:
    digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2
    return f"{value:.{digits}f}{'' if unit == 'x' else ' '}{unit}"
