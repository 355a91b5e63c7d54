"""The files of Final Cut Pro 7 XML, described."""

from __future__ import annotations

from trailergen.timebase import round_half_up
from trailergen.timeline.clock import Clock
from trailergen.timeline.events import MusicEvent, Timeline
from trailergen.timeline.write.elements import Element, add
from trailergen.timeline.write.fcp7_parts import add_rate, add_sound, describe_file


def describe_film(file: Element, timeline: Timeline) -> None:
    """The film, with its sound where that is heard."""
    describe_file(file, timeline.film_name, timeline.film_url, timeline.film_frames, timeline.clock)
    media = add(file, "media")
    picture = add(add(media, "video"), "samplecharacteristics")
    add_rate(picture, timeline.clock)
    add_size(picture, *timeline.film_size)
    if heard := timeline.film_sound:
        add_sound(media, heard.sample_rate, heard.first + heard.channels)


def describe_sound(file: Element, timeline: Timeline, music: MusicEvent) -> None:
    """The music, whose clock begins where a broadcast wave says, or the accents."""
    clock = timeline.clock
    _, _, length = music.framed(clock)
    start = Clock(clock.rate, round_half_up(music.seconds(music.origin) * clock.rate), clock.drop)
    describe_file(file, music.name, music.url, length, start)
    add_sound(add(file, "media"), music.sample_rate, music.channels)


def add_size(picture: Element, width: int, height: int) -> None:
    """The size of a picture of square pixels."""
    add(picture, "width", width)
    add(picture, "height", height)
    add(picture, "anamorphic", "FALSE")
    add(picture, "pixelaspectratio", "square")
    add(picture, "fielddominance", "none")
