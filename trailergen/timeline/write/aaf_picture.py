"""The picture track of an AAF: clips of the film, and the dissolves and dips between them.

A transition of the format lies over the end of what comes before it and the beginning of what comes after, which both
last through it. Dissolves are Media Composer's own (VideoDissolve_2), an opacity that keyframes a frame outside of both
ends take from 0 to 100, so that frame ``k`` of ``n`` shows ``(k + 1) / (n + 1)`` of the new clip. A dip is a dissolve
to filler, which is black, and one from it, as that program fades.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any
from uuid import UUID

from trailergen.timeline.events import FilmEvent, Timeline, TransitionEvent

_DISSOLVE, _OPACITY = "VideoDissolve_2", "AFX_FG_KEY_OPACITY_U"
_DEFINITIONS = {
    _DISSOLVE: UUID("89d9b67e-5584-302d-9abd-8bd330c46841"),
    _OPACITY: UUID("8d56813d-847e-11d5-935a-50f857c10000"),
}
_EXTRAPOLATION = UUID("0e24dd54-66cd-4f1a-b0a0-670ac3a7a0b3")
_LEAST_SIDE = 3
"""Frames of a dip on one side of its cut of which one is left to fade: the outermost is as bright as its clip, the one
at the cut is black."""


@dataclass(frozen=True)
class Stretch:
    """``length`` frames of the film from ``source``; from None on black."""

    source: int | None
    length: int


@dataclass(frozen=True)
class Blend:
    """A dissolve of ``length`` frames, before the ``cut``-th of which the cut would be without it."""

    length: int
    cut: int


def picture_parts(timeline: Timeline) -> Iterator[Stretch | Blend]:
    """What follows each other in the track of pictures. Dips too short to fade are cuts."""
    joins = {join.index: join for join in timeline.transitions if _is_seen(join, timeline.film[join.index])}
    for event in timeline.film:
        before, after = joins.get(event.index), joins.get(event.index + 1)
        yield from () if before is None else _into(before, event)
        first = 0 if before is None else _taken(before, before.start - event.record, 1)
        last = 0 if after is None else _taken(after, after.end - event.record - event.frames, -1)
        yield Stretch(event.source + first, event.frames - first + last)


def _is_seen(join: TransitionEvent, event: FilmEvent) -> bool:
    return join.kind == "dissolve" or min(event.record - join.start, join.end - event.record) >= _LEAST_SIDE


def _length(join: TransitionEvent) -> int:
    return join.end - join.start


def _taken(join: TransitionEvent, dissolved: int, dipped: int) -> int:
    """Frames that an edge of a clip is moved: in a dissolve it goes on, of a dip its black frame is filler."""
    return dissolved if join.kind == "dissolve" else dipped


def _into(join: TransitionEvent, event: FilmEvent) -> Iterator[Stretch | Blend]:
    early, late = event.record - join.start, join.end - event.record
    if join.kind == "dissolve":
        yield Blend(_length(join), early)
        return
    yield Blend(early - 2, early - 2)
    yield Stretch(None, _length(join) - 2)
    yield Blend(late - 2, 0)


def dissolve(file: Any, blend: Blend) -> Any:
    """A dissolve as a component of the track."""
    from aaf2 import misc
    from aaf2.auid import AUID
    from aaf2.rational import AAFRational

    create, dictionary = file.create, file.dictionary
    operation = create.OperationDef(_DEFINITIONS[_DISSOLVE], _DISSOLVE, "")
    dictionary.register_def(operation)
    operation.media_kind = "picture"
    operation["IsTimeWarp"].value = False
    operation["Bypass"].value = 1
    operation["NumberInputs"].value = 2
    operation["OperationCategory"].value = "OperationCategory_Effect"
    typed = dictionary.lookup_typedef("Rational")
    dictionary.register_def(create.ParameterDef(_DEFINITIONS[_OPACITY], _OPACITY, "", typed))
    dictionary.register_def(create.InterpolationDef(misc.LinearInterp, "LinearInterp", "LinearInterp"))
    curve = create.VaryingValue(_OPACITY, "LinearInterp")
    # Times are shares of the way from the first frame to the last.
    outside = Fraction(1, max(1, blend.length - 1))
    for time, value in ((-outside, 0), (1 + outside, 100)):
        point = create.ControlPoint()
        point["Time"].value = AAFRational(time.numerator, time.denominator)
        point["Value"].value = AAFRational(value, 1)
        point["EditHint"].value = "Proportional"
        curve["PointList"].append(point)
    curve["VVal_Extrapolation"].value = AUID(str(_EXTRAPOLATION))
    curve["VVal_FieldCount"].value = 1
    group = create.OperationGroup(operation, blend.length, "picture")
    group.parameters.append(curve)
    made = create.Transition("picture", blend.length)
    made["OperationGroup"].value = group
    made["CutPoint"].value = blend.cut
    return made
