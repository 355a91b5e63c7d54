"""What a decoder gives back, and the three things every decoder needs: a predictor, draws and a record."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from trailergen.ssmp.constraints import Floats, Ints
from trailergen.ssmp.decoders.state import Board

ALTERNATIVES = 8

Predict = Callable[[Ints], Floats]
"""From the shot at each position, (J,) with -1 where it is masked, to the logits of eq. 3, (J, I). One forward pass."""


@dataclass(frozen=True)
class Filling:
    """A filled trailer.

    Args:
        shots: (J,) int64, a different shot at every position.
        confidence: (J,) q in [0, 1]; 1 for pins.
        rounds: (J,) int64, the round in which the shot was placed, counted from 1; 0 for pins.
        passes: forward passes of the model.
        alternatives: per position (shot, probability) of the best shots that are not in the trailer and would fit,
            best first, with the probability they had when the position was filled. None for pins.
        relaxed: which constraints gave way, and at how many of the positions without a pin; empty if none did.
        notes: per position, what gave way there.
        reasons: per position (rule, nats) of what its shot gains by each rule of an energy, the most first; empty where
            there is none.
    """

    shots: Ints
    confidence: Floats
    rounds: Ints
    passes: int
    alternatives: tuple[tuple[tuple[int, float], ...], ...]
    relaxed: tuple[str, ...]
    notes: tuple[tuple[str, ...], ...]
    reasons: tuple[tuple[tuple[str, float], ...], ...] = ()


def draw(seed: int, position: int, round_: int) -> float:
    """A uniform number on [0, 1) that depends on nothing but (seed, position, round).

    A counter-based generator needs no state, so that drawing for one position moves no other.
    """
    counter = np.array([0, position, round_, 0], np.uint64)
    return float(np.random.Generator(np.random.Philox(key=seed, counter=counter)).random())


def draws(seed: int, positions: int, round_: int) -> Floats:
    """(J,) ``draw`` of every position in one round."""
    return np.array([draw(seed, position, round_) for position in range(positions)])


class Record:
    """Remembers when, and against what, each position was filled."""

    def __init__(self, board: Board) -> None:
        self.board = board
        self.passes = 0
        self.rounds: Ints = np.zeros(len(board.shots), np.int64)
        self._probabilities: dict[int, Floats] = {}

    def place(self, position: int, shot: int, probabilities: Floats) -> None:
        """Place the shot in this round; ``probabilities`` (I,) were the position's while it was masked."""
        self.board.place(position, shot)
        self.rounds[position] = self.passes
        self._probabilities[position] = probabilities

    def judge(self, position: int, probabilities: Floats, fresh: bool) -> None:
        """Remember the ``probabilities`` (I,) of a filled position; ``fresh``: its shot was placed in this round."""
        self._probabilities[position] = probabilities
        if fresh:
            self.rounds[position] = self.passes

    def finish(self, confidence: Floats) -> Filling:
        """The filling, with alternatives and what gave way. ``confidence``: (J,) q."""
        notes = [self._notes(position) for position in range(len(self.board.shots))]
        free = self.board.rules.free
        kinds = Counter(kind for position in np.flatnonzero(free) for kind, _ in notes[position])
        return Filling(
            shots=self.board.shots.copy(),
            confidence=np.where(free, confidence, 1.0),
            rounds=self.rounds.copy(),
            passes=self.passes,
            alternatives=tuple(self._alternatives(position) for position in range(len(self.board.shots))),
            relaxed=tuple(f"{kind}: {count} of {free.sum()} positions" for kind, count in sorted(kinds.items())),
            notes=tuple(tuple(text for _, text in found) for found in notes),
        )

    def _alternatives(self, position: int) -> tuple[tuple[int, float], ...]:
        if position not in self._probabilities:
            return ()
        probabilities = self._probabilities[position] * self.board.allowed(np.array([position]))[0]
        best = np.argsort(-probabilities, kind="stable")[:ALTERNATIVES]
        return tuple((int(shot), float(probabilities[shot])) for shot in best if probabilities[shot] > 0)

    def _notes(self, position: int) -> list[tuple[str, str]]:
        """(constraint, sentence) of everything that gave way at a position."""
        board, constraints = self.board, self.board.rules.constraints
        shot, needed = int(board.shots[position]), int(board.rules.needed[position])
        found = []
        twins = [other for other in np.flatnonzero(board.resembling(shot)[board.shots]) if other != position]
        if twins:
            found.append(("near-duplicates", f"near-duplicate of the shot at positions[{twins[0]}]"))
        if constraints.length is not None and constraints.length[shot] < needed:
            own = constraints.length[shot]
            found.append(("length", f"shot {shot} has {own} of {needed} frames and runs on into the next"))
        for name, flagged in constraints.flags.items():
            if flagged[shot]:
                found.append((f"flag {name}", f"shot {shot} is flagged {name}"))
        return found
