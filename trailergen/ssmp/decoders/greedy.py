"""The greedy decoder of Table 5: fill only the position of highest confidence in each iteration."""

from __future__ import annotations

import numpy as np

from trailergen.runtime.progress import Tick, no_tick
from trailergen.ssmp.constraints import RelaxedConstraints
from trailergen.ssmp.decoders.result import DecodingResult, DecodingTrace
from trailergen.ssmp.decoders.state import DecodingState, softmax
from trailergen.ssmp.types import Predict


def decode_greedy(
    predict: Predict, constraints: RelaxedConstraints, seed: int = 0, tick: Tick = no_tick
) -> DecodingResult:
    """Fill one position a forward pass, never to return to it. Deterministic: the seed changes nothing.

    The confidence of a position is the probability of its shot when it was filled. Ties go to the earlier position.

    Args:
        predict: one forward pass.
        constraints: to be kept.
        seed: not used.
        tick: progress, in units of filled positions.
    """
    state = DecodingState(constraints)
    trace = DecodingTrace(state)
    confidence = np.zeros(len(state.shots))
    while state.masked.any():
        trace.passes += 1
        masked = np.flatnonzero(state.masked)
        probabilities = softmax((predict(state.shots) + constraints.prior)[masked], state.allowed(masked))
        row, shot = divmod(int(probabilities.argmax()), probabilities.shape[1])
        confidence[masked[row]] = probabilities[row, shot]
        trace.fill(int(masked[row]), shot, probabilities[row])
        tick(1.0)
    return trace.finish(confidence)
