"""A plan changed where an editor asks for it, and re-thought around what stays.

A masked model does this by nature: what stays is known to it, what is to be filled anew is masked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from itertools import pairwise
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from trailergen.edit.compose import Draft, clip_at, segments_of
from trailergen.errors import PlanError, UsageError
from trailergen.plans import Alternative, Ban, Plan, Position, shots_in, span, violations
from trailergen.ssmp.constraints import Constraints

if TYPE_CHECKING:
    from trailergen.ssmp.decoders.result import DecodingResult

Fill = Callable[[Constraints], "DecodingResult"]


@dataclass(frozen=True)
class Wishes:
    """What an editor asks of a plan; positions are numbered as in the plan, from 0.

    Args:
        pin: positions that must stay, with the shot they shall show, None for the one they show.
        unpin: positions that need not stay any longer.
        reroll: positions to be filled with other shots. The replaced ones are never offered there again.
        swap: positions that shall show one of their alternatives, counted from 1.
        move: (from, to): the clip goes there, those between make room.
        bans: film frames that must not appear; clips that show them are replaced.
    """

    pin: Mapping[int, int | None] = field(default_factory=dict)
    unpin: frozenset[int] = frozenset()
    reroll: frozenset[int] = frozenset()
    swap: Mapping[int, int] = field(default_factory=dict)
    move: tuple[tuple[int, int], ...] = ()
    bans: tuple[Ban, ...] = ()


def shot_ban(plan: Plan, shot: int) -> Ban:
    """The ban of one whole shot. Raises UsageError for a shot the film does not have."""
    if not 0 <= shot < len(plan.shots):
        raise UsageError(f"the film has no shot {shot}", f"its shots are 0 to {len(plan.shots) - 1}")
    return Ban(range=span(plan.shots[shot].start, plan.shots[shot].end), why=f"--ban shot:{shot}")


def revise(plan: Plan, draft: Draft, wishes: Wishes, fill: Fill) -> Plan:
    """The plan with the wishes granted; what they do not touch stays as it is, field for field.

    Args:
        plan: a valid one.
        draft: the same film, with the plan's bans and ``wishes.bans``. If its places are not the plan's (other music,
            another length), clips are carried over to the place that has their share of the trailer, if they fit.
        wishes: what to change.
        fill: the model, called once.

    Raises:
        UsageError: a wish names a position or an alternative that the plan does not have, or contradicts another.
        PlanError: no trailer grants the wishes.
    """
    _check(plan, wishes)
    chosen = {position: plan.positions[position].alternatives[n - 1].shot for position, n in wishes.swap.items()}
    chosen |= {position: shot for position, shot in wishes.pin.items() if shot is not None}
    bans = [*plan.bans, *(ban for ban in wishes.bans if ban not in plan.bans)]
    same_places = _places(plan) == draft.record_bounds
    pinned = {
        old
        for old, entry in enumerate(plan.positions)
        if (entry.pinned or old in wishes.pin or old in wishes.swap) and old not in wishes.unpin
    }
    order = _moved(range(len(plan.positions)), wishes.move) if same_places else _carried(plan, draft, pinned)

    wanted = set(chosen.values())
    # Pinned clips may share a shot, as an editor's do; others make way for it.
    held = {shot for old in pinned - chosen.keys() for shot in shots_in(plan, plan.positions[old].source)}
    stays: dict[int, Position] = {}
    placed: dict[int, tuple[Position, int]] = {}
    open_: dict[int, Position | None] = {}
    for index, old in enumerate(order):
        if old is None:
            open_[index] = None
            continue
        entry = plan.positions[old]
        if entry.pinned != (old in pinned):
            entry = entry.model_copy(update={"pinned": old in pinned})
        if old in chosen and chosen[old] != entry.shot:
            placed[index] = (entry, chosen[old])
        elif old in wishes.reroll:
            open_[index] = entry
        elif banned := next((ban for ban in bans if ban.range.overlaps(entry.source)), None):
            if old in pinned:
                raise PlanError(
                    f"positions[{old}] is pinned and shows what {banned.why} bans", hint=f"--unpin {old} lets it go"
                )
            open_[index] = entry
        elif old not in pinned and held & {*shots_in(plan, entry.source)}:
            open_[index] = entry
        elif entry.shot in wanted:
            if old in pinned:
                raise PlanError(f"positions[{old}] is pinned and shows shot {entry.shot}, which is wanted elsewhere")
            open_[index] = entry
        elif same_places and old == index:
            stays[index] = entry
            held |= {*shots_in(plan, entry.source)}
        elif old in pinned or draft.usable[entry.shot].length >= _length(draft, index):
            placed[index] = (entry, entry.shot)
        else:
            open_[index] = entry
    rejected = [[*entry.rejected, entry.shot] for entry in open_.values() if entry is not None]
    asked = constraints_around(plan, draft, stays, placed, rejected)
    filling = fill(asked)

    taken = {position.id for position in plan.positions}
    positions = []
    for index in range(len(order)):
        if index in stays:
            positions.append(stays[index])
        elif index in placed:
            entry, shot = placed[index]
            positions.append(_put(entry, clip_at(draft, filling, index, entry.id), shot))
        else:
            positions.append(_refilled(open_[index], clip_at(draft, filling, index, free_id(taken, index))))
    relaxed = (
        [*plan.relaxed, *(line for line in filling.relaxed if line not in plan.relaxed)] if open_ else plan.relaxed
    )
    revised = plan.model_copy(
        update={
            "music": draft.music,
            "sequence": plan.sequence.model_copy(update={"frames": draft.record_bounds[-1]}),
            "segments": plan.segments if same_places else segments_of(draft),
            "positions": positions,
            "bans": bans,
            "relaxed": list(relaxed),
        }
    )
    if problems := violations(revised):
        raise PlanError("the wishes make no valid plan", "\n       ".join(problems))
    return revised


def _check(plan: Plan, wishes: Wishes) -> None:
    last = len(plan.positions) - 1
    named = {*wishes.pin, *wishes.unpin, *wishes.reroll, *wishes.swap, *(end for pair in wishes.move for end in pair)}
    if outside := sorted(position for position in named if not 0 <= position <= last):
        raise UsageError(f"there is no position {outside[0]}", f"the plan has positions 0 to {last}")
    for position, number in wishes.swap.items():
        count = len(plan.positions[position].alternatives)
        if not 1 <= number <= count:
            raise UsageError(f"positions[{position}] has no alternative {number}", f"it has {count}")
    chosen = [shot for shot in wishes.pin.values() if shot is not None]
    if doubled := {shot for shot in chosen if chosen.count(shot) > 1}:
        raise UsageError(f"shot {min(doubled)} is wanted at more than one position")
    for shot in wishes.pin.values():
        if shot is not None and not 0 <= shot < len(plan.shots):
            raise UsageError(f"the film has no shot {shot}", f"its shots are 0 to {len(plan.shots) - 1}")
    groups = (set(wishes.pin), set(wishes.unpin), set(wishes.swap))
    for position in sorted(named):
        asked = sum(position in group for group in groups)
        if asked > 1 or (asked and position in wishes.reroll and position not in wishes.unpin):
            raise UsageError(f"the wishes for position {position} contradict each other")
        if position in wishes.reroll and plan.positions[position].pinned and position not in wishes.unpin:
            raise UsageError(f"position {position} is pinned", hint=f"--unpin {position} lets it go")


def _places(plan: Plan) -> list[int]:
    """Record frames at which the places begin and end, (J + 1)."""
    return [0, *(position.record.end for position in plan.positions)]


def _length(draft: Draft, index: int) -> int:
    return draft.record_bounds[index + 1] - draft.record_bounds[index]


def _moved(order: range, moves: tuple[tuple[int, int], ...]) -> list[int | None]:
    moved: list[int | None] = list(order)
    for start, end in moves:
        moved.insert(end, moved.pop(start))
    return moved


def _carried(plan: Plan, draft: Draft, pinned: Set[int]) -> list[int | None]:
    """For each place of the draft the position of the plan that has its share of the trailer, pinned ones first."""
    bounds = draft.record_bounds
    middles = np.array([(start + end) / 2 / bounds[-1] for start, end in pairwise(bounds)])
    order: list[int | None] = [None] * len(middles)
    pinned_first = sorted(range(len(plan.positions)), key=lambda old: old not in pinned)
    for old in pinned_first:
        record = plan.positions[old].record
        middle = (record.start + record.end) / 2 / plan.sequence.frames
        nearest = np.argsort(np.abs(middles - middle), kind="stable")
        # A pinned clip takes the nearest place that is free; others only the one that is theirs.
        reach = nearest if old in pinned else nearest[:1]
        place = next((int(place) for place in reach if order[place] is None), None)
        if place is not None:
            order[place] = old
        elif old in pinned:
            raise PlanError(f"there are {len(order)} places, fewer than pinned positions", hint="unpin some")
    return order


def constraints_around(
    plan: Plan,
    draft: Draft,
    stays: Mapping[int, Position],
    placed: Mapping[int, tuple[Position, int]] = MappingProxyType({}),
    rejected: Iterable[Sequence[int]] = (),
) -> Constraints:
    """What the decoder must respect: what stays is pinned, and as long as it needs to be.

    Args:
        plan: whose shots are numbered.
        draft: the places.
        stays: positions that keep their clip as it is, by place.
        placed: positions whose clip is to be made anew of a shot, by place.
        rejected: shots that are not offered.
    """
    asked = draft.constraints()
    needed, banned = np.array(asked.needed), np.array(asked.banned)
    for shots in rejected:
        banned[list(shots)] = True
    for index, entry in stays.items():
        needed[index] = 0
        banned[shots_in(plan, entry.source)] = True
    pins = {index: entry.shot for index, entry in stays.items()} | {index: shot for index, (_, shot) in placed.items()}
    for index, shot in pins.items():
        if index in stays or draft.usable[shot].length:
            banned[shot] = False
    return replace(asked, needed=needed, banned=banned, pins=pins)


def _put(entry: Position, fresh: Position, shot: int) -> Position:
    """A position whose shot was chosen by hand, or whose clip goes to another place."""
    changes = {"shot": shot, "source": fresh.source, "record": fresh.record, "notes": fresh.notes}
    if shot == entry.shot:
        length, spare = len(fresh.record), len(entry.source) - len(fresh.record)
        if spare >= 0:  # the part that was shown, as much of it as there is time for
            start = entry.source.start + spare // 2
            changes["source"] = span(start, start + length)
        return entry.model_copy(update=changes)
    known = {alternative.shot: alternative.probability for alternative in entry.alternatives}
    others = [alternative for alternative in entry.alternatives if alternative.shot != shot]
    return entry.model_copy(
        update={
            **changes,
            "confidence": known.get(shot, 1.0),
            "round": 0,
            "alternatives": [Alternative(shot=entry.shot, probability=entry.confidence), *others],
        }
    )


def _refilled(entry: Position | None, fresh: Position) -> Position:
    """A position that the model filled anew; it keeps its name, and remembers what stood there."""
    if entry is None:
        return fresh
    return entry.model_copy(
        update={
            "shot": fresh.shot,
            "source": fresh.source,
            "record": fresh.record,
            "confidence": fresh.confidence,
            "round": fresh.round,
            "alternatives": fresh.alternatives,
            "notes": fresh.notes,
            "pinned": False,
            "rejected": sorted({*entry.rejected, entry.shot}),
        }
    )


def free_id(taken: Set[str], index: int) -> str:
    """A name for the position of that index that is not taken."""
    name = f"p{index:03d}"
    while name in taken:
        name += "n"
    return name
