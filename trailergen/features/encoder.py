"""The interface of an encoder, and what one is made from.

An encoder is a file of features/encoders with a class that satisfies ``Encoder`` and a function from an
``EncoderSpec`` to it; a line of features/registry.py gives it a name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from trailergen.features.views import Views
from trailergen.media.probe import FilmInfo
from trailergen.runtime.cache import file_sha256
from trailergen.runtime.progress import Tick
from trailergen.shots.analysis import FilmAnalysis
from trailergen.weights import expected_sha256, find_weights, verified


class Encoder(Protocol):
    """Turns the shots of a film into features.

    ``space`` names the feature space: cosines mean something only between features of one space, and a model
    trained on one is refused for another. ``version`` changes when the numbers change. ``weights`` are the SHA-256 of
    the files it reads, by name, and ``licence`` is theirs.
    """

    name: str
    space: str
    version: int
    licence: str
    weights: Mapping[str, str]

    def encode(self, film: FilmInfo, analysis: FilmAnalysis, first: int, tick: Tick) -> Iterator[NDArray[np.float32]]:
        """Features of the shots from number ``first`` on, in batches (n, D) of neighbouring shots as they are known.

        D is 1,024 but for `efficientnet`, which has 1,280. Rows are L2-normalised, one per shot; ``tick`` gets shots
        done. ``first`` is 0 or where an earlier batch ended.
        """
        ...


@dataclass(frozen=True)
class EncoderSpec:
    """An encoder's options.

    Attributes:
        views: the pictures of a shot that it is shown.
        device: of torch, where it runs.
        model: one of the models of an encoder that has several, "" for others.
    """

    views: Views = Views.fast
    device: str = "cpu"
    model: str = ""


@dataclass(frozen=True)
class EncoderWeights:
    """A verified weights file, its licence, and its SHA-256 by its name in the index."""

    path: Path
    licence: str
    sha256: Mapping[str, str]


def installed_weights(name: str) -> EncoderWeights:
    """Weights of the index that may be used. Raises WeightsError if they are missing, damaged or not accepted."""
    weights = find_weights(name)
    path = verified(weights)
    # Known since it was verified, but in a folder that cannot be written.
    sha256 = expected_sha256(weights) or file_sha256(path)
    return EncoderWeights(path, weights.licence, {name: sha256})
