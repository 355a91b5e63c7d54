"""``trailergen evaluate``: how good a checkpoint's trailers are, beside those of simpler methods."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from trailergen.cli import options as o
from trailergen.device import Device
from trailergen.progress import ProgressKind


def evaluate(
    checkpoint: Annotated[
        Path | None, typer.Argument(metavar="CHECKPOINT", help="A .safetensors file; the starter by default.")
    ] = None,
    films: Annotated[int, typer.Option("--films", min=1, help="Simulated films to make trailers for.")] = 60,
    shots: Annotated[tuple[int, int], typer.Option("--shots", metavar="FROM TO", help="Shots of a film.")] = (40, 300),
    first_seed: Annotated[int, typer.Option("--film-seed", min=0, help="Of the simulated films.")] = 1_000_003,
    seeds: Annotated[int, typer.Option("--seeds", min=1, help="How often every method is tried.")] = 3,
    learn: Annotated[
        int, typer.Option("--learn", min=0, help="Simulated films that TGT and VASNet learn from; 0: without them.")
    ] = 0,
    steps: Annotated[int, typer.Option("--steps", min=1, help="Steps in which they learn.")] = 1000,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="The table, .md or .json; else it is printed.")
    ] = None,
    force: o.ForceOption = False,
    progress: o.ProgressOption = ProgressKind.auto,
    device: o.DeviceOption = Device.cpu,
) -> None:
    """Compare CHECKPOINT's decoders, TGT, VASNet, M2T, random and uniform choice on simulated films."""
    import json

    from trailergen.errors import UsageError
    from trailergen.progress import Progress

    smallest, largest = shots
    if not 24 <= smallest <= largest:
        raise UsageError(f"--shots {smallest} {largest}: films have 24 shots or more, the lower bound comes first")
    if output is not None:
        if output.suffix not in (".md", ".json"):
            raise UsageError(f"the output {output} must end in .md or .json")
        o.check_output(output, output.suffix, ())
        if output.exists() and not force:
            raise o.exists_error(output)

    from trailergen.device import resolve_device
    from trailergen.evaluation.cells import baselines
    from trailergen.evaluation.experiment import Exam, side_by_side
    from trailergen.evaluation.method import Course, Method, Trained
    from trailergen.evaluation.tables import as_json, markdown
    from trailergen.ssmp.checkpoint import load_checkpoint, require_feature_space
    from trailergen.ssmp.generate import DECODERS
    from trailergen.ssmp.tokens import FEATURE_SPACE
    from trailergen.training.examples import turned
    from trailergen.training.simulate import simulate_pairs
    from trailergen.training.starter import TRAIN_SEED, example_of
    from trailergen.weights import STARTER, find_weights, verified

    path = checkpoint or verified(find_weights(STARTER))
    model, info = load_checkpoint(path, resolve_device(device))
    require_feature_space(info, FEATURE_SPACE, path)
    methods: dict[str, Method] = {name: Trained(model, name) for name in DECODERS}
    simpler = baselines(Course(info.config, steps, varied=turned))
    if not learn:
        simpler = {name: method for name, method in simpler.items() if name not in ("TGT", "VASNet")}
    methods |= simpler

    exams = [Exam.simulated(pair) for pair in simulate_pairs(first_seed, films, shots)]
    examples = [example_of(pair) for pair in simulate_pairs(TRAIN_SEED, learn, shots)]
    with Progress(progress).stage("evaluate", seeds * len(methods)) as tick:
        results = side_by_side(methods, examples, exams, range(seeds), tick)
    figures = json.dumps(
        {"checkpoint": path.name, "films": films, "shots": shots, "seeds": seeds, "results": as_json(results)}, indent=1
    )
    if output is None:
        print(markdown(results), end="")
    else:
        text = figures + "\n" if output.suffix == ".json" else markdown(results)
        o.write_text(output, text)
