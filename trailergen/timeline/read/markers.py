"""Markers over a film in an OpenTimelineIO timeline, as the cuts that they stand at."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import opentimelineio as otio

from trailergen.errors import InputError
from trailergen.plans import Film
from trailergen.timebase import round_half_up
from trailergen.timeline.clock import film_clock
from trailergen.timeline.read.otio import origin_of
from trailergen.timeline.read.text import decode
from trailergen.timeline.read.tracks import frames_at


def marked_cuts(path: Path, film: Film) -> list[int]:
    """Film frames at which markers stand: those of the timeline, its tracks and its one clip.

    Args:
        path: an .otio file whose picture is one clip of the film.
        film: it.

    Raises:
        InputError: it cannot be read.
    """
    try:
        timeline: Any = otio.adapters.read_from_string(decode(path.read_bytes()), "otio_json")
        return sorted(set(_cuts(timeline, film)))
    except OSError as error:
        raise InputError(f"cannot read the shots {path}", error.strerror) from error
    except (otio.exceptions.OTIOError, ValueError, OverflowError) as error:
        raise InputError(f"cannot read the shots {path}", str(error).partition("\n")[0]) from error


def _cuts(timeline: Any, film: Film) -> Iterator[int]:
    clock = film_clock(film)

    def frames(time: Any) -> Fraction:
        return frames_at(Fraction(time.value), Fraction(time.rate), film.rate)

    tracks = list(timeline.video_tracks())
    clip = next(clip for track in tracks for clip in track.find_clips())
    shown = clip.trimmed_range()
    start, end = frames(shown.start_time), frames(shown.start_time + shown.duration)
    origin, _ = origin_of(getattr(clip.media_reference, "available_range", None), (start, end), clock, film.frames)
    for marker in clip.markers:  # counted in the clip's own time
        yield round_half_up(frames(marker.marked_range.start_time) - origin)
    into = next((frames(track.range_of_child(clip).start_time) for track in tracks if clip in list(track)), Fraction(0))
    for holder in (timeline.tracks, *tracks):
        for marker in holder.markers:  # counted from where the timeline begins
            yield round_half_up(frames(marker.marked_range.start_time) - into + start - origin)
