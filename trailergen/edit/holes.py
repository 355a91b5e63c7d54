"""A plan whose clips are an editor's cut, and whose holes the model fills in view of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise

from trailergen.edit.compose import Draft, clip_at, segments_of
from trailergen.edit.requests import Fill, constraints_around, free_id
from trailergen.errors import PlanError
from trailergen.plans import Plan, Position, Range, shots_in, span, violations
from trailergen.timebase import round_half_up
from trailergen.timeline.read.events import Cut, CutClip

_LEAST_S = Fraction(2, 5)
"""Where the music's boundaries would cut a piece shorter than this off a hole, they do not."""


@dataclass(frozen=True)
class Place:
    """A stretch of the trailer, in record frames, and the editor's clip in it; None in a hole."""

    record: Range
    clip: CutClip | None


def places_of(plan: Plan, cut: Cut, beats: Sequence[int]) -> list[Place]:
    """The trailer as the editor's clips and the holes between them.

    Args:
        plan: of the same film and music.
        cut: the editor's.
        beats: record frames at which holes are cut, in order.

    Raises:
        PlanError: the cut is longer than the plan's music.
    """
    frames = plan.sequence.frames
    if cut.clips[-1].record.end > frames:
        rate = float(plan.sequence.rate)
        raise PlanError(
            "the cut is longer than the plan's music",
            f"it ends at {cut.clips[-1].record.end / rate:.2f} s, the music at {frames / rate:.2f} s",
            "make a plan with a greater --length first",
        )
    least = round_half_up(plan.sequence.rate * _LEAST_S)
    places: list[Place] = []
    end = 0
    for clip in (*cut.clips, None):
        hole_end = frames if clip is None else clip.record.start
        edges = [end]
        edges += [beat for beat in beats if end + least <= beat <= hole_end - least]
        places += [Place(span(*piece), None) for piece in pairwise((*edges, hole_end)) if piece[0] < piece[1]]
        if clip is not None:
            places.append(Place(clip.record, clip))
            end = clip.record.end
    return places


def fill_cut(plan: Plan, draft: Draft, cut: Cut, beats: Sequence[int], fill: Fill) -> Plan:
    """The plan with the editor's clips, pinned, and its holes filled with other shots than the plan had there.

    Args:
        plan: of the same film and music.
        draft: that plan's.
        cut: the editor's.
        beats: record frames at which holes are cut, in order.
        fill: the model, called once.

    Raises:
        PlanError: the cut is longer than the music, shows what a ban forbids, or its holes cannot be filled.
    """
    places = places_of(plan, cut, beats)
    draft = replace(draft, boundaries=_samples(plan, places))
    known = {(position.source.start, position.source.end): position for position in plan.positions}
    taken = {position.id for position in plan.positions}
    stays: dict[int, Position] = {}
    open_: dict[int, list[int]] = {}
    for index, place in enumerate(places):
        if place.clip is None:
            open_[index] = _removed(plan, cut, place.record)
        elif entry := known.pop((place.clip.source.start, place.clip.source.end), None):
            stays[index] = entry.model_copy(update={"record": place.record, "pinned": True})
        else:
            name = free_id(taken, index)
            taken.add(name)
            stays[index] = _new(plan, place.clip, name)
    segments = segments_of(draft)
    filling = fill(constraints_around(plan, draft, stays, rejected=open_.values()))
    positions = []
    for index in range(len(places)):
        if index not in stays:
            name = free_id(taken, index)
            taken.add(name)
            stays[index] = clip_at(draft, filling, index, name).model_copy(update={"rejected": open_[index]})
        positions.append(stays[index])
    update = {"segments": segments, "positions": positions, "relaxed": list(filling.relaxed)}
    made = plan.model_copy(update=update)
    if problems := violations(made):
        raise PlanError("the cut cannot be a plan", "\n       ".join(problems))
    return made


def _new(plan: Plan, clip: CutClip, name: str) -> Position:
    shots = shots_in(plan, clip.source)
    if not shots or plan.shots[shots[0]].start > clip.source.start:
        at = float(clip.record.start / plan.sequence.rate)
        raise PlanError(f"the clip at {at:.2f} s begins between two shots of the film", hint="move its first frame")
    return Position(
        id=name, shot=shots[0], source=clip.source, record=clip.record, confidence=1.0, round=0, pinned=True
    )


def _removed(plan: Plan, cut: Cut, hole: Range) -> list[int]:
    """Shots that the plan showed in a hole and the editor shows nowhere: they were taken out."""
    kept = {number for clip in cut.clips for number in shots_in(plan, clip.source)}
    return [
        position.shot for position in plan.positions if position.record.overlaps(hole) and position.shot not in kept
    ]


def _samples(plan: Plan, places: Sequence[Place]) -> tuple[int, ...]:
    """Where the places begin and end in the music, in samples, each the middle of those that round to its frame."""
    part, rate = plan.music.part, plan.sequence.rate
    inner = [part.start + round_half_up(place.record.start / rate * plan.music.sample_rate) for place in places[1:]]
    return (part.start, *inner, part.end)
