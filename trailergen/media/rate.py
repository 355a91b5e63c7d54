"""The rate of a film, from the timestamps of all its pictures rather than from what its header claims."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from trailergen.timebase import STANDARD_RATES, snap_rate


def measure_rate(times: NDArray[np.int64], time_base: Fraction, header_rate: Fraction | None) -> tuple[Fraction, bool]:
    """The constant rate a film has, or is best conformed to.

    A film has constant rate if nine of ten steps between pictures are within a tick and a tenth of their
    median; gaps (dropped packets) do not count against it. The header's rate is taken where the measured one
    is within 0.2 % of it: short films in coarse time bases cannot tell 24 from 24000/1001. A header's rate that is no
    standard one is an average of rounded times, and gives way to a measured one that is.

    Args:
        times: (n,) increasing timestamps, n >= 2, in units of ``time_base`` seconds.
        time_base: seconds per unit.
        header_rate: what the container says, if anything.

    Returns:
        The rate in frames per second, and whether the film's own rate is variable. A variable rate becomes the
        standard rate nearest to that of its median step.
    """
    steps = np.diff(times)
    median = float(np.median(steps))
    regular = np.abs(steps - median) <= max(1.0, median / 10)
    if regular.mean() >= 0.9:
        measured = 1 / (Fraction(float(steps[regular].mean())) * time_base)
        if header_rate and abs(measured / header_rate - 1) <= Fraction(1, 500):
            said, found = snap_rate(header_rate), snap_rate(measured)
            return found if found in STANDARD_RATES and said not in STANDARD_RATES else said, False
        return snap_rate(measured), False
    measured = 1 / (Fraction(median) * time_base)
    return min(STANDARD_RATES, key=lambda rate: abs(rate - measured)), True


def gaps(times: NDArray[np.int64], time_base: Fraction, rate: Fraction) -> list[tuple[Fraction, Fraction]]:
    """Stretches of a film of constant rate in which pictures are missing, two in a row at least.

    Args:
        times: (n,) increasing timestamps after the first picture's, in units of ``time_base`` seconds.
        time_base: seconds per unit.
        rate: of the film.

    Returns:
        When each begins and how long it lasts, in seconds.
    """
    step = 1 / rate
    found = np.flatnonzero(np.diff(times) > float(Fraction(5, 2) * step / time_base))
    return [
        (int(times[at]) * time_base + step, int(times[at + 1] - times[at]) * time_base - step) for at in found.tolist()
    ]
