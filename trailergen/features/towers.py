"""From pictures to features by a network that sees pictures: batches across shots, memory flat.

A shot's feature is the mean of the unit vectors of all its inputs, made unit length again: ``ImageBindModel.forward``
takes the same mean over the clips and crops of a video and leaves its length, which no cosine sees.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import islice
from typing import Protocol

import numpy as np
import torch
from numpy.typing import NDArray

from trailergen.features.pictures import Picture, film_pictures
from trailergen.features.vectors import FEATURE_DIM, l2_normalised, to_feature_dim
from trailergen.features.views import FramePair, Views, frame_pairs
from trailergen.media.probe import FilmInfo
from trailergen.runtime.prefetch import prefetch
from trailergen.runtime.progress import Tick, no_tick
from trailergen.shots.analysis import DetectedShot

# Inputs in one pass through the network, and at most what a kill loses.
BATCH = 32

# What one shot feeds to a tower of so many pictures per input, at most.
_MOST_INPUTS = {(Views.fast, 1): 3, (Views.fast, 2): 3, (Views.paper, 1): 30, (Views.paper, 2): 15}


class Tower(Protocol):
    """A network for pictures and the preparation of its inputs. ``frames`` is the number of pictures of one: 2 or 1."""

    frames: int

    def prepare(self, picture: Picture, views: Views) -> torch.Tensor:
        """One picture (H, W, 3) as the network's pictures (c, 3, s, s): its centre, or for ``paper`` three crops."""
        ...

    def embed(self, inputs: torch.Tensor) -> torch.Tensor:
        """Unit vectors (n, D) float32 on the CPU, of inputs (n, frames, 3, s, s)."""
        ...


def encode_film(
    film: FilmInfo,
    rate: Fraction,
    shots: Sequence[DetectedShot],
    tower: Tower,
    views: Views,
    tick: Tick = no_tick,
) -> Iterator[NDArray[np.float32]]:
    """Features (n, 1024) of shots in the order of the film, as batches of neighbours.

    All batches but the last have the same number of shots, so that a run that goes on after one of them computes the
    same numbers.

    Args:
        film: the film.
        rate: of its film frames.
        shots: all of its shots, or those that follow a batch.
        tower: the network.
        views: the pictures of a shot that it is shown.
        tick: gets shots done.

    Raises:
        InputError: the film cannot be read.
    """
    clips = [frame_pairs(shot, rate, views) for shot in shots]
    step = max(1, BATCH // _MOST_INPUTS[views, tower.frames])
    groups = [clips[start : start + step] for start in range(0, len(clips), step)]
    frames = [sorted({frame for shot in group for clip in shot for frame in clip}) for group in groups]
    pictures = film_pictures(film, rate, [frame for group in frames for frame in group])

    prepared = (
        {number: tower.prepare(picture, views) for number, picture in islice(pictures, len(wanted))}
        for wanted in frames
    )
    for group, shown in zip(groups, prefetch(prepared), strict=True):
        yield _encode(group, shown, tower)
        tick(len(group))


def _encode(shots: list[list[FramePair]], prepared: dict[int, torch.Tensor], tower: Tower) -> NDArray[np.float32]:
    """Features (n, 1024) of n shots from their prepared pictures (c, 3, s, s), by film frame."""
    inputs: list[torch.Tensor] = []
    owners: list[int] = []
    weights: list[int] = []
    for owner, clips in enumerate(shots):
        for frames, count in _counted(clips, tower.frames).items():
            crops = torch.stack([prepared[frame] for frame in frames], dim=1)
            inputs.extend(crops)
            owners.extend([owner] * len(crops))
            weights.extend([count] * len(crops))
    vectors = [tower.embed(torch.stack(inputs[start : start + BATCH])) for start in range(0, len(inputs), BATCH)]
    rows = to_feature_dim(torch.cat(vectors).numpy().astype(np.float64))
    sums = np.zeros((len(shots), FEATURE_DIM))
    np.add.at(sums, owners, rows * np.array(weights)[:, None])
    return l2_normalised(sums)


def _counted(clips: list[FramePair], frames: int) -> Counter[tuple[int, ...]]:
    """The distinct inputs of one shot to a tower, with their counts. A tower of stills gets both frames of a pair."""
    return Counter(clips) if frames == 2 else Counter((frame,) for clip in clips for frame in clip)
