"""The 0/1 knapsack by which summarisers choose shots: the greatest total of scores within a total length."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from trailergen.evaluation.films import Film
from trailergen.training.films import Need

STEP_S = 0.25
"""Lengths are counted in steps of this; published summarisers count frames, over which the exact solution is slow."""


SUMMARY_USES: frozenset[Need] = frozenset({"facts", "music"})
"""What a ``summary`` is measured by where it is known: the lengths of the shots and of the music."""


def knapsack(
    values: NDArray[np.floating], weights: NDArray[np.integer], capacity: int, items: int | None = None
) -> list[int]:
    """The items of greatest total value within a capacity, exactly, by dynamic programming.

        best(n, k, c) = max(best(n - 1, k, c), best(n - 1, k - 1, c - weight n) + value n)

    Args:
        values: (I,); items without a positive value are never taken.
        weights: (I,) positive.
        capacity: greatest total weight.
        items: greatest number of items; None for any number.

    Returns:
        Ascending numbers of items.
    """
    most = len(values) if items is None else min(items, len(values))
    best = np.zeros((most + 1, capacity + 1))
    taken = []
    for value, weight in zip(values.tolist(), weights.tolist(), strict=True):
        take = np.zeros((most, capacity + 1), np.bool_)
        if weight <= capacity:
            tried = best[:-1, : capacity + 1 - weight] + value
            take[:, weight:] = tried > best[1:, weight:]
            best[1:, weight:] = np.maximum(best[1:, weight:], tried)
        taken.append(np.packbits(take, axis=1))
    chosen: list[int] = []
    left, room = most, capacity
    for number in range(len(taken) - 1, -1, -1):
        if left and (taken[number][left - 1, room >> 3] >> (7 - (room & 7))) & 1:
            chosen.append(number)
            left, room = left - 1, room - int(weights[number])
    return chosen[::-1]


def summary(scores: NDArray[np.floating], film: Film) -> list[int]:
    """The shots of a summary as long as the trailer, in film order.

    Published summaries are 15 % of a video. Here they are as long as the music; where it is not known, as the
    positions times the mean shot; where the shots' lengths are not known either, they are as many as the positions.
    They never have more shots than there are positions. A shot that is longer than the whole trailer counts as long
    as it.

    Args:
        scores: (I,) of the shots, 0 or more.
        film: its music and the lengths of its shots.
    """
    lengths = np.ones(len(film)) if film.facts is None else film.facts.durations_s.double().numpy()
    music = film.music
    seconds = film.positions * float(lengths.mean()) if music is None else float(music.lengths_s.double().sum())
    if film.facts is None:
        seconds = float(film.positions)
    capacity = max(1, round(seconds / STEP_S))
    weights = np.clip(np.rint(lengths / STEP_S).astype(np.int64), 1, capacity)
    # A score of exactly 0 would never be taken, though there were room for it.
    return knapsack(np.asarray(scores, np.float64) + 1e-9, weights, capacity, film.positions)
