"""What is wanted of a trailer beside the model's opinion: an explicit energy over positions, neighbours and the whole.

Higher is better. The energy is in nats, as the logits of eq. 3 are, so that the two add up: a trailer's score is its
energy plus ``model`` times the log-probabilities that SSMP gives its shots. style/ builds it from an editor's rules.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from trailergen.ssmp.constraints import Bools, Floats, Ints
from trailergen.ssmp.decoders.result import Predict

MASKED = -1
NOBODY = -1
RIVALS = 16
"""Shots that a clip is compared with to say why it was taken."""
MODEL = "model"
"""The name under which the model's own opinion is a reason."""


@dataclass(frozen=True)
class Energy:
    """The energy of trailers of J positions from a film of I shots.

    Args:
        places: by the name of a rule, what each position gains by each shot, whatever stands beside it; (J, I), or
            (1, I) where that is the same everywhere.
        pairs: by the name of a rule, what shot a directly before shot b gains, (I, I).
        apart: (I, I) symmetric, what any two clips lose by showing the same view or nearly so; 0 on the diagonal.
        party: (I,) whom each shot is about, ``NOBODY`` where that is nobody; three clips in a row about one party
            lose ``run``.
        model: weight of the model's log-probabilities.
    """

    places: Mapping[str, Floats]
    pairs: Mapping[str, Floats]
    apart: Floats
    party: Ints
    run: float = 0.0
    model: float = 1.0

    @cached_property
    def unary(self) -> Floats:
        """(J, I), or (1, I): all that a position gains by a shot."""
        return np.asarray(sum(self.places.values(), np.zeros((1, len(self.party)))))

    @cached_property
    def pair(self) -> Floats:
        """(I, I): all that a shot directly before another gains."""
        return np.asarray(sum(self.pairs.values(), np.zeros((len(self.party), len(self.party)))))

    def judged(self, opinion: Floats) -> Energy:
        """This energy and an opinion (J, I) of the model, in nats."""
        return replace(self, places={**self.places, MODEL: opinion})

    def conditional(self, shots: Ints, position: int) -> Floats:
        """What each shot (I,) gains at a position in view of the others in ``shots`` (J,), ``MASKED`` where empty."""
        gain = self.unary[position if len(self.unary) > 1 else 0].copy()
        if position > 0 and (before := int(shots[position - 1])) != MASKED:
            gain += self.pair[before]
        if position + 1 < len(shots) and (after := int(shots[position + 1])) != MASKED:
            gain += self.pair[:, after]
        for first in range(max(0, position - 2), min(position, len(shots) - 3) + 1):
            others = [int(shots[at]) for at in range(first, first + 3) if at != position]
            if MASKED not in others and self.party[others[0]] == self.party[others[1]] != NOBODY:
                gain -= self.run * (self.party == self.party[others[0]])
        taken = np.delete(shots, position)
        gain -= self.apart[taken[taken != MASKED]].sum(axis=0)
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
        rows = np.arange(first, end) if len(self.unary) > 1 else np.zeros(end - first, np.int64)
        return float(
            self.unary[rows, shots[first:end]].sum()
            + self.pair[touching[:-1], touching[1:]].sum()
            - self.run * runs.sum()
        )

    def reasons(self, shots: Ints, available: Bools) -> tuple[tuple[tuple[str, float], ...], ...]:
        """Per position of a filled trailer (J,), what its shot gains by each rule, in nats, the most first.

        A rule about a place counts from what the ``RIVALS`` best ``available`` shots (I,) gain by it there on average:
        what they all have is no reason. One about neighbours counts half for each of the two.
        """
        gains: dict[str, Floats] = {name: np.zeros(len(shots)) for name in self.places}
        for position, shot in enumerate(shots.tolist()):
            wanted = np.where(available, self.conditional(shots, position), -np.inf)
            rivals = np.argsort(-wanted, kind="stable")[: min(RIVALS, max(1, int(available.sum())))]
            for name, values in self.places.items():
                row = values[position if len(values) > 1 else 0]
                gains[name][position] = row[shot] - row[rivals].mean()
        for name, values in self.pairs.items():
            shared = values[shots[:-1], shots[1:]] / 2
            gains[name] = np.append(shared, 0.0) + np.insert(shared, 0, 0.0)
        return tuple(
            tuple(sorted(((name, float(gain[j])) for name, gain in gains.items()), key=lambda reason: -reason[1]))
            for j in range(len(shots))
        )


def with_energy(predict: Predict, energy: Energy) -> Predict:
    """A predictor whose logits (J, I) are the model's, weighted, and each position's energy in view of the others."""

    def predicted(shots: Ints) -> Floats:
        rules = np.stack([energy.conditional(shots, position) for position in range(len(shots))])
        return energy.model * predict(shots) + rules if energy.model else rules

    return predicted
