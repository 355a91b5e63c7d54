"""Optimal transport between shots and music segments, or between shots and their captions.

With p and q uniform and KL the Kullback-Leibler divergence:

    Sinkhorn plan (Cuturi 2013), of IPOT:
        argmin_T  <C, T> - H(T) / sharpness        over T >= 0 with T 1 = p and T' 1 = q
    plan with relaxed marginals, of OTVS:
        argmin_T  <C, T> + relaxation (KL(T 1 || p) + KL(T' 1 || q))        over T >= 0 with sum T = 1
    exact plan between as many shots as segments, each of one mass: a best one is an assignment.

The library POT has solvers for the first two. It is no dependency: gradients through a plan of torch tensors are a
dozen lines, the second has a closed relation to what POT solves (``relaxed_plan``), and scipy assigns exactly.
"""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment
from torch import Tensor

Floats = NDArray[np.float64]

_RANGE = 600.0
"""exp(-600) is still a normal number."""


def squared_distances(left: Tensor, right: Tensor) -> Tensor:
    """Squared Euclidean distances (n, m) of vectors (n, D) from vectors (m, D)."""
    lengths = left.square().sum(dim=-1)[:, None] + right.square().sum(dim=-1)
    return (lengths - 2 * left @ right.mT).clamp(min=0)


def sinkhorn_plan(cost: Tensor, sharpness: float = 1.0, iterations: int = 100, tolerance: float = 1e-5) -> Tensor:
    """The Sinkhorn plan (n, m) of a cost (n, m) between uniform marginals, by alternate scaling of exp(-sharpness C).

    Gradients flow through the iterations, which end when no row is further than ``tolerance`` of its mass from it.
    """
    rows, columns = cost.shape
    kernel = -sharpness * cost
    by_column = torch.zeros(columns, dtype=cost.dtype, device=cost.device)
    for _ in range(iterations):
        by_row = -torch.logsumexp(kernel + by_column, dim=1) - np.log(rows)
        by_column = -torch.logsumexp(kernel + by_row[:, None], dim=0) - np.log(columns)
        plan = (kernel + by_row[:, None] + by_column).exp()
        if float((plan.detach().sum(dim=1) * rows - 1).abs().max()) < tolerance:
            break
    return plan


def relaxed_plan(
    cost: Floats, relaxation: float = 0.1, entropy: float = 0.01, iterations: int = 500, tolerance: float = 1e-6
) -> Floats:
    """The plan (n, m) of mass 1 whose marginals are near to uniform as far as that is worth it.

    OTVS solves its problem by Bregman ADMM. Here it is solved by generalised Sinkhorn scaling (Chizat et al. 2018),
    which takes but products of the kernel and a vector, with ``entropy * KL(T || p q')`` added. Scaling knows no
    constraint on the mass; but if T is the plan without it, T / sum T is the plan with it, since a multiplier of the
    mass shifts the cost, which only scales the solution.

    Args:
        cost: (n, m), of range at most 600 times ``entropy``, as squared distances of unit vectors are.
        relaxation: weight of the divergences of the marginals.
        entropy: weight of the entropy; the plan tends to that of OTVS as it falls to 0.
        iterations: at most so many.
        tolerance: largest change of a logarithm of the scaling, up to a common one, with which it ends.

    Raises:
        ValueError: a cost of too wide a range, or one that is not finite.
    """
    shifted = cost - cost.min()
    if not shifted.max() <= _RANGE * entropy:
        raise ValueError(f"a cost of range {shifted.max():.3g} underflows with an entropy of {entropy}")
    rows, columns = cost.shape
    kernel = np.exp(-shifted / entropy) / (rows * columns)
    power = relaxation / (relaxation + entropy)
    by_column = np.ones(columns)
    last = np.zeros(rows)
    for _ in range(iterations):
        by_row = (rows * (kernel @ by_column)) ** -power
        by_column = (columns * (kernel.T @ by_row)) ** -power
        change, last = np.log(by_row) - last, np.log(by_row)
        if np.ptp(change) < tolerance:
            break
    plan: Floats = by_row[:, None] * kernel * by_column
    return plan / plan.sum()


def assign(cost: Floats) -> list[int]:
    """The row of each column in the exact assignment of least total cost (n, m), columns in order.

    Each row has at most one column. Where there are fewer rows than columns, the columns that are left without a row
    are left out of the list.
    """
    rows, columns = linear_sum_assignment(cost)
    return [int(row) for _, row in sorted(zip(columns.tolist(), rows.tolist(), strict=True))]
