"""Methods that learn from music and words as well as from features, one film at a time."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, ClassVar, Generic, Literal, Self, TypeVar

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from trailergen.errors import UsageError
from trailergen.evaluation.budget import TrainingBudget, fit_module, seeded_module
from trailergen.evaluation.films import Film
from trailergen.evaluation.methods import Method
from trailergen.ssmp.losses import NO_LABEL
from trailergen.ssmp.model import ModelConfig
from trailergen.training.batches import Example
from trailergen.training.films import NEEDED_WORDS, FilmFacts, Music, missing

N = TypeVar("N", bound=nn.Module)
T = TypeVar("T")
_EPS = 1e-6


@dataclass(frozen=True)
class Sizes:
    """Lengths of the vectors that a network reads beside those of shots: of a segment of music, and of words.

    0 where it reads none.
    """

    music: int = 0
    words: int = 0


class FilmMethod(Method, Generic[N]):
    """A method with a network whose inputs are as long as those of the examples it learns from.

    It trains within the budget of all methods.
    """

    learns = True
    words: ClassVar[Literal["captions", "subtitles"] | None] = None
    """The words that it reads, if a film has them."""

    def __init__(self, budget: TrainingBudget) -> None:
        self.budget = budget
        self.sizes = Sizes()
        self.network: N | None = None

    @classmethod
    def within(cls, budget: TrainingBudget) -> Self:
        """The method with this budget, not trained."""
        return cls(budget)

    @staticmethod
    @abstractmethod
    def build(config: ModelConfig, sizes: Sizes) -> N:
        """A new network of about SSMP's size."""

    @abstractmethod
    def learn(self, examples: Sequence[Example], seed: int) -> N:
        """A network trained within the budget, in evaluation mode; the examples meet all needs."""

    @abstractmethod
    def choose(self, network: N, film: Film) -> list[int]:
        """The trailer of a film that meets all needs, with the network in evaluation mode."""

    def fit(self, examples: Sequence[Example], seed: int) -> None:
        """Train a new network; the same examples and seed give the same weights.

        Raises:
            UsageError: an example lacks what the method needs.
        """
        self.sizes = self.sizes_of(examples)
        self.network = self.learn(examples, seed)

    def sizes_of(self, examples: Sequence[Example]) -> Sizes:
        """The lengths of the examples' vectors. Raises UsageError where they differ, or what is needed lacks."""
        for example in examples:
            lacking = missing(self.needs, example.film_facts, example.music)
            if lacking:
                words = ", ".join(NEEDED_WORDS[need] for need in lacking)
                raise UsageError(
                    f"{type(self).__name__} cannot learn from these films",
                    f"it needs {words}",
                    "learn from the simulated benchmark, or from a dataset of which it is known",
                )
        read = (self.words_of(example.film_facts) for example in examples)
        word_lengths = {_width(found) for found in read if found is not None}
        heard = [example.music for example in examples if example.music is not None and "music" in self.needs]
        music_lengths = {_width(music.features) for music in heard}
        if len(music_lengths) > 1 or len(word_lengths) > 1:
            raise UsageError(
                f"{type(self).__name__} cannot learn from these films", "their music or words differ in kind"
            )
        return Sizes(next(iter(music_lengths), 0), next(iter(word_lengths), 0))

    def trailer(self, film: Film, seed: int) -> list[int]:
        """See ``Method``; the seed changes nothing.

        Raises:
            UsageError: the film lacks what the method needs, or its vectors are not of the lengths learned from.
            ValueError: the method was not fitted.
        """
        if self.network is None:
            raise ValueError(f"{type(self).__name__} was not fitted")
        film.require(self.needs, type(self).__name__)
        self._check_lengths(film)
        with torch.inference_mode():
            return self.choose(self.network, film)

    def state(self) -> tuple[Mapping[str, Any], Mapping[str, Tensor]]:
        """The size of the network and of its inputs, and its weights. Raises ValueError before a fit."""
        if self.network is None:
            raise ValueError(f"{type(self).__name__} was not fitted")
        return {"model": asdict(self.budget.model), "sizes": asdict(self.sizes)}, self.network.state_dict()

    @classmethod
    def restored(cls, config: Mapping[str, Any], tensors: Mapping[str, Tensor]) -> Self:
        """The method with these weights; of its budget only the size is known."""
        method = cls(TrainingBudget(ModelConfig(**config["model"]), steps=0))
        method.sizes = Sizes(**config["sizes"])
        method.network = method.build(method.budget.model, method.sizes)
        method.network.load_state_dict(dict(tensors))
        method.network.eval()
        return method

    @classmethod
    def words_of(cls, facts: FilmFacts | None) -> Tensor | None:
        """The words (I, E) that the method reads of a film; None where there are none."""
        return None if facts is None or cls.words is None else getattr(facts, cls.words)

    def _check_lengths(self, film: Film) -> None:
        words = self.words_of(film.facts)
        lengths = {
            "features": (_width(film.features), self.budget.model.feature_dim),
            "music": (_width(film.music.features) if film.music and "music" in self.needs else 0, self.sizes.music),
            "words": (0 if words is None else _width(words), self.sizes.words),
        }
        for name, (given, learned) in lengths.items():
            # Words or music that were not learned from are not read; words that are missing are done without.
            if given and learned and given != learned:
                raise UsageError(
                    f"{type(self).__name__} cannot plan this film",
                    f"the vectors of its {name} are {given} numbers long, those learned from {learned}",
                    "make both with the same encoder",
                )


