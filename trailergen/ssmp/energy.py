"""An explicit energy of a trailer, to be followed beside the model: unary and pairwise terms, and two of the whole.

It is that of a conditional random field over the positions, with the sign of a score: higher is better. It is in nats,
as the logits of eq. 3 are, so that the two add up: a trailer's score is its energy plus ``model_weight`` times the
log-probabilities that SSMP gives its shots. style/ builds it from an editor's rules.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from trailergen.ssmp.types import MASKED, Bools, Floats, Ints, Predict

NOBODY = -1
RIVALS = 16
"""Shots that a clip is compared with to say why it was taken."""
MODEL = "model"
"""The name of the unary term that is the model's own."""

Pairs = Callable[[Ints, Ints], Floats]
"""A number for each pair of shots, given by their numbers, arrays that are broadcast against each other."""
_ROWS = 64
"""Rows of all pairs that are found at a time: so many stay in a processor's cache."""


@dataclass(frozen=True)
class Energy:
    """The energy of trailers of J positions from a film of I shots.

    Args:
        unary_terms: by name, the gain of each position by each shot, whatever stands beside it; (J, I), or (1, I) where
            that is the same everywhere.
        pairwise_terms: by name, the gain of shots directly before others.
        repetition_penalty: (I, I) symmetric, the loss of any two clips that show the same view or nearly so; 0 on the
            diagonal.
        party: (I,) the party each shot is about, ``NOBODY`` where there is none.
        run_penalty: the loss of three clips in a row about one party.
        model_weight: of the model's log-probabilities.
    """

    unary_terms: Mapping[str, Floats]
    pairwise_terms: Mapping[str, Pairs]
    repetition_penalty: Floats
    party: Ints
    run_penalty: float = 0.0
    model_weight: float = 1.0

    @cached_property
    def unary(self) -> Floats:
        """(J, I), or (1, I): sum of the unary terms."""
        return np.asarray(sum(self.unary_terms.values(), np.zeros((1, len(self.party)))))

    @cached_property
    def pairwise(self) -> Floats:
        """(I, I): sum of the pairwise terms, a row for the shot before."""
        return of_all_pairs(self.pairwise_terms.values(), len(self.party))

    def with_model(self, log_probabilities: Floats) -> Energy:
        """This energy and a unary term (J, I) of the model, in nats."""
        made = replace(self, unary_terms={**self.unary_terms, MODEL: log_probabilities})
        # The pairwise terms are the same, and a sum over them all is known or will be asked for by both.
        made.__dict__["pairwise"] = self.pairwise
        return made

    def conditional(self, shots: Ints, position: int) -> Floats:
        """Gain (I,) by each shot at a position, given the others in ``shots`` (J,), ``MASKED`` where there is none."""
        gain = self.unary[position if len(self.unary) > 1 else 0].copy()
        if position > 0 and (before := int(shots[position - 1])) != MASKED:
            gain += self.pairwise[before]
        if position + 1 < len(shots) and (after := int(shots[position + 1])) != MASKED:
            gain += self.pairwise[:, after]
        for first in range(max(0, position - 2), min(position, len(shots) - 3) + 1):
            others = [int(shots[at]) for at in range(first, first + 3) if at != position]
            if MASKED not in others and self.party[others[0]] == self.party[others[1]] != NOBODY:
                gain -= self.run_penalty * (self.party == self.party[others[0]])
        taken = np.delete(shots, position)
        gain -= self.repetition_penalty[taken[taken != MASKED]].sum(axis=0)
        return gain

    def total(self, shots: Ints) -> float:
        """The energy of a filled trailer (J,)."""
        repeated = float(self.repetition_penalty[np.ix_(shots, shots)].sum()) / 2
        return self.local(shots, 0, len(shots)) - repeated

    def local(self, shots: Ints, first: int, end: int) -> float:
        """The part of a filled trailer's energy that depends on the order of its positions ``[first, end)``."""
        near = shots[max(0, first - 2) : end + 2]
        touching = shots[max(0, first - 1) : end + 1]
        party = self.party[near]
        runs = (party[:-2] == party[1:-1]) & (party[1:-1] == party[2:]) & (party[2:] != NOBODY)
        rows = np.arange(first, end) if len(self.unary) > 1 else np.zeros(end - first, np.int64)
        return float(
            self.unary[rows, shots[first:end]].sum()
            + self.pairwise[touching[:-1], touching[1:]].sum()
            - self.run_penalty * runs.sum()
        )

    def reasons(self, shots: Ints, available: Bools) -> tuple[tuple[tuple[str, float], ...], ...]:
        """Per position of a filled trailer (J,), the gain of its shot by each term, in nats, the most first.

        A unary term counts from what the ``RIVALS`` best ``available`` shots (I,) gain by it there on average:
        what they all have is no reason. A pairwise one counts half for each of the two.
        """
        gains: dict[str, Floats] = {name: np.zeros(len(shots)) for name in self.unary_terms}
        for position, shot in enumerate(shots.tolist()):
            wanted = np.where(available, self.conditional(shots, position), -np.inf)
            rivals = np.argsort(-wanted, kind="stable")[: min(RIVALS, max(1, int(available.sum())))]
            for name, values in self.unary_terms.items():
                row = values[position if len(values) > 1 else 0]
                gains[name][position] = row[shot] - row[rivals].mean()
        for name, term in self.pairwise_terms.items():
            shared = term(shots[:-1], shots[1:]) / 2
            gains[name] = np.append(shared, 0.0) + np.insert(shared, 0, 0.0)
        return tuple(
            tuple(sorted(((name, float(gain[j])) for name, gain in gains.items()), key=lambda reason: -reason[1]))
            for j in range(len(shots))
        )


def of_all_pairs(terms: Collection[Pairs], shots: int) -> Floats:
    """The sum of terms for every pair of so many shots, (I, I)."""
    total, numbers = np.zeros((shots, shots)), np.arange(shots)
    for first in range(0, shots, _ROWS):
        rows = numbers[first : first + _ROWS, None]
        for term in terms:
            total[first : first + _ROWS] += term(rows, numbers)
    return total


def with_energy(predict: Predict, energy: Energy) -> Predict:
    """A predictor whose logits (J, I) are the model's, weighted, plus each position's energy given the others."""

    def predicted(shots: Ints) -> Floats:
        gains = np.stack([energy.conditional(shots, position) for position in range(len(shots))])
        return energy.model_weight * predict(shots) + gains if energy.model_weight else gains

    return predicted
