"""Results kept in memory: as many as asked for, and no longer than what they were made from."""

from __future__ import annotations

import gc
import weakref

import numpy as np

from trailergen.runtime.memory import Memory, remembered


def test_a_memory_keeps_what_was_asked_for_last() -> None:
    memory, made = Memory(2), []
    for key in (1, 2, 1, 3, 1, 2):
        memory.get(key, lambda key=key: made.append(key))
    assert made == [1, 2, 3, 2]


def test_a_memory_of_none_keeps_nothing() -> None:
    made: list[int] = []
    memory = Memory()
    for _ in range(2):
        memory.get(1, lambda: made.append(1))
    assert made == [1, 1]


def test_a_result_lives_as_long_as_its_arguments() -> None:
    calls = []

    @remembered
    def total(values: np.ndarray, others: np.ndarray) -> np.ndarray:
        calls.append(1)
        return values + others

    one, other = np.ones(3), np.zeros(3)
    assert total(one, other) is total(one, other)
    assert len(calls) == 1
    total(one, np.zeros(3))
    assert len(calls) == 2
    result = weakref.ref(total(one, other))
    del one
    gc.collect()
    assert result() is None


def test_an_argument_that_lives_on_keeps_no_trace_of_others() -> None:
    @remembered
    def total(values: np.ndarray, others: np.ndarray | None) -> float:
        return float(values.sum())

    lasting = np.ones(2)
    for _ in range(50):
        total(np.ones(3), lasting)
        total(np.ones(3), None)
    gc.collect()
    assert weakref.getweakrefcount(lasting) <= 1


def test_a_result_that_was_found_before_is_held() -> None:
    calls = []

    @remembered
    def total(values: np.ndarray, others: np.ndarray | None = None) -> float:
        calls.append(1)
        return float(values.sum())

    values = np.ones(3)
    assert not total.holds(values)
    assert total.hold(7.0, values) == 7.0 and total.holds(values)
    assert total(values) == 7.0 and calls == []
    # The one that is known counts: others have it already.
    assert total.hold(8.0, values) == 7.0
    assert total(values, None) == 3.0 and calls == [1]
