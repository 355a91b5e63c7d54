"""The shots of a film as a timeline of their own: every shot a clip, where it stands in the film.

The record side is the film itself, so that a program that conforms the list sees the film cut at its shots; frames in
no shot are holes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from trailergen.plans import Film
from trailergen.timeline.address import file_address
from trailergen.timeline.clock import check_edl_rate, film_clock
from trailergen.timeline.media import one_line

_REEL = "AX"
"""The reel of material that has none."""


@dataclass(frozen=True)
class ListedShot:
    """A shot: its number, film frames ``[start, end)`` and flags."""

    number: int
    start: int
    end: int
    flags: tuple[str, ...]


def shots_edl(film: Film, shots: Sequence[ListedShot]) -> str:
    """A CMX 3600 list, in the film's own timecode.

    Raises:
        PlanError: the film's start timecode is no timecode.
        UsageError: the film's rate has no timecode.
    """
    clock = film_clock(film)
    check_edl_rate(clock.rate)
    name = one_line(file_address(film.path).name)
    lines = [f"TITLE: {name[:70]} SHOTS", f"FCM: {'DROP FRAME' if clock.drop else 'NON-DROP FRAME'}"]
    for at, shot in enumerate(shots, 1):
        start, end = clock.label(clock.start + shot.start), clock.label(clock.start + shot.end)
        lines.append(f"{at:03d}  {_REEL:<8} V     C        {start} {end} {start} {end}")
        lines.append(f"* FROM CLIP NAME: {name}")
        lines.append(f"* COMMENT: {_words(shot)}")
    return "\n".join((*lines, ""))


def shots_otio(film: Film, shots: Sequence[ListedShot]) -> str:
    """An OpenTimelineIO timeline. Raises PlanError where the film's start timecode is no timecode."""
    import opentimelineio as otio

    clock, address = film_clock(film), file_address(film.path)
    name = one_line(address.name)

    def span(start: int, frames: int) -> Any:
        rate = float(clock.rate)
        return otio.opentime.TimeRange(
            otio.opentime.RationalTime(start, rate), otio.opentime.RationalTime(frames, rate)
        )

    track, at = otio.schema.Track("Shots", kind=otio.schema.TrackKind.Video), 0
    for shot in shots:
        if shot.start > at:
            track.append(otio.schema.Gap(source_range=span(0, shot.start - at)))
        source = span(clock.start + shot.start, shot.end - shot.start)
        media = otio.schema.ExternalReference(address.url, span(clock.start, film.frames))
        media.name = name
        clip = otio.schema.Clip(
            name,
            media,
            source,
            metadata={"trailergen": {"shot": shot.number, "flags": list(shot.flags)}},
            markers=[otio.schema.Marker(_words(shot), span(clock.start + shot.start, 1), "BLUE")],
        )
        track.append(clip)
        at = shot.end
    start = otio.opentime.RationalTime(clock.start, float(clock.rate))
    timeline = otio.schema.Timeline(f"{name} shots", global_start_time=start)
    timeline.tracks.append(track)
    return str(timeline.to_json_string(indent=1)) + "\n"


def _words(shot: ListedShot) -> str:
    return f"shot {shot.number}" + (f" {' '.join(shot.flags)}" if shot.flags else "")
