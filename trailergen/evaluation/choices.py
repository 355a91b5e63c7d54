"""Choices of shots that look at nothing a film shows: what rules and models must do better than.

Unlike the baselines, which are given a film's features and a number, they keep to the shots that may be chosen and to
the length of each position, so that a plan can be made of them.
"""

from __future__ import annotations

import numpy as np

from trailergen.ssmp.viterbi import best_ascending
from trailergen.style.material import Bools, Ints, Material

_ROUNDING_S = 1e-6


def every_nth(material: Material) -> Ints | None:
    """Every n-th shot that may be chosen, in film order (J,): of all ascending choices whose shots are long enough, the
    one that is nearest to it in total. None if there is none."""
    shots = material.open
    wanted = (np.arange(material.positions) + 0.5) * len(shots) / material.positions
    away = -np.abs(np.arange(len(shots)) - np.floor(wanted)[:, None])
    scores = np.where(_fits(material)[:, shots], away, -np.inf)
    found = best_ascending(scores, np.zeros((len(shots), len(shots))))
    return None if found is None else shots[found]


def at_random(material: Material, rng: np.random.Generator) -> Ints | None:
    """Random shots that may be chosen and are long enough, in random order (J,), no shot twice. None if there are too
    few."""
    left = np.zeros(material.shots, np.bool_)
    left[material.open] = True
    fits = _fits(material)
    found = np.full(material.positions, -1)
    for position in np.argsort(-material.length_s, kind="stable").tolist():  # what fits least has the first choice
        candidates = np.flatnonzero(left & fits[position])
        if not len(candidates):
            return None
        found[position] = rng.choice(candidates)
        left[found[position]] = False
    return found


def _fits(material: Material) -> Bools:
    """(J, I): which shots are as long as each position."""
    fits: Bools = material.usable_s + _ROUNDING_S >= material.length_s[:, None]
    return fits
