"""Methods of making trailers, as ``trailergen evaluate`` compares them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from functools import partial
from typing import ClassVar, Generic, Self, TypeVar

from torch import Tensor, nn

from trailergen.evaluation.budget import TrainingBudget, fit_module, seeded_module
from trailergen.ssmp.constraints import Constraints, relax_constraints
from trailergen.ssmp.decoders.registry import DECODERS
from trailergen.ssmp.decoders.scheduled import decode_scheduled
from trailergen.ssmp.generate import predictor
from trailergen.ssmp.model import SSMP, ModelConfig
from trailergen.training.batches import Batch, Example

N = TypeVar("N", bound=nn.Module)


class Method(ABC):
    """A way to make trailers: it may learn from examples, and then chooses shots of films it has not seen."""

    learns: ClassVar[bool] = False
    """The method needs examples before it can make a trailer."""

    @classmethod
    def within(cls, budget: TrainingBudget) -> Self:
        """The method with a training budget, which only methods that learn have a use for."""
        return cls()

    def fit(self, examples: Sequence[Example], seed: int) -> None:  # noqa: B027 (most methods learn nothing)
        """Learn from examples, anew; a method that learns nothing does nothing."""

    @abstractmethod
    def trailer(self, film: Tensor, positions: int, seed: int) -> list[int]:
        """Distinct shots of a film, in trailer order.

        Args:
            film: (I, D) shot features or tokens.
            positions: J; at most I shots are returned.
            seed: of the method's draws; the same input and seed give the same trailer.
        """

    def trailer_at(self, film: Tensor, positions: int, seed: int, channels: Tensor | None) -> list[int]:
        """As ``trailer``, for a method that reads the channels (J, P) of positions; the others ignore them."""
        return self.trailer(film, positions, seed)


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
    def loss(network: N, batch: Batch) -> Tensor:
        """The loss of a batch, a scalar."""

    def fit(self, examples: Sequence[Example], seed: int) -> None:
        """Train a new network; the same examples and seed give the same weights."""
        self.network = seeded_module(lambda: self.build(self.budget.model), seed)
        fit_module(self.network, lambda batch: self.loss(self.network, batch), self.budget, examples, seed)


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

    def trailer(self, film: Tensor, positions: int, seed: int) -> list[int]:
        """See ``Method``; of the positions only their number is known."""
        return self.trailer_at(film, positions, seed, None)

    def trailer_at(self, film: Tensor, positions: int, seed: int, channels: Tensor | None) -> list[int]:
        """See ``Method``; ``channels`` are for a model with ``position_dim``."""
        constraints = Constraints(len(film), min(positions, len(film)))
        result = self.decode(predictor(self.model, film, channels), relax_constraints(constraints), seed)
        self.passes.append(result.passes)
        return [int(shot) for shot in result.shots]
