"""A few pictures of each shot, chosen while the film streams by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from trailergen.shots.detect import THRESHOLD

PER_SHOT = 8

Item = TypeVar("Item")


@dataclass(frozen=True)
class KeyPictures:
    """Evenly spaced pictures of the shots, at most eight of each and at least one.

    ``thumbs`` (k, 27, 48, 3) uint8, ``shots`` (k,) the shot each is of, non-decreasing, ``at`` (k,) its picture number.
    """

    thumbs: NDArray[np.uint8]
    shots: NDArray[np.int64]
    at: NDArray[np.int64]


@dataclass(frozen=True)
class ShotStep:
    """A picture's part in its shot: ``begins`` it, is ``inside`` it, ``ends`` it. Inside a transition it is in none."""

    begins: bool
    inside: bool
    ends: bool


class ShotTracker:
    """Tells shots apart picture by picture, as ``shots_from_probabilities`` does for a whole film."""

    def __init__(self) -> None:
        self._over = False
        self._count = 0

    def step(self, probability: float) -> ShotStep:
        """Take the transition probability of the next picture."""
        was, over = self._over, probability > THRESHOLD
        first = self._count == 0
        self._over = over
        self._count += 1
        return ShotStep(first or (was and not over), not (was and over), over and not was and not first)

    @property
    def open(self) -> bool:
        """True while the last picture is inside a shot that has not ended."""
        return not self._over


class EvenSampler(Generic[Item]):
    """Keeps at most ``most`` evenly spaced items of a stream of unknown length.

    Every s-th item is kept; when that makes more than ``most``, every other is dropped and s doubled.
    """

    def __init__(self, most: int) -> None:
        self.kept: list[Item] = []
        self._most, self._stride, self._count = most, 1, 0

    def due(self) -> bool:
        """Count the next item; True if it is to be kept."""
        self._count += 1
        return (self._count - 1) % self._stride == 0

    def keep(self, item: Item) -> None:
        """Keep the item that is due."""
        self.kept.append(item)
        if len(self.kept) > self._most:
            del self.kept[1::2]
            self._stride *= 2


class KeyPictureGatherer:
    """The key pictures of a film: a shot of any length costs the same, and its end need not be known."""

    def __init__(self) -> None:
        self._tracker = ShotTracker()
        self._closed: list[list[tuple[int, NDArray[np.uint8]]]] = []
        self._chosen: EvenSampler[tuple[int, NDArray[np.uint8]]] = EvenSampler(PER_SHOT)
        self._count = 0

    def push(self, thumb: NDArray[np.uint8], probability: float) -> None:
        """Take the next picture and its transition probability."""
        step = self._tracker.step(probability)
        if step.begins:
            self._chosen = EvenSampler(PER_SHOT)
        if step.inside and self._chosen.due():
            self._chosen.keep((self._count, thumb.copy()))  # a view would keep the whole batch it is of
        if step.ends:
            self._closed.append(self._chosen.kept)
        self._count += 1

    def finish(self) -> KeyPictures:
        """The pictures of all shots."""
        shots = [*self._closed, self._chosen.kept] if self._tracker.open else self._closed
        shots = shots or [self._chosen.kept]  # transitions only: the whole film is one shot
        return KeyPictures(
            np.stack([thumb for kept in shots for _, thumb in kept]),
            np.repeat(np.arange(len(shots)), [len(kept) for kept in shots]),
            np.array([at for kept in shots for at, _ in kept], np.int64),
        )
