"""A cache for who asks the same again and again: what is known of a film stays in memory."""

from __future__ import annotations

from pathlib import Path

from trailergen.runtime.cache import Entry, StageCache

_KEPT = ("fingerprint", "probe", "shots", "features", "readings", "music")
"""Stages of which a film or a track has one entry each, or few."""


class WarmCache(StageCache):
    """A stage cache that reads the entries of a film's analysis from the disk once.

    Their arrays are read-only, for whoever asks gets the same ones.
    """

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self._held: dict[str, Entry] = {}

    def load(self, key: str) -> Entry | None:
        """The entry, or None if there is none or it is damaged."""
        if (held := self._held.get(key)) is not None:
            return held
        return self._hold(key, super().load(key))

    def store(self, key: str, entry: Entry) -> None:
        """Write an entry atomically. Raises OutputError if the cache cannot be written."""
        super().store(key, entry)
        self._hold(key, entry)

    def _hold(self, key: str, entry: Entry | None) -> Entry | None:
        if entry is not None and key.partition("-")[0] in _KEPT:
            for array in entry.arrays.values():
                array.flags.writeable = False
            self._held[key] = entry
        return entry
