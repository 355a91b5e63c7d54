"""The trailer while it is decoded: the shot at each position, and the shots each position may still take."""

from __future__ import annotations

import numpy as np

from trailergen.ssmp.constraints import RelaxedConstraints, slack
from trailergen.ssmp.types import MASKED, Bools, Floats, Ints

UNLIMITED = np.iinfo(np.int64).max


class DecodingState:
    """A partly filled trailer that keeps its constraints at every move and can always be completed.

    The slack of a length x is the number of unused shots of at least x frames less the number of masked positions
    that need at least x. As long as no slack is negative the trailer can be completed. A position that needs n
    frames and takes a shot of L lowers the slack of every x in (n, L] by one; so it may only take shots shorter than
    the smallest x > n whose slack is 0.

    The near-duplicate veto is not nested like the lengths, so nothing can be promised for it: a position to which
    it would leave nothing is excepted from it.
    """

    def __init__(self, constraints: RelaxedConstraints) -> None:
        self.constraints = constraints
        self.shots: Ints = np.full(len(constraints.needed), MASKED, np.int64)
        self._unused = constraints.available.copy()
        needed = constraints.needed[constraints.free]
        self._thresholds = np.unique(needed)
        self._slack = slack(self._thresholds, constraints.available, constraints.length, needed)
        self._vetoed = np.zeros(len(constraints.available), np.int64)
        for position, shot in constraints.requested.pins.items():
            self.shots[position] = shot
            self._vetoed += self.near_duplicates(shot)

    @property
    def masked(self) -> Bools:
        """(J,) bool, positions without a shot."""
        masked: Bools = self.shots == MASKED
        return masked

    def fill(self, position: int, shot: int) -> None:
        """Put an allowed shot at a masked position."""
        self.shots[position] = shot
        self._unused[shot] = False
        self._vetoed += self.near_duplicates(shot)
        self._slack[self._between(position, shot)] -= 1

    def mask(self, position: int) -> None:
        """Mask a filled position again; its shot may be used anew."""
        shot = int(self.shots[position])
        self.shots[position] = MASKED
        self._unused[shot] = True
        self._vetoed -= self.near_duplicates(shot)
        self._slack[self._between(position, shot)] += 1

    def allowed(self, positions: Ints) -> Bools:
        """(len(positions), I) bool: the shots each position may take now; never none for a masked one."""
        needed = self.constraints.needed[positions]
        critical = np.append(self._thresholds[self._slack == 0], UNLIMITED)
        limit = critical[np.searchsorted(critical, needed, side="right")]
        length = self.constraints.length
        fitting: Bools = self._unused & (length >= needed[:, None]) & (length < limit[:, None])
        fresh = fitting & (self._vetoed == 0)
        return np.where(fresh.any(axis=1, keepdims=True), fresh, fitting)

    def best(self, position: int, probabilities: Floats) -> int:
        """The most probable shot, of probabilities (I,), that a masked position may take now."""
        return int(np.where(self.allowed(np.array([position]))[0], probabilities, -1.0).argmax())

    def near_duplicates(self, shot: int) -> Bools:
        """(I,) bool: near-duplicates of a shot, itself among them; none if there is no veto."""
        duplicates = self.constraints.requested.near_duplicates
        return np.zeros(len(self._unused), np.bool_) if duplicates is None else duplicates[shot]

    def _between(self, position: int, shot: int) -> Bools:
        """Mask of the thresholds in (needed by the position, length of the shot]."""
        needed, length = self.constraints.needed[position], self.constraints.length[shot]
        within: Bools = (self._thresholds > needed) & (self._thresholds <= length)
        return within


def softmax(logits: Floats, allowed: Bools) -> Floats:
    """Eq. 3 over the allowed shots, row by row; excluded ones are -inf before it. (J, I); a row of none is zeros."""
    excluded = np.where(allowed, logits, -np.inf)
    top = excluded.max(axis=1, keepdims=True)
    weights = np.exp(excluded - np.where(np.isfinite(top), top, 0.0))
    total = weights.sum(axis=1, keepdims=True)
    result: Floats = weights / np.where(total > 0, total, 1.0)
    return result
