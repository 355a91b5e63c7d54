"""Dissolves and dips between clips: which cuts get them, and the frames that they take.

A transition lies with its middle over a cut. A dissolve shows frames beside those of its two clips, the handles: they
are taken from the usable part of the same shot. Where a clip lies too near the end of its shot it is moved within it,
if not pinned; where the shot is too short the transition is, and below ``LEAST_FRAMES`` it is left out. None reaches
farther than a third into a clip, under a card, or into the closing fade.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from trailergen.edit.usable import Usable
from trailergen.errors import UsageError
from trailergen.plans import Plan, Position, Transition, closing_frames, span
from trailergen.settings.transitions import LEAST_FRAMES, TransitionWish

_SHARE = 3
"""One of so many frames of a clip, at most, is a transition's on each side."""


def put_transitions(
    plan: Plan, wishes: Sequence[TransitionWish], usable: Sequence[Usable], old: Plan | None = None
) -> tuple[Plan, list[str]]:
    """A plan with the transitions that are wished for, and in words what of them could not be.

    Args:
        plan: without transitions; its cards count.
        wishes: for the same cut the last one counts; a cut is none.
        usable: the part of each shot that may be shown.
        old: a plan whose transitions stay at the cuts that are still there.

    Raises:
        UsageError: there is no such position.
    """
    wanted = _kept(plan, old) if old else {}
    turns, told = tuple(_turns(plan)), list[str]()
    for wish in wishes:
        if wish.at is None:
            wanted |= dict.fromkeys(turns, wish)
            told += [] if turns else [f"{wish}: the film's acts do not turn in this trailer"]
        elif wish.at >= len(plan.positions):
            raise UsageError(
                f"there is no position {wish.at} for {wish}",
                f"the trailer has positions 0 to {len(plan.positions) - 1}",
            )
        else:
            wanted[wish.at] = wish
    positions, found = list(plan.positions), []
    room = _Room(plan, usable)
    for index, wish in sorted(wanted.items()):
        if wish.kind == "cut":
            continue
        frames = room.most(positions, index, wish)
        if frames < LEAST_FRAMES:
            told.append(f"{wish.kind} at position {index} is left out: there is no room for it")
            continue
        if frames < wish.frames:
            told.append(
                f"{wish.kind} at position {index} lasts {frames} frames, not {wish.frames}: for more there is no room"
            )
        if wish.kind == "dissolve":
            positions[index - 1] = room.moved(positions[index - 1], after=frames - frames // 2)
            positions[index] = room.moved(positions[index], before=frames // 2)
            room.early[positions[index].id] = frames // 2
        cut = positions[index].record.start
        record = span(cut - frames // 2, cut - frames // 2 + frames)
        found.append(Transition(kind=wish.kind, position=positions[index].id, record=record))
    return plan.model_copy(update={"positions": positions, "transitions": found}), told


def _kept(plan: Plan, old: Plan) -> dict[int, TransitionWish]:
    """Transitions of an old plan between two positions that still follow each other, by the second one's index."""
    before = {entry.id: previous.id for previous, entry in zip(old.positions, old.positions[1:], strict=False)}
    names = [entry.id for entry in plan.positions]
    found = {}
    for transition in old.transitions:
        index = names.index(transition.position) if transition.position in names else 0
        if index and names[index - 1] == before.get(transition.position):
            found[index] = TransitionWish(transition.kind, len(transition.record), index)
    return found


def _turns(plan: Plan) -> Iterator[int]:
    """Positions whose shot is of another act of the film than that before."""
    acts = [plan.shots[position.shot].readings.get("act") for position in plan.positions]
    for index, (before, act) in enumerate(itertools.pairwise(acts), 1):
        if before is not None and act is not None and before != act:
            yield index


@dataclass(frozen=True)
class _Room:
    """The frames that transitions may take of clips; ``early`` are those before a position, by its id, that one has
    taken already."""

    plan: Plan
    usable: Sequence[Usable]
    early: dict[str, int] = field(default_factory=dict)

    def most(self, positions: Sequence[Position], index: int, wish: TransitionWish) -> int:
        """Frames of the transition where position ``index`` begins; 0 where a card lies over the cut."""
        before, after = positions[index - 1], positions[index]
        cut, cards = after.record.start, [card.record for card in self.plan.cards]
        if any(card.start < cut < card.end for card in cards):
            return 0
        room = [abs(cut - edge) for card in cards for edge in (card.start, card.end)]
        if index == len(positions) - 1:
            room.append(max(0, self.plan.sequence.frames - closing_frames(self.plan) - cut))
        clips = min(len(before.record), len(after.record)) // _SHARE
        frames = min(wish.frames, 2 * min(clips, *room, wish.frames))
        while wish.kind == "dissolve" and frames >= LEAST_FRAMES:
            if self._spare(before, after=frames - frames // 2) and self._spare(after, before=frames // 2):
                break
            frames -= 1
        return frames

    def moved(self, position: Position, before: int = 0, after: int = 0) -> Position:
        """A position moved within its shot so far that there are frames beside it."""
        start, end = self._bounds(position)
        length = len(position.source)
        first = min(max(position.source.start, start + before), end - after - length)
        return position.model_copy(update={"source": span(first, first + length)})

    def _spare(self, position: Position, before: int = 0, after: int = 0) -> bool:
        """True where there are frames beside a clip, or would be if it were moved."""
        start, end = self._bounds(position)
        source = position.source
        if position.pinned:
            return source.start - before >= start and source.end + after <= end
        return len(source) + before + after <= end - start

    def _bounds(self, position: Position) -> tuple[int, int]:
        """Film frames that a clip and its handles may show, less those that a transition has taken before it."""
        part, source = self.usable[position.shot], position.source
        start = min(part.start, source.start)
        return min(start + self.early.get(position.id, 0), source.start), max(part.end, source.end)
