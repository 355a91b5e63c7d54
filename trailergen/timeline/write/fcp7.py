"""Final Cut Pro 7 XML (xmeml), which Premiere and Resolve read.

OpenTimelineIO's adapter is not used for writing: it rounds odd rates up to an NTSC rate they are not, takes music in
other containers than six for film, and says nothing of channels or of the picture's size. The tests read the result
with it.
"""

from __future__ import annotations

from xml.etree import ElementTree

from trailergen.timeline.clock import Clock
from trailergen.timeline.events import Events, FilmEvent
from trailergen.timeline.write.elements import Element, add, document
from trailergen.timeline.write.fcp7_parts import (
    add_marker,
    add_rate,
    add_sound,
    add_source_track,
    add_timecode,
    add_times,
    describe_file,
)
from trailergen.timeline.write.fcp7_sound import add_audio
from trailergen.timeline.write.fcp7_titles import add_titles


def fcp7_text(events: Events) -> str:
    """The xmeml document of a timeline; all frames are of the film's rate, which is the sequence's.

    Raises:
        UsageError: the rate is neither whole nor 1000/1001 of a whole one.
    """
    clock = events.clock
    root = ElementTree.Element("xmeml", {"version": "4"})
    sequence = add(root, "sequence", id="sequence-1")
    add(sequence, "name", events.name)
    add(sequence, "duration", events.frames)
    add_rate(sequence, clock)
    add_timecode(sequence, Clock(clock.rate, 0, clock.drop))
    media = add(sequence, "media")
    video = add(media, "video")
    picture = add(add(video, "format"), "samplecharacteristics")
    add_rate(picture, clock)
    _size(picture, events.width, events.height)
    track = add(video, "track")
    for number, event in enumerate(events.film, 1):
        _film_item(track, events, event, number)
    add_titles(video, events)
    add_audio(media, events, len(events.film) + 1)
    return document(root)


def _film_item(track: Element, events: Events, event: FilmEvent, number: int) -> None:
    item = add(track, "clipitem", id=f"clipitem-{number}")
    add(item, "name", events.film_name)
    add_times(item, events.clock, events.film_frames, (event.record, event.source, event.frames))
    file = add(item, "file", id="file-1")
    if number == 1:
        describe_file(file, events.film_name, events.film_url, events.film_frames, events.clock)
        media = add(file, "media")
        picture = add(add(media, "video"), "samplecharacteristics")
        add_rate(picture, events.clock)
        _size(picture, events.film_width, events.film_height)
        if heard := events.film_sound:
            add_sound(media, heard.sample_rate, heard.first + heard.channels)
    add_source_track(item, "video", 1)
    add_marker(item, event.note.name, event.note.text, event.source, event.source + 1)


def _size(picture: Element, width: int, height: int) -> None:
    add(picture, "width", width)
    add(picture, "height", height)
    add(picture, "anamorphic", "FALSE")
    add(picture, "pixelaspectratio", "square")
    add(picture, "fielddominance", "none")
