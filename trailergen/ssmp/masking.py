"""Masks of training (eq. 2), and schedules of the mask ratio (eq. 5-6, Table 3).

A schedule is a pure function from a ``Pace`` and the accuracy just reached to the next ``Pace``; a run is
resumed by keeping the ``Pace``.

Where the paper is silent: the first ratio is ``t_1 = t_min`` and the first momentum ``b_1 = 0``; ``mu_a`` weighs the
*current* accuracy, as eq. 6 is printed; the random ratio of Table 3 is uniform on ``[t_min, t_max]``, since the
factor 1/t of eq. 4 is unbounded on ``[0, 1]``.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import torch
from torch import Tensor


def sample_mask(valid: Tensor, ratio: float, generator: torch.Generator) -> Tensor:
    """Hide each position independently with probability ``ratio`` (eq. 2).

    A trailer in which nothing was hidden would teach nothing, and eq. 5 would divide by zero, so one of its
    positions, uniformly chosen, is hidden then. This raises the expected share of hidden positions from ``t`` to
    ``t + (1 - t)^J / J``, by 0.0003 at ``t = 0.1`` and J = 40.

    Args:
        valid: (B, J) bool, the positions that may be hidden (no padding).
        ratio: t in [0, 1].
        generator: a CPU generator; the draw is the same on every device.

    Returns:
        (B, J) bool on the device of ``valid``, True where hidden; at least one per row that has a valid position.
    """
    draws = torch.rand(valid.shape, generator=generator).to(valid.device)
    masked = (draws < ratio) & valid
    lowest = draws.masked_fill(~valid, math.inf).argmin(dim=1, keepdim=True)
    chosen = torch.zeros_like(valid).scatter(1, lowest, True) & valid
    return torch.where(masked.any(dim=1, keepdim=True), masked, chosen)


@dataclass(frozen=True)
class Pace:
    """The state of a schedule.

    Args:
        step: n, counted from 1.
        ratio: t_n, the mask ratio of this step.
        momentum: b_n of eq. 6; 0 in schedules that have none.
    """

    step: int
    ratio: float
    momentum: float = 0.0


class Schedule(Protocol):
    """The mask ratio from step to step."""

    def start(self) -> Pace:
        """The pace of step 1."""

    def next(self, pace: Pace, accuracy: float) -> Pace:
        """The pace of step n + 1, after step n reached ``accuracy`` a_n (eq. 5)."""


@dataclass(frozen=True)
class SelfPaced:
    """The self-paced scheduler, eq. 6. Defaults are the paper's (section 4.1).

    Args:
        mu_a: weight of the current accuracy against its momentum.
        mu_t: weight of the current ratio against the adjusted one.
        beta: steepness of the sigmoid.
        t_min: the smallest ratio.
        t_max: the largest ratio.
        monotone: never lower the ratio (third line of eq. 6); False is the ablation of Fig. 4b.
    """

    mu_a: float = 0.98
    mu_t: float = 0.1
    beta: float = 10.0
    t_min: float = 0.1
    t_max: float = 1.0
    monotone: bool = True

    def start(self) -> Pace:
        """``t_1 = t_min``, ``b_1 = 0``."""
        return Pace(1, self.t_min)

    def next(self, pace: Pace, accuracy: float) -> Pace:
        """One step of eq. 6."""
        momentum = self.mu_a * accuracy + (1 - self.mu_a) * pace.momentum
        target = self.t_min + (self.t_max - self.t_min) / (1 + math.exp(-self.beta * (momentum - 0.5)))
        ratio = self.mu_t * pace.ratio + (1 - self.mu_t) * target
        return Pace(pace.step + 1, max(pace.ratio, ratio) if self.monotone else ratio, momentum)


@dataclass(frozen=True)
class Linear:
    """The ratio moves in equal steps from ``first`` at step 1 to ``last`` at step ``steps``, then stays (Table 3).

    Linearly increased is ``Linear(steps)``, linearly decreased ``Linear(steps, 1.0, 0.1)``.
    """

    steps: int
    first: float = 0.1
    last: float = 1.0

    def start(self) -> Pace:
        """``t_1 = first``."""
        return Pace(1, self.first)

    def next(self, pace: Pace, accuracy: float) -> Pace:
        """One step on; the accuracy is not looked at."""
        share = min(1.0, pace.step / max(1, self.steps - 1))
        return Pace(pace.step + 1, self.first + (self.last - self.first) * share)


@dataclass(frozen=True)
class Random:
    """A new ratio at every step, uniform on ``[t_min, t_max]`` (Table 3), a function of (seed, step) alone.

    Args:
        seed: of the draws.
        t_min, t_max: their bounds.
        whole: share of steps whose ratio is 1 instead. Every trailer starts from nothing, and a uniform ratio hardly
            ever trains that state.
    """

    seed: int
    t_min: float = 0.1
    t_max: float = 1.0
    whole: float = 0.0

    def start(self) -> Pace:
        """The draw of step 1."""
        return Pace(1, self._draw(1))

    def next(self, pace: Pace, accuracy: float) -> Pace:
        """The draw of step n + 1; the accuracy is not looked at."""
        return Pace(pace.step + 1, self._draw(pace.step + 1))

    def _draw(self, step: int) -> float:
        rng = np.random.default_rng((self.seed, step))
        ratio = float(rng.uniform(self.t_min, self.t_max))
        return 1.0 if self.whole and rng.random() < self.whole else ratio
