"""The subject of a picture, the one thing that stands out: its presence, size and position in the picture.

The network's map of 7x7 cells is taken for saliency, and its heaviest connected blob for the subject. Within that, at
the finer resolution of the thumbnail, count the cells whose colour is not that of the background beside them, for the
network's cells see far beyond their edges.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trailergen.readings.appearance import cell_colours
from trailergen.readings.pooling import shot_means
from trailergen.readings.self_training import refined
from trailergen.readings.types import Floats
from trailergen.shots.embeddings import FrameEmbeddings
from trailergen.shots.pictures import KeyPictures

_GROUND = 25  # percentile of a map that is background
_BLOB = 0.3  # of the way from the background to the peak
_OTHER_COLOUR = 8.0  # CIE76; twice what the eye takes for another colour at a glance
_OF_THE_MOST = 0.35  # of the greatest difference in the blob, for grounds of many colours
_HALF, _STEEP = 11.0, 4.0  # the middle's lead over the edge, in the unit of the maps, for a presence of 1/2 and 0.73


@dataclass(frozen=True)
class Subjects:
    """Subjects of n pictures or shots: ``presence`` (n,), ``size`` (n,) and ``centre`` (n, 2) as in ``Readings``;
    ``reach`` (n,) is the size, refined by self-training on near and far views of the film."""

    presence: Floats
    size: Floats
    centre: Floats
    reach: Floats


def picture_subjects(embeddings: FrameEmbeddings, pictures: KeyPictures, told: NDArray[np.bool_]) -> Subjects:
    """Subjects of the k embedded pictures; ``told`` (I,) are the shots of the film that tell its story."""
    blob, weight = salient_blobs(embeddings.maps)
    mask = own_colour(blob, pictures.thumbs[_thumbs_of(embeddings, pictures)])
    size = mask.mean(axis=(1, 2)).astype(np.float32)
    counted = told[embeddings.shots]
    lead = refined(_lead(embeddings.maps), embeddings.vectors, counted)
    presence = 1 / (1 + np.exp(np.clip((_HALF - lead) / _STEEP, -50, 50)))
    return Subjects(presence.astype(np.float32), size, _centres(weight), refined(size, embeddings.vectors, counted))


def shot_subjects(found: Subjects, embeddings: FrameEmbeddings, count: int) -> Subjects:
    """Subjects of the film's ``count`` shots from those of its pictures, weighted for the centre by their presence."""
    weights = np.maximum(found.presence, 1e-6)
    total = np.maximum(shot_means(weights, embeddings.shots, count), 1e-9)[:, None]
    return Subjects(
        shot_means(found.presence, embeddings.shots, count),
        shot_means(found.size, embeddings.shots, count),
        (shot_means(found.centre * weights[:, None], embeddings.shots, count) / total).astype(np.float32),
        shot_means(found.reach, embeddings.shots, count),
    )


def _lead(maps: Floats) -> Floats:
    """Mean of the middle 5x5 cells less that of the edge, (k,)."""
    middle = maps[:, 1:-1, 1:-1]
    inside = middle.sum(axis=(1, 2))
    edge = (maps.sum(axis=(1, 2)) - inside) / (maps[0].size - middle[0].size)
    return (inside / middle[0].size - edge).astype(np.float32)


def salient_blobs(maps: Floats) -> tuple[NDArray[np.bool_], Floats]:
    """The heaviest connected cells of each map, (k, 7, 7), and their weight above the background."""
    from scipy.ndimage import label

    count = len(maps)
    flat = maps.reshape(count, -1)
    ground = np.percentile(flat, _GROUND, axis=1)
    above = np.maximum(maps - ground[:, None, None], 0)
    high = above > _BLOB * above.max(axis=(1, 2), keepdims=True)
    touching = np.zeros((3, 3, 3), bool)  # cells touch by their sides, pictures do not
    touching[1] = ((0, 1, 0), (1, 1, 1), (0, 1, 0))
    names, number = label(high, touching)
    weights = np.bincount(names.ravel(), above.ravel(), number + 1)
    weights[0] = 0
    heaviest = weights[names].reshape(count, -1).argmax(axis=1)
    chosen = names.reshape(count, -1)[np.arange(count), heaviest]
    blob = high & (names == chosen[:, None, None])
    return blob, np.where(blob, above, 0).astype(np.float32)


def own_colour(blob: NDArray[np.bool_], thumbs: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """The cells (k, 9, 16) of the thumbnails within the blob that differ in colour from the background in their row."""
    colours = cell_colours(thumbs)
    _, rows, columns, _ = colours.shape
    across, down = (_nearest(size, blob.shape[1]) for size in (columns, rows))
    inside = blob[:, down][:, :, across]
    outside = (~inside)[..., None]
    sums, counts = (colours * outside).sum(axis=2), outside.sum(axis=2)
    everywhere = sums.sum(axis=1, keepdims=True) / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    ground = np.where(counts > 1, sums / np.maximum(counts, 1), everywhere)
    apart = np.linalg.norm(colours - ground[:, :, None], axis=-1) * inside
    enough = np.maximum(_OTHER_COLOUR, _OF_THE_MOST * apart.max(axis=(1, 2)))
    return apart > enough[:, None, None]


def _centres(weight: Floats) -> Floats:
    """Centres of weight (k, 2) as shares of width and height; the middle where there is no weight."""
    _, height, width = weight.shape
    total = weight.sum(axis=(1, 2))
    columns, rows = (np.arange(width) + 0.5) / width, (np.arange(height) + 0.5) / height
    moments = np.stack((weight.sum(axis=1) @ columns, weight.sum(axis=2) @ rows), axis=1)
    centre = np.divide(moments, total[:, None], out=np.full_like(moments, 0.5), where=total[:, None] > 0)
    return centre.astype(np.float32)


def _thumbs_of(embeddings: FrameEmbeddings, pictures: KeyPictures) -> NDArray[np.int64]:
    """For each embedded picture the key picture nearest in time, (k,); cuts lie between key pictures of two shots,
    so it is one of the same shot but where that shot's are further away."""
    after = np.clip(np.searchsorted(pictures.at, embeddings.at), 1, len(pictures.at) - 1)
    before = after - 1
    other = pictures.shots[after] != embeddings.shots
    nearer = embeddings.at - pictures.at[before] < pictures.at[after] - embeddings.at
    return np.where(other | (nearer & (pictures.shots[before] == embeddings.shots)), before, after)


def _nearest(size: int, parts: int) -> NDArray[np.int64]:
    return ((np.arange(size) + 0.5) / size * parts).astype(np.int64)
