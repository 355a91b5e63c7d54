"""The greedy decoder of Table 5: fill only the position of highest confidence in each iteration."""

from __future__ import annotations

import numpy as np

from trailergen.runtime.progress import Tick, no_tick
from trailergen.ssmp.constraints import Rules
from trailergen.ssmp.decoders.result import Filling, Predict, Record
from trailergen.ssmp.decoders.state import Board, softmax


def fill_greedy(predict: Predict, rules: Rules, seed: int = 0, tick: Tick = no_tick) -> Filling:
    """Fill one position a forward pass, never to return to it. Deterministic: the seed changes nothing.

    The confidence of a position is the probability of its shot when it was filled. Ties go to the earlier position.

    Args:
        predict: one forward pass.
        rules: what the filling must respect.
        seed: not used.
        tick: progress, in units of filled positions.
    """
    board = Board(rules)
    record = Record(board)
    confidence = np.zeros(len(board.shots))
    while board.masked.any():
        record.passes += 1
        masked = np.flatnonzero(board.masked)
        probabilities = softmax((predict(board.shots) + rules.prior)[masked], board.allowed(masked))
        row, shot = divmod(int(probabilities.argmax()), probabilities.shape[1])
        confidence[masked[row]] = probabilities[row, shot]
        record.place(int(masked[row]), shot, probabilities[row])
        tick(1.0)
    return record.finish(confidence)
