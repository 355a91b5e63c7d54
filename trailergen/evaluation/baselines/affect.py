"""Affect of shots from what is measured of them, and orders of shots by it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from trailergen.training.films import FilmFacts

Floats = NDArray[np.float64]


def standing(values: NDArray[np.floating]) -> Floats:
    """The share of the others that each value (n,) exceeds, 0 to 1; equal ones count half, and one alone is 0.5."""
    from scipy.stats import rankdata

    if len(values) < 2:
        return np.full(len(values), 0.5)
    ranks: Floats = (rankdata(np.asarray(values, np.float64)) - 1) / (len(values) - 1)
    return ranks


def affect(facts: FilmFacts) -> Floats:
    """Arousal of each shot (I,), 0 to 1, within its film: the mean standing of its motion, its cutting rate (one over
    its duration), its loudness and its strongest transient.

    Motion, cutting rate and sound energy are the terms of Hanjalic and Xu (2005).
    """
    terms = (facts.motion, -facts.durations_s, facts.loudness, facts.transient)
    return np.mean([standing(term.numpy()) for term in terms], axis=0)


def impact(levels: NDArray[np.floating]) -> float:
    """The affective impact of an order: the sum of the changes between neighbours' levels (n,)."""
    return float(np.abs(np.diff(levels)).sum())


def order_of_impact(levels: NDArray[np.floating]) -> list[int]:
    """The order of n levels that has the greatest ``impact``, exactly, by their numbers.

    High and low ones alternate, and the two in the middle stand at the ends; among orders of equal impact the highs,
    and the lows, rise. Ties go by number.
    """
    ranked = [int(number) for number in np.argsort(levels, kind="stable")]
    count = len(ranked)
    if count < 3:
        return ranked
    half = count // 2
    if count % 2 == 0:
        lows, highs = ranked[:half], ranked[half:]
        # From the highest of the lows to the lowest of the highs.
        return _alternate([lows[-1], *lows[:-1]], [*highs[1:], highs[0]])
    lows, highs = ranked[:half], ranked[half:]
    outer_highs = _alternate([highs[0], *highs[2:], highs[1]], lows)
    lows, highs = ranked[: half + 1], ranked[half + 1 :]
    outer_lows = _alternate([lows[-1], *lows[:-2], lows[-2]], highs)
    return max((outer_highs, outer_lows), key=lambda order: impact(np.asarray(levels)[order]))


def _alternate(first: list[int], second: list[int]) -> list[int]:
    """One of each in turn; ``first`` has as many, or one more."""
    found = [0] * (len(first) + len(second))
    found[::2], found[1::2] = first, second
    return found
