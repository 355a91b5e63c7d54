"""The result of decoding, and the trace from which it is made."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np

from trailergen.ssmp.decoders.state import DecodingState
from trailergen.ssmp.types import Floats, Ints

ALTERNATIVES = 8


@dataclass(frozen=True)
class DecodingResult:
    """A filled trailer.

    Args:
        shots: (J,) int64, a different shot at every position.
        confidence: (J,) q in [0, 1]; 1 for pins.
        rounds: (J,) int64, the round in which the shot was placed, counted from 1; 0 for pins.
        passes: forward passes of the model.
        alternatives: per position (shot, probability) of the best shots that are not in the trailer and would fit,
            best first, with the probability they had when the position was filled. None for pins.
        relaxed: the constraints that gave way, each with the number of positions without a pin; empty if none did.
        notes: per position, the constraints that gave way there.
        reasons: per position (term, nats) of what its shot gains by each term of an energy, the most first; empty where
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


class DecodingTrace:
    """The round, and the probabilities, with which each position was filled."""

    def __init__(self, state: DecodingState) -> None:
        self.state = state
        self.passes = 0
        self.rounds: Ints = np.zeros(len(state.shots), np.int64)
        self._probabilities: dict[int, Floats] = {}

    def fill(self, position: int, shot: int, probabilities: Floats) -> None:
        """Fill a position in this round; ``probabilities`` (I,) were the position's while it was masked."""
        self.state.fill(position, shot)
        self.keep(position, probabilities, fresh=True)

    def keep(self, position: int, probabilities: Floats, fresh: bool) -> None:
        """Keep the ``probabilities`` (I,) of a filled position; ``fresh``: its shot was placed in this round."""
        self._probabilities[position] = probabilities
        if fresh:
            self.rounds[position] = self.passes

    def finish(self, confidence: Floats) -> DecodingResult:
        """The result, with alternatives and what gave way. ``confidence``: (J,) q."""
        positions = range(len(self.state.shots))
        notes = [self._notes(position) for position in positions]
        free = self.state.constraints.free
        kinds = Counter(kind for position in np.flatnonzero(free) for kind, _ in notes[position])
        return DecodingResult(
            shots=self.state.shots.copy(),
            confidence=np.where(free, confidence, 1.0),
            rounds=self.rounds.copy(),
            passes=self.passes,
            alternatives=tuple(self._alternatives(position) for position in positions),
            relaxed=tuple(f"{kind}: {count} of {free.sum()} positions" for kind, count in sorted(kinds.items())),
            notes=tuple(tuple(text for _, text in found) for found in notes),
        )

    def _alternatives(self, position: int) -> tuple[tuple[int, float], ...]:
        if position not in self._probabilities:
            return ()
        probabilities = self._probabilities[position] * self.state.allowed(np.array([position]))[0]
        best = np.argsort(-probabilities, kind="stable")[:ALTERNATIVES]
        return tuple((int(shot), float(probabilities[shot])) for shot in best if probabilities[shot] > 0)

    def _notes(self, position: int) -> list[tuple[str, str]]:
        """(constraint, sentence) of everything that gave way at a position."""
        state, requested = self.state, self.state.constraints.requested
        shot, needed = int(state.shots[position]), int(state.constraints.needed[position])
        found = []
        twins = [other for other in np.flatnonzero(state.near_duplicates(shot)[state.shots]) if other != position]
        if twins:
            found.append(("near-duplicates", f"near-duplicate of the shot at positions[{twins[0]}]"))
        if requested.length is not None and requested.length[shot] < needed:
            own = requested.length[shot]
            found.append(("length", f"shot {shot} has {own} of {needed} frames and runs on into the next"))
        for name, flagged in requested.flags.items():
            if flagged[shot]:
                found.append((f"flag {name}", f"shot {shot} is flagged {name}"))
        return found
