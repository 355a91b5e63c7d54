"""Decisions, one for each position: its clip stays, is cut anew from a known shot, or is left to the model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cached_property

from trailergen.edit.draft import Draft
from trailergen.edit.revise.order import taken_along
from trailergen.edit.revise.request import Edits
from trailergen.edit.revise.spelling import show_positions
from trailergen.errors import PlanError, UsageError
from trailergen.plans import Ban, Plan, Position, shots_in


@dataclass(frozen=True)
class Stay:
    """The position is kept field for field."""

    entry: Position


@dataclass(frozen=True)
class Place:
    """The position, from elsewhere or with another shot, whose clip is cut from ``shot`` for its new length."""

    entry: Position
    shot: int


@dataclass(frozen=True)
class Open:
    """The model fills the position.

    Attributes:
        entry: the position that stood there, None where there was none.
        rejected: shots that are offered nowhere.
    """

    entry: Position | None
    rejected: tuple[int, ...] = ()


Decision = Stay | Place | Open


@dataclass(frozen=True)
class Grounds:
    """All that a decision depends on.

    Attributes:
        plan: the one that is revised.
        draft: its film, with the new trailer's positions and bans.
        edits: what is asked for.
        bans: of the plan, and those that are asked for.
    """

    plan: Plan
    draft: Draft
    edits: Edits
    bans: tuple[Ban, ...]

    @cached_property
    def chosen(self) -> Mapping[int, int]:
        """Shots that were chosen by hand, by position of the plan."""
        swapped = {at: self.plan.positions[at].alternatives[n - 1].shot for at, n in self.edits.swaps.items()}
        return swapped | dict(self.edits.chosen)

    @cached_property
    def pinned(self) -> Set[int]:
        """Positions of the plan that must stay."""
        asked = {*self.edits.pins, *self.edits.swaps}
        already = {at for at, entry in enumerate(self.plan.positions) if entry.pinned}
        return (asked | already) - self.edits.unpins

    @cached_property
    def taken_along(self) -> Set[int]:
        """Positions of the plan whose clips are moved, by name and not to make room."""
        return taken_along(len(self.plan.positions), self.edits.moves)

    @cached_property
    def kept(self) -> Set[int]:
        """Positions of the plan whose clips are somewhere in the new trailer, whatever it takes."""
        return self.pinned | self.taken_along

    @cached_property
    def held(self) -> Set[int]:
        """Shots of clips that are kept. These may share a shot, as an editor's do; others make way for them."""
        return {shot for at in self.kept - self.chosen.keys() for shot in self.shown(self.plan.positions[at])}

    @cached_property
    def same_positions(self) -> bool:
        """True where the new trailer's positions begin and end where the plan's do."""
        return [0, *(position.record.end for position in self.plan.positions)] == self.draft.record_bounds

    def shown(self, entry: Position) -> Sequence[int]:
        """Shots whose frames a position shows."""
        return shots_in(self.plan, entry.source)

    def needed(self, index: int) -> int:
        """Frames of the new trailer's position ``index``."""
        start, end = self.draft.record_bounds[index : index + 2]
        return end - start

    def fits(self, entry: Position, index: int) -> bool:
        """True if the clip, or its whole shot, is long enough for the new trailer's position ``index``."""
        return max(len(entry.source), self.draft.usable[entry.shot].length) >= self.needed(index)

    def reaches(self, entry: Position, index: int) -> bool:
        """True if the clip fits there, or might by running on into the shots after its own."""
        part = self.draft.usable[entry.shot]
        return self.fits(entry, index) or part.run_on_end - part.start >= self.needed(index)


def check_edits(plan: Plan, edits: Edits) -> None:
    """Raise UsageError for positions, alternatives or shots that are not there, or edits that contradict each other."""
    last = len(plan.positions) - 1
    moved = {end for pair in edits.moves for end in pair}
    named = {*edits.pins, *edits.unpins, *edits.rerolls, *edits.refills, *edits.swaps, *moved}
    if outside := sorted(at for at in named if not 0 <= at <= last):
        raise UsageError(f"there is no position {outside[0]}", f"the plan has positions 0 to {last}")
    for at, number in edits.swaps.items():
        count = len(plan.positions[at].alternatives)
        if not 1 <= number <= count:
            raise UsageError(f"positions[{at}] has no alternative {number}", f"it has {count}")
    chosen = list(edits.chosen.values())
    if doubled := {shot for shot in chosen if chosen.count(shot) > 1}:
        raise UsageError(f"shot {min(doubled)} is wanted at more than one position")
    for shot in chosen:
        if not 0 <= shot < len(plan.shots):
            raise UsageError(f"the film has no shot {shot}", f"its shots are 0 to {len(plan.shots) - 1}")
    for at in sorted(named):
        _check_position(plan, edits, at)
    if contrary := sorted(taken_along(len(plan.positions), edits.moves) & (edits.rerolls | edits.refills)):
        what = "re-rolled" if contrary[0] in edits.rerolls else "filled anew"
        raise UsageError(f"the clip of position {contrary[0]} cannot be moved and {what} at once")


