"""The token spaces of models that serve every encoder: what ``Planner`` and training make of a film for them.

A checkpoint names its space. ``geometry-1`` is that of ``tokens.py``, kept so that older checkpoints read what they
learned from; ``geometry-2`` has the same geometry and the channels of ``channels.py``. A model of any other space
reads an encoder's features themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trailergen.ssmp import channels, tokens
from trailergen.ssmp.tokens import AXES, Array, FilmAxes, ShotFacts

_LACKING = 0.15
"""Share of the films seen in training that lack each source; as many lack all readings."""


@dataclass(frozen=True)
class TokenSpace:
    """One kind of tokens: geometry first, ``AXES`` columns, then channels.

    Args:
        name: in checkpoints.
        dim: length of a token.
        context: the channels (I, dim - AXES) of ``features`` (I, D) and facts.
        sources: of each channel, what a film may lack; empty for what every film has.
        read: the sources that only readings tell.
    """

    name: str
    dim: int
    context: Callable[[Array, ShotFacts], Array]
    sources: tuple[str, ...]
    read: tuple[str, ...] = ()

    def film_tokens(self, features: Array, facts: ShotFacts) -> Array:
        """Tokens (I, dim) float32 of a film's shots, finite for every finite input."""
        features = np.asarray(features, np.float32)
        return np.hstack([FilmAxes.of(features).project(features), self.context(features, facts)])

    def trailer_tokens(self, axes: FilmAxes, film: Array, trailer_features: Array, labels: NDArray[np.int64]) -> Array:
        """Tokens (J, dim) of trailer shots: their own geometry, and the channels of the film shots they show.

        Args:
            axes: those of the film.
            film: its tokens (I, dim).
            trailer_features: (J, D), of the same encoder as the film's.
            labels: (J,) film shot of each trailer shot (eq. 1).
        """
        return tokens.trailer_tokens(axes, film, trailer_features, labels)

    def lacking(self, rng: np.random.Generator) -> Array:
        """A film that lacks something: (dim - AXES,) factors of the channels, 1, or 0 for what it lacks."""
        names = [name for name in dict.fromkeys(self.sources) if name]
        gone = {name for name, draw in zip(names, rng.random(len(names)), strict=True) if draw < _LACKING}
        if self.read and rng.random() < _LACKING:
            gone |= set(self.read)
        return np.array([source not in gone for source in self.sources], np.float32)


_MEASURED = ("motion", "light", "sound")

GEOMETRY_1 = TokenSpace(
    tokens.FEATURE_SPACE,
    tokens.TOKEN_DIM,
    tokens.context_channels,
    ("",) * (tokens.CHANNELS - len(_MEASURED)) + _MEASURED,
)
GEOMETRY_2 = TokenSpace(
    "geometry-2", AXES + channels.WIDTH, channels.channel_values, channels.sources_of_columns(), channels.READ
)

SPACES: Mapping[str, TokenSpace] = {space.name: space for space in (GEOMETRY_1, GEOMETRY_2)}
