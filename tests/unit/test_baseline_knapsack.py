"""The 0/1 knapsack, against all subsets, and the summary it makes."""

from itertools import combinations

import numpy as np
import torch

from trailergen.evaluation.baselines.knapsack import knapsack, summary
from trailergen.evaluation.films import Film
from trailergen.training.films import FilmFacts, Music


def test_knapsack_is_not_greedy() -> None:
    # The best per weight, item 0, leaves no room for the two that are better together.
    assert knapsack(np.array([7.0, 6.0, 6.0]), np.array([3, 3, 3]), 6) == [0, 1]
    assert knapsack(np.array([5.0, 4.0, 4.0]), np.array([4, 3, 3]), 6) == [1, 2]
    assert knapsack(np.array([5.0, 4.0, 4.0]), np.array([4, 3, 3]), 6, items=1) == [0]
    assert knapsack(np.array([5.0, 0.0]), np.array([9, 1]), 6) == []


def test_knapsack_is_the_best_of_all_subsets() -> None:
    rng = np.random.default_rng(0)
    for _ in range(60):
        count = int(rng.integers(1, 9))
        values, weights = rng.uniform(0.01, 1, count), rng.integers(1, 10, count)
        capacity, items = int(rng.integers(1, 30)), int(rng.integers(1, 6))
        subsets = [s for n in range(items + 1) for s in combinations(range(count), n)]
        best = max(values[list(s)].sum() for s in subsets if weights[list(s)].sum() <= capacity)
        found = knapsack(values, weights, capacity, items)
        assert found == sorted(set(found))
        assert len(found) <= items and weights[found].sum() <= capacity
        np.testing.assert_allclose(values[found].sum(), best)


def lasting(*seconds: float, music: list[float] | None = None, positions: int = 9) -> Film:
    zeros = torch.zeros(len(seconds))
    facts = FilmFacts(torch.tensor(seconds), zeros, zeros, zeros, zeros, zeros)
    heard = None if music is None else Music(torch.tensor(music), torch.zeros(len(music)), torch.zeros(len(music), 2))
    return Film(torch.zeros(len(seconds), 2), positions, facts, heard)


def test_a_summary_is_as_long_as_the_music_and_has_no_more_shots_than_positions() -> None:
    scores = np.array([0.9, 0.5, 0.5, 0.1])
    assert summary(scores, lasting(4.0, 2.0, 2.0, 2.0, music=[2.0, 2.0])) == [1, 2]
    assert summary(scores, lasting(4.0, 2.0, 2.0, 2.0, music=[3.0, 3.0])) == [0, 1]
    assert summary(scores, lasting(4.0, 2.0, 2.0, 2.0, music=[3.0, 3.0], positions=1)) == [0]
    # A shot longer than all the music can still be the trailer.
    assert summary(np.array([0.0]), lasting(60.0, music=[3.0])) == [0]


def test_a_summary_without_lengths_is_the_best_shots() -> None:
    film = Film(torch.zeros(4, 2), 2)
    assert summary(np.array([0.1, 0.9, 0.2, 0.8]), film) == [1, 3]
    assert summary(np.zeros(4), Film(torch.zeros(4, 2), 9)) == [0, 1, 2, 3]
