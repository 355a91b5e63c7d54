"""Filling a trailer's gaps with the rest of it as context: what pins and re-rolls rest on."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from trailergen.evaluation.experiment import Exam
from trailergen.ssmp.constraints import Constraints
from trailergen.ssmp.generate import generate
from trailergen.ssmp.model import SSMP


def infill(model: SSMP, exams: Sequence[Exam], hidden_share: float, seed: int) -> dict[str, float]:
    """Share of hidden positions of true trailers that are given their true shot, by what is known of the rest.

    * ``rest known``: the default decoder, the other positions pinned to their shots;
    * ``rest unknown``: the same decoder, the other positions empty and their shots banned, which leaves it the same
      shots to choose from;
    * ``from nothing``: Algorithm 1 fills the whole trailer.

    Args:
        model: in evaluation mode.
        exams: films and true trailers, these with less than half of the film's shots.
        hidden_share: of the positions; at least one is hidden.
        seed: which are hidden, and of the decoders.
    """
    right: dict[str, list[bool]] = {}
    for number, exam in enumerate(exams):
        rng = np.random.default_rng((seed, number))
        shots, truth = len(exam.film), np.array(exam.official)
        hidden = rng.permutation(len(truth))[: max(1, round(hidden_share * len(truth)))]
        known = np.setdiff1d(np.arange(len(truth)), hidden)
        pins = dict(zip(known.tolist(), truth[known].tolist(), strict=True))
        banned = np.isin(np.arange(shots), truth[known])
        ways = {
            "rest known": (Constraints(shots, len(truth), pins=pins), "scheduled"),
            "rest unknown": (Constraints(shots, len(truth), banned=banned), "scheduled"),
            "from nothing": (Constraints(shots, len(truth)), "paper"),
        }
        for name, (constraints, decoder) in ways.items():
            filled = generate(model, exam.film, constraints, decoder, seed, positions=exam.positions).shots
            right.setdefault(name, []).extend((filled == truth)[hidden].tolist())
    return {name: float(np.mean(values)) for name, values in right.items()}
