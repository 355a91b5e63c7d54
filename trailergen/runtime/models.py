"""Models that stay loaded: one film needs each once, a batch of films no more."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, TypeVar, cast

Model = TypeVar("Model")


class Models:
    """The models that a session has loaded, by key."""

    def __init__(self) -> None:
        self._held: dict[Hashable, Any] = {}

    def get(self, key: Hashable, load: Callable[[], Model]) -> Model:
        """The model of this key, made by ``load`` at its first use; raises the exceptions of ``load``."""
        if key not in self._held:
            self._held[key] = load()
        return cast(Model, self._held[key])
