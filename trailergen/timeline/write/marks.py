"""Marks over a whole trailer, of clips, lines and the closing fade, for formats whose marks lie on the timeline."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from trailergen.timebase import round_half_up
from trailergen.timeline.events import FADE_OUT, Timeline


@dataclass(frozen=True)
class Mark:
    """A mark over record frames ``[start, end)``, which may be none; ``color`` as OpenTimelineIO calls it."""

    start: int
    end: int
    text: str
    color: str


def marks_of(timeline: Timeline) -> list[Mark]:
    """All marks in the order of their frames."""
    return sorted(_marks(timeline), key=lambda mark: mark.start)


def _marks(timeline: Timeline) -> Iterator[Mark]:
    for event in timeline.film:
        yield Mark(event.record, event.record, f"{event.marker.name}: {event.marker.text}", event.marker.color)
    for line in timeline.lines:
        if place := line.framed(timeline.clock, timeline.film_frames):
            _, record, frames = place
            yield Mark(record, record + frames, f"{line.marker.name}: {line.marker.text}", line.marker.color)
    music = timeline.music
    if music.fade:
        end = music.frames(timeline.clock)
        yield Mark(
            max(0, end - round_half_up(music.seconds(music.fade) * timeline.clock.rate)), end, FADE_OUT, "PURPLE"
        )
