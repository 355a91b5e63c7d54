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
        apart: (I, I) symmetric, what any two clips lose by showing the same view or nearly so; 0 on the diagonal.
        party: (I,) whom each shot is about, ``NOBODY`` where that is nobody; three clips in a row about one party
            lose ``run``.
        model: weight of the model's log-probabilities.
    """

    unary: Floats
    pair: Floats
    apart: Floats
    party: Ints
    run: float = 0.0
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
        gain -= self.apart[taken].sum(axis=0)
        return gain

    def total(self, shots: Ints) -> float:
        """The energy of a filled trailer (J,)."""
        return self.stretch(shots, 0, len(shots)) - float(self.apart[np.ix_(shots, shots)].sum()) / 2

    def stretch(self, shots: Ints, first: int, end: int) -> float:
        """What changes of the energy of a filled trailer (J,) when positions ``[first, end)`` change places."""
        near = shots[max(0, first - 2) : end + 2]
        touching = shots[max(0, first - 1) : end + 1]
        party = self.party[near]
        runs = (party[:-2] == party[1:-1]) & (party[1:-1] == party[2:]) & (party[2:] != NOBODY)
        return float(
            self.unary[np.arange(first, end), shots[first:end]].sum()
            + self.pair[touching[:-1], touching[1:]].sum()
            - self.run * runs.sum()
        )


def with_energy(predict: Predict, energy: Energy) -> Predict:
    """A predictor whose logits (J, I) are the model's, weighted, and each position's energy in view of the others."""

    def predicted(shots: Ints) -> Floats:
        rules = np.stack([energy.conditional(shots, position) for position in range(len(shots))])
        return energy.model * predict(shots) + rules if energy.model else rules

    return predicted
