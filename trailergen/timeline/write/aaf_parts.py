"""Levels and markers of an AAF."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any
from uuid import UUID

from trailergen.timeline.events import Timeline
from trailergen.timeline.levels import Keyframe
from trailergen.timeline.write.marks import Mark, marks_of

# Identifications of the AAF Association's definitions for audio gain.
_GAIN = UUID("9d2ea894-0968-11d3-8a38-0050040ef7d2")
_AMPLITUDE = UUID("e4962321-2267-11d3-8a4c-0050040ef7d2")
_COLOURS = {
    "BLUE": ("Blue", (0x3A00, 0x6E00, 0xA500)),
    "GREEN": ("Green", (0x2E00, 0x8B00, 0x5700)),
    "YELLOW": ("Yellow", (0xC800, 0xA400, 0x1500)),
    "PINK": ("Magenta", (0xC000, 0x4A00, 0x7D00)),
    "PURPLE": ("Cyan", (0x7A00, 0x4F00, 0xA300)),
    "WHITE": ("White", (0xFFFF, 0xFFFF, 0xFFFF)),
}
"""Media Composer's name of a marker's colour, and red, green and blue."""
_DENOMINATOR = 1_000_000
_MARKERS = 1000
"""Number of the slot of markers, out of the way of tracks."""


def rational(value: Fraction) -> str:
    """A rate as the format's exact fractions."""
    return f"{value.numerator}/{value.denominator}"


def audio_gain(file: Any, clip: Any, levels: Sequence[Keyframe]) -> Any:
    """A clip of sound at a level, which is a factor over the clip's share of time, straight between points."""
    from aaf2 import misc

    dictionary, create = file.dictionary, file.create
    typed = dictionary.lookup_typedef("Rational")
    amplitude = create.ParameterDef(_AMPLITUDE, "Amplitude", "Amplitude", typed)
    dictionary.register_def(amplitude)
    operation = create.OperationDef(_GAIN, "Mono Audio Gain", "")
    dictionary.register_def(operation)
    operation.media_kind = "sound"
    operation["NumberInputs"].value = 1
    group = create.OperationGroup(operation, clip.length, "sound")
    group.segments.append(clip)
    if len(levels) == 1:
        group.parameters.append(create.ConstantValue("Amplitude", _factor(levels[0][1])))
        return group
    straight = create.InterpolationDef(misc.LinearInterp, "LinearInterp", "LinearInterp")
    dictionary.register_def(straight)
    curve = create.VaryingValue("Amplitude", "LinearInterp")
    whole = levels[-1][0] + 1
    for frame, level in levels:
        point = create.ControlPoint()
        point["Time"].value = f"{frame + 1}/{whole}"
        point["Value"].value = _factor(level)
        point["EditHint"].value = "Proportional"
        curve["PointList"].append(point)
    group.parameters.append(curve)
    return group


def add_markers(file: Any, composition: Any, timeline: Timeline) -> None:
    """Markers over the trailer: of clips, lines, the closing fade and titles, of which the format has no more."""
    from aaf2.misc import TaggedValueHelper

    create = file.create
    titles = [
        Mark(card.record, card.record + card.frames, f"{said}: {' / '.join(card.text.splitlines())}", "WHITE")
        for card in timeline.cards
        for said in ("title over the picture" if card.over else "title",)
    ]
    slot = create.EventMobSlot()
    slot.slot_id = _MARKERS
    slot["EditRate"].value = rational(timeline.clock.rate)
    slot["PhysicalTrackNumber"].value = 1
    slot.segment = create.Sequence(media_kind="DescriptiveMetadata")
    for mark in sorted([*marks_of(timeline), *titles], key=lambda mark: mark.start):
        marker = create.DescriptiveMarker()
        marker["Position"].value = mark.start
        marker["Length"].value = max(1, mark.end - mark.start)
        marker["Comment"].value = mark.text
        name, rgb = _COLOURS[mark.color]
        marker["CommentMarkerColor"].value = dict(zip(("red", "green", "blue"), rgb, strict=True))
        about = TaggedValueHelper(marker["CommentMarkerAttributeList"])
        about["_ATN_CRM_COLOR"], about["_ATN_CRM_COM"] = name, mark.text
        marker["DescribedSlots"].value = {_first_picture(composition)}
        slot.segment.components.append(marker)
    composition.slots.append(slot)


def _first_picture(composition: Any) -> int:
    return next(slot.slot_id for slot in composition.slots if slot.media_kind == "Picture")


def _factor(level: float) -> Any:
    from aaf2.rational import AAFRational

    return AAFRational(round(10 ** (level / 20) * _DENOMINATOR), _DENOMINATOR)