def needed(known: T | None) -> T:
    """What is among the method's needs. Raises ValueError where it is not known all the same."""
    if known is None:
        raise ValueError("the film lacks what the method needs")
    return known


def _width(vectors: Tensor) -> int:
    return vectors.shape[1]


class FilmLossMethod(FilmMethod[N]):
    """A ``FilmMethod`` that trains its network by a loss.

    Films are not padded into batches: a step's loss is the mean over its films, each seen alone, so that a plan of
    transport or a ranking is always of one film.
    """

    augmented: ClassVar[bool] = True
    """The budget's augmentation suits it: it does not relate the space of shots to another."""

    @staticmethod
    @abstractmethod
    def film_loss(network: N, example: Example) -> Tensor:
        """The loss of one film and its trailer, a scalar."""

    def learn(self, examples: Sequence[Example], seed: int) -> N:
        """See ``FilmMethod``."""
        network = seeded_module(lambda: self.build(self.budget.model, self.sizes), seed)

        def loss(batch: Sequence[Example]) -> Tensor:
            return torch.stack([self.film_loss(network, example) for example in batch]).mean()

        budget = self.budget if self.augmented else replace(self.budget, augment=None)
        fit_module(network, loss, budget, examples, seed)
        return network


def shown_shots(example: Example) -> Tensor:
    """(I,) float, 1 for the shots that the trailer shows."""
    shown = torch.zeros(len(example.film))
    shown[example.labels[example.labels != NO_LABEL]] = 1.0
    return shown


def standardised(music: Music) -> Tensor:
    """The music's features (J, M), each with mean 0 and deviation 1 over the track; 0 where it does not change."""
    centred = music.features - music.features.mean(dim=0)
    return centred / centred.square().mean(dim=0).sqrt().clamp(min=_EPS)


def stretches(words: Tensor, count: int) -> Tensor:
    """Mean directions of the words (I, E) in ``count`` equal stretches of the film.

    Stretches without words (rows of zeros) are left out: (n, E), n at most ``count``.
    """
    means = torch.stack([part.mean(dim=0) for part in words.tensor_split(min(count, len(words)))])
    return F.normalize(means[means.norm(dim=1) > _EPS], dim=1)


def unit_range(values: Tensor) -> Tensor:
    """Values brought to [0, 1], the least and the greatest to its ends; all 0 where they are equal."""
    low, high = values.min(), values.max()
    return (values - low) / (high - low) if bool(high > low) else torch.zeros_like(values)
