"""The default decoder with an editor's rules: rounds of masked prediction, each with the best trailer as a whole.

As in ``scheduled`` a schedule says how many positions stand after each round, and confidence says which. But what the
rules ask for lies between positions, so that no position can be filled by itself. In every round

1. the model predicts the masked positions from those that stand; what it said of the others when they were masked is
   remembered;
2. all positions without a pin are filled anew, by the log-probabilities of the model and the energy together: exactly
   in ascending order of the film (``chain``), with penalties for what only a whole trailer shows (one set-up twice)
   until there is none; then single clips are replaced, exchanged and moved while that gains anything;
3. the positions whose clip is least certain in view of all others are masked again.

The trailer it ends with is never worse, by the sum of energy and log-probabilities of the last round, than the exact
ascending one, unless near-duplicates had to make way in it.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from trailergen.runtime.progress import Tick, no_tick
from trailergen.ssmp.chain import best_ascending
from trailergen.ssmp.constraints import Bools, Floats, Ints, Rules
from trailergen.ssmp.decoders.result import Filling, Predict, Record
from trailergen.ssmp.decoders.scheduled import ROUNDS, calibrate, scheduled
from trailergen.ssmp.decoders.state import Board, softmax
from trailergen.ssmp.energy import Energy

_SOLUTIONS = 8
"""Most exact solutions in the last round, each with more penalty on what it repeats. Before it one is enough: what it
repeats is replaced."""
_STARTS = 2
"""From how many of them the search climbs."""
_PENALTY = 0.8
_UNFIT = 30.0
"""What a shot that is too short for a position loses in the chain, where no chain of fitting shots exists: the order of
the film then holds wherever it can."""
_REPEATED = 1.0
"""What two clips lose by being alike from which on they are penalised."""
_SWEEPS = 12
_REACH = 6
"""How far apart two clips may be that are exchanged, or a clip from where it is moved to."""
_GAIN = 1e-6
"""Less is rounding."""


def fill_styled(predict: Predict, rules: Rules, seed: int = 0, tick: Tick = no_tick, rounds: int = ROUNDS) -> Filling:
    """Fill in ``min(J, rounds)`` forward passes, J being the number of positions without a pin; in none where the
    model has no weight.

    Args:
        predict: one forward pass.
        rules: what the filling must respect; its constraints have an energy.
        seed: of nothing; every decoder takes one.
        tick: progress, in units of filled positions.
        rounds: K, the most passes to make.

    Raises:
        ValueError: the constraints have no energy.
    """
    energy = rules.constraints.energy
    if energy is None:
        raise ValueError("there is no energy to fill by")
    board = Board(rules)
    record = Record(board)
    free = np.flatnonzero(rules.free)
    fits: Bools = rules.available & (rules.length >= rules.needed[:, None])
    opinion = np.zeros_like(rules.prior)
    judged = energy.judged(opinion)
    confidence = np.zeros(len(board.shots))
    last = min(len(free), rounds if energy.model else 1)
    former: Ints | None = None
    kept = 0
    for round_ in range(1, last + 1):
        record.passes = round_
        if energy.model:
            masked = np.flatnonzero(board.masked)
            opinion[masked] = energy.model * _log_softmax(predict(board.shots)[masked], fits[masked])
        judged = energy.judged(opinion + rules.prior)
        stood = board.shots.copy()
        for position in free[~board.masked[free]]:
            board.clear(int(position))
        former = _solve(board, judged, free, fits, _SOLUTIONS if round_ == last else 1, former)
        gains, allowed = _in_view_of_others(board, judged, free)
        sharpness = calibrate(gains, allowed)
        certain, shown = softmax(gains, allowed), softmax(sharpness * gains, allowed)
        chosen = board.shots[free]
        standing = certain[np.arange(len(free)), chosen]
        confidence[free] = shown[np.arange(len(free)), chosen]
        for row, position in enumerate(free.tolist()):
            record.judge(position, shown[row], fresh=stood[position] != board.shots[position])
        target = scheduled(round_, last, len(free))
        for position in free[np.argsort(-standing, kind="stable")[target:]]:
            board.clear(int(position))
        tick(float(target - kept))
        kept = target
    filling = record.finish(confidence)
    return replace(filling, reasons=judged.reasons(filling.shots, rules.available))


def refine(board: Board, energy: Energy, free: Ints) -> None:
    """Replace, exchange and move clips at the free positions (n,) of a filled board while the energy rises."""
    for _ in range(_SWEEPS):
        replaced = [_replace(board, energy, position) for position in free.tolist()]
        reordered = [
            _reorder(board, energy, free[first : last + 1])
            for first in range(len(free))
            for last in range(first + 1, min(len(free), first + _REACH + 1))
        ]
        if not any(replaced) and not any(reordered):
            return


def _solve(board: Board, energy: Energy, free: Ints, fits: Bools, solutions: int, former: Ints | None) -> Ints:
    """Fill the free positions (n,) of a board on which only pins stand; returns their shots.

    The search climbs from several trailers, and the best it reaches counts: the best chains of up to ``solutions``, and
    ``former``, where it ended a round ago.
    """
    starts: list[Ints | None] = [*_chains(board, energy, free, fits, solutions)[:_STARTS]]
    starts += [former] if former is not None else []
    best: tuple[float, Ints] | None = None
    for start in starts or [None]:
        _fill(board, energy, free, start)
        refine(board, energy, free)
        total = energy.total(board.shots)
        if best is None or total > best[0] + _GAIN:
            best = total, board.shots[free]
        for position in free.tolist():
            board.clear(position)
    shots = best[1] if best else free[:0]
    for position, shot in zip(free.tolist(), shots.tolist(), strict=True):
        board.place(position, shot)
    return shots


def _fill(board: Board, energy: Energy, free: Ints, wanted: Ints | None) -> None:
    """Put the wanted shots (n,) at the free positions where they may stand, and what gains most at the others."""
    for position, shot in zip(free.tolist(), [] if wanted is None else wanted.tolist(), strict=wanted is not None):
        if board.allowed(np.array([position]))[0, shot]:
            board.place(position, shot)
    while (left := free[board.masked[free]]).size:
        gains = np.stack([energy.conditional(board.shots, position) for position in left.tolist()])
        gains = np.where(board.allowed(left), gains, -np.inf)
        row, shot = divmod(int(gains.argmax()), gains.shape[1])
        board.place(int(left[row]), shot)


def _chains(board: Board, energy: Energy, free: Ints, fits: Bools, solutions: int) -> list[Ints]:
    """Ascending shots for the free positions (n,) between the pins, the best first, with less and less shown twice.

    Where no chain of fitting shots exists, shots are also tried where they are too short; none if there are too few.
    """
    shots = np.flatnonzero(fits[free].any(axis=0))
    if len(shots) < len(free):
        return []
    fitting, pair, adjoining = fits[free][:, shots], energy.pair[np.ix_(shots, shots)], np.diff(free) == 1
    wanted = np.stack([energy.conditional(board.shots, position) for position in free.tolist()])[:, shots]
    scores = np.where(fitting, wanted, -np.inf)
    if best_ascending(scores, pair, adjoining) is None:
        scores = np.where(fitting, wanted, wanted - _UNFIT)
    rows, penalty = np.arange(len(free)), np.zeros(len(shots))
    found: dict[tuple[int, ...], float] = {}
    trailer = board.shots.copy()
    for _ in range(solutions):
        chain = best_ascending(scores - penalty, pair, adjoining)
        if chain is None:
            break
        trailer[free] = shots[chain]
        found[tuple(trailer[free].tolist())] = energy.total(trailer) - _UNFIT * int((~fitting[rows, chain]).sum())
        alike = energy.apart[np.ix_(trailer, trailer)]
        if alike.max(initial=0.0) < _REPEATED:
            break
        worth = dict(zip(free.tolist(), scores[rows, chain].tolist(), strict=True))
        for first, second in np.argwhere(np.triu(alike >= _REPEATED)):
            lesser = min((first, second), key=lambda position: worth.get(int(position), np.inf))
            if int(lesser) in worth:
                penalty[shots == trailer[lesser]] += _PENALTY
    return [np.array(chain, np.int64) for chain in sorted(found, key=lambda chain: -found[chain])]


def _replace(board: Board, energy: Energy, position: int) -> bool:
    """Put the shot at a position that gains most there; whether it is another one."""
    gains = energy.conditional(board.shots, position)
    old = int(board.shots[position])
    board.clear(position)
    allowed = board.allowed(np.array([position]))[0]
    new = int(np.where(allowed, gains, -np.inf).argmax())
    better = not allowed[old] or gains[new] > gains[old] + _GAIN
    board.place(position, new if better else old)
    return better and new != old


def _reorder(board: Board, energy: Energy, positions: Ints) -> bool:
    """Exchange the first and the last of some positions, or move one behind the other; whether anything gained."""
    before = board.shots[positions]
    trailer = board.shots.copy()
    span = int(positions[0]), int(positions[-1]) + 1
    stands = energy.stretch(trailer, *span)
    orders = [np.roll(before, -1), np.roll(before, 1)]
    if len(before) > 2:
        orders.append(np.array([before[-1], *before[1:-1], before[0]]))
    for order in orders:
        if (board.rules.length[order] < board.rules.needed[positions]).any():
            continue
        trailer[positions] = order
        if energy.stretch(trailer, *span) > stands + _GAIN:
            for position in positions.tolist():
                board.clear(position)
            for position, shot in zip(positions.tolist(), order.tolist(), strict=True):
                board.place(position, shot)
            return True
    return False


def _in_view_of_others(board: Board, energy: Energy, free: Ints) -> tuple[Floats, Bools]:
    """What each shot would gain at each free position, and whether it might stand there: (n, I) both."""
    gains, allowed = [], []
    for position in free.tolist():
        gains.append(energy.conditional(board.shots, position))
        shot = int(board.shots[position])
        board.clear(position)
        row = board.allowed(np.array([position]))[0]
        board.place(position, shot)
        row[shot] = True
        allowed.append(row)
    return np.stack(gains), np.stack(allowed)


def _log_softmax(logits: Floats, allowed: Bools) -> Floats:
    """Logarithm of eq. 3 over the allowed shots, row by row (n, I); 0 where a shot is not allowed."""
    shifted = logits - np.where(allowed, logits, -np.inf).max(axis=1, keepdims=True, initial=-1e300)
    total = np.log(np.where(allowed, np.exp(shifted), 0.0).sum(axis=1, keepdims=True))
    result: Floats = np.where(allowed, shifted - total, 0.0)
    return result
