"""The positions of a plan changed as edits ask, and those around them filled anew."""

from __future__ import annotations

from collections.abc import Sequence, Set

from trailergen.edit.compose import clip_at, segments_of
from trailergen.edit.draft import Draft
from trailergen.edit.revise.around import Fill, constraints_around
from trailergen.edit.revise.decide import Decision, Grounds, Open, Place, Stay, check_edits, decide
from trailergen.edit.revise.order import Order, carried, moved
from trailergen.edit.revise.request import Edits
from trailergen.errors import PlanError
from trailergen.plans import Alternative, Ban, Plan, Position, span, violations
from trailergen.ssmp.decoders.result import DecodingResult


def revise_clips(plan: Plan, draft: Draft, edits: Edits, fill: Fill) -> Plan:
    """The plan with its clips edited; what the edits do not touch stays as it is, field for field.

    Args:
        plan: a valid one.
        draft: the same film, with the plan's bans and those of the edits. If its positions are not the plan's (other
            music, another length), clips are carried over to the position that has their share of the trailer, if they
            fit.
        edits: what to change.
        fill: the model, called once, unless every clip stays.

    Raises:
        UsageError: an edit names a position or an alternative that the plan does not have, or contradicts another.
        PlanError: no trailer can be as it is asked for.
    """
    check_edits(plan, edits)
    bans = all_bans(plan, edits)
    grounds = Grounds(plan, draft, edits, bans)
    same = grounds.same_positions
    places = moved(len(plan.positions), edits.moves)
    order: Order = [*places] if same else carried(plan, draft, grounds.kept, places)
    decisions = decide(grounds, order)
    positions = [decision.entry for decision in decisions if isinstance(decision, Stay)]
    relaxed = list(plan.relaxed)
    if len(positions) < len(decisions) or edits.more or edits.less:
        filling = fill(constraints_around(plan, draft, decisions))
        taken = {position.id for position in plan.positions}
        positions = [_position(decision, draft, filling, index, taken) for index, decision in enumerate(decisions)]
        relaxed = _relaxed(plan, filling, decisions)
    revised = plan.model_copy(
        update={
            "music": draft.music,
            "sequence": plan.sequence.model_copy(update={"frames": draft.record_bounds[-1]}),
            "segments": plan.segments if same else segments_of(draft),
            "positions": positions,
            "bans": list(bans),
            "relaxed": relaxed,
        }
    )
    if problems := violations(revised):
        raise PlanError("the edits make no valid plan", "\n       ".join(problems))
    return revised


def all_bans(plan: Plan, edits: Edits) -> tuple[Ban, ...]:
    """The plan's bans, and those that the edits add. Raises UsageError."""
    return (*plan.bans, *(ban for ban in edits.bans(plan) if ban not in plan.bans))


def free_id(taken: Set[str], index: int) -> str:
    """A name for the position of that index that is not taken."""
    name = f"p{index:03d}"
    while name in taken:
        name += "n"
    return name


def _position(decision: Decision, draft: Draft, filling: DecodingResult, index: int, taken: Set[str]) -> Position:
    if isinstance(decision, Stay):
        return decision.entry
    entry = decision.entry
    fresh = clip_at(draft, filling, index, free_id(taken, index) if entry is None else entry.id)
    if isinstance(decision, Place):
        changed = _cut_anew if decision.shot == decision.entry.shot else _chosen
        return changed(decision.entry, fresh)
    return fresh if entry is None else _refilled(entry, fresh, decision.rejected)


def _cut_anew(entry: Position, fresh: Position) -> Position:
    """A position that went elsewhere with its shot: the part that was shown, as much of it as there is time for."""
    source, length = fresh.source, len(fresh.record)
    if (spare := len(entry.source) - length) >= 0:
        start = entry.source.start + spare // 2
        source = span(start, start + length)
    return entry.model_copy(update={"source": source, "record": fresh.record, "notes": fresh.notes})


def _chosen(entry: Position, fresh: Position) -> Position:
    """A position that shows another shot, chosen by hand; the one it showed becomes its first alternative."""
    shot = fresh.shot
    known = {alternative.shot: alternative.probability for alternative in entry.alternatives}
    others = [alternative for alternative in entry.alternatives if alternative.shot != shot]
    return entry.model_copy(
        update={
            "shot": shot,
            "source": fresh.source,
            "record": fresh.record,
            "notes": fresh.notes,
            "confidence": known.get(shot, 1.0),
            "round": 0,
            "alternatives": [Alternative(shot=entry.shot, probability=entry.confidence), *others],
        }
    )


def _refilled(entry: Position, fresh: Position, rejected: Sequence[int]) -> Position:
    """A position that the model filled anew; it keeps its name, and remembers what shall not stand there again."""
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
            "rejected": sorted({*rejected}),
        }
    )


def _relaxed(plan: Plan, filling: DecodingResult, decisions: Sequence[Decision]) -> list[str]:
    """The constraints that gave way in the plan, and those in the positions filled anew."""
    if not any(isinstance(decision, Open) for decision in decisions):
        return list(plan.relaxed)
    return [*plan.relaxed, *(line for line in filling.relaxed if line not in plan.relaxed)]
