"""``trailergen train``: a model from films and their official trailers."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from trailergen.cli import options as o
from trailergen.runtime.device import Device
from trailergen.runtime.progress import ProgressKind

if TYPE_CHECKING:
    from trailergen.ssmp.masking import Schedule
    from trailergen.ssmp.model import ModelConfig


class LabelChoice(StrEnum):
    """Where labels come from; ``auto`` is the dataset, or eq. 1 as printed where it stores none."""

    auto = "auto"
    stored = "stored"
    paper = "paper"
    reject = "reject"


class ChannelChoice(StrEnum):
    """What stands beside the geometry of the shots."""

    none = "none"
    context = "context"


class LossChoice(StrEnum):
    """Cross-entropy (eq. 4) or squared error (Table 6)."""

    ce = "ce"
    mse = "mse"


class ScheduleChoice(StrEnum):
    """How the mask ratio moves (eq. 6, Table 3)."""

    self_paced = "self-paced"
    random = "random"
    increasing = "increasing"
    decreasing = "decreasing"


def train(
    dataset: Annotated[
        Path, typer.Argument(metavar="DATASET", help="A folder by `dataset build`, or one of CMTD's layout.")
    ],
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="The checkpoint, .safetensors.")],
    labels: Annotated[LabelChoice, typer.Option("--labels", help="Labels: the dataset's or eq. 1.")] = LabelChoice.auto,
    reject_below: Annotated[
        float, typer.Option("--reject-below", min=-1.0, max=1.0, help="With --labels reject: least cosine of a label.")
    ] = 0.6,
    channels: Annotated[
        ChannelChoice, typer.Option("--channels", help="none: the paper's; context: for any encoder.")
    ] = ChannelChoice.none,
    epochs: Annotated[int, typer.Option("--epochs", min=1)] = 500,
    batch: Annotated[int, typer.Option("--batch", min=1, help="Pairs per step, on all GPUs together.")] = 5,
    learning_rate: Annotated[float, typer.Option("--learning-rate", min=1e-9, max=1.0)] = 1e-4,
    warmup: Annotated[float, typer.Option("--warmup", min=0.0, max=1.0, help="Share of the steps.")] = 0.1,
    weight_decay: Annotated[float, typer.Option("--weight-decay", min=0.0)] = 0.1,
    beta2: Annotated[float, typer.Option("--beta2", min=0.0, max=0.99999, help="Of AdamW.")] = 0.95,
    loss: Annotated[LossChoice, typer.Option("--loss", help="Eq. 4, or Table 6's squared error.")] = LossChoice.ce,
    schedule: Annotated[
        ScheduleChoice, typer.Option("--schedule", help="How the mask ratio moves.")
    ] = ScheduleChoice.self_paced,
    mu_a: Annotated[float, typer.Option("--mu-a", min=0.0, max=1.0, help="Of eq. 6.")] = 0.98,
    mu_t: Annotated[float, typer.Option("--mu-t", min=0.0, max=1.0, help="Of eq. 6.")] = 0.1,
    beta: Annotated[float, typer.Option("--beta", min=0.0, max=1000.0, help="Of eq. 6.")] = 10.0,
    t_min: Annotated[float, typer.Option("--t-min", min=0.001, max=1.0, help="Least mask ratio.")] = 0.1,
    t_max: Annotated[float, typer.Option("--t-max", min=0.001, max=1.0, help="Largest mask ratio.")] = 1.0,
    monotone: Annotated[
        bool, typer.Option("--monotone/--no-monotone", help="Never lower the mask ratio (third line of eq. 6).")
    ] = True,
    width: Annotated[int, typer.Option("--width", min=2, help="Hidden size.")] = 1024,
    layers: Annotated[int, typer.Option("--layers", min=1)] = 4,
    heads: Annotated[int, typer.Option("--heads", min=1)] = 4,
    ffn: Annotated[int, typer.Option("--ffn", min=1, help="Inner size of the feed-forward.")] = 2048,
    logit_scale: Annotated[
        float, typer.Option("--logit-scale", min=0.01, help="Factor on the cosines of eq. 3.")
    ] = 1.0,
    local_start: Annotated[
        bool, typer.Option("--local-start", help="Heads begin by looking at neighbouring positions.")
    ] = False,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Of weights, order and masks.")] = 0,
    save_every: Annotated[int, typer.Option("--save-every", min=1, metavar="STEPS", help="For going on.")] = 100,
    resume: Annotated[
        bool, typer.Option("--resume/--no-resume", help="Go on where the same command was interrupted.")
    ] = True,
    force: o.ForceOption = False,
    progress: o.ProgressOption = ProgressKind.auto,
    device: o.DeviceOption = Device.auto,
) -> None:
    """Train SSMP on DATASET; the defaults are the paper's. Several GPUs: torchrun ... -m trailergen train."""
    o.check_output(output, ".safetensors", ())
    if output.exists() and not force:
        raise o.exists_error(output)
    model_size = {
        "width": width,
        "layers": layers,
        "heads": heads,
        "ffn": ffn,
        "logit_scale": logit_scale,
        "local_attention_init": local_start,
    }

    from trailergen.runtime.progress import Progress
    from trailergen.ssmp.positions import POSITION_DIM
    from trailergen.training.examples import Channels, Labels, batches_of, examples_of, open_dataset, token_space
    from trailergen.training.loop import TrainConfig, steps_per_epoch
    from trailergen.training.machine import open_machine
    from trailergen.training.run import Run, carry_out, digest

    found = open_dataset(dataset)
    chosen = Channels(channels.value)
    space, length = token_space(found, chosen)
    if chosen is Channels.context:
        model_size["position_dim"] = POSITION_DIM
    size = _model(length, model_size)
    examples = examples_of(found, None if labels is LabelChoice.auto else Labels(labels.value), reject_below, chosen)
    steps = epochs * steps_per_epoch(len(examples), batch)
    config = TrainConfig(
        model=size,
        steps=steps,
        learning_rate=learning_rate,
        warmup=warmup,
        weight_decay=weight_decay,
        beta2=beta2,
        loss=loss.value,
        schedule=_schedule(schedule, steps, seed, t_min, t_max, mu_a=mu_a, mu_t=mu_t, beta=beta, monotone=monotone),
        seed=seed,
    )
    facts = {
        "channels": chosen.value,
        "films": len(found.films),
        "trailers": len(examples),
        "data_sha256": digest(examples),
        "batch": batch,
        "epochs": epochs,
    }
    run = Run(config, batches_of(examples, batch, seed, chosen), space, facts)
    machine = open_machine(device)
    shown = Progress(progress if machine.rank == 0 else ProgressKind.none)
    carry_out(run, output, machine, shown, save_every, resume)
    if machine.rank == 0:
        print(output)


def _model(length: int, size: dict[str, float]) -> ModelConfig:
    from trailergen.errors import UsageError
    from trailergen.ssmp.model import ModelConfig

    try:
        return ModelConfig(feature_dim=length, **size)  # type: ignore[arg-type]
    except ValueError as error:
        raise UsageError("there is no model of that size", str(error)) from error


def _schedule(
    choice: ScheduleChoice,
    steps: int,
    seed: int,
    t_min: float,
    t_max: float,
    *,
    mu_a: float,
    mu_t: float,
    beta: float,
    monotone: bool,
) -> Schedule:
    from trailergen.errors import UsageError
    from trailergen.ssmp.masking import Linear, Random, SelfPaced

    if t_min > t_max:
        raise UsageError(f"--t-min {t_min} is above --t-max {t_max}")
    if choice is ScheduleChoice.random:
        return Random(seed, t_min, t_max)
    if choice is ScheduleChoice.increasing:
        return Linear(steps, t_min, t_max)
    if choice is ScheduleChoice.decreasing:
        return Linear(steps, t_max, t_min)
    return SelfPaced(mu_a, mu_t, beta, t_min, t_max, monotone)
