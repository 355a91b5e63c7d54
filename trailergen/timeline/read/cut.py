"""Timelines of other programs: EDL, OpenTimelineIO, Final Cut Pro 7 XML (Premiere's and Resolve's too)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import opentimelineio as otio

from trailergen.errors import InputError, TrailergenError, UsageError
from trailergen.plans import Film, span
from trailergen.timebase import round_half_up
from trailergen.timeline.clock import Clock, film_clock
from trailergen.timeline.events import TITLE_MATTE
from trailergen.timeline.read.edl import read_edl
from trailergen.timeline.read.events import Cut, Event, cut_of

_FCP7 = "fcp_xml"
_ADAPTERS = {".otio": "otio_json", ".xml": _FCP7}


def read_cut(path: Path, film: Film, called: Collection[str] = ()) -> Cut:
    """The film's clips in an editor's timeline; transitions count as cuts.

    Args:
        path: a file ending in .edl, .otio or .xml.
        film: the film it was cut from.
        called: other names it has.

    Raises:
        InputError: it cannot be read, or shows nothing of the film.
        PlanError: the film's start timecode is no timecode.
        UsageError: it ends in something else.
    """
    clock, suffix = film_clock(film), path.suffix.lower()
    try:
        if suffix == ".edl":
            events = read_edl(path.read_text(encoding="utf-8-sig", errors="replace"), clock, str(path))
        elif suffix in _ADAPTERS:
            events = _timeline_events(path, _ADAPTERS[suffix], clock)
        else:
            raise UsageError(f"cannot tell what {path} is", hint="a cut ends in .edl, .otio or .xml (Final Cut Pro 7)")
    except TrailergenError:
        raise
    except OSError as error:
        raise InputError(f"cannot read the cut {path}", error.strerror) from error
    except Exception as error:  # adapters let through whatever a damaged file makes them stumble over
        raise InputError(f"cannot read the cut {path}", str(error).partition("\n")[0]) from error
    cut = cut_of(events, film, called)
    if not cut.clips:
        raise InputError(f"{path} shows nothing of the film {Path(film.path).name}", "; ".join(cut.remarks) or None)
    return cut


def _timeline_events(path: Path, adapter: str, clock: Clock) -> list[Event]:
    found: Any = otio.adapters.read_from_file(str(path), adapter)
    timelines = [found] if isinstance(found, otio.schema.Timeline) else list(_timelines(found))
    if len(timelines) != 1:
        raise InputError(f"{path} holds {len(timelines)} sequences", "it must be one", "export just the sequence")
    tracks = list(timelines[0].video_tracks())
    seen = [track.enabled for track in tracks]
    if adapter == _FCP7:
        seen = _seen_tracks(path, seen)
    events = [
        _event(clip, track, clock, adapter)
        # The upper tracks are seen.
        for track, on in reversed(list(zip(tracks, seen, strict=True)))
        for clip in track.find_clips()
        if on and clip.enabled and clip.metadata.get(_FCP7, {}).get("enabled") != "FALSE"
    ]
    return [event for event in events if event is not None]


def _timelines(found: Any) -> Any:
    return found.find_children(otio.schema.Timeline) if hasattr(found, "find_children") else []


def _seen_tracks(path: Path, seen: list[bool]) -> list[bool]:
    """Tracks that are switched on; the adapter for Final Cut Pro 7 XML does not keep it."""
    tracks = ElementTree.parse(path).findall(".//sequence/media/video/track")
    if len(tracks) != len(seen):
        return seen
    return [track.findtext("enabled", "TRUE").strip().upper() != "FALSE" for track in tracks]


def _event(clip: Any, track: Any, clock: Clock, adapter: str) -> Event | None:
    """A clip as far as the compositions it lies in show it; None if they show nothing of it."""
    shown, item = clip.trimmed_range(), clip
    while item is not track:
        parent = item.parent()
        placed = clip.transformed_time_range(shown, parent)
        visible = parent.trimmed_range()
        start = max(placed.start_time, visible.start_time)
        end = min(placed.end_time_exclusive(), visible.end_time_exclusive())
        if end <= start:
            return None
        shown = otio.opentime.TimeRange(shown.start_time + (start - placed.start_time), end - start)
        item = parent
    record = clip.transformed_time_range(shown, track)
    first, last = (_frames(time, clock.rate) for time in (record.start_time, record.end_time_exclusive()))
    media = clip.media_reference
    if isinstance(media, otio.schema.GeneratorReference):
        title = Event(span(first, max(last, first + 1)), 0, (clip.name or media.name or "without name",), title=True)
        return None if clip.name == TITLE_MATTE else title
    available = getattr(media, "available_range", None)
    source = _frames(shown.start_time, clock.rate)
    # Where the media's own range is not known it counts in the film's timecode, in the XML from the media's start.
    if available:
        source -= _frames(available.start_time, clock.rate)
    elif adapter != _FCP7:
        source -= clock.start
    names = (clip.name, getattr(media, "target_url", ""), getattr(media, "name", ""))
    return Event(
        span(first, max(last, first + 1)),
        source,
        tuple(name for name in names if name),
        any(map(_changes_speed, clip.effects)),
    )


def _changes_speed(effect: Any) -> bool:
    if isinstance(effect, otio.schema.LinearTimeWarp):
        return bool(effect.time_scalar != 1)
    # The adapter for Final Cut Pro 7 XML keeps a change of speed as an effect like any other.
    about = effect.metadata.get(_FCP7, {})
    if about.get("effectid") != "timeremap":
        return isinstance(effect, otio.schema.TimeEffect)
    parameters = about.get("parameter", {})
    parameters = parameters if isinstance(parameters, Sequence) else [parameters]
    return any(each.get("parameterid") == "speed" and float(each.get("value", 100)) != 100 for each in parameters)


def _frames(time: Any, rate: Fraction) -> int:
    """A time in frames at the film's rate; a rate that is nearly it, as floats are, counts the same frames."""
    if abs(time.rate / float(rate) - 1) < 1e-3:
        return round_half_up(Fraction(time.value))
    return round_half_up(Fraction(time.value) / Fraction(time.rate) * rate)
