"""The pictures that the ImageNet network looks at, and the network at work while the film streams by."""

from __future__ import annotations

from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from trailergen.shots.efficientnet import EfficientNet, Seen
from trailergen.shots.looks import Looks
from trailergen.shots.pictures import ShotWalk, Spread

PER_SHOT = 4
_BATCH = 4  # pictures of one or several shots that the network takes at a time
_AWAITED = 8  # batches that may be outstanding while the film goes on

_Candidate = tuple[int, NDArray[np.uint8]]


class LookGatherer:
    """Chooses evenly spaced pictures of each shot, at most four, and has them looked at as shots end.

    Which pictures come, as candidates, is decided in the decode, where shots are not known yet: some a second, and each
    that is unlike the candidate before it. A shot without one of its own looks like the last candidate before it, which
    then stands for its first picture.

    Args:
        network: what looks.
        thread: where it works; see ``quiet_thread``.
    """

    def __init__(self, network: EfficientNet, thread: ThreadPoolExecutor) -> None:
        self._network, self._thread = network, thread
        self._walk = ShotWalk()
        self._coming: deque[_Candidate] = deque()
        self._last: _Candidate | None = None
        self._spread: Spread[_Candidate] = Spread(PER_SHOT)
        self._count = self._shots = 0
        self._unseen: list[NDArray[np.uint8]] = []
        self._owners: list[int] = []
        self._at: list[int] = []
        self._coming_back: deque[Future[Seen]] = deque()
        self._seen: list[Seen] = []

    def offer(self, at: int, picture: NDArray[np.uint8]) -> None:
        """A candidate (224, 224, 3): picture ``at``, later than those before it, its probability not yet known. The
        film's first picture is one."""
        self._coming.append((at, picture))

    def push(self, probability: float) -> None:
        """The transition probability of the next picture."""
        place = self._walk.step(probability)
        if place.begins:
            self._spread = Spread(PER_SHOT)
        if self._coming and self._coming[0][0] == self._count:
            self._last = self._coming.popleft()
            if place.inside and self._spread.due():
                self._spread.keep(self._last)
        elif place.begins and self._last is not None:
            self._last = (self._count, self._last[1])
        if place.ends:
            self._close()
        self._count += 1

    def finish(self) -> Looks:
        """What was seen of all shots."""
        if self._walk.open or self._shots == 0:
            self._close()
        self._send(len(self._unseen))
        while self._coming_back:
            self._receive()
        return Looks(
            np.concatenate([each.vectors for each in self._seen]),
            np.concatenate([each.maps for each in self._seen]),
            np.array(self._owners, np.int64),
            np.array(self._at, np.int64),
        )

    def _close(self) -> None:
        """The shot has ended."""
        stand_in = [self._last] if self._last is not None else []
        for at, picture in self._spread.kept or stand_in:
            self._owners.append(self._shots)
            self._at.append(at)
            self._unseen.append(picture)
        self._shots += 1
        while len(self._unseen) >= _BATCH:
            self._send(_BATCH)

    def _send(self, count: int) -> None:
        if count == 0:
            return
        if len(self._coming_back) >= _AWAITED:
            self._receive()
        self._coming_back.append(self._thread.submit(self._network.see, np.stack(self._unseen[:count])))
        del self._unseen[:count]

    def _receive(self) -> None:
        """The oldest of what is awaited. Copied: small things that stay among the network's large ones, in the memory
        of its thread, would have that grow with the film."""
        seen = self._coming_back.popleft().result()
        self._seen.append(Seen(seen.vectors.copy(), seen.maps.copy()))
