"""Results kept in memory: for who asks the same again, and for as long as what they were made from is there."""

from __future__ import annotations

import functools
import threading
import weakref
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, TypeVar, cast

Result = TypeVar("Result")
Function = TypeVar("Function", bound=Callable[..., Any])


class Memory:
    """The ``most`` results that were asked for last, by key; of none each is made again."""

    def __init__(self, most: int = 0) -> None:
        self._most = most
        self._held: OrderedDict[Hashable, Any] = OrderedDict()

    def get(self, key: Hashable, make: Callable[[], Result]) -> Result:
        """The result of this key, made by ``make`` where it is not held; raises the exceptions of ``make``."""
        if key in self._held:
            self._held.move_to_end(key)
            return cast(Result, self._held[key])
        made = make()
        if self._most:
            self._held[key] = made
            if len(self._held) > self._most:
                self._held.popitem(last=False)
        return made


def remembered(function: Function) -> Function:
    """A pure function that keeps its result for as long as all its arguments live.

    Arguments are told apart by identity: they must not be changed, and neither must results.
    """
    held: dict[tuple[int, ...], tuple[Any, list[weakref.finalize[..., Any]]]] = {}
    guard = threading.RLock()

    def forget(key: tuple[int, ...]) -> None:
        with guard:
            _, ends = held.pop(key, (None, []))
        # Arguments that live on, and have seen many others, keep no trace of them.
        for end in ends:
            end.detach()

    @functools.wraps(function)
    def call(*arguments: Any) -> Any:
        key = tuple(map(id, arguments))
        with guard:
            if key in held:
                return held[key][0]
        made = function(*arguments)
        with guard:
            if key not in held:
                mortal = [one for one in arguments if one is not None]
                held[key] = made, [weakref.finalize(one, forget, key) for one in mortal]
        return made

    return cast(Function, call)
