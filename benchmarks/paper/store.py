"""Finished experiments on disk: one that was finished before a kill is not made again."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from typing import Any

from trailergen.runtime.cache import StageCache, atomic_output

VERSION = 6
"""Of the experiments; raise it when the same facts give other figures."""


class ExperimentStore:
    """Figures of experiments by their facts.

    Args:
        cache: holds them.
        note: is told of each that is made.
    """

    def __init__(self, cache: StageCache, note: Callable[[str], None]) -> None:
        self.cache, self.note = cache, note

    def get(
        self, size: Mapping[str, Any], facts: Mapping[str, Any], make: Callable[[], dict[str, Any]]
    ) -> dict[str, Any]:
        """The figures of an experiment, a pure function of size and facts; ``make`` makes those that are missing."""
        key = self.cache.key("results", VERSION, {"size": size, **facts})
        path = self.cache.folder("results") / f"{key}.json"
        if path.exists():
            stored: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
            return stored
        started = time.monotonic()
        found = make()
        with atomic_output(path) as temporary:
            temporary.write_text(json.dumps({"facts": facts, **found}), encoding="utf-8")
        self.note(f"{json.dumps(facts)}: {time.monotonic() - started:.0f} s")
        return found
