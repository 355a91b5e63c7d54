"""From a dataset and settings to the training they ask for."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

from trailergen.errors import UsageError
from trailergen.settings.training import ModelSettings, ObjectiveSettings, TrainingSettings
from trailergen.ssmp.masking import Linear, Random, Schedule, SelfPaced
from trailergen.ssmp.model import ModelConfig
from trailergen.ssmp.positions import POSITION_DIM
from trailergen.training.batches import steps_per_epoch
from trailergen.training.config import TrainConfig
from trailergen.training.examples import Channels, Labels, batches_of, examples_of, open_dataset, token_space
from trailergen.training.run import TrainingRun, digest


def set_up(folder: Path, settings: TrainingSettings) -> TrainingRun:
    """The training on a dataset, ours or in the layout of CMTD.

    Raises:
        InputError: the folder is no dataset, is damaged, or a trailer shows nothing of its film.
        UsageError: there is no model of that size, or labels that the dataset does not store are asked for.
    """
    data, seed = settings.data, settings.run.seed
    dataset, channels = open_dataset(folder), Channels(data.channels)
    space, length = token_space(dataset, channels)
    model = model_config(settings.model, length, 0 if channels is Channels.none else POSITION_DIM)
    labels = None if data.labels == "auto" else Labels(data.labels)
    examples = examples_of(dataset, labels, data.reject_below, channels)
    steps = data.epochs * steps_per_epoch(len(examples), data.batch)
    config = TrainConfig(
        model,
        steps,
        **asdict(settings.optimizer),
        loss=settings.objective.loss,
        schedule=mask_schedule(settings.objective, steps, seed),
        seed=seed,
    )
    facts: dict[str, Any] = {
        "channels": channels.value,
        "films": len(dataset.films),
        "trailers": len(examples),
        "data_sha256": digest(examples),
        "batch": data.batch,
        "epochs": data.epochs,
    }
    # What is not said is not noted either: states of runs that are older than this setting stay theirs.
    facts |= {} if settings.run.precision == "auto" else {"precision": settings.run.precision}
    return TrainingRun(config, batches_of(examples, data.batch, seed, channels), space, facts)


def model_config(settings: ModelSettings, feature_dim: int, position_dim: int = 0) -> ModelConfig:
    """A model for tokens of ``feature_dim`` numbers and positions of ``position_dim`` channels. Raises UsageError."""
    try:
        return ModelConfig(feature_dim=feature_dim, position_dim=position_dim, **asdict(settings))
    except ValueError as error:
        raise UsageError("there is no model of that size", str(error)) from error


def mask_schedule(settings: ObjectiveSettings, steps: int, seed: int) -> Schedule:
    """The schedule of the mask ratio over a training of ``steps`` (eq. 6, Table 3)."""
    low, high = settings.t_min, settings.t_max
    if settings.schedule == "random":
        return Random(seed, low, high)
    if settings.schedule == "increasing":
        return Linear(steps, low, high)
    if settings.schedule == "decreasing":
        return Linear(steps, high, low)
    return SelfPaced(settings.mu_a, settings.mu_t, settings.beta, low, high, not settings.no_monotone)
