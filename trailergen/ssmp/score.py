"""The model's probability of each shot of a trailer given all the others (pseudo-likelihood): of any trailer."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from trailergen.runtime.progress import Tick, no_tick
from trailergen.ssmp.decoders.state import softmax
from trailergen.ssmp.types import MASKED, Bools, Ints, Predict


@dataclass(frozen=True)
class PositionScore:
    """Of one position: the probability of its shot (eq. 3), and its rank among the shots that could stand there,
    counted from 1; ``best`` is the first of them."""

    probability: float
    rank: int
    best: int


def leave_one_out(predict: Predict, shots: Ints, available: Bools, tick: Tick = no_tick) -> list[PositionScore]:
    """Mask each position by itself and predict it; one forward pass per position.

    Args:
        predict: the model on this film.
        shots: (J,) the trailer, all different.
        available: (I,) bool, shots that may be chosen. A position's own shot may always, the others' never.
        tick: progress in positions.
    """
    found = []
    for position, shot in enumerate(shots.tolist()):
        rest = shots.copy()
        rest[position] = MASKED
        allowed = available.copy()
        allowed[shots] = False
        allowed[shot] = True
        probabilities = softmax(predict(rest)[[position]], allowed[None])[0]
        found.append(
            PositionScore(
                probability=float(probabilities[shot]),
                rank=1 + int((probabilities > probabilities[shot]).sum()),
                best=int(np.argmax(probabilities)),
            )
        )
        tick(1)
    return found
