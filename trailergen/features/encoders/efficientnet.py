"""The encoder that needs no download and knows what is in a picture: EfficientNet-Lite0, trained on ImageNet.

The network has seen a few pictures of every shot in the film's decode already (shots/looking.py). A shot's feature is
the mean of what it saw, of length one; pictures of the fades that the shot comes from and goes to do not count. All
its numbers are positive, so that any two shots have a cosine above a half: who compares shots centres them first.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from trailergen.features.encoders.builtin import normalised
from trailergen.media.probe import FilmInfo
from trailergen.runtime.progress import Tick, no_tick
from trailergen.shots.analysis import FilmAnalysis


class EfficientNetEncoder:
    """What the ImageNet network saw as features (n, 1280).

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
        """One batch, from what the analysis kept."""
        features = normalised(shot_contents(analysis))[first:]
        yield features
        tick(len(features))


def shot_contents(analysis: FilmAnalysis) -> NDArray[np.float64]:
    """Mean vector (I, 1280) of each shot's pictures that are not faded, or of all if all are."""
    looks, shots = analysis.looks, analysis.shots
    # Their times, by which the analysis tells where a shot is lit.
    frames = np.rint(analysis.times[looks.at] * float(analysis.time_base * analysis.rate))
    lit = np.array([shots[s].lit_in <= frame < shots[s].lit_out for s, frame in zip(looks.shots, frames, strict=True)])
    some = np.bincount(looks.shots, lit, len(shots)) > 0
    weights = (lit | ~some[looks.shots]).astype(np.float64)
    sums = np.zeros((len(shots), looks.vectors.shape[1]))
    np.add.at(sums, looks.shots, looks.vectors * weights[:, None])
    return sums / np.bincount(looks.shots, weights, len(shots))[:, None]


def centred(vectors: NDArray[np.floating], mean: NDArray[np.floating]) -> NDArray[np.float32]:
    """Vectors (n, 1280) less what all of a film has in common, of unit length."""
    return normalised(np.asarray(vectors, np.float64) - mean)
