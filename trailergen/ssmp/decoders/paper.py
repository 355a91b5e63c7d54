"""Algorithm 1 of the paper, exactly: self-corrective generation by accumulated confidence."""

from __future__ import annotations

import numpy as np

from trailergen.runtime.progress import Tick, no_tick
from trailergen.ssmp.constraints import Rules
from trailergen.ssmp.decoders.result import Filling, Predict, Record, draws
from trailergen.ssmp.decoders.state import Board, softmax


def fill_paper(predict: Predict, rules: Rules, seed: int = 0, tick: Tick = no_tick) -> Filling:
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
        rules: what the filling must respect.
        seed: of the Bernoulli draws, one stream per (seed, position, round).
        tick: progress, in units of filled positions.
    """
    board = Board(rules)
    record = Record(board)
    everywhere = np.arange(len(board.shots))
    q = np.zeros(len(board.shots))
    while board.masked.any():
        record.passes += 1
        allowed = board.allowed(everywhere)
        probabilities = softmax(predict(board.shots) + rules.prior, allowed)
        q = np.minimum(q + probabilities.max(axis=1), 1.0)
        chosen = (draws(seed, len(q), record.passes) < q) & rules.free
        masked = board.masked
        for position in np.flatnonzero(~masked & ~chosen & rules.free):
            board.clear(int(position))
        for position in sorted(np.flatnonzero(masked & chosen), key=lambda j: (-q[j], j)):
            still = allowed[position] & board.allowed(np.array([position]))[0]
            if still.any():
                shot = int(np.where(still, probabilities[position], -1.0).argmax())
                record.place(int(position), shot, probabilities[position])
        tick(float(masked.sum() - board.masked.sum()))
    return record.finish(q)
