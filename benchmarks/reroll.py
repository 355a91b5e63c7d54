"""One position re-rolled and the plan rendered again, against rendering it from nothing: whole processes."""

from __future__ import annotations

import shutil
import statistics
from pathlib import Path

from pairs import measure
from rows import Material, Row, alone
from track import trailergen

from trailergen.plans import dump_plan


def rows(material: Material) -> list[Row]:
    cache, folder = material.analysed("reroll-cache"), material.folder
    plan, revised = folder / "a.plan.json", folder / "b.plan.json"
    plan.write_text(dump_plan(material.plan), encoding="utf-8")
    middle = len(material.plan.positions) // 2

    def revise(position: int) -> None:
        trailergen("revise", str(plan), "--reroll", str(position), "-o", str(revised), "--cache-dir", str(cache))

    def render(which: Path) -> None:
        trailergen("render", str(which), "-o", str(which.with_suffix(".mp4")), "--cache-dir", str(cache))

    steps = []
    for number in range(material.runs):
        shutil.rmtree(cache / "segments", ignore_errors=True)
        full, _ = measure(lambda: render(plan))
        # Another position each time.
        revising, rendering = measure(lambda at=middle + number: revise(at))[0], measure(lambda: render(revised))[0]
        steps.append((revising, rendering, full))
        for path in (plan.with_suffix(".mp4"), revised, revised.with_suffix(".mp4")):
            path.unlink()
    revising, rendering, full = (statistics.median(side) for side in zip(*steps, strict=True))
    ratio = statistics.median((revising + rendering) / full for revising, rendering, full in steps)
    note = f"`revise` takes {revising:.1f} s of it, `render` with its verification {rendering:.1f} s."
    measured = f"{revising + rendering:.1f} s against {full:.1f} s"
    return [Row("one position re-rolled: a full render", measured, ratio, 0.25, note=note)]


if __name__ == "__main__":
    alone(rows, __doc__)
