"""Positions that the film's shots can fill."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from trailergen.edit.positions import cut_long_positions

RATE = 1000


def test_a_position_longer_than_nearly_all_shots_is_cut_into_equal_parts() -> None:
    shots = np.array([1.0] * 17 + [2.0] * 3)
    assert cut_long_positions((0, 1000, 5000, 6000), RATE, shots) == (0, 1000, 2000, 3000, 4000, 5000, 6000)


def test_positions_that_enough_shots_fill_stay() -> None:
    assert cut_long_positions((0, 4000, 7000), RATE, np.linspace(1, 6, 40)) == (0, 4000, 7000)


def test_the_last_position_is_one_that_half_of_the_shots_fill() -> None:
    assert cut_long_positions((0, 4000, 8000), RATE, np.linspace(1, 6, 40)) == (0, 4000, 6000, 8000)
    assert cut_long_positions((0, 4000, 7000), RATE, np.linspace(1, 6, 40)) == (0, 4000, 7000)


def test_no_shots_cut_nothing() -> None:
    assert cut_long_positions((0, 9000), RATE, np.zeros(0)) == (0, 9000)


@given(st.lists(st.integers(100, 9000), min_size=1, max_size=20), st.lists(st.floats(0.1, 9), min_size=1, max_size=50))
def test_no_boundary_is_lost_and_no_part_is_too_short(lengths: list[int], shots: list[float]) -> None:
    boundaries = tuple(int(at) for at in np.cumsum([0, *lengths]))
    found = cut_long_positions(boundaries, RATE, np.array(shots))
    assert set(boundaries) <= set(found)
    assert list(found) == sorted(set(found))
    cut = [b - a for a, b in pairwise(found) if a not in boundaries or b not in boundaries]
    assert all(part >= 749 for part in cut)
