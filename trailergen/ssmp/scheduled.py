"""The default decoder: Algorithm 1's idea in a number of forward passes that film length does not touch.

Algorithm 1 fills a position when its accumulated probability reaches a random number, which takes on the order of I
rounds. Here a schedule says how many positions are filled after each round, and confidence only says which:

1. One forward pass predicts the masked positions. They are all filled tentatively, by descending confidence, so that
   each gets the best shot no more confident position has taken. A position's confidence q is the probability of its
   shot *when it was predicted masked*; what the model says of a position it can see is no judgement, for it was
   trained on masked ones only.
2. Of all positions filled so far, those of lowest confidence are masked again, down to the number the schedule gives.
   Old fillings compete with new ones: a shot placed early, on little context, gives way once more confident ones
   stand around it. This is the self-correction.

The number filled after round k of K is ``J (1 - cos(pi k / 2K))``, at least k: few at first, where every mistake would
be context for all that follows, many at the end, where context is rich.

Confidences are compared across positions and rounds, and shown to people, so they must mean something: with the logits
of eq. 3 as printed every probability is near 1/I. The logits are therefore sharpened by one factor per trailer, found
in the first round: the smallest (but at least 1) that brings the mean confidence to ``CALIBRATED``.
"""

from __future__ import annotations

import heapq
import math

import numpy as np

from trailergen.progress import Tick, no_tick
from trailergen.ssmp.board import Board, softmax
from trailergen.ssmp.constraints import Bools, Floats, Ints, Rules
from trailergen.ssmp.filling import Filling, Predict, Record, draws

ROUNDS = 32
CALIBRATED = 0.5
NOISE = 0.3
SHARPEST = 2.0**20
"""Where sharpening stops: beyond it only exact ties are left, which no factor resolves."""


def fill_scheduled(
    predict: Predict, rules: Rules, seed: int = 0, tick: Tick = no_tick, rounds: int = ROUNDS
) -> Filling:
    """Fill in ``min(J, rounds)`` forward passes, J being the number of positions without a pin.

    The seed moves which positions are masked again: Gumbel noise, fading out towards the last round, is added to the
    logarithm of their confidences, one stream per (seed, position, round).

    Args:
        predict: one forward pass.
        rules: what the filling must respect.
        seed: of the noise.
        tick: progress, in units of filled positions.
        rounds: K, the most passes to make.
    """
    board = Board(rules)
    record = Record(board)
    free = np.flatnonzero(rules.free)
    confidence = np.zeros(len(board.shots))
    last = min(len(free), rounds)
    sharpness, kept = None, 0
    for round_ in range(1, last + 1):
        record.passes = round_
        masked = np.flatnonzero(board.masked)
        logits, allowed = (predict(board.shots) + rules.prior)[masked], board.allowed(masked)
        sharpness = sharpness or calibrate(logits, allowed)
        probabilities = softmax(sharpness * logits, allowed)
        _fill_all(board, record, masked, probabilities, confidence)

        target = scheduled(round_, last, len(free))
        noise = NOISE * (1 - round_ / last) * -np.log(-np.log(draws(seed, len(confidence), round_)))
        standing = (np.log(np.maximum(confidence, np.finfo(np.float64).tiny)) + noise)[free]
        for position in free[np.argsort(-standing, kind="stable")[target:]]:
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


def _fill_all(board: Board, record: Record, masked: Ints, probabilities: Floats, confidence: Floats) -> None:
    """Give every masked position its best shot, the most confident first; who comes too late tries its next best."""
    queue = [
        (-float(row.max()), int(position), index)
        for index, (position, row) in enumerate(zip(masked, probabilities, strict=True))
    ]
    heapq.heapify(queue)
    while queue:
        hoped, position, index = heapq.heappop(queue)
        shot = board.best(position, probabilities[index])
        found = float(probabilities[index, shot])
        if found < -hoped:
            heapq.heappush(queue, (-found, position, index))
            continue
        confidence[position] = found
        record.place(position, shot, probabilities[index])
