"""The self-correcting point process (Isham and Westcott 1979), marked: the cuts of a trailer in the course of its time.

A tension grows with time and falls at each cut, by as much as the shot relieves it that begins there. With n shots
from t_0 = 0 to t_n, of which shot k begins at t_k and has the mark a_k, the intensity of cutting is

    lambda(t) = exp(mu + alpha t - beta sum over k with t_k <= t of a_k),

and the log-likelihood of the cuts t_1 to t_{n-1}, given t_0, t_n and the marks (Ogata and Vere-Jones 1984),

    sum over k = 1 .. n-1 of log lambda(t_k -) - integral from 0 to t_n of lambda(t) dt,

where t_k - is the moment before the cut. The integral is a sum over the shots: over one of length l that begins with
intensity v it is v (exp(alpha l) - 1) / alpha. The log-likelihood is concave in all three parameters. With
every mark 1 it is the process of Isham and Westcott.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

Floats = NDArray[np.float64]

_PRIOR = 1e-2
"""Weight of the squared distance from the start of a fit, which settles what few cuts leave open."""
_STEEPEST = 50.0
_LEAST = 1e-3
_OVERFLOW = 600.0  # of an exponent


@dataclass(frozen=True)
class Cuts:
    """The cuts of one trailer: ``lengths_s`` (n,) seconds of its shots, ``marks`` (n,) of them."""

    lengths_s: Floats
    marks: Floats


@dataclass(frozen=True)
class SelfCorrecting:
    """The process.

    Args:
        mu: log of the intensity at time 0 before anything is shown, in 1 / s.
        alpha: growth of its logarithm, in 1 / s, not below 0.
        beta: fall of its logarithm at a cut, for each unit of the mark; above 0.
    """

    mu: float
    alpha: float
    beta: float

    def relief(self, marks: Floats) -> Floats:
        """The fall of the log-intensity at a cut to shots of these marks, any shape."""
        return self.beta * np.asarray(marks, np.float64)

    def starts(self, cuts: Cuts) -> Floats:
        """The log-intensity (n,) just after each shot has begun."""
        begins = np.concatenate(([0.0], np.cumsum(cuts.lengths_s)[:-1]))
        return self.mu + self.alpha * begins - np.cumsum(self.relief(cuts.marks))

    def intensity(self, cuts: Cuts, time: float) -> float:
        """The intensity at a time of the trailer, after what is cut at that very time."""
        begins = np.concatenate(([0.0], np.cumsum(cuts.lengths_s)[:-1]))
        fallen = self.relief(cuts.marks)[begins <= time].sum()
        return float(np.exp(self.mu + self.alpha * time - fallen))

    def expected(self, starts: Floats, lengths_s: Floats) -> Floats:
        """The integral of the intensity over shots that begin with these log-intensities: cuts to be expected in them.

        The arrays are broadcast.
        """
        return np.exp(np.minimum(starts + np.log(held(self.alpha, lengths_s)), _OVERFLOW))

    def log_likelihood(self, cuts: Cuts) -> float:
        """Of the cuts between the shots of a trailer, given its marks and its length."""
        starts = self.starts(cuts)
        before = starts[:-1] + self.alpha * cuts.lengths_s[:-1]
        return float(before.sum() - self.expected(starts, cuts.lengths_s).sum())


def held(alpha: float, lengths_s: Floats) -> Floats:
    """(exp(alpha l) - 1) / alpha of each length, l itself where alpha is 0."""
    grown = np.minimum(alpha * np.asarray(lengths_s, np.float64), _OVERFLOW)
    return np.asarray(lengths_s, np.float64) * np.where(grown > 0, np.expm1(grown) / np.where(grown > 0, grown, 1), 1)


def fit_process(trailers: Sequence[Cuts]) -> SelfCorrecting:
    """The process that makes the cuts of trailers likeliest, nearly: a weak prior keeps it near a steady pace.

    Raises:
        ValueError: there are no trailers.
    """
    if not trailers:
        raise ValueError("no trailers to fit a process to")
    pace = sum(len(cuts.lengths_s) for cuts in trailers) / sum(float(cuts.lengths_s.sum()) for cuts in trailers)
    start = np.array([np.log(pace), pace, 1.0])

    def cost(parameters: Floats) -> tuple[float, Floats]:
        value, slope = 0.0, np.zeros(3)
        for cuts in trailers:
            found, rising = _with_slope(parameters, cuts)
            value, slope = value - found, slope - rising
        away = parameters - start
        return value + _PRIOR * float(away @ away), slope + 2 * _PRIOR * away

    bounds = [(-_STEEPEST, _STEEPEST), (0.0, _STEEPEST), (_LEAST, _STEEPEST)]
    found = minimize(cost, start, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 500})
    return SelfCorrecting(*map(float, found.x))


def _with_slope(parameters: Floats, cuts: Cuts) -> tuple[float, Floats]:
    """The log-likelihood and its gradient in (mu, alpha, beta)."""
    process = SelfCorrecting(*parameters)
    lengths, count = cuts.lengths_s, len(cuts.lengths_s)
    begins = np.concatenate(([0.0], np.cumsum(lengths)[:-1]))
    # The log-intensity at the start of each shot is linear in the parameters, with these factors.
    factors = np.stack((np.ones(count), begins, -np.cumsum(cuts.marks)), axis=1)
    expected = process.expected(process.starts(cuts), lengths)
    grown = np.minimum(process.alpha * lengths, _OVERFLOW)
    # The mean time into the shot, weighted by the intensity: d log((exp(alpha l) - 1) / alpha) / d alpha.
    small = grown < 1e-4
    safe = np.where(small, 1.0, grown)
    into = lengths * np.where(small, 0.5 + grown / 12, 1 / -np.expm1(-safe) - 1 / safe)
    before = factors[:-1].sum(axis=0)
    before[1] += lengths[:-1].sum()
    slope = before - expected @ factors
    slope[1] -= expected @ into
    return process.log_likelihood(cuts), slope
