"""Prefetching: the next items of an iterator are made while the last one is still in use."""

from __future__ import annotations

from collections import deque
from collections.abc import Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

Item = TypeVar("Item")


def prefetch(items: Iterator[Item], count: int = 1) -> Generator[Item]:
    """The same items, of which a thread of its own makes up to ``count`` before they are asked for.

    An exception in making an item is raised when that is asked for. Closing the generator ends the making.
    """
    end: Any = object()
    thread = ThreadPoolExecutor(1)
    try:
        coming = deque(thread.submit(next, items, end) for _ in range(count))
        while (item := coming.popleft().result()) is not end:
            coming.append(thread.submit(next, items, end))
            yield item
    finally:
        thread.shutdown(cancel_futures=True)
