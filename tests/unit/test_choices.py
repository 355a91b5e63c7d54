"""Choices that look at nothing a film shows."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from test_style import POSITIONS, SHOTS, material

from trailergen.evaluation.choices import at_random, every_nth


def test_every_nth_shot_where_all_fit() -> None:
    assert every_nth(material()).tolist() == [2, 6, 10, 14, 18, 22, 26, 30, 34, 38]


def test_every_nth_of_those_that_may_be_chosen() -> None:
    some = replace(material(), usable=np.arange(SHOTS) >= 20)
    assert every_nth(some).tolist() == [21, 23, 25, 27, 29, 31, 33, 35, 37, 39]


def test_a_shot_that_is_too_short_makes_way_for_its_neighbour() -> None:
    usable = np.full(SHOTS, 2.0)
    usable[10] = 0.5
    found = every_nth(replace(material(), usable_s=usable)).tolist()
    assert found[2] in (9, 11)
    assert found[:2] + found[3:] == [2, 6, 14, 18, 22, 26, 30, 34, 38]


def test_random_shots_differ_and_are_long_enough() -> None:
    length = np.where(np.arange(POSITIONS) == 4, 3.0, 1.0)
    usable = np.where(np.arange(SHOTS) == 7, 3.0, 2.0)
    m = replace(material(), length_s=length, usable_s=usable)
    found = at_random(m, np.random.default_rng(0))
    assert found[4] == 7
    assert len(set(found.tolist())) == POSITIONS
    assert found.tolist() != sorted(found)
    assert (found != at_random(m, np.random.default_rng(1))).any()


def test_there_may_be_no_such_choice() -> None:
    short = replace(material(), usable_s=np.full(SHOTS, 0.5))
    few = replace(material(), usable=np.arange(SHOTS) < POSITIONS - 1)
    for m in (short, few):
        assert every_nth(m) is None
        assert at_random(m, np.random.default_rng(0)) is None
