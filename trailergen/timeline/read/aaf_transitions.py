"""Transitions of an AAF as this house calls them: its adapter takes every one for a dissolve, and dips apart.

A dip to black is a dissolve to filler and one from it, with two frames of black between them; the cut is in their
middle. Media Composer's own Dip to Color (Dip_2) counts as one too.
"""

from __future__ import annotations

from typing import Any

import opentimelineio as otio

_BLACK_FRAMES = 2
_DIP = {"trailergen": {"kind": "dip"}}
"""What the reader of OpenTimelineIO knows dips by."""


def name_transitions(track: Any) -> None:
    """Say of the transitions of a track of OpenTimelineIO what they are; dips of two are made one, over a cut."""
    for item in track:
        if isinstance(item, otio.schema.Transition):
            _name(item)
    for at in reversed(range(len(track) - 4)):
        _join(track, at)


def _name(transition: Any) -> None:
    operation = transition.metadata.get("AAF", {}).get("OperationGroup", {}).get("Operation", {})
    name = str(operation.get("Name", "")).lower() if hasattr(operation, "get") else ""
    if name.startswith("dip"):
        transition.metadata.update(_DIP)
    if name and "dissolve" not in name:
        transition.transition_type = otio.schema.TransitionTypes.Custom


def _join(track: Any, at: int) -> None:
    """Make one dip of five items from ``at`` on: a clip, a dissolve to black, black, a dissolve from it, a clip."""
    items = track[at : at + 5]
    if len(items) < 5:  # a dip was joined behind them
        return
    before, fall, black, rise, after = items
    clips = isinstance(before, otio.schema.Clip) and isinstance(after, otio.schema.Clip)
    if not (clips and isinstance(black, otio.schema.Gap) and _dissolves(fall) and _dissolves(rise)):
        return
    late, early = fall.out_offset.to_frames(), rise.in_offset.to_frames()
    if black.duration().to_frames() - late - early != _BLACK_FRAMES:
        return
    each = _BLACK_FRAMES // 2
    _trim(before, 0, -late - each)
    _trim(after, -early - each, 0)
    # Outside of its black a dip's first and last frame are as bright as the clips.
    sides = (fall.duration().to_frames() + each + 1, rise.duration().to_frames() + each + 1)
    rate = fall.in_offset.rate
    dip = otio.schema.Transition("dip", otio.schema.TransitionTypes.Custom, metadata=_DIP)
    dip.in_offset, dip.out_offset = (otio.opentime.RationalTime(frames, rate) for frames in sides)
    track[at + 1 : at + 4] = [dip]


def _dissolves(item: Any) -> bool:
    dissolve = otio.schema.TransitionTypes.SMPTE_Dissolve
    return isinstance(item, otio.schema.Transition) and item.transition_type == dissolve


def _trim(clip: Any, first: int, last: int) -> None:
    """Take frames off a clip's beginning and its end; negative ones are added."""
    shown = clip.trimmed_range()
    rate = shown.duration.rate
    start = shown.start_time + otio.opentime.RationalTime(first, rate)
    clip.source_range = otio.opentime.TimeRange(start, shown.duration - otio.opentime.RationalTime(first + last, rate))
