"""The results page: the paper's tables, repeated on simulated films.

    python -m benchmarks.paper.results -o docs/results.md

makes the page and, beside it, its figures as JSON. Every training is kept in the cache when it is finished, so that
a run that was killed goes on where it stopped. ``--steps``, ``--train-films`` and the like choose another size.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

import torch

from benchmarks.paper.cells import Cells
from benchmarks.paper.forms import Size
from benchmarks.paper.sections import Section, real_section, sections, starter_section
from trailergen.runtime.cache import StageCache, atomic_output, default_cache_dir
from trailergen.runtime.progress import Progress
from trailergen.weights import STARTER, find_weights


def page(size: Size, found: Sequence[Section]) -> str:
    """The whole page as Markdown."""
    smallest, largest = size.shots
    epochs = size.steps * size.batch / size.train_films
    head = f"""# Results

Made by `python -m benchmarks.paper.results -o docs/results.md`, the last section with `--real` and `--alignment`
besides; the figures are in the JSON file beside this page.

The paper's data are not public. Its tables are repeated here on simulated films (`trailergen/training/simulate.py`):
{size.train_films} to learn from and {size.test_films} others to be examined on, of {smallest} to {largest} shots, the
trailers of {size.positions[0]} to {size.positions[1]}, described by one made-up encoder of {size.dimension} dimensions.
Every method that learns gets {size.steps} steps of {size.batch} films, that is {epochs:.0f} epochs, at width
{size.width} in {size.layers} layers. Means and standard deviations over {size.seeds} trainings with different seeds;
the films are the same. The logits of eq. 3 are scaled by 10. Two results are said to differ if their means are further
apart than their spreads together.

The films to learn from are few and seen often, so that they can be learned by heart: in the paper, too, the training
accuracy reaches 0.95 and more. What many films, each in ever another form, are worth instead is at the end.

P, R, F1: precision, recall and their harmonic mean of the chosen shots, R = 1 and R = 2 forgiving as many shots of
distance; LD: Levenshtein distance, lower is better; AA: share of the pairs of shared shots that are in the official
order. Definitions: `trailergen/evaluation/metrics.py`.
"""
    short = "\n".join(f"* {section.title}: {section.verdict}" for section in found)
    return "\n".join([head, f"## In short\n\n{short}\n", *(section.markdown() for section in found)])


def write(output: Path, size: Size, found: Sequence[Section]) -> None:
    """Write the page, and its figures with the suffix .json. Raises OutputError."""
    figures = {"size": asdict(size), "sections": [section.json() for section in found]}
    with atomic_output(output.with_suffix(".json")) as temporary:
        temporary.write_text(json.dumps(figures, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    with atomic_output(output) as temporary:
        temporary.write_text(page(size, found), encoding="utf-8")


def main(arguments: Sequence[str] | None = None, note: Callable[[str], None] | None = None) -> None:
    """Make the page."""
    parser = argparse.ArgumentParser(description="make the results page")
    parser.add_argument("-o", "--output", type=Path, required=True, help="the page to write, ending in .md")
    parser.add_argument("--work", type=Path, default=default_cache_dir(), help="where finished cells are kept")
    parser.add_argument("--real", type=Path, metavar="DATASET", help="real films to be examined on")
    parser.add_argument("--alignment", type=Path, metavar="CSV", help="hand-made, of the only real film's trailer")
    parser.add_argument("--checkpoint", type=Path, help="what to try on the real pair; the starter by default")
    parser.add_argument("--jobs", type=int, default=1, help="processes")
    for field in fields(Size):
        option = f"--{field.name.replace('_', '-')}"
        if isinstance(field.default, tuple):
            parser.add_argument(option, type=int, nargs=2, default=field.default, metavar=("FROM", "TO"))
        else:
            parser.add_argument(option, type=int, default=field.default)
    chosen = parser.parse_args(arguments)
    torch.set_num_threads(1)  # the sums of more threads differ from machine to machine
    given: dict[str, Any] = {field.name: getattr(chosen, field.name) for field in fields(Size)}
    size = Size(**given | {"shots": tuple(chosen.shots), "positions": tuple(chosen.positions)})
    cells = Cells(size, StageCache(chosen.work), note or Progress().note)
    cells.prepare(chosen.jobs)
    found = sections(cells)
    checkpoint = chosen.checkpoint or find_weights(STARTER).path
    found.append(starter_section(cells, checkpoint))
    if chosen.real is not None:
        found.append(real_section(cells, chosen.real, chosen.alignment, checkpoint))
    write(chosen.output, size, found)


if __name__ == "__main__":
    main()
