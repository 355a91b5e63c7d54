"""A plan whose clips are an editor's cut, and whose holes the model fills in view of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise

from trailergen.edit.compose import clip_at, segments_of
from trailergen.edit.draft import Draft
from trailergen.edit.revise.around import Fill, constraints_around
from trailergen.edit.revise.clips import free_id
from trailergen.edit.revise.decide import Decision, Open, Stay
from trailergen.errors import PlanError
from trailergen.plans import Plan, Position, Range, shots_in, span, violations
from trailergen.timebase import round_half_up
from trailergen.timeline.read.events import Cut, CutClip

_LEAST_S = Fraction(2, 5)
"""No piece of a hole is shorter than this, unless the hole is."""


@dataclass(frozen=True)
class Stretch:
    """Record frames that become one position, and the editor's clip there; None in a hole."""

    record: Range
    clip: CutClip | None


def playable(plan: Plan, cut: Cut) -> Cut:
    """The clips of a cut that the plan can hold, the last of them no longer than the music; the others are named.

    Raises:
        PlanError: there is none.
    """
    clips: list[CutClip] = []
    remarks = list(cut.remarks)
    for clip in cut.clips:
        what = f"the clip at {float(clip.record.start / plan.sequence.rate):.2f} s"
        if why := _why_not(plan, clip):
            remarks.append(f"{what} is left out, {why}")
            continue
        if (over := clip.record.end - plan.sequence.frames) > 0:
            remarks.append(f"{what} loses its last {over} frames, the music ends before them: see --length")
            clip = CutClip(
                span(clip.record.start, clip.record.end - over), span(clip.source.start, clip.source.end - over)
            )
        clips.append(clip)
    if not clips:
        raise PlanError("nothing of the cut can stand in the plan", "\n       ".join(remarks))
    return Cut(tuple(clips), tuple(remarks), cut.joins)


def _why_not(plan: Plan, clip: CutClip) -> str:
    """The reason why a plan cannot hold a clip; empty if it can."""
    if clip.record.start >= plan.sequence.frames:
        end = float(plan.sequence.frames / plan.sequence.rate)
        return f"the music ends at {end:.2f} s: a plan with a greater --length holds it"
    if not any(shot.start <= clip.source.start < shot.end for shot in plan.shots):
        return "it begins between two shots of the film"
    banned = next((ban for ban in plan.bans if ban.range.overlaps(clip.source)), None)
    return f"it shows frames banned by {banned.why}" if banned else ""


def stretches_of(plan: Plan, cut: Cut, beats: Sequence[int]) -> list[Stretch]:
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
    stretches: list[Stretch] = []
    end = 0
    for clip in (*cut.clips, None):
        hole_end = frames if clip is None else clip.record.start
        edges = [end]
        edges += [beat for beat in beats if end + least <= beat <= hole_end - least]
        stretches += [Stretch(span(*piece), None) for piece in pairwise((*edges, hole_end)) if piece[0] < piece[1]]
        if clip is not None:
            stretches.append(Stretch(clip.record, clip))
            end = clip.record.end
    return stretches


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
    stretches = stretches_of(plan, cut, beats)
    draft = replace(draft, boundaries=_samples(plan, stretches))
    taken = {position.id for position in plan.positions}
    decisions = _decisions(plan, cut, stretches, taken)
    segments = segments_of(draft)
    filling = fill(constraints_around(plan, draft, decisions))
    positions = []
    for index, decision in enumerate(decisions):
        if isinstance(decision, Stay):
            positions.append(decision.entry)
        elif isinstance(decision, Open):
            fresh = clip_at(draft, filling, index, _claim_id(taken, index))
            positions.append(fresh.model_copy(update={"rejected": list(decision.rejected)}))
    update = {"segments": segments, "positions": positions, "relaxed": list(filling.relaxed)}
    made = plan.model_copy(update=update)
    if problems := violations(made):
        raise PlanError("the cut cannot be a plan", "\n       ".join(problems))
    return made


def _decisions(plan: Plan, cut: Cut, stretches: Sequence[Stretch], taken: set[str]) -> list[Decision]:
    """The editor's clips stay, under the names that the plan has for them, and the holes are open."""
    known = {(position.source.start, position.source.end): position for position in plan.positions}
    decisions: list[Decision] = []
    for index, stretch in enumerate(stretches):
        if stretch.clip is None:
            decisions.append(Open(None, _removed(plan, cut, stretch.record)))
        elif entry := known.pop((stretch.clip.source.start, stretch.clip.source.end), None):
            decisions.append(Stay(entry.model_copy(update={"record": stretch.record, "pinned": True})))
        else:
            decisions.append(Stay(_new(plan, stretch.clip, _claim_id(taken, index))))
    return decisions


def _claim_id(taken: set[str], index: int) -> str:
    name = free_id(taken, index)
    taken.add(name)
    return name


def _new(plan: Plan, clip: CutClip, name: str) -> Position:
    """A position for a clip that the plan does not have. Raises PlanError."""
    shots = shots_in(plan, clip.source)
    if not shots or plan.shots[shots[0]].start > clip.source.start:
        at = float(clip.record.start / plan.sequence.rate)
        raise PlanError(f"the clip at {at:.2f} s begins between two shots of the film", hint="move its first frame")
    return Position(
        id=name, shot=shots[0], source=clip.source, record=clip.record, confidence=1.0, round=0, pinned=True
    )


def _removed(plan: Plan, cut: Cut, hole: Range) -> tuple[int, ...]:
    """Shots that the plan showed in a hole and the editor shows nowhere: they were taken out."""
    kept = {number for clip in cut.clips for number in shots_in(plan, clip.source)}
    return tuple(
        position.shot for position in plan.positions if position.record.overlaps(hole) and position.shot not in kept
    )


def _samples(plan: Plan, stretches: Sequence[Stretch]) -> tuple[int, ...]:
    """The ends of the stretches in the music, in samples, each the middle of those that round to its frame."""
    part, rate = plan.music.part, plan.sequence.rate
    inner = [part.start + round_half_up(one.record.start / rate * plan.music.sample_rate) for one in stretches[1:]]
    return (part.start, *inner, part.end)
