"""The encoder of the packaged ImageNet network: EfficientNet-Lite0, which needs no download.

The network has embedded a few pictures of every shot in the film's decode already (shots/embed.py); a shot's feature
is their mean, of unit length (features/content.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from trailergen.features.content import shot_contents
from trailergen.features.encoder import EncoderSpec, installed_weights
from trailergen.features.vectors import l2_normalised
from trailergen.media.probe import FilmInfo
from trailergen.runtime.progress import Tick, no_tick
from trailergen.shots.analysis import FilmAnalysis
from trailergen.shots.efficientnet import EFFICIENTNET


class EfficientNetEncoder:
    """Contents as features (n, 1280).

    Args:
        licence: of its weights.
        weights: their SHA-256 by name, for the plan.
    """

    name = "efficientnet"
    space = "efficientnet-lite0-1"
    version = 1

    def __init__(self, licence: str = "Apache-2.0", weights: Mapping[str, str] | None = None) -> None:
        self.licence = licence
        self.weights: Mapping[str, str] = dict(weights or {})

    def encode(
        self, film: FilmInfo, analysis: FilmAnalysis, first: int = 0, tick: Tick = no_tick
    ) -> Iterator[NDArray[np.float32]]:
        """One batch, from the embeddings that the analysis kept."""
        features = l2_normalised(shot_contents(analysis))[first:]
        yield features
        tick(len(features))


def make(spec: EncoderSpec) -> EfficientNetEncoder:
    """The encoder; it has no options. Raises WeightsError where its package is missing or damaged."""
    weights = installed_weights(EFFICIENTNET)
    return EfficientNetEncoder(weights.licence, weights.sha256)
