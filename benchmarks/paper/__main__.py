"""The results page: the paper's tables, repeated on the simulated benchmark.

    python -m benchmarks.paper --protocol a --jobs 2 -o docs/results.md

makes the page and, beside it, its figures as JSON. Every training is kept in the cache when it is finished, so that
a run that was killed goes on where it stopped. The most important experiments come first; ``--only 1,3,5,6 --seeds 1``
makes a page of what is finished first.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import torch

from benchmarks.paper.experiments import Experiments
from benchmarks.paper.page import write
from benchmarks.paper.protocols import PROTOCOLS, PublishedProtocol
from benchmarks.paper.starter import real_section, shot_inputs, starter_section
from benchmarks.paper.tables import sections
from benchmarks.paper.tasks import PARTS
from trailergen.runtime.cache import StageCache, default_cache_dir
from trailergen.runtime.progress import Progress
from trailergen.weights import STARTER, find_weights

_SIZES = {
    "seeds": "trainings per method",
    "steps": "of every training",
    "width": "of the models",
    "layers": "of the models",
    "heads": "of the models",
    "ffn": "of the models",
}


def main(arguments: Sequence[str] | None = None, note: Callable[[str], None] | None = None) -> None:
    """Make the page."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.paper", description="make the results page")
    parser.add_argument("-o", "--output", type=Path, required=True, help="the page to write, ending in .md")
    choices = (*PROTOCOLS, "c")
    parser.add_argument("--protocol", choices=choices, default="a", help="sizes; c: the paper's, on --data")
    parser.add_argument("--data", type=Path, metavar="FOLDER", help="published features, for --protocol c")
    parser.add_argument("--subset", type=Path, metavar="FILE", help="names of the test films of --data to be used")
    parser.add_argument("--only", help=f"parts of the page, with commas between: {', '.join(PARTS)}")
    for name, words in _SIZES.items():
        parser.add_argument(f"--{name}", type=int, help=f"{words}; default: the protocol's")
    parser.add_argument("--precision", choices=("fp32", "bf16"), help="of SSMP's training; default: the protocol's")
    parser.add_argument("--device", choices=("cpu", "cuda"), help="of SSMP's training; default: cpu")
    parser.add_argument("--jobs", type=int, default=1, help="processes")
    parser.add_argument("--work", type=Path, default=default_cache_dir(), help="folder of finished experiments")
    parser.add_argument("--real", type=Path, metavar="DATASET", help="real films to evaluate on")
    parser.add_argument("--alignment", type=Path, metavar="CSV", help="hand-made, of the only real film's trailer")
    parser.add_argument("--checkpoint", type=Path, help="what to try on the real pair; the starter by default")
    chosen = parser.parse_args(arguments)
    whole = [part for part in PARTS if chosen.data is None or part not in ("inputs", "starter")]
    parts = chosen.only.split(",") if chosen.only else whole
    if unknown := set(parts) - set(PARTS):
        parser.error(f"there is no part {', '.join(sorted(unknown))}; there are: {', '.join(PARTS)}")
    torch.set_num_threads(1)  # the sums of more threads differ from machine to machine
    if (chosen.protocol == "c") == (chosen.data is None):
        parser.error("--protocol c and --data FOLDER belong together")
    names = (*_SIZES, "precision", "device")
    given = {name: value for name in names if (value := getattr(chosen, name)) is not None}
    base = PROTOCOLS[chosen.protocol] if chosen.data is None else PublishedProtocol.of(chosen.data, chosen.subset)
    protocol = replace(base, **given)
    experiments = Experiments(protocol, StageCache(chosen.work), note or Progress().note)
    experiments.prepare(parts, chosen.jobs)
    found = sections(experiments, parts)
    checkpoint = chosen.checkpoint or find_weights(STARTER).path
    if "inputs" in parts:
        found += [shot_inputs(experiments, out_of_domain) for out_of_domain in (False, True)]
    if "starter" in parts:
        found.append(starter_section(experiments, checkpoint))
    if chosen.real is not None:
        found.append(real_section(experiments, chosen.real, chosen.alignment, checkpoint))
    options = {"--seeds": chosen.seeds, "--steps": chosen.steps, "--only": chosen.only}
    asked = " ".join(
        [chosen.protocol, *(f"{option} {value}" for option, value in options.items() if value is not None)]
    )
    write(chosen.output, asked, protocol, found, experiments.cards.values())


if __name__ == "__main__":
    main()
