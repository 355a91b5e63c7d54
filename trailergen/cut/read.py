"""Timelines of other programs: EDL, OpenTimelineIO, Final Cut Pro 7 XML (Premiere's and Resolve's too)."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import opentimelineio as otio

from trailergen.cut.edl import read_edl
from trailergen.cut.events import Cut, Event, cut_of
from trailergen.errors import InputError, UsageError
from trailergen.export.clock import Clock, film_clock
from trailergen.plan import Film, span
from trailergen.timebase import round_half_up

_ADAPTERS = {".otio": "otio_json", ".xml": "fcp_xml"}


def read_cut(path: Path, film: Film) -> Cut:
    """The film's clips in an editor's timeline; transitions count as cuts.

    Args:
        path: a file ending in .edl, .otio or .xml.
        film: the film it was cut from.

    Raises:
        InputError: it cannot be read, or shows nothing of the film.
        PlanError: the film's start timecode is no timecode.
        UsageError: it ends in something else.
    """
    clock, suffix = film_clock(film), path.suffix.lower()
    if suffix == ".edl":
        try:
            text = path.read_text(encoding="utf-8-sig", errors="replace")
        except OSError as error:
            raise InputError(f"cannot read the cut {path}", error.strerror) from error
        events = read_edl(text, clock, str(path))
    elif suffix in _ADAPTERS:
        events = _timeline_events(path, _ADAPTERS[suffix], clock)
    else:
        raise UsageError(f"cannot tell what {path} is", hint="a cut ends in .edl, .otio or .xml (Final Cut Pro 7)")
    cut = cut_of(events, film)
    if not cut.clips:
        raise InputError(f"{path} shows nothing of the film {Path(film.path).name}", "; ".join(cut.left_out) or None)
    return cut


def _timeline_events(path: Path, adapter: str, clock: Clock) -> list[Event]:
    try:
        found: Any = otio.adapters.read_from_file(str(path), adapter)
    except OSError as error:
        raise InputError(f"cannot read the cut {path}", error.strerror) from error
    except Exception as error:  # adapters let through whatever a damaged file makes them stumble over
        raise InputError(f"cannot read the cut {path}", str(error).partition("\n")[0]) from error
    timelines = [found] if isinstance(found, otio.schema.Timeline) else list(_timelines(found))
    if len(timelines) != 1:
        raise InputError(f"{path} holds {len(timelines)} sequences", "it must be one", "export just the sequence")
    # The upper tracks are seen.
    clips = [(clip, track) for track in reversed(timelines[0].video_tracks()) for clip in track.find_clips()]
    return [_event(clip, track, clock) for clip, track in clips if clip.enabled]


def _timelines(found: Any) -> Any:
    return found.find_children(otio.schema.Timeline) if hasattr(found, "find_children") else []


def _event(clip: Any, track: Any, clock: Clock) -> Event:
    shown, media = clip.trimmed_range(), clip.media_reference
    record = clip.transformed_time_range(shown, track)
    available = getattr(media, "available_range", None)
    first = _frames(record.start_time, clock.rate)
    last = _frames(record.end_time_exclusive(), clock.rate)
    source = _frames(shown.start_time, clock.rate)
    # Where the media's own range is not known it counts in the film's timecode.
    source -= _frames(available.start_time, clock.rate) if available else clock.start
    frames = _frames(shown.duration, clock.rate)
    if any(isinstance(effect, otio.schema.TimeEffect) for effect in clip.effects):
        frames = 0
    names = (clip.name, getattr(media, "target_url", ""), getattr(media, "name", ""))
    return Event(span(first, max(last, first + 1)), source, frames, tuple(name for name in names if name))


def _frames(time: Any, rate: Fraction) -> int:
    """A time in frames at the film's rate; a rate that is nearly it, as floats are, counts the same frames."""
    if abs(time.rate / float(rate) - 1) < 1e-3:
        return round_half_up(Fraction(time.value))
    return round_half_up(Fraction(time.value) / Fraction(time.rate) * rate)
