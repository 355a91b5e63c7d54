"""The cheapest trailer through a graph of shots, none of which is shown twice.

Shot k behind shot i at position j costs ``rates[j] keeps[i] keeps[k]``, and ``rates[0] keeps[k]`` at the start. As no
shot comes twice, a path must remember what it has shown: the nodes of a position are a set of shots and the last of
them, and the shortest path through all of them is exact (Held and Karp 1962). Where there are more than ``NODES``, the
problem being one of quadratic assignment, a linear assignment is improved until no exchange of two shots, nor of one
for another, makes the trailer cheaper.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

NODES = 1000
"""At a position, up to which all are looked at."""
_LESS = 1e-12
"""An improvement counts from this share of the cost."""


def fitting(lengths_s: Floats, wanted_s: Floats) -> Flags:
    """The positions (J,) that shots of these lengths (I,) may fill: (J, I), True where a shot is as long as is wanted.

    With J <= I. Where there are not as many long shots as long positions, these take the longest there are: the n-th
    longest position asks for no more than the n-th longest shot has, so that all can be filled by distinct shots.
    """
    bounds = np.empty(len(wanted_s))
    longest = np.sort(lengths_s)[::-1][: len(wanted_s)]
    by_length = np.argsort(-wanted_s, kind="stable")
    bounds[by_length] = np.minimum(wanted_s[by_length], longest)
    return lengths_s >= bounds[:, None]


def cheapest_path(rates: Floats, keeps: Floats, allowed: Flags, extra: Floats) -> Ints:
    """A shot for each of J positions, distinct: the cheapest choice of all where few shots are open, else a good one.

    Args:
        rates: (J,), not negative.
        keeps: (I,), not negative.
        allowed: (J, I); there are distinct shots for all positions.
        extra: (J, I) costs of a shot at a position whatever stands before it.
    """
    costs = _Costs(rates, keeps, np.where(allowed, extra, np.inf))
    found = _searched(costs)
    return costs.improved(_assigned(costs)) if found is None else found


class _Costs:
    """What trailers cost."""

    def __init__(self, rates: Floats, keeps: Floats, extra: Floats) -> None:
        self.rates, self.keeps, self.extra = rates, keeps, extra
        self.places = np.arange(len(rates))

    def of(self, paths: Ints) -> Floats:
        """Of each of N trailers (N, J)."""
        kept = self.keeps[paths]
        steps = kept.copy()
        steps[:, 1:] *= kept[:, :-1]
        found: Floats = (self.rates * steps + self.extra[self.places, paths]).sum(axis=1)
        return found

    def improved(self, path: Ints) -> Ints:
        """The trailer (J,) after all exchanges that pay, the best first."""
        best = float(self.of(path[None])[0])
        while True:
            others = self._exchanged(path)
            costs = self.of(others)
            least = int(costs.argmin())
            if not costs[least] < best - _LESS * abs(best):
                return path
            path, best = others[least], float(costs[least])

    def _exchanged(self, path: Ints) -> Ints:
        """All trailers with two shots exchanged, or one for the best that is not shown: (N, J)."""
        first, second = np.triu_indices(len(path), 1)
        swapped = np.repeat(path[None], len(first), axis=0)
        rows = np.arange(len(first))
        swapped[rows, first], swapped[rows, second] = path[second], path[first]
        worth = self.keeps + self.extra
        worth[:, path] = np.inf
        best = worth.argmin(axis=1)
        at = np.flatnonzero(np.isfinite(worth[self.places, best]))
        replaced = np.repeat(path[None], len(at), axis=0)
        replaced[np.arange(len(at)), at] = best[at]
        return np.concatenate((path[None], swapped, replaced))


def _assigned(costs: _Costs) -> Ints:
    """The exact assignment of shots to positions as if all stood behind the mean shot."""
    from scipy.optimize import linear_sum_assignment

    alone = np.outer(costs.rates, costs.keeps * costs.keeps.mean()) + costs.extra
    found: Ints = linear_sum_assignment(alone)[1].astype(np.int64)
    return found


def _searched(costs: _Costs) -> Ints | None:
    """The cheapest path of all; None where there are more than ``NODES`` nodes at a position."""
    paths, shown, totals = np.zeros((1, 0), np.int64), np.zeros((1, len(costs.keeps)), np.bool_), np.zeros(1)
    behind = np.ones(1)
    for rate, extra in zip(costs.rates, costs.extra, strict=True):
        steps = totals[:, None] + rate * behind[:, None] * costs.keeps + np.where(shown, np.inf, extra)
        row, shot = np.nonzero(np.isfinite(steps))
        order = np.argsort(steps[row, shot], kind="stable")
        row, shot = row[order], shot[order]
        now = shown[row]
        now[np.arange(len(row)), shot] = True
        nodes = np.concatenate((np.packbits(now, axis=1), shot[:, None].astype(">u4").view(np.uint8)), axis=1)
        cheapest = np.unique(nodes, axis=0, return_index=True)[1]
        if len(cheapest) > NODES:
            return None
        row, shot, shown = row[cheapest], shot[cheapest], now[cheapest]
        totals, behind = steps[row, shot], costs.keeps[shot]
        paths = np.concatenate((paths[row], shot[:, None]), axis=1)
    found: Ints = paths[totals.argmin()]
    return found
