"""Methods of making trailers, as ``trailergen evaluate`` compares them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from functools import partial
from typing import Any, ClassVar, Generic, Self, TypeVar

from torch import Tensor, nn

from trailergen.evaluation.budget import TrainingBudget, fit_module, seeded_module
from trailergen.evaluation.films import Film
from trailergen.ssmp.constraints import Constraints, relax_constraints
from trailergen.ssmp.decoders.registry import DECODERS
from trailergen.ssmp.decoders.scheduled import decode_scheduled
from trailergen.ssmp.generate import predictor
from trailergen.ssmp.model import SSMP, ModelConfig
from trailergen.training.batches import Example
from trailergen.training.films import Need

N = TypeVar("N", bound=nn.Module)


class Method(ABC):
    """A way to make trailers: it may learn from examples, and then chooses shots of films it has not seen."""

    learns: ClassVar[bool] = False
    """The method needs examples before it can make a trailer."""
    needs: ClassVar[frozenset[Need]] = frozenset()
    """What it must know of a film, and of the examples it learns from, beside features."""
    uses: ClassVar[frozenset[Need]] = frozenset()
    """What else it makes use of where it is known of a film."""

    @classmethod
    def within(cls, budget: TrainingBudget) -> Self:
        """The method with a training budget, which only methods that learn have a use for."""
        return cls()

    def fit(self, examples: Sequence[Example], seed: int) -> None:  # noqa: B027 (most methods learn nothing)
        """Learn from examples, anew; a method that learns nothing does nothing."""

    def state(self) -> tuple[Mapping[str, Any], Mapping[str, Tensor]]:
        """All that was learned: a configuration of JSON values, and tensors. ``restored`` makes the method of it.

        Raises:
            ValueError: the method learns nothing.
        """
        raise ValueError(f"{type(self).__name__} learns nothing that could be kept")

    @classmethod
    def restored(cls, config: Mapping[str, Any], tensors: Mapping[str, Tensor]) -> Self:
        """The fitted method of a ``state``.

        Raises:
            ValueError, TypeError, KeyError, RuntimeError: it is no state of this method.
        """
        raise ValueError(f"{cls.__name__} learns nothing that could be kept")

    def clips(self, film: Film, least: int) -> list[int]:
        """The first position of each clip, from 0 on: a method whose clips are long lets one last several positions.

        Args:
            film: with music; its shots do not count.
            least: number of clips at least, no more than the positions.
        """
        return list(range(film.positions))

    @abstractmethod
    def trailer(self, film: Film, seed: int) -> list[int]:
        """Distinct shots of a film, in trailer order.

        Args:
            film: of I shots, with J positions; it meets the method's needs. At most J shots are returned, and no more
                than the film has: fewer where the published method says so.
            seed: of the method's draws; the same input and seed give the same trailer.
        """


class NetworkMethod(Method, Generic[N]):
    """A method that trains a network within a budget: a subclass says which network, by which loss."""

    learns = True

    def __init__(self, budget: TrainingBudget) -> None:
        self.budget = budget
        self.network = seeded_module(lambda: self.build(budget.model), 0).eval()

    @classmethod
    def within(cls, budget: TrainingBudget) -> Self:
        """The method with this budget, not trained."""
        return cls(budget)

    @staticmethod
    @abstractmethod
    def build(config: ModelConfig) -> N:
        """A new network of about SSMP's size."""

    @staticmethod
    @abstractmethod
    def loss(network: N, examples: Sequence[Example]) -> Tensor:
        """The loss of the examples of a step, a scalar."""

    def fit(self, examples: Sequence[Example], seed: int) -> None:
        """Train a new network; the same examples and seed give the same weights."""
        self.network = seeded_module(lambda: self.build(self.budget.model), seed)
        fit_module(self.network, lambda batch: self.loss(self.network, batch), self.budget, examples, seed)

    def state(self) -> tuple[Mapping[str, Any], Mapping[str, Tensor]]:
        """The size of the network and its weights."""
        return {"model": asdict(self.budget.model)}, self.network.state_dict()

    @classmethod
    def restored(cls, config: Mapping[str, Any], tensors: Mapping[str, Tensor]) -> Self:
        """The method with these weights; of its budget only the size is known."""
        method = cls(TrainingBudget(ModelConfig(**config["model"]), steps=0))
        method.network.load_state_dict(dict(tensors))
        method.network.eval()
        return method


class SSMPMethod(Method):
    """An SSMP that has been trained already, and one of its decoders.

    Args:
        model: in evaluation mode.
        decoder: a name in ``DECODERS``.
        rounds: most forward passes of the ``scheduled`` decoder, if not its own number.
    """

    def __init__(self, model: SSMP, decoder: str, rounds: int | None = None) -> None:
        self.model, self.decoder = model, decoder
        self.decode = DECODERS[decoder] if rounds is None else partial(decode_scheduled, rounds=rounds)
        self.passes: list[int] = []
        """Forward passes of each trailer made so far."""

    def trailer(self, film: Film, seed: int) -> list[int]:
        """See ``Method``; the film's ``channels`` are for a model with ``position_dim``."""
        constraints = Constraints(len(film), min(film.positions, len(film)))
        result = self.decode(predictor(self.model, film.features, film.channels), relax_constraints(constraints), seed)
        self.passes.append(result.passes)
        return [int(shot) for shot in result.shots]
