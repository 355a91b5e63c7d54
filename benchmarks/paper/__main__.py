"""The results page: the paper's tables, repeated on simulated films.

    python -m benchmarks.paper -o docs/results.md

makes the page and, beside it, its figures as JSON. Every training is kept in the cache when it is finished, so that
a run that was killed goes on where it stopped. ``--steps``, ``--train-films`` and the like choose another size.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

import torch

from benchmarks.paper.experiments import Experiments
from benchmarks.paper.inputs import ExperimentSize
from benchmarks.paper.page import write
from benchmarks.paper.sections import real_section, sections, starter_section
from trailergen.runtime.cache import StageCache, default_cache_dir
from trailergen.runtime.progress import Progress
from trailergen.weights import STARTER, find_weights


def main(arguments: Sequence[str] | None = None, note: Callable[[str], None] | None = None) -> None:
    """Make the page."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.paper", description="make the results page")
    parser.add_argument("-o", "--output", type=Path, required=True, help="the page to write, ending in .md")
    parser.add_argument("--work", type=Path, default=default_cache_dir(), help="folder of finished experiments")
    parser.add_argument("--real", type=Path, metavar="DATASET", help="real films to evaluate on")
    parser.add_argument("--alignment", type=Path, metavar="CSV", help="hand-made, of the only real film's trailer")
    parser.add_argument("--checkpoint", type=Path, help="what to try on the real pair; the starter by default")
    parser.add_argument("--jobs", type=int, default=1, help="processes")
    for field in fields(ExperimentSize):
        option = f"--{field.name.replace('_', '-')}"
        if isinstance(field.default, tuple):
            parser.add_argument(option, type=int, nargs=2, default=field.default, metavar=("FROM", "TO"))
        else:
            parser.add_argument(option, type=int, default=field.default)
    chosen = parser.parse_args(arguments)
    torch.set_num_threads(1)  # the sums of more threads differ from machine to machine
    given: dict[str, Any] = {field.name: getattr(chosen, field.name) for field in fields(ExperimentSize)}
    size = ExperimentSize(**given | {"shots": tuple(chosen.shots), "positions": tuple(chosen.positions)})
    experiments = Experiments(size, StageCache(chosen.work), note or Progress().note)
    experiments.prepare(chosen.jobs)
    found = sections(experiments)
    checkpoint = chosen.checkpoint or find_weights(STARTER).path
    found.append(starter_section(experiments, checkpoint))
    if chosen.real is not None:
        found.append(real_section(experiments, chosen.real, chosen.alignment, checkpoint))
    write(chosen.output, size, found)


if __name__ == "__main__":
    main()
