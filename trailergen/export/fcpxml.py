"""FCPXML 1.10, for Final Cut Pro and Resolve.

OpenTimelineIO's adapter is not used: it writes version 1.8, finds rates in a table of eight floats that the exact
NTSC rates are not in, asks ffprobe for picture sizes, puts loose clips beside the project, and knows no
auditions. The order of elements is that of Apple's document type definition, which Final Cut Pro insists on.
"""

from __future__ import annotations

from fractions import Fraction
from xml.etree import ElementTree

from trailergen.export.clock import Clock
from trailergen.export.elements import Element, add, document
from trailergen.export.events import Events, FilmEvent

VERSION = "1.10"


def fcpxml_text(events: Events) -> str:
    """The FCPXML document of a timeline.

    All times are exact fractions of seconds. Sources count in the film's timecode, the sequence from zero. The music
    hangs on the first clip, which therefore is no audition: another pick would take the music with it.
    """
    root = ElementTree.Element("fcpxml", {"version": VERSION})
    resources = add(root, "resources")
    _format(resources, "r1", events.clock.rate, events.width, events.height)
    film_format = "r1"
    if (events.film_width, events.film_height) != (events.width, events.height):
        film_format = "r2"
        _format(resources, film_format, events.clock.rate, events.film_width, events.film_height)
    _assets(resources, events, film_format)
    event = add(add(root, "library"), "event", name=events.name)
    sequence = add(
        add(event, "project", name=events.name),
        "sequence",
        format="r1",
        duration=_time(events.frames / events.clock.rate),
        tcStart="0s",
        tcFormat=_counting(events.clock),
        audioLayout="stereo",
        audioRate="48k",
    )
    spine = add(sequence, "spine")
    for index, clip in enumerate(events.film):
        offset = _time(clip.record / events.clock.rate)
        if index == 0:
            item = _film_clip(spine, events, clip, clip.source, offset)
            _music(item, events)
            _marker(item, events.clock, clip)
        elif clip.alternatives:
            audition = add(spine, "audition", offset=offset)
            _marker(_film_clip(audition, events, clip, clip.source), events.clock, clip)
            for _, _, first in clip.alternatives:
                _film_clip(audition, events, clip, first)
        else:
            _marker(_film_clip(spine, events, clip, clip.source, offset), events.clock, clip)
    return document(root)


def _format(resources: Element, name: str, rate: Fraction, width: int, height: int) -> None:
    add(resources, "format", id=name, frameDuration=_time(1 / rate), width=width, height=height)


def _assets(resources: Element, events: Events, film_format: str) -> None:
    clock, music = events.clock, events.music
    # Without its sound: Resolve plays the sound of every asset that has one, and the trailer has the music's only.
    film = add(
        resources,
        "asset",
        id="r3",
        name=events.film_name,
        start=_time(clock.start / clock.rate),
        duration=_time(events.film_frames / clock.rate),
        hasVideo=1,
        format=film_format,
        videoSources=1,
    )
    add(film, "media-rep", kind="original-media", src=events.film_url)
    track = add(
        resources,
        "asset",
        id="r4",
        name=music.name,
        start=_time(music.origin),
        duration=_time(music.length),
        hasAudio=1,
        audioSources=1,
        audioChannels=music.channels,
        audioRate=music.sample_rate,
    )
    add(track, "media-rep", kind="original-media", src=music.url)


def _film_clip(parent: Element, events: Events, clip: FilmEvent, first: int, offset: str | None = None) -> Element:
    """A clip of the film from film frame ``first``; those of an audition have its offset."""
    clock = events.clock
    return add(
        parent,
        "asset-clip",
        ref="r3",
        **({} if offset is None else {"offset": offset}),
        name=events.film_name,
        start=_time((clock.start + first) / clock.rate),
        duration=_time(clip.frames / clock.rate),
        tcFormat=_counting(clock),
    )


def _music(parent: Element, events: Events) -> None:
    """The music, anchored where the clip it hangs on begins, with its closing fade."""
    music = events.music
    length = music.frames / events.clock.rate
    item = add(
        parent,
        "asset-clip",
        ref="r4",
        lane=-1,
        offset=parent.attrib["start"],
        name=music.name,
        start=_time(music.origin + music.source),
        duration=_time(length),
        audioRole="music",
    )
    if music.fade:
        level = add(add(item, "adjust-volume"), "param", name="amount", value="0dB")
        add(level, "fadeOut", type="linear", duration=_time(min(music.fade, length)))


def _marker(item: Element, clock: Clock, clip: FilmEvent) -> None:
    add(
        item,
        "marker",
        start=item.attrib["start"],
        duration=_time(1 / clock.rate),
        value=clip.note.name,
        note=clip.note.text,
    )


def _counting(clock: Clock) -> str:
    return "DF" if clock.drop else "NDF"


def _time(seconds: Fraction) -> str:
    """Seconds as FCPXML writes them: a fraction in lowest terms, or a whole number."""
    whole = seconds.denominator == 1
    return f"{seconds.numerator}s" if whole else f"{seconds.numerator}/{seconds.denominator}s"
