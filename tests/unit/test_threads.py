from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
import torch

from trailergen.runtime import threads
from trailergen.runtime.prefetch import prefetch


@pytest.fixture(autouse=True)
def unlimited() -> Iterator[None]:
    yield
    threads.limit_threads(None)


def test_a_limit_takes_cores_away_and_adds_none() -> None:
    everything = threads.cores()
    assert everything == len(os.sched_getaffinity(0))
    threads.limit_threads(1)
    assert threads.cores() == 1
    threads.limit_threads(10_000)
    assert threads.cores() == everything


def test_torch_gets_its_threads_back() -> None:
    before = torch.get_num_threads()
    with pytest.raises(ZeroDivisionError), threads.torch_threads(before + 1):
        assert torch.get_num_threads() == before + 1
        raise ZeroDivisionError
    assert torch.get_num_threads() == before


@pytest.mark.parametrize("count", [1, 3, 50])
def test_what_is_made_ahead_comes_in_order(count: int) -> None:
    assert list(prefetch(iter(range(20)), count)) == list(range(20))


def test_an_error_comes_where_it_belongs() -> None:
    def broken() -> Iterator[int]:
        yield 1
        yield 2
        raise OSError("gone")

    items = prefetch(broken(), 4)
    assert [next(items), next(items)] == [1, 2]
    with pytest.raises(OSError, match="gone"):
        next(items)


def test_nothing_is_made_for_nobody() -> None:
    made: list[int] = []

    def counting() -> Iterator[int]:
        for number in range(1000):
            made.append(number)
            yield number

    items = prefetch(counting(), 2)
    next(items)
    items.close()
    assert len(made) <= 4
