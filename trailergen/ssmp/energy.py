"""What is wanted of a trailer beside the model's opinion: an explicit energy over positions, neighbours and the whole.

Higher is better. The energy is in nats, as the logits of eq. 3 are, so that the two add up: a trailer's score is its
energy plus ``model`` times the log-probabilities that SSMP gives its shots. style/ builds it from an editor's rules.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from trailergen.ssmp.constraints import Floats, Ints
from trailergen.ssmp.filling import Predict

MASKED = -1
NOBODY = -1


@dataclass(frozen=True)
class Energy:
    """The energy of trailers of J positions from a film of I shots.

    Args:
        unary: (J, I) what each position gains by each shot, whatever stands beside it.
        pair: (I, I) what shot a directly before shot b gains.
        party: (I,) whom each shot is about, ``NOBODY`` where that is nobody; three clips in a row about one party
            lose ``run``.
        setup: (I,) camera set-up of each shot; each further clip of one set-up loses ``repeat``.
        model: weight of the model's log-probabilities.
    """

    unary: Floats
    pair: Floats
    party: Ints
    setup: Ints
    run: float = 0.0
    repeat: float = 0.0
    model: float = 1.0

    def conditional(self, shots: Ints, position: int) -> Floats:
        """What each shot (I,) gains at a position in view of the others in ``shots`` (J,), ``MASKED`` where empty."""
        gain = self.unary[position].copy()
        if position > 0 and (before := int(shots[position - 1])) != MASKED:
            gain += self.pair[before]
        if position + 1 < len(shots) and (after := int(shots[position + 1])) != MASKED:
            gain += self.pair[:, after]
        for first in range(max(0, position - 2), min(position, len(shots) - 3) + 1):
            others = [int(shots[at]) for at in range(first, first + 3) if at != position]
            if MASKED not in others and self.party[others[0]] == self.party[others[1]] != NOBODY:
                gain -= self.run * (self.party == self.party[others[0]])
        taken = np.delete(shots, position)
        taken = taken[taken != MASKED]
        counts = np.bincount(self.setup[taken], minlength=int(self.setup.max(initial=0)) + 1)
        gain -= self.repeat * counts[self.setup]
        return gain

    def total(self, shots: Ints) -> float:
        """The energy of a filled trailer (J,)."""
        party = self.party[shots]
        runs = (party[:-2] == party[1:-1]) & (party[1:-1] == party[2:]) & (party[2:] != NOBODY)
        counts = np.bincount(self.setup[shots])
        return float(
            self.unary[np.arange(len(shots)), shots].sum()
            + self.pair[shots[:-1], shots[1:]].sum()
            - self.run * runs.sum()
            - self.repeat * (counts * (counts - 1) / 2).sum()
        )


def with_energy(predict: Predict, energy: Energy) -> Predict:
    """A predictor whose logits (J, I) are the model's, weighted, and each position's energy in view of the others."""

    def predicted(shots: Ints) -> Floats:
        rules = np.stack([energy.conditional(shots, position) for position in range(len(shots))])
        return energy.model * predict(shots) + rules if energy.model else rules

    return predicted
