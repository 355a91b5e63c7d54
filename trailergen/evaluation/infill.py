"""Infilling: gaps of a trailer filled with the rest of it as context, as pins and re-rolls need it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from trailergen.evaluation.cases import EvaluationCase
from trailergen.ssmp.constraints import Constraints
from trailergen.ssmp.generate import generate
from trailergen.ssmp.model import SSMP


def infill_accuracy(model: SSMP, cases: Sequence[EvaluationCase], hidden_share: float, seed: int) -> dict[str, float]:
    """Share of hidden positions of true trailers that are given their true shot.

    The keys say how much is known of the other positions:

    * ``rest known``: the default decoder, the other positions pinned to their shots;
    * ``rest unknown``: the same decoder, the other positions empty and their shots banned, which leaves it the same
      shots to choose from;
    * ``from nothing``: Algorithm 1 fills the whole trailer.

    Args:
        model: in evaluation mode.
        cases: films and true trailers, these with less than half of the film's shots, and with one for each position.
        hidden_share: of the positions; at least one is hidden.
        seed: of the hidden positions and of the decoders.
    """
    right: dict[str, list[bool]] = {}
    for number, case in enumerate(cases):
        rng = np.random.default_rng((seed, number))
        shots, truth = len(case.film), np.array(case.official)
        hidden = rng.permutation(len(truth))[: max(1, round(hidden_share * len(truth)))]
        known = np.setdiff1d(np.arange(len(truth)), hidden)
        pins = dict(zip(known.tolist(), truth[known].tolist(), strict=True))
        banned = np.isin(np.arange(shots), truth[known])
        known_of_rest = {
            "rest known": (Constraints(shots, len(truth), pins=pins), "scheduled"),
            "rest unknown": (Constraints(shots, len(truth), banned=banned), "scheduled"),
            "from nothing": (Constraints(shots, len(truth)), "paper"),
        }
        for name, (constraints, decoder) in known_of_rest.items():
            filled = generate(model, case.film.features, constraints, decoder, seed, positions=case.film.channels).shots
            right.setdefault(name, []).extend((filled == truth)[hidden].tolist())
    return {name: float(np.mean(values)) for name, values in right.items()}
