"""Algorithm 1 of the paper, exactly: self-corrective generation by accumulated confidence."""

from __future__ import annotations

import numpy as np

from trailergen.runtime.progress import Tick, no_tick
from trailergen.ssmp.constraints import RelaxedConstraints
from trailergen.ssmp.decoders.result import DecodingResult, DecodingTrace
from trailergen.ssmp.decoders.state import DecodingState, softmax
from trailergen.ssmp.types import Floats, Predict


def decode_paper(
    predict: Predict, constraints: RelaxedConstraints, seed: int = 0, tick: Tick = no_tick
) -> DecodingResult:
    """Algorithm 1 with eq. 7 and 8.

    Each round, the confidence q of *every* position, filled ones too, grows by the probability of its best remaining
    shot (eq. 7); then every position is drawn from Bernoulli(q): a masked one is filled or stays masked, a filled one
    stays or is masked again, which is the self-correction. It ends with the first round that leaves no position masked.

    Where the algorithm is ambiguous:

    * Two positions may want the same shot: they are served by descending q, and the loser takes its next best of the
      shots that remained at the start of the round, or stays masked.
    * Line 12 takes i_j* out of the remaining shots also where position j keeps an earlier shot. Then shots would
      vanish without being used; only placed shots are taken out.
    * A filled position with no shot left to prefer has no i_j*; its q stays.

    With I shots and logits as printed, q grows by about 1/I a round, so this takes on the order of I forward passes.

    Args:
        predict: one forward pass.
        constraints: to be kept.
        seed: of the Bernoulli draws, one stream per (seed, position, round).
        tick: progress, in units of filled positions.
    """
    state = DecodingState(constraints)
    trace = DecodingTrace(state)
    everywhere = np.arange(len(state.shots))
    q = np.zeros(len(state.shots))
    while state.masked.any():
        trace.passes += 1
        allowed = state.allowed(everywhere)
        probabilities = softmax(predict(state.shots) + constraints.prior, allowed)
        q = np.minimum(q + probabilities.max(axis=1), 1.0)
        chosen = (draws(seed, len(q), trace.passes) < q) & constraints.free
        masked = state.masked
        for position in np.flatnonzero(~masked & ~chosen & constraints.free):
            state.mask(int(position))
        for position in sorted(np.flatnonzero(masked & chosen), key=lambda j: (-q[j], j)):
            still = allowed[position] & state.allowed(np.array([position]))[0]
            if still.any():
                shot = int(np.where(still, probabilities[position], -1.0).argmax())
                trace.fill(int(position), shot, probabilities[position])
        tick(float(masked.sum() - state.masked.sum()))
    return trace.finish(q)


def draw(seed: int, position: int, round_: int) -> float:
    """A uniform number on [0, 1) that depends on nothing but (seed, position, round).

    A counter-based generator needs no state, so that drawing for one position moves no other.
    """
    counter = np.array([0, position, round_, 0], np.uint64)
    return float(np.random.Generator(np.random.Philox(key=seed, counter=counter)).random())


def draws(seed: int, positions: int, round_: int) -> Floats:
    """(J,) ``draw`` of every position in one round."""
    return np.array([draw(seed, position, round_) for position in range(positions)])
