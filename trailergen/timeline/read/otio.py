"""OpenTimelineIO as tracks: clips, gaps and compositions in each other, at any rates."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import opentimelineio as otio

from trailergen.errors import InputError
from trailergen.timebase import round_half_up
from trailergen.timeline.clock import Clock
from trailergen.timeline.events import TITLE_MATTE
from trailergen.timeline.read.events import Join
from trailergen.timeline.read.faults import FREEZE, OFF, SOURCELESS, SPEED, UNPLACED, remap_fault, speed_fault
from trailergen.timeline.read.tracks import Composition, Item, Track, frames_at, transitions_remark

_FCP7 = "fcp_xml"
"""Metadata that OpenTimelineIO's adapter for Final Cut Pro 7 XML keeps of what it has no words for."""


@dataclass(frozen=True)
class _Grid:
    """The film's clock, and how many frames it has."""

    clock: Clock
    film_frames: int

    def frames(self, time: Any) -> Fraction:
        """A time in film frames. Raises ValueError, OverflowError."""
        if not time.rate > 0:
            raise ValueError(f"its rate is {time.rate} frames/s")
        return frames_at(Fraction(time.value), Fraction(time.rate), self.clock.rate)


def read_otio(text: str, clock: Clock, film_frames: int, name: str) -> Composition:
    """The picture of the one timeline of a file.

    Args:
        text: the file.
        clock: the film's.
        film_frames: its frames.
        name: of the file, for messages.

    Raises:
        InputError: it holds another number of timelines.
        OTIOError: it is no OpenTimelineIO.
    """
    return composition_of(otio.adapters.read_from_string(text, "otio_json"), clock, film_frames, name)


def composition_of(found: Any, clock: Clock, film_frames: int, name: str) -> Composition:
    """The picture of the one timeline among OpenTimelineIO's objects; arguments and errors are as of ``read_otio``."""
    timeline, grid = timeline_of(found, name), _Grid(clock, film_frames)
    top = timeline.tracks
    count = sum(isinstance(item, otio.schema.Transition) for track in timeline.video_tracks() for item in track)
    if top.source_range is None:
        joins = tuple(_joins(timeline, grid))
        return Composition(_layers(top, grid), transitions_remark(count - len(joins)), joins)
    remarks = transitions_remark(count)
    return Composition((Track((_item(top, Fraction(0), grid),)),), remarks)


def timeline_of(found: Any, name: str) -> Any:
    """The one timeline among OpenTimelineIO's objects. Raises InputError if there is none, or more."""
    timelines = [found] if isinstance(found, otio.schema.Timeline) else list(_timelines(found))
    if len(timelines) != 1:
        raise InputError(f"{name} holds {len(timelines)} sequences", "it must be one", "export just the sequence")
    return timelines[0]


def _joins(timeline: Any, grid: _Grid) -> Iterator[Join]:
    """Dissolves from clip to clip, and dips of exports of ours, as far as it is known where they lie."""
    for track in timeline.video_tracks():
        at = Fraction(0)
        for number, item in enumerate(track):
            try:
                if not isinstance(item, otio.schema.Transition):
                    at += grid.frames(item.duration())
                    continue
                early, late = (round_half_up(grid.frames(each)) for each in (item.in_offset, item.out_offset))
            except (otio.exceptions.OTIOError, ValueError, OverflowError):
                break
            dip = item.metadata.get("trailergen", {}).get("kind") == "dip"
            known = dip or item.transition_type == otio.schema.TransitionTypes.SMPTE_Dissolve
            to_black = any(isinstance(each, otio.schema.Gap) for each in track[max(0, number - 1) : number + 2])
            if known and not to_black and early + late > 0 and early == (early + late) // 2:
                yield Join("dip" if dip else "dissolve", round_half_up(at), early + late)


def _timelines(found: Any) -> Any:
    return found.find_children(otio.schema.Timeline) if hasattr(found, "find_children") else []


def _layers(stack: Any, grid: _Grid) -> tuple[Track, ...]:
    """The layers of a stack: tracks of pictures, and what else lies in it, each from the stack's beginning."""
    layers = []
    for child in stack:
        if not isinstance(child, otio.schema.Track):
            layers.append(Track(tuple(_items([child], grid)), child.name))
        elif child.kind == otio.schema.TrackKind.Video:
            simple = child.source_range is None and not child.effects
            items = _items(child, grid) if simple else [_item(child, Fraction(0), grid)]
            layers.append(Track(tuple(items), child.name, child.enabled))
    return tuple(layers)


