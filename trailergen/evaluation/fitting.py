"""The methods beside SSMP trained, as ``trailergen train --method`` asks for it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import torch

from trailergen.errors import UsageError
from trailergen.evaluation.baselines.registry import BASELINES
from trailergen.evaluation.budget import TrainingBudget
from trailergen.evaluation.method_checkpoint import save_method
from trailergen.evaluation.methods import Method
from trailergen.runtime.progress import Progress
from trailergen.settings.group import Group, option_words, settings_of
from trailergen.settings.training import TrainingSettings
from trailergen.ssmp.spaces import GEOMETRY_2
from trailergen.training.augmentation import augment
from trailergen.training.batches import Example, steps_per_epoch
from trailergen.training.examples import Channels, Labels, examples_of, open_dataset, token_space
from trailergen.training.films import NEEDED_WORDS, missing
from trailergen.training.setup import model_config
from trailergen.training.simulation.examples import TRAIN_SEED, simulated_example
from trailergen.training.simulation.pairs import simulate_pairs

SIMULATED_SHOTS = (40, 300)
"""Bounds of the number of shots of a simulated film."""


def fit_method(dataset: Path | None, output: Path, settings: TrainingSettings, progress: Progress) -> None:
    """Train a method that learns, and write its checkpoint.

    It reads the tokens that ``--channels`` names; on simulated films those that suit every encoder.

    Args:
        dataset: to learn from; None for simulated films.
        output: the checkpoint.
        settings: the method, its size, the data, and of the optimizer the learning rate; the rest is SSMP's.
        progress: shows the stage.

    Raises:
        InputError: the dataset cannot be read.
        OutputError: the checkpoint cannot be written.
        UsageError: the method learns nothing, there is nothing to learn from, the films lack what it needs, an option
            is SSMP's alone, or the training diverged.
    """
    asked = settings.method
    name, kind = next((name, kind) for name, kind in BASELINES.items() if name.lower() == asked.method)
    _check(settings, kind, dataset)
    channels = Channels(settings.data.channels) if dataset is not None else Channels.context
    if dataset is None:
        # What simulated films lack is found out by one of them.
        first = simulate_pairs(TRAIN_SEED, 1, SIMULATED_SHOTS)
        _require(asked.method, kind, [simulated_example(pair) for pair in first])
    with progress.stage("films"):
        examples, space = _examples(dataset, settings, channels)
    _require(asked.method, kind, examples)
    epochs, batch = settings.data.epochs, settings.data.batch
    budget = TrainingBudget(
        model_config(settings.model, examples[0].film.shape[1]),
        epochs * steps_per_epoch(len(examples), batch),
        batch,
        settings.optimizer.learning_rate,
        augment=None if channels.space is None else partial(augment, space=channels.space),
    )
    method = kind.within(budget)
    with progress.stage("train"):
        method.fit(examples, settings.run.seed)
    if not all(bool(torch.isfinite(tensor).all()) for tensor in method.state()[1].values()):
        raise UsageError(f"the training of {asked.method} diverged", hint="choose a lower --learning-rate")
    save_method(output, name, method, space)


def _check(settings: TrainingSettings, kind: type[Method], dataset: Path | None) -> None:
    """Raise UsageError for what cannot be asked."""
    asked = settings.method
    if not kind.learns:
        raise UsageError(
            f"--method {asked.method} learns nothing", hint="plan with it as it is, it needs no checkpoint"
        )
    if (dataset is None) == (asked.simulated == 0):
        raise UsageError(
            f"{asked.method} learns from a DATASET or from --simulated films",
            "neither is given" if dataset is None else "both are given",
        )
    if dataset is None and Channels(settings.data.channels) is Channels.text:
        raise UsageError("--simulated films have no lines, which --channels context+text reads", hint="give a DATASET")
    for group, ours in (
        (settings.objective, ()),
        (settings.optimizer, ("learning_rate",)),
        (settings.run, ("seed",)),
    ):
        if words := _others(group, ours):
            raise UsageError(f"{words[0]} is for SSMP, and says nothing to {asked.method}", hint="leave it out")


def _require(name: str, kind: type[Method], examples: Sequence[Example]) -> None:
    """Raise UsageError where less is known of the films than the method needs."""
    lacking = {need for one in examples for need in missing(kind.needs, one.film_facts, one.music)}
    if lacking:
        words = ", ".join(words for need, words in NEEDED_WORDS.items() if need in lacking)
        raise UsageError(
            f"{name} cannot learn from these films", f"it needs {words}, which is not known of all of them"
        )


def _others(group: Group, ours: Sequence[str]) -> list[str]:
    """The options given of a group, but for these fields."""
    return [
        word
        for setting in settings_of(type(group))
        if setting.field not in ours and (value := getattr(group, setting.field)) != setting.default
        for word in option_words(setting, value)
    ]


def _examples(dataset: Path | None, settings: TrainingSettings, channels: Channels) -> tuple[list[Example], str]:
    """The examples, and the space of their tokens."""
    if dataset is None:
        pairs = simulate_pairs(TRAIN_SEED, settings.method.simulated, SIMULATED_SHOTS)
        return [simulated_example(pair) for pair in pairs], GEOMETRY_2.name
    found, data = open_dataset(dataset), settings.data
    labels = None if data.labels == "auto" else Labels(data.labels)
    return examples_of(found, labels, data.reject_below, channels), token_space(found, channels)[0]
