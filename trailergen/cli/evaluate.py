"""``trailergen evaluate``: how good a checkpoint's trailers are, beside those of simpler methods."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from trailergen.cli import options as o
from trailergen.runtime.device import Device
from trailergen.runtime.progress import ProgressKind


def evaluate(
    checkpoint: Annotated[
        Path | None, typer.Argument(metavar="CHECKPOINT", help="A .safetensors file; the starter by default.")
    ] = None,
    dataset: Annotated[
        Path | None,
        typer.Option("--dataset", metavar="FOLDER", help="Films and trailers to be examined on; else simulated ones."),
    ] = None,
    alignment: Annotated[
        Path | None,
        typer.Option("--alignment", metavar="CSV", help="Hand-made labels for the only trailer of --dataset."),
    ] = None,
    learn_from: Annotated[
        Path | None,
        typer.Option("--learn-from", metavar="FOLDER", help="A dataset that TGT and VASNet learn from."),
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
    """Compare CHECKPOINT's decoders, TGT, VASNet, M2T, random and uniform choice on a dataset or simulated films.

    A dataset is a folder made by `trailergen dataset build`, or one in the layout of CMTD, of which the test split is
    taken here and the training split by --learn-from.
    """
    import json

    from trailergen.errors import UsageError
    from trailergen.runtime.progress import Progress

    smallest, largest = shots
    if not 24 <= smallest <= largest:
        raise UsageError(f"--shots {smallest} {largest}: films have 24 shots or more, the lower bound comes first")
    if alignment is not None and dataset is None:
        raise UsageError("--alignment needs a --dataset")
    if output is not None:
        if output.suffix not in (".md", ".json"):
            raise UsageError(f"the output {output} must end in .md or .json")
        o.check_output(output, output.suffix, ())
        if output.exists() and not force:
            raise o.exists_error(output)

    from benchmarks.paper.cells import baselines
    from trailergen.evaluation.experiment import Exam, side_by_side
    from trailergen.evaluation.method import Course, Method, Trained
    from trailergen.evaluation.real import channels_for, real_exams
    from trailergen.evaluation.tables import as_json, markdown
    from trailergen.runtime.device import resolve_device
    from trailergen.ssmp.checkpoint import load_checkpoint, token_space_of
    from trailergen.ssmp.decoders.registry import DECODERS
    from trailergen.ssmp.spaces import GEOMETRY_2, SPACES
    from trailergen.training.examples import Channels, examples_of, open_dataset, turned
    from trailergen.training.simulate import simulate_pairs
    from trailergen.training.starter import TRAIN_SEED, example_of
    from trailergen.weights import STARTER, find_weights, verified

    path = checkpoint or verified(find_weights(STARTER))
    model, info = load_checkpoint(path, resolve_device(device))
    channels, space = Channels.context, SPACES.get(info.feature_space, GEOMETRY_2)
    if dataset is None:
        space = token_space_of(path)
        exams = [Exam.simulated(pair, space) for pair in simulate_pairs(first_seed, films, shots)]
    else:
        found = open_dataset(dataset, "test")
        channels = channels_for(info, found)
        exams = real_exams(found, channels, alignment, space)
    if learn_from is None:
        examples = [example_of(pair, space) for pair in simulate_pairs(TRAIN_SEED, learn, shots)]
    else:
        examples = examples_of(open_dataset(learn_from), channels=channels, space=space)
    lengths = {exams[0].film.shape[1], *(example.film.shape[1] for example in examples)}
    if lengths != {info.config.feature_dim}:
        raise UsageError(
            f"the features are {sorted(lengths)} numbers long, the checkpoint reads {info.config.feature_dim}",
            hint="what is learned from and what is examined must have the checkpoint's features",
        )
    methods: dict[str, Method] = {name: Trained(model, name) for name in DECODERS}
    simpler = baselines(
        Course(info.config, steps, varied=partial(turned, space=space) if channels is Channels.context else None)
    )
    if not examples:
        simpler = {name: method for name, method in simpler.items() if name not in ("TGT", "VASNet")}
    methods |= simpler

    with Progress(progress).stage("evaluate", seeds * len(methods)) as tick:
        results = side_by_side(methods, examples, exams, range(seeds), tick)
    figures = json.dumps(
        {
            "checkpoint": path.name,
            "dataset": None if dataset is None else dataset.name,
            "films": len(exams),
            "seeds": seeds,
            "results": as_json(results),
        },
        indent=1,
    )
    if output is None:
        print(markdown(results), end="")
    else:
        text = figures + "\n" if output.suffix == ".json" else markdown(results)
        o.write_text(output, text)
