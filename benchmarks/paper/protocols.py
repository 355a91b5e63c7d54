"""Protocols: films, models and steps of a run of the paper's tables.

``a`` and ``b`` are on the simulated benchmark, ``c`` is on published features (``training/cmtd.py``): the paper's own
experiment, for whoever has them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, ClassVar, cast

from benchmarks.paper.inputs import StarterSize
from trailergen.evaluation.budget import TrainingBudget
from trailergen.evaluation.cases import EvaluationCase, dataset_cases
from trailergen.evaluation.simulated.films import BenchmarkFilm, benchmark_film, benchmark_films
from trailergen.evaluation.simulated.spec import SPECS, BenchmarkSpec, Split
from trailergen.evaluation.simulated.version import BENCHMARK_VERSION
from trailergen.ssmp.model import ModelConfig
from trailergen.training.accelerator import Precision
from trailergen.training.batches import Example, steps_per_epoch
from trailergen.training.cmtd import subset_of
from trailergen.training.dataset import Dataset
from trailergen.training.examples import Channels, Labels, examples_of, open_dataset
from trailergen.training.run import digest
from trailergen.training.simulation.editor import Order

EPOCHS = 500
PUBLISHED = "published"
"""The kind of order of published features, whatever it is."""


@dataclass(frozen=True)
class Protocol:
    """Size of all experiments of a run; it is the same for all methods that learn.

    Args:
        spec: of the benchmark's films.
        train_films, test_films: to learn from, and others to evaluate on.
        steps, batch: of every training.
        width, layers, heads, ffn: of the models.
        learning_rate: peak of the cosine.
        logit_scale: of eq. 3.
        precision, device: of SSMP's training.
        seeds: trainings per method.
        draws: other official trailers of each film, for the ceilings.
        starter: sizes of the experiments about the starter.
    """

    spec: BenchmarkSpec
    train_films: int
    test_films: int
    steps: int
    batch: int = 5
    width: int = 96
    layers: int = 4
    heads: int = 4
    ffn: int = 192
    learning_rate: float = 1e-3
    logit_scale: float = 10.0
    device: str = "cpu"
    precision: Precision = "auto"
    seeds: int = 3
    draws: int = 24
    starter: StarterSize = field(default_factory=StarterSize)

    simulated: ClassVar[bool] = True

    @property
    def orders(self) -> tuple[str, ...]:
        """The kinds of order of official trailers; ablations are of the first."""
        return ("ascending", "flat")

    @property
    def facts(self) -> dict[str, Any]:
        """All that the figures of an experiment with one seed depend on."""
        apart = ("seeds", "starter", "draws", "device", "data", "subset")
        sizes = {name: value for name, value in asdict(self).items() if name not in apart}
        return {**sizes, "benchmark": BENCHMARK_VERSION}

    @property
    def budget(self) -> TrainingBudget:
        """The training budget of every method that learns; the model is the paper's but for size and logit scale."""
        model = ModelConfig(
            self.spec.width, self.width, self.layers, self.heads, self.ffn, logit_scale=self.logit_scale
        )
        return TrainingBudget(
            model, self.steps, self.batch, self.learning_rate, device=self.device, precision=self.precision
        )

    def examples(self, order: str) -> list[Example]:
        """The films to learn from."""
        return [self.film(order, "train", number).example() for number in range(self.train_films)]

    def films(self, order: str) -> list[BenchmarkFilm]:
        """The films to evaluate on."""
        return list(benchmark_films(self._ordered(order), "test", self.test_films))

    def cases(self, order: str) -> list[EvaluationCase]:
        """The films to evaluate on, as methods see them, and the truth."""
        return [film.case() for film in self.films(order)]

    def film(self, order: str, split: Split, number: int) -> BenchmarkFilm:
        """One film."""
        return benchmark_film(self._ordered(order), split, number)

    def _ordered(self, order: str) -> BenchmarkSpec:
        return replace(self.spec, order=cast(Order, order))


@dataclass(frozen=True)
class PublishedProtocol(Protocol):
    """The paper's experiment on published features, in the layout of CMTD.

    Args:
        data: the folder: the training split is learned from, the test split evaluated on.
        subset: a file that names the films of a test set, one a line; None for all.
    """

    data: Path = Path()
    subset: Path | None = None

    simulated: ClassVar[bool] = False

    @classmethod
    def of(cls, data: Path, subset: Path | None) -> PublishedProtocol:
        """The paper's sizes (section 4.1): 500 epochs of batches of 5. Raises InputError."""
        learned, unseen = open_dataset(data), _test_films(data, subset)
        pairs = sum(len(film.trailers) for film in learned.films)
        width, lengths = learned.films[0].features.shape[1], [len(film.features) for film in learned.films]
        spec = BenchmarkSpec((min(lengths), max(lengths)), width)
        steps, model = EPOCHS * steps_per_epoch(pairs, 5), ModelConfig()
        return cls(
            spec, pairs, len(unseen.films), steps, 5, model.width, model.layers, model.heads, model.ffn, 1e-4, 1.0,
            data=data, subset=subset,
        )  # fmt: skip

    @property
    def orders(self) -> tuple[str, ...]:
        """One: the real one."""
        return (PUBLISHED,)

    @property
    def facts(self) -> dict[str, Any]:
        """As of ``Protocol``, with a digest of the features in place of the benchmark's version."""
        found = {name: value for name, value in super().facts.items() if name not in ("benchmark", "spec")}
        return {**found, "train": digest(_published(self)[0]), "test": digest(examples_of(self._unseen()))}

    def examples(self, order: str) -> list[Example]:
        """The training split."""
        return _published(self)[0]

    def cases(self, order: str) -> list[EvaluationCase]:
        """The test split, or the films that ``subset`` names."""
        return _published(self)[1]

    def _unseen(self) -> Dataset:
        return _test_films(self.data, self.subset)


@lru_cache(1)
def _published(protocol: PublishedProtocol) -> tuple[list[Example], list[EvaluationCase]]:
    learned = examples_of(open_dataset(protocol.data), Labels.paper)
    return learned, dataset_cases(_test_films(protocol.data, protocol.subset), Channels.none)


def _test_films(data: Path, subset: Path | None) -> Dataset:
    unseen = open_dataset(data, "test")
    return unseen if subset is None else subset_of(unseen, subset)


PROTOCOLS: Mapping[str, Protocol] = {
    "tiny": Protocol(
        SPECS["tiny"], 5, 3, 4, batch=2, width=16, layers=2, heads=2, ffn=16, seeds=2, draws=2,
        starter=StarterSize(5, 3, (24, 30), (4, 6), 2, 2, 16, 16, 2, 2, 16, films=2, film_shots=(24, 30)),
    ),
    "a": Protocol(SPECS["a"], 400, 60, 2000),
    "b": Protocol(SPECS["b"], 300, 40, 10_000, width=256, ffn=512, precision="bf16"),
}  # fmt: skip
"""``a`` takes some 12 hours of one core; ``b`` days of one: it is for machines with many. ``tiny`` is for tests."""
