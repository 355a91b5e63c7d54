"""Features as they come: each batch is kept at once, so that a kill loses at most one."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from trailergen.runtime.cache import Entry, StageCache
from trailergen.runtime.progress import Tick, no_tick

_FEATURES = "features"


class Shards:
    """The finished batches of one film's features, in a folder of the cache.

    Args:
        cache: the cache.
        key: of the features in the cache.
    """

    def __init__(self, cache: StageCache, key: str) -> None:
        self._folder = cache.root / "features" / key

    def complete(
        self, shots: int, encode: Callable[[int], Iterator[NDArray[np.float32]]], tick: Tick = no_tick
    ) -> NDArray[np.float32]:
        """Features (I, D) of all ``shots``: the kept batches, then those that ``encode`` yields from there on.

        ``tick`` gets the number of shots that were kept. Raises OutputError, and the exceptions of ``encode``.
        """
        store = StageCache(self._folder)
        found: list[NDArray[np.float32]] = []
        done = 0
        while entry := store.load(str(done)):
            found.append(entry.arrays[_FEATURES])
            done += len(found[-1])
        tick(done)
        if done < shots:
            for batch in encode(done):
                found.append(batch)
                # The last one becomes part of the result at once.
                if done + len(batch) < shots:
                    store.store(str(done), Entry({}, {_FEATURES: batch}))
                done += len(batch)
        return np.concatenate(found)

    def remove(self) -> None:
        """Remove the batches, once the whole is kept elsewhere."""
        shutil.rmtree(self._folder, ignore_errors=True)
