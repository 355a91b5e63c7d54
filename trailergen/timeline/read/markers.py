"""Markers over a film in an OpenTimelineIO timeline, as the cuts that they stand at."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from fractions import Fraction
from pathlib import Path
from typing import Any

import opentimelineio as otio

from trailergen.errors import InputError
from trailergen.plans import Film
from trailergen.timebase import round_half_up
from trailergen.timeline.clock import film_clock
from trailergen.timeline.read.otio import origin_of, timeline_of
from trailergen.timeline.read.text import decode
from trailergen.timeline.read.tracks import frames_at


def marked_cuts(path: Path, film: Film, shown: tuple[int, int]) -> list[int]:
    """Film frames at which markers stand: those of the timeline, its tracks and its one clip of the film.

    Args:
        path: an .otio file of which one clip is of the film.
        film: it.
        shown: the film frames ``[start, end)`` of that clip, by which it is known among others.

    Raises:
        InputError: it cannot be read.
    """
    try:
        found = otio.adapters.read_from_string(decode(path.read_bytes()), "otio_json")
        return sorted(set(_cuts(timeline_of(found, str(path)), film, shown)))
    except OSError as error:
        raise InputError(f"cannot read the shots {path}", error.strerror) from error
    except (otio.exceptions.OTIOError, ValueError, OverflowError) as error:
        raise InputError(f"cannot read the shots {path}", str(error).partition("\n")[0]) from error


def _cuts(timeline: Any, film: Film, shown: tuple[int, int]) -> Iterator[int]:
    clock = film_clock(film)

    def frames(time: Any) -> Fraction:
        return frames_at(Fraction(time.value), Fraction(time.rate), film.rate)

    def place(clip: Any) -> tuple[Fraction, Fraction, int]:
        """First and last edge as the clip's media counts, and what the film's first picture is there."""
        part = clip.trimmed_range()
        edges = frames(part.start_time), frames(part.start_time + part.duration)
        origin, _ = origin_of(getattr(clip.media_reference, "available_range", None), edges, clock, film.frames)
        return *edges, origin

    def is_other(clip: Any) -> bool:
        with suppress(otio.exceptions.OTIOError, ValueError, OverflowError):  # it says too little, and is not shown
            start, end, origin = place(clip)
            return (round_half_up(start - origin), round_half_up(end - origin)) != shown
        return True

    tracks = list(timeline.video_tracks())
    clip = min((clip for track in tracks for clip in track.find_clips()), key=is_other)
    start, _, origin = place(clip)
    for marker in clip.markers:  # counted in the clip's own time
        yield round_half_up(frames(marker.marked_range.start_time) - origin)
    into = next((frames(track.range_of_child(clip).start_time) for track in tracks if clip in list(track)), Fraction(0))
    for holder in (timeline.tracks, *tracks):
        for marker in holder.markers:  # counted from where the timeline begins
            yield round_half_up(frames(marker.marked_range.start_time) - into + start - origin)