def _check_position(plan: Plan, edits: Edits, at: int) -> None:
    asked = sum(at in group for group in (edits.pins, edits.unpins, edits.swaps))
    kept = at in edits.rerolls | edits.refills and at not in edits.unpins
    if asked > 1 or (asked and kept):
        raise UsageError(f"the edits of position {at} contradict each other")
    if kept and plan.positions[at].pinned:
        raise UsageError(f"position {at} is pinned", hint=f"--unpin {at} lets it go")


def decide(grounds: Grounds, order: Sequence[int | None]) -> list[Decision]:
    """Decide about each position of the new trailer.

    Args:
        grounds: what decisions depend on.
        order: for each position of the new trailer the position of the plan that is carried there, None for none.

    Raises:
        PlanError: what is pinned is banned, or wanted elsewhere.
    """
    held = set(grounds.held)
    decisions: list[Decision] = []
    for index, old in enumerate(order):
        decision = Open(None) if old is None else decide_one(grounds, index, old, held)
        if isinstance(decision, Stay):
            held |= {*grounds.shown(decision.entry)}
        decisions.append(decision)
    return decisions


def decide_one(grounds: Grounds, index: int, old: int, held: Set[int]) -> Decision:
    """Decide about position ``old`` of the plan as position ``index`` of the new trailer.

    Args:
        grounds: what decisions depend on.
        index, old: the positions.
        held: shots that only kept clips may show: those of kept clips and of positions that stay.

    Raises:
        PlanError: it is pinned, and what it shows is banned or wanted elsewhere.
    """
    pinned = old in grounds.pinned
    entry = _with_pin(grounds.plan.positions[old], pinned)
    if (shot := grounds.chosen.get(old, entry.shot)) != entry.shot:
        return Place(entry, shot)
    if old in grounds.kept:
        _check_kept(grounds, old)
    if old in grounds.taken_along and not grounds.reaches(entry, index):
        raise _does_not_fit(grounds, index, old)
    if _makes_way(grounds, old, held):
        return Open(entry, (*entry.rejected, entry.shot))
    if old in grounds.edits.refills:
        return Open(entry, tuple(entry.rejected))
    if grounds.same_positions and old == index:
        return Stay(entry)
    if old in grounds.kept or grounds.fits(entry, index):
        return Place(entry, entry.shot)
    return Open(entry, (*entry.rejected, entry.shot))


def _with_pin(entry: Position, pinned: bool) -> Position:
    return entry if entry.pinned == pinned else entry.model_copy(update={"pinned": pinned})


def _check_kept(grounds: Grounds, old: int) -> None:
    entry, pinned = grounds.plan.positions[old], old in grounds.pinned
    why = "pinned" if pinned else "moved"
    if (ban := _ban_of(grounds, entry)) is not None:
        hint = f"--unpin {old} lets it go" if pinned else "lift the ban, or do not move it"
        raise PlanError(f"positions[{old}] is {why} and shows what {ban.why} bans", hint=hint)
    if _wanted_elsewhere(grounds, old):
        raise PlanError(f"positions[{old}] is {why} and shows shot {entry.shot}, which is wanted elsewhere")


def _does_not_fit(grounds: Grounds, index: int, old: int) -> PlanError:
    """The reason why a clip cannot be moved to the new trailer's position ``index``, and where it can."""
    entry, rate = grounds.plan.positions[old], float(grounds.plan.sequence.rate)
    needed, found = grounds.needed(index), max(len(entry.source), grounds.draft.usable[entry.shot].length)
    fitting = [at for at in range(grounds.draft.count) if grounds.fits(entry, at)]
    return PlanError(
        f"the clip of position {old} is too short for position {index}",
        f"that lasts {needed} frames ({needed / rate:.2f} s), shot {entry.shot} has {found} that may be shown",
        f"it fits at {show_positions(fitting)}" if fitting else None,
    )


def _makes_way(grounds: Grounds, old: int, held: Set[int]) -> bool:
    """True for a clip that is re-rolled, or that is not kept and shows what is banned, held or wanted elsewhere."""
    if old in grounds.edits.rerolls:
        return True
    if old in grounds.kept:
        return False
    entry = grounds.plan.positions[old]
    taken = _wanted_elsewhere(grounds, old) or bool(held & {*grounds.shown(entry)})
    return taken or _ban_of(grounds, entry) is not None


def _ban_of(grounds: Grounds, entry: Position) -> Ban | None:
    return next((ban for ban in grounds.bans if ban.range.overlaps(entry.source)), None)


def _wanted_elsewhere(grounds: Grounds, old: int) -> bool:
    shot = grounds.plan.positions[old].shot
    return any(wanted == shot for at, wanted in grounds.chosen.items() if at != old)
