"""The default decoder: iterative unmasking and remasking in a number of forward passes that film length does not touch.

Algorithm 1 fills a position when its accumulated probability reaches a random number, which takes on the order of I
rounds. Here a schedule says how many positions are filled after each round, and confidence only says which:

1. One forward pass predicts the masked positions. They are all filled tentatively, the most probable pair of position
   and shot first, so that each gets the best shot no more certain position has taken. A position's score is the
   probability (eq. 3) of its shot *when it was predicted masked*; the prediction at a position that the model sees
   filled is not used, for it was trained on masked ones only.
2. Of all positions filled so far, those of lowest score are masked again, down to the number the schedule gives.
   Old shots compete with new ones: a shot placed early, on little context, gives way once more certain ones
   stand around it. This is the self-correction.

The number filled after round k of K is ``J (1 - cos(pi k / 2K))``, at least k: few at first, where every mistake would
be context for all that follows, many at the end, where context is rich.

The confidence that is shown to people is not the score: with the logits of eq. 3 as printed every probability is
near 1/I. The shown q and the alternatives' probabilities come from logits times one inverse temperature per trailer,
found in the first round: the smallest, at least 1, that brings the mean over positions to ``TARGET_CONFIDENCE``.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterator

import numpy as np

from trailergen.runtime.progress import Tick, no_tick
from trailergen.ssmp.constraints import RelaxedConstraints
from trailergen.ssmp.decoders.result import DecodingResult, DecodingTrace
from trailergen.ssmp.decoders.state import DecodingState, softmax
from trailergen.ssmp.types import Bools, Floats, Predict

ROUNDS = 8
"""The most rounds; docs/performance.md compares numbers of them."""
VERSION = 3
"""Raise it when the same model and constraints give another trailer."""
TARGET_CONFIDENCE = 0.5
MAX_INVERSE_TEMPERATURE = 2.0**20
"""Beyond it only exact ties are left, which no temperature resolves."""


def decode_scheduled(
    predict: Predict, constraints: RelaxedConstraints, seed: int = 0, tick: Tick = no_tick, rounds: int = ROUNDS
) -> DecodingResult:
    """Fill in ``min(J, rounds)`` forward passes, J being the number of positions without a pin.

    Args:
        predict: one forward pass.
        constraints: to be kept.
        seed: not used, since nothing is drawn.
        tick: progress, in units of filled positions.
        rounds: K, the most passes to make.
    """
    state = DecodingState(constraints)
    trace = DecodingTrace(state)
    free = np.flatnonzero(constraints.free)
    confidence = np.zeros(len(state.shots))
    score = np.zeros(len(state.shots))
    last = min(len(free), rounds)
    inverse_temperature, kept = None, 0
    for round_ in range(1, last + 1):
        trace.passes = round_
        masked = np.flatnonzero(state.masked)
        logits, allowed = (predict(state.shots) + constraints.prior)[masked], state.allowed(masked)
        inverse_temperature = inverse_temperature or calibrate(logits, allowed)
        probabilities, shown = softmax(logits, allowed), softmax(inverse_temperature * logits, allowed)
        for row, shot in _assign(state, masked.tolist(), probabilities):
            position = int(masked[row])
            trace.fill(position, shot, shown[row])
            score[position] = math.log(max(probabilities[row, shot], np.finfo(np.float64).tiny))
            confidence[position] = shown[row, shot]

        target = cosine_schedule(round_, last, len(free))
        for position in free[np.argsort(-score[free], kind="stable")[target:]]:
            state.mask(int(position))
        tick(float(target - kept))
        kept = target
    return trace.finish(confidence)


def cosine_schedule(round_: int, rounds: int, positions: int) -> int:
    """Number of ``positions`` that are filled after a round, counted from 1; all of them after the last."""
    return max(round_, round(positions * (1 - math.cos(math.pi / 2 * round_ / rounds))))


def calibrate(logits: Floats, allowed: Bools) -> float:
    """Inverse temperature that makes probabilities readable.

    Args:
        logits: (n, I) of masked positions.
        allowed: (n, I), the shots over which eq. 3 is taken.

    Returns:
        The smallest factor on the logits, at least 1 and within a percent, that brings the mean of the positions' best
        probabilities to ``TARGET_CONFIDENCE``.
    """

    def mean_confidence(factor: float) -> float:
        return float(softmax(factor * logits, allowed).max(axis=1).mean())

    low, high = 1.0, 1.0
    while mean_confidence(high) < TARGET_CONFIDENCE and high < MAX_INVERSE_TEMPERATURE:
        low, high = high, 2 * high
    while high / low > 1.01:
        middle = math.sqrt(low * high)
        low, high = (middle, high) if mean_confidence(middle) < TARGET_CONFIDENCE else (low, middle)
    return high


def _assign(state: DecodingState, masked: list[int], probabilities: Floats) -> Iterator[tuple[int, int]]:
    """(row, shot) for every masked position, the most probable first; who comes too late tries its next best.

    The caller fills each before it asks for the next.
    """
    queue = [(-float(probabilities[row].max()), position, row) for row, position in enumerate(masked)]
    heapq.heapify(queue)
    while queue:
        hoped, position, row = heapq.heappop(queue)
        shot = state.best(position, probabilities[row])
        found = float(probabilities[row, shot])
        if found < -hoped:
            heapq.heappush(queue, (-found, position, row))
        else:
            yield row, shot
