"""The thread in which a plan is changed: one change after another, and in between what nobody waits for."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable
from concurrent.futures import Future
from heapq import heappop, heappush
from typing import Any, TypeVar

Result = TypeVar("Result")
_ASKED, _IDLE = 0, 1


class Editor:
    """Runs work in a thread of its own, what somebody waits for first."""

    def __init__(self) -> None:
        self._queue: list[tuple[int, int, Future[Any], Callable[[], Any]]] = []
        self._order = itertools.count()
        self._state = threading.Condition()
        self._closed = False
        self._thread = threading.Thread(target=self._work, name="editor", daemon=True)
        self._thread.start()

    def run(self, work: Callable[[], Result]) -> Future[Result]:
        """Have something run as soon as what runs now is done. Raises RuntimeError when closed."""
        return self._add(_ASKED, work)

    def idle(self, work: Callable[[], object]) -> None:
        """Have something run as soon as nothing else is left to do, in the order of asking; its errors are nobody's."""
        self._add(_IDLE, work)

    def close(self) -> None:
        """Finish what somebody waits for, and end."""
        with self._state:
            self._closed = True
            self._state.notify_all()
        self._thread.join()

    def _add(self, soon: int, work: Callable[[], Result]) -> Future[Result]:
        future: Future[Result] = Future()
        with self._state:
            if self._closed:
                raise RuntimeError("the desk is closed")
            heappush(self._queue, (soon, next(self._order), future, work))
            self._state.notify_all()
        return future

    def _next(self) -> tuple[Future[Any], Callable[[], Any]] | None:
        with self._state:
            self._state.wait_for(lambda: self._closed or self._queue)
            if not self._queue or (self._closed and self._queue[0][0] == _IDLE):
                return None
            _, _, future, work = heappop(self._queue)
            return future, work

    def _work(self) -> None:
        while (found := self._next()) is not None:
            future, work = found
            try:
                future.set_result(work())
            except BaseException as error:
                future.set_exception(error)
