"""The default decoder: Algorithm 1's idea in a number of forward passes that film length does not touch.

Algorithm 1 fills a position when its accumulated probability reaches a random number, which takes on the order of I
rounds. Here a schedule says how many positions are filled after each round, and confidence only says which:

1. One forward pass predicts the masked positions. They are all filled tentatively, the most probable pair of position
   and shot first, so that each gets the best shot no more certain position has taken. A position's standing is the
   probability (eq. 3) of its shot *when it was predicted masked*; what the model says of a position it can see is no
   judgement, for it was trained on masked ones only.
2. Of all positions filled so far, those of lowest standing are masked again, down to the number the schedule gives.
   Old fillings compete with new ones: a shot placed early, on little context, gives way once more certain ones
   stand around it. This is the self-correction.

The number filled after round k of K is ``J (1 - cos(pi k / 2K))``, at least k: few at first, where every mistake would
be context for all that follows, many at the end, where context is rich.

The confidence that is shown to people is not the standing: with the logits of eq. 3 as printed every probability is
near 1/I. The shown q and the alternatives' probabilities come from logits sharpened by one factor per trailer, found in
the first round: the smallest, at least 1, that brings the mean over positions to ``CALIBRATED``. Ranking by the
sharpened probabilities was tried: on models trained without a temperature it costs order (AA).
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterator

import numpy as np

from trailergen.runtime.progress import Tick, no_tick
from trailergen.ssmp.constraints import Bools, Floats, Rules
from trailergen.ssmp.decoders.result import Filling, Predict, Record
from trailergen.ssmp.decoders.state import Board, softmax

ROUNDS = 8
"""Chosen on 50 simulated films that are no part of docs/results.md: F1 0.431 and AA 0.779, with 32 rounds 0.424 and
0.766, Algorithm 1 0.424 and 0.755."""
VERSION = 3
"""Raise it when the same model and rules give another filling."""
CALIBRATED = 0.5
SHARPEST = 2.0**20
"""Where sharpening stops: beyond it only exact ties are left, which no factor resolves."""


def fill_scheduled(
    predict: Predict, rules: Rules, seed: int = 0, tick: Tick = no_tick, rounds: int = ROUNDS
) -> Filling:
    """Fill in ``min(J, rounds)`` forward passes, J being the number of positions without a pin.

    Nothing is drawn: noise in the choice of what is masked again, as other masked decoders have it, was tried and cost
    F1 without making trailers more varied than a ``prior`` does.

    Args:
        predict: one forward pass.
        rules: what the filling must respect.
        seed: of nothing; every decoder takes one.
        tick: progress, in units of filled positions.
        rounds: K, the most passes to make.
    """
    board = Board(rules)
    record = Record(board)
    free = np.flatnonzero(rules.free)
    confidence = np.zeros(len(board.shots))
    standing = np.zeros(len(board.shots))
    last = min(len(free), rounds)
    sharpness, kept = None, 0
    for round_ in range(1, last + 1):
        record.passes = round_
        masked = np.flatnonzero(board.masked)
        logits, allowed = (predict(board.shots) + rules.prior)[masked], board.allowed(masked)
        sharpness = sharpness or calibrate(logits, allowed)
        probabilities, shown = softmax(logits, allowed), softmax(sharpness * logits, allowed)
        for row, shot in _assign(board, masked.tolist(), probabilities):
            position = int(masked[row])
            record.place(position, shot, shown[row])
            standing[position] = math.log(max(probabilities[row, shot], np.finfo(np.float64).tiny))
            confidence[position] = shown[row, shot]

        target = scheduled(round_, last, len(free))
        for position in free[np.argsort(-standing[free], kind="stable")[target:]]:
            board.clear(int(position))
        tick(float(target - kept))
        kept = target
    return record.finish(confidence)


def scheduled(round_: int, rounds: int, positions: int) -> int:
    """How many of ``positions`` are filled after a round, counted from 1; all of them after the last."""
    return max(round_, round(positions * (1 - math.cos(math.pi / 2 * round_ / rounds))))


def calibrate(logits: Floats, allowed: Bools) -> float:
    """The smallest factor, at least 1, on logits (n, I) that brings the mean of the best probabilities, eq. 3 over
    the allowed shots, to ``CALIBRATED``."""

    def mean_confidence(factor: float) -> float:
        return float(softmax(factor * logits, allowed).max(axis=1).mean())

    low, high = 1.0, 1.0
    while mean_confidence(high) < CALIBRATED and high < SHARPEST:
        low, high = high, 2 * high
    while high / low > 1.01:
        middle = math.sqrt(low * high)
        low, high = (middle, high) if mean_confidence(middle) < CALIBRATED else (low, middle)
    return high


def _assign(board: Board, masked: list[int], probabilities: Floats) -> Iterator[tuple[int, int]]:
    """(row, shot) for every masked position, the most probable first; who comes too late tries its next best.

    The caller places each before it asks for the next.
    """
    queue = [(-float(probabilities[row].max()), position, row) for row, position in enumerate(masked)]
    heapq.heapify(queue)
    while queue:
        hoped, position, row = heapq.heappop(queue)
        shot = board.best(position, probabilities[row])
        found = float(probabilities[row, shot])
        if found < -hoped:
            heapq.heappush(queue, (-found, position, row))
        else:
            yield row, shot
