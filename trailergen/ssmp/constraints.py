"""Constraints on a trailer, and the order in which they give way when the film has too few shots for it.

``relax_constraints`` turns ``Constraints`` as requested into the ``RelaxedConstraints`` that a ``DecodingState`` keeps.
If no trailer can keep them all, they are relaxed in this order, each step only as far as needed:

1. near-duplicates of chosen shots are allowed, for the positions that would otherwise have nothing (see
   ``DecodingState``);
2. length: neighbouring shots are joined, so that a clip may run on from a shot into those that follow it in the
   same scene; the shots it runs over count as used. Long shots first, so that the cut inside the clip comes late;
3. flagged shots come back, one flag after the other in the order of ``RETURNING``. No other flag (black) ever does.

Banned shots never return, and no decoder uses a shot twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from trailergen.errors import PlanError
from trailergen.ssmp.energy import Energy
from trailergen.ssmp.types import Bools, Floats, Ints

RETURNING = ("short", "card", "text", "credits")


@dataclass(frozen=True)
class Constraints:
    """Constraints as requested: I shots for J positions. What is None or empty constrains nothing.

    Args:
        shots: I, the number of film shots.
        positions: J, the number of trailer positions.
        length: (I,) frames of each shot. Goes with ``needed``.
        needed: (J,) frames of each position; a shot must have at least as many.
        extended_length: (I,) frames from the start of each shot to the end of the last following shot into which a
            clip may run on. None: clips never run on.
        banned: (I,) bool, shots that must not appear.
        flags: name to (I,) bool: shots to be left out for a reason that may give way.
        pins: position to shot; pinned positions are never changed. A pin overrules flags and near-duplicates, and two
            may show one shot.
        near_duplicates: (I, I) bool, symmetric, true on the diagonal.
        prior: (J, I) finite log-prior, added to the logits of eq. 3.
        energy: an editor's rules, which the decoder then follows beside the model; None for the model alone.
    """

    shots: int
    positions: int
    length: Ints | None = None
    needed: Ints | None = None
    extended_length: Ints | None = None
    banned: Bools | None = None
    flags: Mapping[str, Bools] = field(default_factory=dict)
    pins: Mapping[int, int] = field(default_factory=dict)
    near_duplicates: Bools | None = None
    prior: Floats | None = None
    energy: Energy | None = None


@dataclass(frozen=True)
class RelaxedConstraints:
    """Constraints that can be kept: a shot for every position exists.

    Args:
        requested: the constraints they were made from.
        available: (I,) bool, shots a decoder may choose.
        length: (I,) frames a clip on the shot may show, running on where shots were joined.
        needed: (J,) frames of each position.
        free: (J,) bool, positions without a pin.
        prior: (J, I), zeros if there is none.
    """

    requested: Constraints
    available: Bools
    length: Ints
    needed: Ints
    free: Bools
    prior: Floats


def relax_constraints(constraints: Constraints) -> RelaxedConstraints:
    """Relax the constraints as far as needed, and no further.

    Raises:
        PlanError: a pin cannot be, or no relaxation leaves enough shots.
    """
    shots, positions = constraints.shots, constraints.positions
    needed = np.zeros(positions, np.int64) if constraints.needed is None else constraints.needed
    length = np.zeros(shots, np.int64) if constraints.length is None else constraints.length
    prior = np.zeros((positions, shots)) if constraints.prior is None else constraints.prior
    taken = _pinned_shots(constraints, length, needed)
    free = np.ones(positions, np.bool_)
    free[list(constraints.pins)] = False

    for returned in range(len(RETURNING) + 1):
        available = _allowed(constraints, RETURNING[:returned]) & ~taken
        joined = _join(constraints, available, length, needed[free])
        if joined is not None:
            return RelaxedConstraints(constraints, *joined, needed, free, prior)
    raise _impossible(_allowed(constraints, RETURNING) & ~taken, length, needed[free])


def slack(thresholds: Ints, available: Bools, length: Ints, needed: Ints) -> Ints:
    """For each length x: available shots of at least x frames less positions that need at least x.

    There is a shot for every position exactly if no slack is negative (Hall's theorem: the sets of fitting shots are
    nested).
    """
    supply = np.sort(length[available])
    demand = np.sort(needed)
    result: Ints = (len(supply) - np.searchsorted(supply, thresholds)) - (
        len(demand) - np.searchsorted(demand, thresholds)
    )
    return result


def _allowed(constraints: Constraints, returned: tuple[str, ...]) -> Bools:
    """(I,) bool: shots that are not banned and carry no flag but ``returned`` ones."""
    out = np.zeros(constraints.shots, np.bool_) if constraints.banned is None else constraints.banned.copy()
    for name, flagged in constraints.flags.items():
        if name not in returned:
            out |= flagged
    return ~out


def _join(constraints: Constraints, available: Bools, length: Ints, needed: Ints) -> tuple[Bools, Ints] | None:
    """Join as few shots as give every position one; returns the shots available then and their lengths, or None.

    From the longest need down: joining for one length uses up shorter shots only, so longer positions stay served.
    """
    available, length = available.copy(), length.copy()
    for frames in np.unique(needed)[::-1]:
        missing = -int(slack(np.array([frames]), available, length, needed)[0])
        if missing <= 0:
            continue
        if constraints.extended_length is None:
            return None
        # A shot that is long enough by itself gains nothing by being joined to another.
        short = available & (length < frames)
        heads = np.flatnonzero(short & (constraints.extended_length >= frames))
        for head in heads[np.argsort(-length[heads], kind="stable")]:
            followers = run_on(int(head), int(frames), short, length)
            if followers is not None:
                short[[head, *followers]] = False
                available[followers] = False
                length[head] = frames
                missing -= 1
                if missing == 0:
                    break
        if missing:
            return None
    return available, length


def run_on(head: int, frames: int, usable: Bools, length: Ints) -> list[int] | None:
    """Shots after ``head`` over which a clip of ``frames`` runs, or None where one of them (or it) is not usable."""
    total, shot = int(length[head]), head
    while total < frames and usable[shot]:
        shot += 1
        if shot == len(length):
            return None
        total += int(length[shot])
    return list(range(head + 1, shot + 1)) if usable[head : shot + 1].all() else None


def _pinned_shots(constraints: Constraints, length: Ints, needed: Ints) -> Bools:
    """(I,) bool: shots that pinned clips show. Raises PlanError for a pin that cannot be."""
    shots, positions = constraints.shots, constraints.positions
    taken = np.zeros(shots, np.bool_)
    # Whatever may return may be run over: the pin is the user's word.
    allowed = _allowed(constraints, RETURNING)
    for position, shot in constraints.pins.items():
        if not (0 <= position < positions and 0 <= shot < shots):
            raise PlanError(
                f"shot {shot} cannot be pinned at positions[{position}]",
                f"the film has shots 0 to {shots - 1}, the trailer positions 0 to {positions - 1}",
            )
        if constraints.banned is not None and constraints.banned[shot]:
            raise PlanError(f"shot {shot}, pinned at positions[{position}], is banned", hint="unpin it or lift the ban")
        taken[shot] = True
    for position, shot in constraints.pins.items():
        if length[shot] >= needed[position]:
            continue
        run = None
        if constraints.extended_length is not None and constraints.extended_length[shot] >= needed[position]:
            open_shots = allowed & ~taken
            open_shots[shot] = True
            run = run_on(shot, int(needed[position]), open_shots, length)
        if run is None:
            raise PlanError(
                f"shot {shot} cannot be pinned at positions[{position}]",
                f"the position needs {needed[position]} frames, the shot has {length[shot]} and cannot run on",
                "pin a longer shot there",
            )
        taken[run] = True
    return taken


def _impossible(available: Bools, length: Ints, needed: Ints) -> PlanError:
    """The message for a film that has too few shots even when everything is relaxed."""
    count, wanted = int(available.sum()), len(needed)
    if count < wanted:
        return PlanError(
            "the film has too few shots for this trailer",
            f"{wanted} positions are to be filled, {count} of the {len(available)} shots can be used",
            "a longer --cut-length or a shorter --length makes fewer positions; or lift bans and --spoiler-free",
        )
    thresholds = np.unique(needed)
    worst = int(thresholds[np.argmin(slack(thresholds, available, length, needed))])
    return PlanError(
        "the film has too few long shots for this trailer",
        f"{int((needed >= worst).sum())} positions need a shot of at least {worst} frames, "
        f"{int((available & (length >= worst)).sum())} of the {count} shots that can be used are that long",
        "a shorter --cut-length makes shorter positions; or lift bans",
    )
