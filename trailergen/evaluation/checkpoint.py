"""Evaluation of a checkpoint beside the baselines, as ``trailergen evaluate`` asks for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from trailergen.errors import UsageError
from trailergen.evaluation.baselines.registry import baselines
from trailergen.evaluation.budget import TrainingBudget
from trailergen.evaluation.cases import EvaluationCase, channels_for, dataset_cases
from trailergen.evaluation.comparison import MethodResult, compare
from trailergen.evaluation.methods import Method, SSMPMethod
from trailergen.evaluation.tables import as_json
from trailergen.runtime.progress import Progress
from trailergen.settings.evaluation import EvaluationSettings
from trailergen.ssmp.checkpoint import CheckpointInfo, load_checkpoint, token_space_of
from trailergen.ssmp.decoders.registry import DECODERS
from trailergen.ssmp.model import SSMP
from trailergen.ssmp.spaces import GEOMETRY_2, SPACES, TokenSpace
from trailergen.training.augmentation import augment
from trailergen.training.batches import Example
from trailergen.training.cmtd import subset_of
from trailergen.training.examples import Channels, examples_of, open_dataset
from trailergen.training.films import NEEDED_WORDS, missing
from trailergen.training.simulation.examples import TRAIN_SEED, simulated_example
from trailergen.training.simulation.pairs import simulate_pairs
from trailergen.weights import STARTER, find_weights, verified


@dataclass(frozen=True)
class Evaluation:
    """Results of a checkpoint's decoders and the baselines on ``films`` cases.

    ``checkpoint`` and ``dataset`` are names of files; there is no dataset where the films are simulated.
    """

    checkpoint: str
    dataset: str | None
    films: int
    seeds: int
    results: Sequence[MethodResult]

    def json(self) -> dict[str, Any]:
        """The evaluation as JSON values."""
        return {**vars(self), "results": as_json(self.results)}


def evaluate_checkpoint(path: Path | None, settings: EvaluationSettings, device: str, progress: Progress) -> Evaluation:
    """Make trailers with a checkpoint's decoders and with the baselines, and score them.

    Args:
        path: the checkpoint; the starter if None.
        settings: cases, seeds, and what baselines learn from. Without examples those that learn are left out.
        device: of torch, for the checkpoint.
        progress: shows methods and seeds.

    Raises:
        InputError: a dataset or a table cannot be read.
        UsageError: the checkpoint cannot read the dataset's features, or the baselines' examples have others.
        WeightsError: the checkpoint cannot be read.
    """
    path = path or verified(find_weights(STARTER))
    model, info = load_checkpoint(path, device)
    cases, channels, space = _cases(path, info, settings)
    examples = _examples(settings, channels, space)
    _check_lengths(info, cases, examples)
    methods: dict[str, Method] = _decoders(model)
    budget = TrainingBudget(
        info.config,
        settings.baselines.steps,
        int(info.training.get("batch", TrainingBudget.batch)),
        float(info.training.get("learning_rate", TrainingBudget.learning_rate)),
        augment=None if channels is Channels.none else partial(augment, space=space),
    )
    methods |= _possible(baselines(budget), cases, examples, progress)
    seeds, dataset = settings.cases.seeds, settings.cases.dataset
    with progress.stage("evaluate", seeds * len(methods)) as tick:
        results = compare(methods, examples, cases, range(seeds), tick)
    return Evaluation(path.name, dataset.name if dataset else None, len(cases), seeds, results)


def _cases(
    path: Path, info: CheckpointInfo, settings: EvaluationSettings
) -> tuple[list[EvaluationCase], Channels, TokenSpace]:
    """The cases, and the tokens that the checkpoint reads of them."""
    asked = settings.cases
    if asked.dataset is None:
        space = token_space_of(path)
        pairs = simulate_pairs(asked.film_seed, asked.films, settings.shots)
        return [EvaluationCase.simulated(pair, space) for pair in pairs], Channels.context, space
    dataset, space = open_dataset(asked.dataset, "test"), SPACES.get(info.feature_space, GEOMETRY_2)
    if asked.subset is not None:
        dataset = subset_of(dataset, asked.subset)
    channels = channels_for(info, dataset)
    return dataset_cases(dataset, channels, asked.alignment, space), channels, space


def _examples(settings: EvaluationSettings, channels: Channels, space: TokenSpace) -> list[Example]:
    """The examples of the baselines that learn."""
    asked = settings.baselines
    if asked.learn_from is not None:
        return examples_of(open_dataset(asked.learn_from), channels=channels, space=space)
    return [simulated_example(pair, space) for pair in simulate_pairs(TRAIN_SEED, asked.learn, settings.shots)]


def _possible(
    found: Mapping[str, Method], cases: Sequence[EvaluationCase], examples: Sequence[Example], progress: Progress
) -> dict[str, Method]:
    """The baselines of which enough is known of the films; those that learn only where there are examples."""
    possible = {}
    for name, method in found.items():
        if method.learns and not examples:
            continue
        lacking = {need for case in cases for need in case.film.missing(method.needs)}
        if method.learns:
            lacking |= {need for one in examples for need in missing(method.needs, one.film_facts, one.music)}
        if lacking:
            words = ", ".join(words for need, words in NEEDED_WORDS.items() if need in lacking)
            progress.note(f"left out {name}: it needs {words}, which is not known of these films")
        else:
            possible[name] = method
    return possible


def _check_lengths(info: CheckpointInfo, cases: Sequence[EvaluationCase], examples: Sequence[Example]) -> None:
    lengths = {cases[0].film.features.shape[1], *(example.film.shape[1] for example in examples)}
    if lengths != {info.config.feature_dim}:
        raise UsageError(
            f"the features are {sorted(lengths)} numbers long, the checkpoint reads {info.config.feature_dim}",
            hint="the films to learn from and those to evaluate on must have the checkpoint's features",
        )


def _decoders(model: SSMP) -> dict[str, Method]:
    return {name: SSMPMethod(model, name) for name in DECODERS}
