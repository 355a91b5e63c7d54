"""``trailergen train``: a model from films and their official trailers."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from trailergen.api import outputs
from trailergen.cli import options as o
from trailergen.cli.groups import spread
from trailergen.errors import UsageError
from trailergen.runtime.device import Device
from trailergen.runtime.progress import ProgressKind
from trailergen.settings.plan import SSMP
from trailergen.settings.training import (
    ModelSettings,
    ObjectiveSettings,
    OptimizerSettings,
    TrainedMethodSettings,
    TrainingDataSettings,
    TrainingRunSettings,
    TrainingSettings,
)


@spread
def train(
    dataset: Annotated[
        Path | None,
        typer.Argument(metavar="DATASET", help="Folder that `dataset build` made, or one in the layout of CMTD."),
    ] = None,
    *,
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="FILE", help="Checkpoint to write, ending in .safetensors.")
    ],
    data: TrainingDataSettings,
    optimizer: OptimizerSettings,
    objective: ObjectiveSettings,
    model: ModelSettings,
    method: TrainedMethodSettings,
    run: TrainingRunSettings,
    force: o.ForceOption = False,
    progress: o.ProgressOption = ProgressKind.auto,
    device: o.DeviceOption = Device.auto,
) -> None:
    """Train SSMP on DATASET; the defaults are the paper's. Several GPUs: torchrun ... -m trailergen train.

    With --method another method that learns is trained instead, on the CPU, on DATASET or on simulated films.
    """
    outputs.check_output(output, ".safetensors", ())
    if output.exists() and not force:
        raise outputs.exists_error(output)

    from trailergen.runtime.progress import Progress

    settings = TrainingSettings(data, optimizer, objective, model, method, run)
    if method.method != SSMP:
        if device is Device.cuda:
            raise UsageError(f"--method {method.method} is trained on the CPU", hint="leave --device out")
        from trailergen.evaluation.fitting import fit_method

        fit_method(dataset, output, settings, Progress(progress))
        print(output)
        return
    if dataset is None:
        raise UsageError("there is nothing to learn from", hint="name a DATASET")
    from trailergen.training.accelerator import open_accelerator
    from trailergen.training.run import execute
    from trailergen.training.setup import set_up

    training = set_up(dataset, settings)
    accelerator = open_accelerator(device, run.precision)
    shown = Progress(progress if accelerator.rank == 0 else ProgressKind.none)
    execute(training, output, accelerator, shown, run.save_every, not run.no_resume)
    if accelerator.rank == 0:
        print(output)
