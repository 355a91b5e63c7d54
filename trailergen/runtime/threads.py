"""The number of processor cores that one run keeps busy: all that it may use, or as many as it was told."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

_limit: int | None = None
_torch_began_with: int | None = None


def limit_threads(count: int | None) -> None:
    """Use ``count`` cores at most in this process from now on; None for all.

    For the command line, whose process it is; see ``limited_threads`` for a part of another's.
    """
    global _limit
    _limit = count


@contextmanager
def limited_threads(count: int | None) -> Iterator[None]:
    """Use ``count`` cores at most while the block runs, None for as many as before it; then torch has its own again."""
    global _limit
    limit, torch = _limit, sys.modules.get("torch")
    threads = None if torch is None else torch.get_num_threads()
    if count is not None:
        _limit = count
    try:
        yield
    finally:
        _limit = limit
        if torch is None:
            torch, threads = sys.modules.get("torch"), _torch_began_with
        if torch is not None and threads is not None:
            torch.set_num_threads(threads)


def let_torch_use_cores() -> None:
    """Let torch use the cores that there are to use, until ``limited_threads`` ends or for good."""
    import torch

    global _torch_began_with
    if _torch_began_with is None:
        _torch_began_with = torch.get_num_threads()
    torch.set_num_threads(cores())


def cores() -> int:
    """The number of cores to use."""
    # Containers and batch systems give a process fewer than the machine has.
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return allowed if _limit is None else min(_limit, allowed)


@contextmanager
def torch_threads(count: int) -> Iterator[None]:
    """Let each operation of torch use ``count`` threads while the block runs."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(count)
    try:
        yield
    finally:
        torch.set_num_threads(before)


@contextmanager
def quiet_thread() -> Iterator[ThreadPoolExecutor]:
    """A thread in which no operation of torch is shared out among cores.

    In float32 a sum depends on how it is shared out, to the last bit. When the block ends, work that has not begun is
    cancelled.
    """
    import torch

    others = torch.get_num_threads()
    thread = ThreadPoolExecutor(1, initializer=torch.set_num_threads, initargs=(1,))
    try:
        thread.submit(int).result()
        torch.set_num_threads(others)  # the number is each thread's own, but also what threads yet to come begin with
        yield thread
    finally:
        thread.shutdown(wait=False, cancel_futures=True)