def _items(children: Any, grid: _Grid) -> Iterator[Item]:
    """Items that follow each other in a track; after one that has no length nothing can be placed."""
    at: Fraction | None = Fraction(0)
    for child in children:
        if not isinstance(child, otio.core.Item):
            continue
        if at is None:
            if not isinstance(child, otio.schema.Gap):
                yield Item(None, names=_names(child), fault=f"{UNPLACED}: a clip before it has no length")
            continue
        try:
            item = _item(child, at, grid)
            at = item.record[1] if item.record else None
        except otio.exceptions.OTIOError:
            at, item = None, Item(None, names=_names(child), fault=SOURCELESS)
        except (ValueError, OverflowError) as error:
            at, item = None, Item(None, names=_names(child), fault=f"{SOURCELESS} ({error})")
        if not isinstance(child, otio.schema.Gap) and child.name != TITLE_MATTE:
            yield item


def _item(item: Any, at: Fraction, grid: _Grid) -> Item:
    """A clip, a gap or a composition that begins at a frame. Raises ValueError, OverflowError, OTIOError."""
    shown = item.trimmed_range()
    length = grid.frames(shown.duration)
    if length < 0:
        raise ValueError("its length is negative")
    source = grid.frames(shown.start_time)
    made = Item((at, at + length), source, _names(item), _fault(item))
    if isinstance(item, otio.schema.Stack):
        return replace(made, nest=_layers(item, grid))
    if isinstance(item, otio.schema.Track):
        return replace(made, nest=(Track(tuple(_items(item, grid))),))
    media = getattr(item, "media_reference", None)
    if isinstance(media, otio.schema.GeneratorReference):
        return replace(made, names=(item.name or media.name or "without name",), title=True)
    origin, fault = _origin(getattr(media, "available_range", None), (source, source + length), grid)
    return replace(made, source=source - origin, fault=made.fault or fault)


def origin_of(available: Any, shown: tuple[Fraction, Fraction], clock: Clock, film_frames: int) -> tuple[int, str]:
    """As the reader takes it: see ``_origin``."""
    return _origin(available, shown, _Grid(clock, film_frames))


def _origin(available: Any, shown: tuple[Fraction, Fraction], grid: _Grid) -> tuple[int, str]:
    """The time of the film's first picture as a clip's media counts, and a fault if that cannot be told.

    Media as long as the film begin where the film does. Of media that are a part of it, as the alternatives of an
    export are, only the film's own timecode says where they lie. Others count from their beginning.
    """
    start, frames = grid.clock.start, grid.film_frames
    if available is None:
        return start, ""
    first, length = grid.frames(available.start_time), grid.frames(available.duration)
    is_part = length < frames - 2
    if start <= first and first + length <= start + frames + 1:
        outside = is_part and length > 0 and (shown[0] < first - 1 or shown[1] > first + length + 1)
        return start, "it shows frames that its media does not have" if outside else ""
    unknown = is_part and length > 0 and first != 0
    return round_half_up(first), "its media is a part of the film, no one knows which" if unknown else ""


def _names(item: Any) -> tuple[str, ...]:
    media = getattr(item, "media_reference", None)
    names = (item.name, getattr(media, "target_url", ""), getattr(media, "name", ""))
    return tuple(name for name in names if name)


def _fault(item: Any) -> str:
    about = item.metadata.get(_FCP7, {})
    if not item.enabled or about.get("enabled") == "FALSE":
        return OFF
    if about.get("stillframe") == "TRUE":
        return FREEZE
    return next(filter(None, map(_effect_fault, item.effects)), "")


def _effect_fault(effect: Any) -> str:
    if not getattr(effect, "enabled", True):  # OpenTimelineIO has it from 0.18 on
        return ""
    if isinstance(effect, otio.schema.LinearTimeWarp):
        return speed_fault(effect.time_scalar)
    about = effect.metadata.get(_FCP7, {})
    if about.get("effectid") != "timeremap":
        return SPEED if isinstance(effect, otio.schema.TimeEffect) else ""
    parameters = about.get("parameter", {})
    listed = [parameters] if hasattr(parameters, "keys") else parameters
    return remap_fault({str(each.get("parameterid")): str(each.get("value")) for each in listed})
