"""Importance of shots without anybody's labels, from a film and its captions alone (Wang et al. 2023).

With a plan T and a cost C between I shots and N captions:

    alignment_i = max_n (least cost of the half of the shots that caption n sends most to) / C_in,
                  over the captions n to whose half shot i belongs
    spread_i    = mean distance of shot i from the shots of a window half the film long, centred on it
    score_i     = (alignment_i - spread_i + 1) / 2

alignment, spread and score each brought to [0, 1] over the film. This is the arithmetic of the authors' public code.
"""

from __future__ import annotations

import numpy as np
import torch
from torch.nn import functional as F

from trailergen.evaluation.baselines.transport import Floats, squared_distances

_EPS = 1e-9


def pseudo_scores(features: Floats, plan: Floats | None, cost: Floats | None) -> Floats:
    """Scores (I,) in [0, 1] of a film's shots.

    Args:
        features: (I, D).
        plan: (I, N) of transport between shots and captions; None where there are no captions.
        cost: (I, N) of the plan.
    """
    aligned = np.zeros(len(features)) if plan is None or cost is None else to_unit_range(alignment(plan, cost))
    return to_unit_range((aligned - to_unit_range(spread(features)) + 1) / 2)


def alignment(plan: Floats, cost: Floats) -> Floats:
    """How well a caption fits each shot (I,), in [0, 1], from plan and cost (I, N)."""
    half = max(1, len(plan) // 2)
    sent_to = np.argsort(-plan, axis=0, kind="stable")[:half]
    costs = np.take_along_axis(cost, sent_to, axis=0) + _EPS
    fit = np.zeros(plan.shape)
    np.put_along_axis(fit, sent_to, costs.min(axis=0) / costs, axis=0)
    return fit.max(axis=1)


def spread(features: Floats) -> Floats:
    """Mean distance (I,) of each shot from those around it, from features (I, D): how untypical it is of its part."""
    vectors = torch.from_numpy(features)
    sums = F.pad(squared_distances(vectors, vectors).sqrt().cumsum(dim=1), (1, 0)).numpy()
    shots = len(features)
    window = -(-shots // 2)
    count = min(window + 1, shots)
    first = np.clip(np.arange(shots) - window // 2, 0, shots - count)
    rows = np.arange(shots)
    return (sums[rows, first + count] - sums[rows, first]) / window


def to_unit_range(values: Floats) -> Floats:
    """Values brought to [0, 1], the least and the greatest to its ends; all 0 where they are equal."""
    low, high = values.min(), values.max()
    return (values - low) / (high - low) if high > low else np.zeros_like(values)
