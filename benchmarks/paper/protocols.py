"""Protocols: films, models and steps of a run of the paper's tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from benchmarks.paper.inputs import StarterSize
from trailergen.evaluation.budget import TrainingBudget
from trailergen.evaluation.cases import EvaluationCase
from trailergen.evaluation.simulated.films import BenchmarkFilm, benchmark_film, benchmark_films
from trailergen.evaluation.simulated.spec import SPECS, BenchmarkSpec, Split
from trailergen.evaluation.simulated.version import BENCHMARK_VERSION
from trailergen.ssmp.model import ModelConfig
from trailergen.training.accelerator import Precision
from trailergen.training.batches import Example
from trailergen.training.simulation.editor import Order

ORDERS: tuple[Order, ...] = ("ascending", "flat")
LOGIT_SCALE = 10.0


@dataclass(frozen=True)
class Protocol:
    """Size of all experiments of a run; it is the same for all methods that learn.

    Args:
        spec: of the benchmark's films.
        train_films, test_films: to learn from, and others to evaluate on.
        steps, batch: of every training.
        width, layers, heads, ffn: of the models.
        learning_rate: peak of the cosine.
        precision: of SSMP's training.
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
    precision: Precision = "auto"
    seeds: int = 3
    draws: int = 24
    starter: StarterSize = field(default_factory=StarterSize)

    @property
    def facts(self) -> dict[str, Any]:
        """All that the figures of an experiment with one seed depend on."""
        apart = ("seeds", "starter", "draws")
        sizes = {name: value for name, value in asdict(self).items() if name not in apart}
        return {**sizes, "benchmark": BENCHMARK_VERSION}

    @property
    def budget(self) -> TrainingBudget:
        """The training budget of every method that learns; the model is the paper's but for size and logit scale."""
        model = ModelConfig(self.spec.width, self.width, self.layers, self.heads, self.ffn, logit_scale=LOGIT_SCALE)
        return TrainingBudget(model, self.steps, self.batch, self.learning_rate, precision=self.precision)

    def examples(self, order: Order) -> list[Example]:
        """The films to learn from."""
        return [self.film(order, "train", number).example() for number in range(self.train_films)]

    def films(self, order: Order) -> list[BenchmarkFilm]:
        """The films to evaluate on."""
        return list(benchmark_films(self._ordered(order), "test", self.test_films))

    def cases(self, order: Order) -> list[EvaluationCase]:
        """The films to evaluate on, as methods see them, and the truth."""
        return [film.case() for film in self.films(order)]

    def film(self, order: Order, split: Split, number: int) -> BenchmarkFilm:
        """One film."""
        return benchmark_film(self._ordered(order), split, number)

    def _ordered(self, order: Order) -> BenchmarkSpec:
        return replace(self.spec, order=order)


PROTOCOLS: Mapping[str, Protocol] = {
    "tiny": Protocol(
        SPECS["tiny"], 5, 3, 4, batch=2, width=16, layers=2, heads=2, ffn=16, seeds=2, draws=2,
        starter=StarterSize(5, 3, (24, 30), (4, 6), 2, 2, 16, 16, 2, 2, 16, films=2, film_shots=(24, 30)),
    ),
    "a": Protocol(SPECS["a"], 400, 60, 2000),
    "b": Protocol(SPECS["b"], 300, 40, 10_000, width=256, ffn=512, precision="bf16"),
}  # fmt: skip
"""``a`` takes some 6 hours of one core; ``b`` days of one: it is for machines with many. ``tiny`` is for tests."""
