"""What the networks found in a film, by the content of what they were given.

An analysis that was interrupted reads its film from the start again: pictures cannot be trusted to come out of a
decoder alike after a seek. But what a network was given before is recognised, and its result is taken instead of
computed: all that follows from it is the same as if there had been no interruption.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from contextlib import suppress
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trailergen.errors import OutputError
from trailergen.runtime.cache import Entry, StageCache

Result = tuple[NDArray[Any], ...]
_EVERY_S = 60.0
"""From one time that a memo is kept to the next."""


def digest(*inputs: NDArray[Any] | bytes) -> bytes:
    """Of the content of arrays, 16 bytes."""
    whole = hashlib.blake2b(digest_size=16)
    for each in inputs:
        whole.update(each if isinstance(each, bytes) else np.ascontiguousarray(each).data)
    return whole.digest()


class Memo:
    """Results by the digest of their inputs; it may be used by several threads."""

    def __init__(self) -> None:
        self._found: dict[str, Result] = {}
        self._lock = Lock()

    def known(self, key: bytes) -> Result | None:
        """The result of these inputs, if there is one."""
        with self._lock:
            return self._found.get(key.hex())

    def note(self, key: bytes, result: Result) -> Result:
        """Keep a result, and give it back."""
        # Copied: small arrays left among a network's large ones, in the memory of its thread, would keep all of that.
        copied = tuple(np.array(each) for each in result)
        with self._lock:
            self._found[key.hex()] = copied
        return copied

    def result(self, inputs: tuple[NDArray[Any], ...], make: Callable[[], Result]) -> Result:
        """The known result of these inputs, or the one that ``make`` gives."""
        key = digest(*inputs)
        found = self.known(key)
        return self.note(key, make()) if found is None else found

    def entry(self) -> Entry:
        """All that is known, for the cache."""
        with self._lock:
            found = dict(self._found)
        return Entry(
            {}, {f"{key}.{number}": each for key, result in found.items() for number, each in enumerate(result)}
        )

    def learn(self, entry: Entry) -> None:
        """Take over what an ``entry`` knows."""
        parts: dict[str, dict[int, NDArray[Any]]] = {}
        for name, each in entry.arrays.items():
            key, _, number = name.partition(".")
            parts.setdefault(key, {})[int(number)] = np.array(each)  # to be written to
        with self._lock:
            self._found |= {key: tuple(part[number] for number in sorted(part)) for key, part in parts.items()}


class KeptMemo(Memo):
    """A memo that lies in the cache until its analysis is finished.

    Args:
        cache: holds it.
        key: its name there; another run with that name knows what this one found.
        every_s: seconds between two times that it is written.
    """

    def __init__(self, cache: StageCache, key: str, every_s: float = _EVERY_S) -> None:
        super().__init__()
        self._cache, self._key, self._every_s = cache, key, every_s
        self._written = time.monotonic()
        if (entry := cache.load(key)) is not None:
            self.learn(entry)

    def keep(self, at_once: bool = False) -> None:
        """Write it, if it is time to. That it cannot be written is no harm to the run."""
        if at_once or time.monotonic() - self._written >= self._every_s:
            with suppress(OutputError):
                self._cache.store(self._key, self.entry())
            self._written = time.monotonic()

    def discard(self) -> None:
        """Remove it: what it was for is finished."""
        self._cache.discard(self._key)
