"""The trailer while it is filled: which shot stands where, and which shots each position may still take."""

from __future__ import annotations

import numpy as np

from trailergen.ssmp.constraints import Bools, Floats, Ints, Rules, slack

MASKED = -1
UNLIMITED = np.iinfo(np.int64).max


class Board:
    """Keeps the rules at every move, and never lets the decoder paint itself into a corner.

    The slack of a length x is the number of unused shots of at least x frames less the number of empty positions
    that need at least x. As long as no slack is negative the trailer can be completed. A position that needs n
    frames and takes a shot of L lowers the slack of every x in (n, L] by one; so it may only take shots shorter than
    the smallest x > n whose slack is 0.

    The near-duplicate veto is not nested like the lengths, so nothing can be promised for it: a position to which
    it would leave nothing is excepted from it.
    """

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self.shots: Ints = np.full(len(rules.needed), MASKED, np.int64)
        self._unused = rules.available.copy()
        self._thresholds = np.unique(rules.needed[rules.free])
        self._slack = slack(self._thresholds, rules.available, rules.length, rules.needed[rules.free])
        self._resembled = np.zeros(len(rules.available), np.int64)
        for position, shot in rules.constraints.pins.items():
            self.shots[position] = shot
            self._resembled += self.resembling(shot)

    @property
    def masked(self) -> Bools:
        """(J,) bool, positions without a shot."""
        masked: Bools = self.shots == MASKED
        return masked

    def place(self, position: int, shot: int) -> None:
        """Put an allowed shot at a masked position."""
        self.shots[position] = shot
        self._unused[shot] = False
        self._resembled += self.resembling(shot)
        self._slack[self._between(position, shot)] -= 1

    def clear(self, position: int) -> None:
        """Mask a filled position again; its shot may be used anew."""
        shot = int(self.shots[position])
        self.shots[position] = MASKED
        self._unused[shot] = True
        self._resembled -= self.resembling(shot)
        self._slack[self._between(position, shot)] += 1

    def allowed(self, positions: Ints) -> Bools:
        """(len(positions), I) bool: the shots each position may take now; never none for a masked one."""
        needed = self.rules.needed[positions]
        critical = np.append(self._thresholds[self._slack == 0], UNLIMITED)
        limit = critical[np.searchsorted(critical, needed, side="right")]
        length = self.rules.length
        fitting: Bools = self._unused & (length >= needed[:, None]) & (length < limit[:, None])
        fresh = fitting & (self._resembled == 0)
        return np.where(fresh.any(axis=1, keepdims=True), fresh, fitting)

    def best(self, position: int, probabilities: Floats) -> int:
        """The most probable shot (I,) a masked position may take now."""
        return int(np.where(self.allowed(np.array([position]))[0], probabilities, -1.0).argmax())

    def resembling(self, shot: int) -> Bools:
        """(I,) bool: near-duplicates of a shot, itself among them; none if there is no veto."""
        alike = self.rules.constraints.alike
        return np.zeros(len(self._unused), np.bool_) if alike is None else alike[shot]

    def _between(self, position: int, shot: int) -> Bools:
        """Which thresholds lie in (needed by the position, length of the shot]."""
        within: Bools = (self._thresholds > self.rules.needed[position]) & (self._thresholds <= self.rules.length[shot])
        return within


def softmax(logits: Floats, allowed: Bools) -> Floats:
    """Eq. 3 over the allowed shots, row by row; excluded ones are -inf before it. (J, I); a row of none is zeros."""
    excluded = np.where(allowed, logits, -np.inf)
    top = excluded.max(axis=1, keepdims=True)
    weights = np.exp(excluded - np.where(np.isfinite(top), top, 0.0))
    total = weights.sum(axis=1, keepdims=True)
    result: Floats = weights / np.where(total > 0, total, 1.0)
    return result
