"""The thing that stands out in a picture: how much, how large, where.

The network's map says how much it has to say about each place. That is compared twice: with what the film's pictures
usually have there, for edges and captions recur, and with the rest of the same picture, for a wood has something
everywhere. What is left over in one connected blob is the subject.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trailergen.readings.pooling import shot_means
from trailergen.readings.types import Floats
from trailergen.shots.looks import Looks

_STANDS_OUT = 0.5  # of the way from the picture's ground to its peak
_USUAL = 8  # pictures' worth of a plain map that the film's usual one is mixed with
_SURE = 1.0  # peak over ground at which nobody doubts that something is there


@dataclass(frozen=True)
class Subjects:
    """Of n pictures, or shots. ``presence`` (n,), ``size`` (n,) and ``centre`` (n, 2) as in ``Readings``."""

    presence: Floats
    size: Floats
    centre: Floats


def shot_subjects(looks: Looks, count: int) -> Subjects:
    """Of each of the film's ``count`` shots; its pictures count for the centre as much as there is in them."""
    found = picture_subjects(looks.maps)
    weights = np.maximum(found.presence, 1e-6)
    total = np.maximum(shot_means(weights, looks.shots, count), 1e-9)
    centre = shot_means(found.centre * weights[:, None], looks.shots, count) / total[:, None]
    return Subjects(
        shot_means(found.presence, looks.shots, count),
        shot_means(found.size, looks.shots, count),
        np.where(total[:, None] > 1e-8, centre, 0.5).astype(np.float32),
    )


def picture_subjects(maps: NDArray[np.float32]) -> Subjects:
    """Subjects of a film's pictures from their maps (k, h, w)."""
    from scipy.ndimage import label

    count, height, width = maps.shape
    strength = maps / np.maximum(maps.mean(), 1e-9)
    usual = (np.median(strength, axis=0) * count + strength.mean() * _USUAL) / (count + _USUAL)
    excess = strength / np.maximum(usual, 1e-9)
    flat = excess.reshape(count, -1)
    ground, peak = np.percentile(flat, 25, axis=1), flat.max(axis=1)
    height_over = peak - ground
    inside = excess > (ground + _STANDS_OUT * height_over)[:, None, None]
    # Places touch by their sides, pictures do not touch each other.
    structure = np.zeros((3, 3, 3), bool)
    structure[1] = ((0, 1, 0), (1, 1, 1), (0, 1, 0))
    blobs, number = label(inside, structure)
    above = np.maximum(excess - ground[:, None, None], 0)
    mass = np.bincount(blobs.ravel(), above.ravel(), number + 1)
    mass[0] = 0
    best = mass[blobs].reshape(count, -1).argmax(axis=1)
    chosen = blobs.reshape(count, -1)[np.arange(count), best]
    subject = (blobs == chosen[:, None, None]) & inside
    weight = np.where(subject, above, 0)
    total = np.maximum(weight.sum(axis=(1, 2)), 1e-9)
    columns, rows = (np.arange(width) + 0.5) / width, (np.arange(height) + 0.5) / height
    centre = np.stack((weight.sum(axis=1) @ columns, weight.sum(axis=2) @ rows), axis=1) / total[:, None]
    contrast = np.clip(height_over / _SURE, 0, 1)
    share = total / np.maximum(above.sum(axis=(1, 2)), 1e-9)
    return Subjects(
        (contrast * share).astype(np.float32),
        (subject.mean(axis=(1, 2)) * (height_over > 1e-6)).astype(np.float32),
        np.where((height_over > 1e-6)[:, None], centre, 0.5).astype(np.float32),
    )
