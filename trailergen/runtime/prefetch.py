"""Work that goes on while its last result is still in use."""

from __future__ import annotations

from collections import deque
from collections.abc import Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

Item = TypeVar("Item")


def prefetch(items: Iterator[Item], count: int = 1) -> Generator[Item]:
    """The same items; a thread of their own makes up to ``count`` of them before they are asked for. What making one
    raises is raised when it is asked for, and nothing is made any more once this generator is closed."""
    end: Any = object()
    thread = ThreadPoolExecutor(1)
    try:
        coming = deque(thread.submit(next, items, end) for _ in range(count))
        while (item := coming.popleft().result()) is not end:
            coming.append(thread.submit(next, items, end))
            yield item
    finally:
        thread.shutdown(cancel_futures=True)
