"""A shortest path through a graph of shots: one of each position's candidates, from the first position to the last."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_LEAST = 1e-12
"""Length of an edge that would have none: a sparse graph takes that for no edge."""


def disjoint_candidates(costs: Floats, most: int) -> Ints:
    """Candidates (J, K) of J positions, cheap ones, no shot twice: so no path through them shows a shot twice.

    K rounds of exact assignment, each over the shots that are left; the first alone would be a trailer.

    Args:
        costs: (J, I), finite, with I >= J.
        most: K at most; it is no more than I / J.
    """
    positions, shots = costs.shape
    left = np.arange(shots)
    rounds = []
    for _ in range(max(1, min(most, shots // positions))):
        rows, columns = linear_sum_assignment(costs[:, left])
        rounds.append(left[columns[np.argsort(rows)]])
        left = np.delete(left, columns)
    return np.stack(rounds, axis=1).astype(np.int64)


def shortest_path(first: Floats, edges: Callable[[int], Floats], positions: int) -> Ints:
    """The cheapest choice of one of K candidates at each position (J,), exactly (Dijkstra 1959).

    Args:
        first: (K,) lengths from the start to the candidates of the first position, not negative.
        edges: lengths (K, K), not negative, from the candidates of a position (rows) to those of the next.
        positions: J.
    """
    count = len(first)
    numbers = np.arange(positions * count).reshape(positions, count)
    start, end = positions * count, positions * count + 1
    tails, heads, lengths = [np.full(count, start)], [numbers[0]], [first]
    for position in range(positions - 1):
        tails.append(np.repeat(numbers[position], count))
        heads.append(np.tile(numbers[position + 1], count))
        lengths.append(edges(position).ravel())
    tails.append(numbers[-1])
    heads.append(np.full(count, end))
    lengths.append(np.zeros(count))
    weights = np.maximum(np.concatenate(lengths), _LEAST)
    graph = csr_array((weights, (np.concatenate(tails), np.concatenate(heads))), shape=(end + 1, end + 1))
    _, tree = dijkstra(graph, indices=[start], return_predecessors=True)
    came_from = tree[0]
    path, at = np.zeros(positions, np.int64), int(came_from[end])
    for position in range(positions - 1, -1, -1):
        path[position] = at % count
        at = int(came_from[at])
    return path
