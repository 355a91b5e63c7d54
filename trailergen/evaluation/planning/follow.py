"""From a method's shots to positions that keep a plan's constraints.

A method is shown the shots that may be chosen and are long enough: as long as the longest position for which there are
twice as many such shots as positions, or else as many (``long_enough``).

It knows nothing more of lengths, near-duplicates or pins. Its k-th shot is meant for the k-th position; fewer shots
than positions are spread evenly over those that are open, each meant for its neighbours too. The constraints bend that
by this rule:

1. In trailer order, each open position takes the shot that is meant for it, if that may stand there.
2. In trailer order, each of the others takes one of the method's shots that found no place, first those that are meant
   for the positions nearest in the trailer;
3. or else, of all shots that may stand there, the nearest in the film, of two as near the earlier.

A position filled by rule 1 has confidence 1, by rule 2 one half, by rule 3 none. Methods give no probabilities: what a
plan calls alternatives are the nearest shots in the film, each with a share that halves from shot to shot.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from trailergen.runtime.progress import Tick, no_tick
from trailergen.ssmp.constraints import RelaxedConstraints
from trailergen.ssmp.decoders.result import DecodingResult, DecodingTrace
from trailergen.ssmp.decoders.state import DecodingState
from trailergen.ssmp.types import MASKED, Floats, Ints

MOVED = 0.5


def follow(sequence: Sequence[int], constraints: RelaxedConstraints, name: str, tick: Tick = no_tick) -> DecodingResult:
    """Fill a trailer as a method wants it.

    Args:
        sequence: distinct shots, at least one if a position is open.
        constraints: to be kept.
        name: of the method, for the notes of positions that differ.
        tick: progress, in units of filled positions.
    """
    state = DecodingState(constraints)
    trace = DecodingTrace(state)
    trace.passes = 1
    meant = _meant(sequence, constraints)
    confidence = np.zeros(len(meant))
    differs: dict[int, str] = {}

    def place(position: int, shot: int, sure: float) -> None:
        trace.fill(position, shot, _near(meant[position], len(constraints.available)))
        confidence[position] = sure
        if sure < 1:
            differs[position] = f"{name} meant shot {meant[position]} for here, which may not stand here"
        tick(1)

    for position in np.flatnonzero(state.masked):
        if state.allowed(np.array([position]))[0, meant[position]]:
            place(int(position), int(meant[position]), 1.0)
    for position in np.flatnonzero(state.masked):
        allowed = state.allowed(np.array([position]))[0]
        homeless = [j for j in np.flatnonzero(meant != MASKED) if allowed[meant[j]]]
        if homeless:
            nearest = homeless[int(np.abs(np.array(homeless) - position).argmin())]
            place(int(position), int(meant[nearest]), MOVED)
        else:
            shots = np.flatnonzero(allowed)
            place(int(position), int(shots[np.abs(shots - meant[position]).argmin()]), 0.0)
    found = trace.finish(confidence)
    notes = tuple((*own, *([differs[at]] if at in differs else [])) for at, own in enumerate(found.notes))
    return replace(found, notes=notes)


def long_enough(constraints: RelaxedConstraints) -> Ints:
    """The shots (n,) that a method is shown, increasing."""
    open_positions = int(constraints.free.sum())
    for least in (2 * open_positions, open_positions):
        for frames in np.unique(constraints.needed[constraints.free])[::-1]:
            found = constraints.available & (constraints.length >= frames)
            if found.sum() >= least:
                return np.flatnonzero(found)
    return np.flatnonzero(constraints.available)


def _meant(sequence: Sequence[int], constraints: RelaxedConstraints) -> Ints:
    """The shot that is meant for each position (J,)."""
    positions = len(constraints.needed)
    meant = np.full(positions, MASKED, np.int64)
    if not len(sequence):
        return meant
    if len(sequence) == positions:
        return np.array(sequence, np.int64)
    slots = np.flatnonzero(constraints.free)
    meant[slots] = np.array(sequence)[np.arange(len(slots)) * len(sequence) // max(len(slots), len(sequence))]
    return meant


def _near(shot: int, shots: int) -> Floats:
    """Shares (I,) of the shots by how near they are to one of them, of sum 1."""
    shares = 0.5 ** np.minimum(np.abs(np.arange(shots) - shot), 60.0)
    result: Floats = shares / shares.sum()
    return result
