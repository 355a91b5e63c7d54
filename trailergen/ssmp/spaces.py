"""The token spaces of models that serve every encoder: a film's geometry, and a named set of channels beside it.

SSMP is applied unchanged, with the token ``[geometry; channels]`` in the place of the paper's feature vector: eq. 2
to 8 hold in that space. A shot of a trailer has no channels of its own; its token joins its own geometry with the
channels of the film shot it is taken from.

A checkpoint names its space, so a space never changes. To add a channel, write it in a file of ``channels/`` and list
a space that has it here; everything else, the measurements kept of a film too, follows from ``SPACES``. A model of a
space that is not listed reads an encoder's features themselves.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from trailergen.runtime.memory import remembered
from trailergen.ssmp.channels import film, readings, text
from trailergen.ssmp.channels.channel import Channel, ChannelSource, ShotFacts
from trailergen.ssmp.pca import PCA_DIM, FilmPCA
from trailergen.ssmp.types import Array

_SOURCE_DROPOUT = 0.15
"""Share of the films seen in training that lack each source; as many lack all readings."""


@dataclass(frozen=True)
class ChannelGroup:
    """Channels that are scaled together.

    Each group gets a length near 1, as geometry has, so that none drowns the others in the cosine of eq. 3.

    Args:
        channels: in their order in a token.
        squared_length: mean of the sum of squares of all their columns before scaling.
    """

    channels: tuple[Channel, ...]
    squared_length: float

    @classmethod
    def code(cls, channel: Channel) -> ChannelGroup:
        """A channel of sine and cosine pairs, each of length 1."""
        return cls((channel,), channel.width / 2)

    @classmethod
    def uniform(cls, *channels: Channel) -> ChannelGroup:
        """Channels whose values are spread evenly over [-1, 1], as ranks are: their mean square is 1/3."""
        return cls(channels, sum(channel.width for channel in channels) / 3)

    def columns(self, seen: ChannelSource) -> NDArray[np.float64]:
        """Scaled values (I, width of the group)."""
        return np.hstack([self.squared_length**-0.5 * channel.columns(seen) for channel in self.channels])


@dataclass(frozen=True)
class TokenSpace:
    """One kind of tokens: geometry first, ``PCA_DIM`` columns, then channels.

    Args:
        name: in checkpoints.
        groups: of the channels, in their order in a token.
    """

    name: str
    groups: tuple[ChannelGroup, ...]

    @cached_property
    def channels(self) -> tuple[Channel, ...]:
        """All channels, in their order in a token."""
        return tuple(channel for group in self.groups for channel in group.channels)

    @cached_property
    def channel_dim(self) -> int:
        """C, the number of columns of all channels."""
        return sum(channel.width for channel in self.channels)

    @property
    def dim(self) -> int:
        """Length of a token."""
        return PCA_DIM + self.channel_dim

    def columns(self, name: str) -> slice:
        """The columns of a token that hold a channel. Raises KeyError if the space has no such channel."""
        end = PCA_DIM
        for channel in self.channels:
            end += channel.width
            if channel.name == name:
                return slice(end - channel.width, end)
        raise KeyError(name)

    def context(self, features: Array, facts: ShotFacts) -> Array:
        """The channels (I, C) float32 of a film's shots, from ``features`` (I, D) and ``facts``."""
        seen = ChannelSource(features, facts)
        return np.hstack([group.columns(seen) for group in self.groups]).astype(np.float32)

    def film_tokens(self, features: Array, facts: ShotFacts) -> Array:
        """Tokens (I, dim) float32 of a film's shots, finite for every finite input.

        Deterministic, also for films of one shot or of equal shots.
        """
        return film_tokens(self, features, facts)

    def trailer_tokens(
        self, pca: FilmPCA, film_tokens: Array, trailer_features: Array, labels: NDArray[np.int64]
    ) -> Array:
        """Tokens (J, dim) of trailer shots: their own geometry, and the channels of the film shots they show.

        Args:
            pca: of the film.
            film_tokens: (I, dim), of the film.
            trailer_features: (J, D), of the same encoder as the film's.
            labels: (J,) film shot of each trailer shot (eq. 1).
        """
        geometry = pca.transform(np.asarray(trailer_features, np.float32))
        return np.hstack([geometry, film_tokens[labels, PCA_DIM:]])

    @cached_property
    def sources(self) -> tuple[str, ...]:
        """(C,) the source of each channel column; empty for what every film has."""
        return tuple(channel.source for channel in self.channels for _ in range(channel.width))

    @cached_property
    def read_sources(self) -> frozenset[str]:
        """The sources of which nothing is known without readings."""
        measured = {channel.source for channel in self.channels if not channel.from_readings}
        return frozenset(self.sources) - measured

    @cached_property
    def reads_lines(self) -> bool:
        """True if tokens say something of the film's lines, where these are known."""
        return any(channel.from_lines for channel in self.channels)

    def source_dropout(self, rng: np.random.Generator) -> Array:
        """(C,) factors on the channels: 0 for sources that are withheld in training, drawn at random, 1 for others."""
        names = [name for name in dict.fromkeys(self.sources) if name]
        gone = {name for name, draw in zip(names, rng.random(len(names)), strict=True) if draw < _SOURCE_DROPOUT}
        if self.read_sources and rng.random() < _SOURCE_DROPOUT:
            gone |= self.read_sources
        return np.array([source not in gone for source in self.sources], np.float32)


@remembered
def film_tokens(space: TokenSpace, features: Array, facts: ShotFacts) -> Array:
    """See ``TokenSpace.film_tokens``."""
    features = np.asarray(features, np.float32)
    return np.hstack([FilmPCA.fit(features).transform(features), space.context(features, facts)])


GEOMETRY_1 = TokenSpace(
    "geometry-1",
    (
        # The time code's linear ramp has a mean square of 1/3.
        ChannelGroup((film.TIME,), film.TIME.width // 2 + 1 / 3),
        ChannelGroup.uniform(*film.SIMILARITY, film.DURATION, *film.MEASURED),
    ),
)
_RANKS = (
    *film.SIMILARITY,
    film.DURATION,
    *film.MEASURED,
    *readings.SOUND,
    *readings.SUBJECT,
    *readings.PICTURE,
    *readings.SETUPS,
    *readings.STORY,
)
GEOMETRY_2 = TokenSpace(
    "geometry-2",
    (ChannelGroup.code(film.TIME), ChannelGroup.code(film.NUMBER), ChannelGroup.uniform(*_RANKS)),
)
GEOMETRY_3 = TokenSpace(
    "geometry-3",
    (ChannelGroup.code(film.TIME), ChannelGroup.code(film.NUMBER), ChannelGroup.uniform(*_RANKS, *text.LINES)),
)

SPACES: Mapping[str, TokenSpace] = {space.name: space for space in (GEOMETRY_1, GEOMETRY_2, GEOMETRY_3)}
