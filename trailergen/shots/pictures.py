"""A few pictures of each shot, chosen while the film streams by."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trailergen.shots.detect import THRESHOLD

PER_SHOT = 8


@dataclass(frozen=True)
class KeyPictures:
    """Evenly spaced pictures of the shots, at most eight of each and at least one.

    ``thumbs`` (k, 27, 48, 3) uint8, ``shots`` (k,) the shot each is of, non-decreasing, ``at`` (k,) its picture number.
    """

    thumbs: NDArray[np.uint8]
    shots: NDArray[np.int64]
    at: NDArray[np.int64]


class KeyPictureGatherer:
    """Keeps every s-th picture of the current shot; when that makes more than eight, every other is dropped
    and s doubled. So a shot of any length costs the same, and its end need not be known."""

    def __init__(self) -> None:
        self._closed: list[list[tuple[int, NDArray[np.uint8]]]] = []
        self._kept: list[tuple[int, NDArray[np.uint8]]] = []
        self._start = self._count = 0
        self._stride = 1
        self._over = False

    def push(self, thumb: NDArray[np.uint8], probability: float) -> None:
        """Take the next picture and its transition probability; shots are told apart as
        ``shots_from_probabilities`` does."""
        over = probability > THRESHOLD
        if self._over and not over:
            self._kept, self._stride, self._start = [], 1, self._count
        if not (self._over and over):
            self._keep(thumb)
        if over and not self._over and self._count > 0:
            self._closed.append(self._kept)
        self._over = over
        self._count += 1

    def finish(self) -> KeyPictures:
        """The pictures of all shots."""
        shots = self._closed if self._over else [*self._closed, self._kept]
        shots = shots or [self._kept]  # transitions only: the whole film is one shot
        return KeyPictures(
            np.stack([thumb for kept in shots for _, thumb in kept]),
            np.repeat(np.arange(len(shots)), [len(kept) for kept in shots]),
            np.array([at for kept in shots for at, _ in kept], np.int64),
        )

    def _keep(self, thumb: NDArray[np.uint8]) -> None:
        if (self._count - self._start) % self._stride:
            return
        self._kept.append((self._count, thumb.copy()))  # a view would keep the whole batch it is of
        if len(self._kept) > PER_SHOT:
            del self._kept[1::2]
            self._stride *= 2
