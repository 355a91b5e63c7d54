from __future__ import annotations

import random
from itertools import combinations

import numpy as np
import pytest

from trailergen.dialogue.placement import LineSlots, place_lines, place_what_fits


def fits(starts: tuple[int, ...], lengths: list[int], places: LineSlots) -> bool:
    free = 0
    for clip, length in zip(starts, lengths, strict=True):
        begin = places.bounds[clip] + places.lead
        end = begin + length
        touched = [k for k in range(len(places.closed)) if places.bounds[k] < end and places.bounds[k + 1] > begin]
        limit = places.bounds[-1] if places.run_over else places.bounds[clip + 1]
        if begin < free or end > limit or places.closed[clip] or any(places.closed[k] for k in touched):
            return False
        free = end + places.pause
    return True


@pytest.mark.parametrize("run_over", [False, True])
def test_as_good_as_brute_force_on_a_thousand_cases(run_over: bool) -> None:
    chance = random.Random(7)
    for _ in range(1_000):
        clips, count = chance.randint(1, 7), chance.randint(1, 4)
        bounds = np.cumsum([0, *(chance.randint(1, 9) for _ in range(clips))]).tolist()
        closed = tuple(chance.random() < 0.15 for _ in range(clips))
        places = LineSlots(tuple(bounds), closed, chance.randint(0, 1), chance.randint(0, 3), run_over)
        lengths = [chance.randint(1, 8) for _ in range(count)]
        similarity = np.array([[chance.uniform(-1, 1) for _ in range(clips)] for _ in range(count)])
        sums = {
            starts: sum(similarity[n, j] for n, j in enumerate(starts))
            for starts in combinations(range(clips), count)
            if fits(starts, lengths, places)
        }
        found = place_lines(similarity, lengths, places)
        assert (found is None) == (not sums)
        if found is not None:
            assert sums[tuple(found)] == pytest.approx(max(sums.values()))


def test_the_least_salient_is_dropped() -> None:
    places = LineSlots((0, 10, 20), (False, False))
    assert place_what_fits(np.zeros((3, 2)), [5, 5, 5], [2.0, 1.0, 3.0], places) == {0: 0, 2: 1}
    assert place_what_fits(np.zeros((1, 2)), [11], [1.0], places) == {}
