"""One position re-rolled and the plan rendered again, against rendering it from nothing: whole processes."""

from __future__ import annotations

import shutil

from pairs import measure
from rows import Material, Row, alone
from track import trailergen

from trailergen.plan import dump_plan


def rows(material: Material) -> list[Row]:
    cache, folder = material.analysed("reroll-cache"), material.folder
    plan, revised = folder / "a.plan.json", folder / "b.plan.json"
    plan.write_text(dump_plan(material.plan), encoding="utf-8")
    here = ("--cache-dir", str(cache))
    trailergen("render", str(plan), "-o", str(folder / "a.mp4"), *here)
    position = str(len(material.plan.positions) // 2)

    def revise() -> None:
        trailergen("revise", str(plan), "--reroll", position, "-o", str(revised), *here)

    def render() -> None:
        trailergen("render", str(revised), "-o", str(folder / "b.mp4"), *here)

    steps = measure(revise)[0], measure(render)[0]
    shutil.rmtree(cache / "segments")
    (folder / "b.mp4").unlink()
    full, _ = measure(render)
    note = f"`revise` takes {steps[0]:.1f} s of it, `render` with its verification {steps[1]:.1f} s."
    measured = f"{sum(steps):.1f} s against {full:.1f} s"
    return [Row("one position re-rolled: a full render", measured, sum(steps) / full, 0.25, note=note)]


if __name__ == "__main__":
    alone(rows, __doc__)
