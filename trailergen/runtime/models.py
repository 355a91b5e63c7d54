"""Models that stay loaded: one film needs each once, a batch of films no more."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, TypeVar, cast

Model = TypeVar("Model")


class Models:
    """What a process has loaded, by what tells one model from another."""

    def __init__(self) -> None:
        self._held: dict[Hashable, Any] = {}

    def get(self, key: Hashable, load: Callable[[], Model]) -> Model:
        """What ``load`` returned the first time for this key; raises what it raises."""
        if key not in self._held:
            self._held[key] = load()
        return cast(Model, self._held[key])
