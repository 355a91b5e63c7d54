"""The default decoder with an energy: rounds of masked prediction, each with the best trailer as a whole.

As in ``scheduled`` a schedule says how many positions stay filled after each round, and confidence says which. But the
pairwise terms of the energy tie positions together, so that none can be filled by itself. In every round

1. the model predicts the masked positions from the filled ones; the predictions of the others from when they were
   masked are kept;
2. all positions without a pin are filled anew, by the log-probabilities of the model and the energy together: exactly
   in ascending order of the film (``viterbi``), with penalties for what only a whole trailer shows (one set-up twice)
   until there is none; then local search replaces, exchanges and moves single clips while that gains anything;
3. the positions whose clip is least certain given all others are masked again.

The trailer it ends with is never worse, by the sum of energy and log-probabilities of the last round, than the exact
ascending one, unless near-duplicates had to make way in it.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from trailergen.runtime.progress import Tick, no_tick
from trailergen.ssmp.constraints import RelaxedConstraints
from trailergen.ssmp.decoders.result import DecodingResult, DecodingTrace
from trailergen.ssmp.decoders.scheduled import ROUNDS, calibrate, cosine_schedule
from trailergen.ssmp.decoders.state import DecodingState, softmax
from trailergen.ssmp.energy import Energy
from trailergen.ssmp.types import Bools, Floats, Ints, Predict
from trailergen.ssmp.viterbi import best_ascending

_SOLUTIONS = 8
"""Most exact solutions in the last round, each with more penalty on repeated shots. Before it one is enough: local
search replaces repeated shots."""
_STARTS = 2
"""Solutions from which local search starts."""
_REPEATED_FROM = 1.0
"""Least repetition penalty of two clips for which the next solution avoids one of them."""
_AVOIDED = 0.8
"""Penalty, in nats, on a shot that the next solution avoids."""
_TOO_SHORT = 30.0
"""Penalty, in nats, on a shot that is too short for a position, where no ascending choice of fitting shots exists: the
order of the film then holds wherever it can."""
_SWEEPS = 12
_REACH = 6
"""Most positions between two clips that are exchanged, or over which a clip is moved."""
_GAIN = 1e-6
"""Gains below are rounding."""


def decode_styled(
    predict: Predict, constraints: RelaxedConstraints, seed: int = 0, tick: Tick = no_tick, rounds: int = ROUNDS
) -> DecodingResult:
    """Fill in ``min(J, rounds)`` forward passes, J being the number of positions without a pin; in none where the
    model has no weight.

    Args:
        predict: one forward pass.
        constraints: to be kept, with an energy.
        seed: not used, since nothing is drawn.
        tick: progress, in units of filled positions.
        rounds: K, the most passes to make.

    Raises:
        ValueError: the constraints have no energy.
    """
    energy = constraints.requested.energy
    if energy is None:
        raise ValueError("the constraints have no energy")
    state = DecodingState(constraints)
    trace = DecodingTrace(state)
    free = np.flatnonzero(constraints.free)
    fits: Bools = constraints.available & (constraints.length >= constraints.needed[:, None])
    model_term = np.zeros_like(constraints.prior)
    joint = energy.with_model(model_term)
    confidence = np.zeros(len(state.shots))
    last = min(len(free), rounds if energy.model_weight else 1)
    former: Ints | None = None
    kept = 0
    for round_ in range(1, last + 1):
        trace.passes = round_
        if energy.model_weight:
            masked = np.flatnonzero(state.masked)
            model_term[masked] = energy.model_weight * _log_softmax(predict(state.shots)[masked], fits[masked])
        joint = energy.with_model(model_term + constraints.prior)
        before = state.shots.copy()
        for position in free[~state.masked[free]]:
            state.mask(int(position))
        former = _solve(state, joint, free, fits, _SOLUTIONS if round_ == last else 1, former)
        score, confidence[free] = _confidence(trace, joint, free, before)
        target = cosine_schedule(round_, last, len(free))
        for position in free[np.argsort(-score, kind="stable")[target:]]:
            state.mask(int(position))
        tick(float(target - kept))
        kept = target
    result = trace.finish(confidence)
    return replace(result, reasons=joint.reasons(result.shots, constraints.available))


def refine(state: DecodingState, energy: Energy, free: Ints) -> None:
    """Replace, exchange and move clips at the free positions (n,) of a filled trailer while the energy rises."""
    for _ in range(_SWEEPS):
        replaced = [_replace(state, energy, position) for position in free.tolist()]
        reordered = [
            _reorder(state, energy, free[first : last + 1])
            for first in range(len(free))
            for last in range(first + 1, min(len(free), first + _REACH + 1))
        ]
        if not any(replaced) and not any(reordered):
            return


def _solve(state: DecodingState, energy: Energy, free: Ints, fits: Bools, solutions: int, former: Ints | None) -> Ints:
    """Fill the free positions (n,) of a trailer with only pins in it; returns their shots.

    The search climbs from several trailers, and the best it reaches counts: the best chains of up to ``solutions``, and
    ``former``, where it ended a round ago.
    """
    starts: list[Ints | None] = [*_chains(state, energy, free, fits, solutions)[:_STARTS]]
    starts += [former] if former is not None else []
    best: tuple[float, Ints] | None = None
    for start in starts or [None]:
        _fill(state, energy, free, start)
        refine(state, energy, free)
        total = energy.total(state.shots)
        if best is None or total > best[0] + _GAIN:
            best = total, state.shots[free]
        for position in free.tolist():
            state.mask(position)
    shots = best[1] if best else free[:0]
    for position, shot in zip(free.tolist(), shots.tolist(), strict=True):
        state.fill(position, shot)
    return shots


def _fill(state: DecodingState, energy: Energy, free: Ints, wanted: Ints | None) -> None:
    """Put the wanted shots (n,) at the free positions where they are allowed, and greedily the best at the others."""
    for position, shot in zip(free.tolist(), [] if wanted is None else wanted.tolist(), strict=wanted is not None):
        if state.allowed(np.array([position]))[0, shot]:
            state.fill(position, shot)
    while (left := free[state.masked[free]]).size:
        gains = np.stack([energy.conditional(state.shots, position) for position in left.tolist()])
        gains = np.where(state.allowed(left), gains, -np.inf)
        row, shot = divmod(int(gains.argmax()), gains.shape[1])
        state.fill(int(left[row]), shot)


def _chains(state: DecodingState, energy: Energy, free: Ints, fits: Bools, solutions: int) -> list[Ints]:
    """Ascending shots for the free positions (n,) between the pins, the best first, with less and less shown twice.

    Where no chain of fitting shots exists, shots are also tried where they are too short; none if there are too few.
    """
    shots = np.flatnonzero(fits[free].any(axis=0))
    if len(shots) < len(free):
        return []
    fitting, adjoining = fits[free][:, shots], np.diff(free) == 1
    # A position that is filled by itself has its neighbours in what it is wanted for.
    pairwise = energy.pairwise[np.ix_(shots, shots)] if len(free) > 1 else np.zeros((0, 0))
    wanted = np.stack([energy.conditional(state.shots, position) for position in free.tolist()])[:, shots]
    scores = np.where(fitting, wanted, -np.inf)
    if best_ascending(scores, pairwise, adjoining) is None:
        scores = np.where(fitting, wanted, wanted - _TOO_SHORT)
    rows, penalty = np.arange(len(free)), np.zeros(len(shots))
    found: dict[tuple[int, ...], float] = {}
    trailer = state.shots.copy()
    for _ in range(solutions):
        chain = best_ascending(scores - penalty, pairwise, adjoining)
        if chain is None:
            break
        trailer[free] = shots[chain]
        found[tuple(trailer[free].tolist())] = energy.total(trailer) - _TOO_SHORT * int((~fitting[rows, chain]).sum())
        alike = energy.repetition_penalty[np.ix_(trailer, trailer)]
        if alike.max(initial=0.0) < _REPEATED_FROM:
            break
        worth = dict(zip(free.tolist(), scores[rows, chain].tolist(), strict=True))
        for first, second in np.argwhere(np.triu(alike >= _REPEATED_FROM)):
            lesser = min((first, second), key=lambda position: worth.get(int(position), np.inf))
            if int(lesser) in worth:
                penalty[shots == trailer[lesser]] += _AVOIDED
    return [np.array(chain, np.int64) for chain in sorted(found, key=lambda chain: -found[chain])]


def _replace(state: DecodingState, energy: Energy, position: int) -> bool:
    """Put the shot at a position that gains most there; returns True if it is another one."""
    gains = energy.conditional(state.shots, position)
    old = int(state.shots[position])
    state.mask(position)
    allowed = state.allowed(np.array([position]))[0]
    new = int(np.where(allowed, gains, -np.inf).argmax())
    better = not allowed[old] or gains[new] > gains[old] + _GAIN
    state.fill(position, new if better else old)
    return better and new != old


def _reorder(state: DecodingState, energy: Energy, positions: Ints) -> bool:
    """Exchange the first and the last of some positions, or move one behind the other; returns True if that gained."""
    before = state.shots[positions]
    trailer = state.shots.copy()
    span = int(positions[0]), int(positions[-1]) + 1
    stands = energy.local(trailer, *span)
    orders = [np.roll(before, -1), np.roll(before, 1)]
    if len(before) > 2:
        orders.append(np.array([before[-1], *before[1:-1], before[0]]))
    for order in orders:
        if (state.constraints.length[order] < state.constraints.needed[positions]).any():
            continue
        trailer[positions] = order
        if energy.local(trailer, *span) > stands + _GAIN:
            for position in positions.tolist():
                state.mask(position)
            for position, shot in zip(positions.tolist(), order.tolist(), strict=True):
                state.fill(position, shot)
            return True
    return False


def _confidence(trace: DecodingTrace, energy: Energy, free: Ints, before: Ints) -> tuple[Floats, Floats]:
    """Score and shown confidence (n,) of the shots at the free positions; ``before`` (J,) were those of last round."""
    gains, allowed = _given_others(trace.state, energy, free)
    certain, shown = softmax(gains, allowed), softmax(calibrate(gains, allowed) * gains, allowed)
    chosen, rows = trace.state.shots[free], np.arange(len(free))
    for row, position in enumerate(free.tolist()):
        trace.keep(position, shown[row], fresh=before[position] != chosen[row])
    return certain[rows, chosen], shown[rows, chosen]


def _given_others(state: DecodingState, energy: Energy, free: Ints) -> tuple[Floats, Bools]:
    """Gain by each shot at each free position given all others, and the shots allowed there: (n, I) both."""
    gains, allowed = [], []
    for position in free.tolist():
        gains.append(energy.conditional(state.shots, position))
        shot = int(state.shots[position])
        state.mask(position)
        row = state.allowed(np.array([position]))[0]
        state.fill(position, shot)
        row[shot] = True
        allowed.append(row)
    return np.stack(gains), np.stack(allowed)


def _log_softmax(logits: Floats, allowed: Bools) -> Floats:
    """Logarithm of eq. 3 over the allowed shots, row by row (n, I); 0 where a shot is not allowed."""
    shifted = logits - np.where(allowed, logits, -np.inf).max(axis=1, keepdims=True, initial=-1e300)
    total = np.log(np.where(allowed, np.exp(shifted), 0.0).sum(axis=1, keepdims=True))
    result: Floats = np.where(allowed, shifted - total, 0.0)
    return result
