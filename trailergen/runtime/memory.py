"""Results kept in memory: for who asks the same again, and for as long as what they were made from is there."""

from __future__ import annotations

import functools
import threading
import weakref
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, Generic, ParamSpec, TypeVar, cast

Result = TypeVar("Result")
Arguments = ParamSpec("Arguments")


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


class Remembered(Generic[Arguments, Result]):
    """A pure function that keeps its results, each for as long as all its arguments live. Use ``remembered``.

    Arguments are told apart by identity: they must not be changed, and neither must results.
    """

    def __init__(self, function: Callable[Arguments, Result]) -> None:
        functools.update_wrapper(self, function)
        self._function = function
        self._held: dict[tuple[int, ...], tuple[Result, list[weakref.finalize[..., Any]]]] = {}
        self._guard = threading.RLock()

    def __call__(self, *arguments: Arguments.args, **named: Arguments.kwargs) -> Result:
        """The result for these arguments."""
        with self._guard:
            if (key := _key(*arguments, **named)) in self._held:
                return self._held[key][0]
        return self.hold(self._function(*arguments, **named), *arguments, **named)

    def holds(self, *arguments: Arguments.args, **named: Arguments.kwargs) -> bool:
        """True where the result for these arguments is known."""
        return _key(*arguments, **named) in self._held

    def hold(self, result: Result, /, *arguments: Arguments.args, **named: Arguments.kwargs) -> Result:
        """Take a result for these arguments that was found before, unless one is known; returns the one that counts."""
        key = _key(*arguments, **named)
        with self._guard:
            if key not in self._held:
                mortal = [one for one in (*arguments, *named.values()) if one is not None]
                self._held[key] = result, [weakref.finalize(one, self._forget, key) for one in mortal]
            return self._held[key][0]

    def _forget(self, key: tuple[int, ...]) -> None:
        with self._guard:
            _, ends = self._held.pop(key, (None, []))
        # Arguments that live on, and have seen many others, keep no trace of them.
        for end in ends:
            end.detach()


def _key(*arguments: object, **named: object) -> tuple[int, ...]:
    return tuple(map(id, (*arguments, *named.values())))


def remembered(function: Callable[Arguments, Result]) -> Remembered[Arguments, Result]:
    """A function that keeps its results (see ``Remembered``)."""
    return Remembered(function)
