"""Of OpenTimelineIO the sounds under all of the trailer: the music, with markers where it falls, and accents."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import opentimelineio as otio

from trailergen.plans import SAMPLE_RATE
from trailergen.timeline.events import FADE_OUT, MusicEvent, Timeline
from trailergen.timeline.write.otio_ranges import NAMESPACE, most_samples, range_of

DUCKED = "ducked"
"""Name of the markers over the music where a line is heard."""
DROPPED = "drop-out"
"""Name of the marker over the music where all is silent before the button."""


def music_clip(timeline: Timeline) -> Any:
    """The music under the trailer, with its fade and where it falls marked."""
    music, clip = timeline.music, whole_clip(timeline, timeline.music)
    if music.fade:
        end = music.origin + min(music.end, music.start + most_samples(timeline, music.rate))
        marked = range_of(end - music.fade, end, music.rate)
        clip.markers.append(otio.schema.Marker(FADE_OUT, marked, otio.schema.MarkerColor.PURPLE))
    clip.markers.extend([*_ducked(timeline), *_dropped(timeline)])
    return clip


def whole_clip(timeline: Timeline, sound: MusicEvent) -> Any:
    """A sound under all of the trailer, in samples at its own rate: exact."""
    origin, end = sound.origin, sound.origin + min(sound.end, sound.start + most_samples(timeline, sound.rate))
    reference = otio.schema.ExternalReference(sound.url, range_of(origin, origin + sound.available, sound.rate))
    reference.name = sound.name
    reference.metadata[NAMESPACE] = {"channels": sound.channels, "sample_rate": sound.sample_rate}
    source = range_of(origin + sound.start, end, sound.rate)
    return otio.schema.Clip(name=sound.name, media_reference=reference, source_range=source)


def _dropped(timeline: Timeline) -> Iterator[Any]:
    """A marker over the music where all is silent."""
    if timeline.drop:
        music = timeline.music
        first = music.origin + music.start
        start, end = (Fraction(at * music.rate, SAMPLE_RATE) for at, _ in (timeline.drop[0], timeline.drop[-1]))
        marked = range_of(first + start, first + end, music.rate)
        yield otio.schema.Marker(DROPPED, marked, otio.schema.MarkerColor.CYAN, comment="silent, film sound too")


def _ducked(timeline: Timeline) -> Iterator[Any]:
    """Markers over the music where lines make it fall."""
    music, heard = timeline.music, timeline.film_sound
    first, depth = music.origin + music.start, timeline.plan.sound.ducking.depth
    for line in timeline.lines if heard and heard.music_levels else ():
        start, end = (Fraction(at * music.rate, SAMPLE_RATE) for at in (line.record.start, line.record.end))
        marked = range_of(first + start, first + end, music.rate)
        yield otio.schema.Marker(DUCKED, marked, otio.schema.MarkerColor.CYAN, comment=f"{-depth:g} dB under {line.id}")
