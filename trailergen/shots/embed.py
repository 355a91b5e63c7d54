"""The choice of pictures for the ImageNet network, and the network at work while the film streams by."""

from __future__ import annotations

from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from trailergen.shots.efficientnet import Activations, EfficientNet
from trailergen.shots.embeddings import FrameEmbeddings
from trailergen.shots.memo import Memo, Result
from trailergen.shots.pictures import EvenSampler, ShotTracker

PER_SHOT = 4
_BATCH = 4  # pictures of one or several shots that the network takes at a time
_AWAITED = 8  # batches that may be outstanding while the film goes on

_Candidate = tuple[int, NDArray[np.uint8]]


class EmbeddingGatherer:
    """Chooses evenly spaced pictures of each shot, at most four, and has them embedded as shots end.

    The candidates are chosen in the decode, where shots are not known yet: some a second, and each that is unlike the
    candidate before it. A shot without one of its own gets the last candidate before it, which then stands for its
    first picture.

    Args:
        network: computes the embeddings.
        thread: that it works in; see ``quiet_thread``.
        memo: what it found in an analysis that was interrupted.
    """

    def __init__(self, network: EfficientNet, thread: ThreadPoolExecutor, memo: Memo | None = None) -> None:
        self._network, self._thread, self._memo = network, thread, memo or Memo()
        self._tracker = ShotTracker()
        self._candidates: deque[_Candidate] = deque()
        self._last: _Candidate | None = None
        self._chosen: EvenSampler[_Candidate] = EvenSampler(PER_SHOT)
        self._count = self._shots = 0
        self._unsent: list[NDArray[np.uint8]] = []
        self._owners: list[int] = []
        self._at: list[int] = []
        self._pending: deque[Future[Activations]] = deque()
        self._done: list[Activations] = []

    def offer(self, at: int, picture: NDArray[np.uint8]) -> None:
        """Take a candidate (224, 224, 3): picture ``at``, later than those before it, before its probability is pushed.

        The film's first picture is the first candidate.
        """
        self._candidates.append((at, picture))

    def push(self, probability: float) -> None:
        """Take the transition probability of the next picture."""
        step = self._tracker.step(probability)
        if step.begins:
            self._chosen = EvenSampler(PER_SHOT)
        if self._candidates and self._candidates[0][0] == self._count:
            self._last = self._candidates.popleft()
            if step.inside and self._chosen.due():
                self._chosen.keep(self._last)
        elif step.begins and self._last is not None:
            self._last = (self._count, self._last[1])
        if step.ends:
            self._close()
        self._count += 1

    def finish(self) -> FrameEmbeddings:
        """The embeddings of all shots."""
        if self._tracker.open or self._shots == 0:
            self._close()
        self._send(len(self._unsent))
        while self._pending:
            self._receive()
        return FrameEmbeddings(
            np.concatenate([each.vectors for each in self._done]),
            np.concatenate([each.maps for each in self._done]),
            np.array(self._owners, np.int64),
            np.array(self._at, np.int64),
        )

    def _close(self) -> None:
        """End the shot: its pictures are due for embedding."""
        stand_in = [self._last] if self._last is not None else []
        for at, picture in self._chosen.kept or stand_in:
            self._owners.append(self._shots)
            self._at.append(at)
            self._unsent.append(picture)
        self._shots += 1
        while len(self._unsent) >= _BATCH:
            self._send(_BATCH)

    def _send(self, count: int) -> None:
        if count == 0:
            return
        if len(self._pending) >= _AWAITED:
            self._receive()
        self._pending.append(self._thread.submit(self._embed, np.stack(self._unsent[:count])))
        del self._unsent[:count]

    def _embed(self, pictures: NDArray[np.uint8]) -> Activations:
        def embed() -> Result:
            found = self._network.embed(pictures)
            return found.vectors, found.maps

        return Activations(*self._memo.result((pictures,), embed))

    def _receive(self) -> None:
        self._done.append(self._pending.popleft().result())
