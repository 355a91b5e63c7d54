"""Two ways to do one thing, run in turn in one process tree: ratios mean something even on a busy machine."""

from __future__ import annotations

import os
import platform
import resource
import statistics
import time
from collections.abc import Callable
from fractions import Fraction

from trailergen.media.probe import FilmInfo
from trailergen.shots.analysis import DetectedShot

STRETCH_S = 4


def compare(ours: Callable[[], object], theirs: Callable[[], object], names: tuple[str, str], runs: int) -> str:
    """Run both in turn, theirs first; a Markdown table of median wall and CPU seconds and the ratios ours/theirs."""
    measured = [(measure(theirs), measure(ours)) for _ in range(runs)]
    wall = [ours_[0] / theirs_[0] for theirs_, ours_ in measured]
    cpu = [ours_[1] / theirs_[1] for theirs_, ours_ in measured]
    lines = ["| | wall s | CPU s |", "|---|---|---|"]
    for name, index in ((names[0], 1), (names[1], 0)):
        walls, cpus = zip(*(pair[index] for pair in measured), strict=True)
        lines.append(f"| {name} | {statistics.median(walls):.1f} | {statistics.median(cpus):.1f} |")
    spread = f"{min(wall):.2f} to {max(wall):.2f}"
    lines.append(
        f"| ratio, median of {runs} ({spread}) | {statistics.median(wall):.2f} | {statistics.median(cpu):.2f} |"
    )
    return "\n".join(lines)


def measure(work: Callable[[], object]) -> tuple[float, float]:
    """Wall and CPU seconds, those of child processes included."""
    cpu, wall = _cpu(), time.perf_counter()
    work()
    return time.perf_counter() - wall, _cpu() - cpu


def stretches(film: FilmInfo, count: int) -> tuple[Fraction, list[DetectedShot]]:
    """A film's rate and about ``count`` stretches of it, ``STRETCH_S`` seconds each, in place of shots."""
    rate = film.header_rate or Fraction(24)
    length = round(STRETCH_S * rate)
    available = int((film.duration or 0) * rate) // length
    step = max(1, available // count)
    starts = [number * step * length for number in range(available // step)]
    return rate, [
        DetectedShot(number, at, at + length, at / rate, (at + length) / rate, at, at + length, at, at + length, ())
        for number, at in enumerate(starts)
    ]


def machine() -> str:
    """One line on what the figures were taken on."""
    load = os.getloadavg()[0]
    return f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, load {load:.1f} at the end"


def _cpu() -> float:
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)
