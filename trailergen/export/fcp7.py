"""Final Cut Pro 7 XML (xmeml), which Premiere and Resolve read.

OpenTimelineIO's adapter is not used for writing: it rounds odd rates up to an NTSC rate they are not, takes music in
other containers than six for film, and says nothing of channels or of the picture's size. The tests read the result
with it.
"""

from __future__ import annotations

from xml.etree import ElementTree

from trailergen.export.clock import Clock, whole_timebase
from trailergen.export.elements import Element, add, document
from trailergen.export.events import Events, FilmEvent
from trailergen.export.timeline import FADE_OUT
from trailergen.timebase import round_half_up

_KINDS = {1: "mono", 2: "stereo"}


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
    _rate(sequence, clock)
    _timecode(sequence, Clock(clock.rate, 0, clock.drop))
    media = add(sequence, "media")
    video = add(media, "video")
    picture = add(add(video, "format"), "samplecharacteristics")
    _rate(picture, clock)
    _size(picture, events.width, events.height)
    track = add(video, "track")
    for number, event in enumerate(events.film, 1):
        _film_item(track, events, event, number)
    _audio(media, events)
    return document(root)


def _film_item(track: Element, events: Events, event: FilmEvent, number: int) -> None:
    item = add(track, "clipitem", id=f"clipitem-{number}")
    add(item, "name", events.film_name)
    _times(item, events.clock, events.film_frames, (event.record, event.source, event.frames))
    file = add(item, "file", id="file-1")
    if number == 1:
        _describe(file, events.film_name, events.film_url, events.film_frames, events.clock)
        picture = add(add(add(file, "media"), "video"), "samplecharacteristics")
        _rate(picture, events.clock)
        _size(picture, events.film_width, events.film_height)
    _source_track(item, "video", 1)
    _marker(item, event.note.name, event.note.text, event.source, event.source + 1)


def _audio(media: Element, events: Events) -> None:
    """One track per channel of the music, joined to one again by those who know stereo tracks."""
    music, clock = events.music, events.clock
    clock_of_file = Clock(clock.rate, round_half_up(music.origin * clock.rate), clock.drop)
    length = max(1, int(music.length * clock.rate))
    # A start that falls between frames may round to one too late for the file.
    source = min(round_half_up(music.source * clock.rate), length - min(length, music.frames))
    audio = add(media, "audio")
    add(audio, "numOutputChannels", 2)
    sound = add(add(audio, "format"), "samplecharacteristics")
    add(sound, "depth", 16)
    add(sound, "samplerate", 48000)
    first = len(events.film) + 1
    for channel in range(music.channels):
        track = add(audio, "track", currentExplodedTrackIndex=channel, totalExplodedTrackCount=music.channels)
        item = add(track, "clipitem", id=f"clipitem-{first + channel}")
        if music.channels in _KINDS:
            track.set("premiereTrackType", _KINDS[music.channels].title())
            item.set("premiereChannelType", _KINDS[music.channels])
        add(item, "name", music.name)
        _times(item, clock, length, (0, source, min(length, music.frames)))
        file = add(item, "file", id="file-2")
        if channel == 0:
            _describe(file, music.name, music.url, length, clock_of_file)
            heard = add(add(file, "media"), "audio")
            form = add(heard, "samplecharacteristics")
            add(form, "depth", 16)
            add(form, "samplerate", music.sample_rate)
            add(heard, "channelcount", music.channels)
        _source_track(item, "audio", channel + 1)
        if music.fade and channel == 0:
            end = source + min(length, music.frames)
            _marker(item, FADE_OUT, "", end - round_half_up(music.fade * clock.rate), end)
        for other in range(music.channels if music.channels > 1 else 0):
            link = add(item, "link")
            add(link, "linkclipref", f"clipitem-{first + other}")
            add(link, "mediatype", "audio")
            add(link, "trackindex", other + 1)
            add(link, "clipindex", 1)
        add(track, "outputchannelindex", channel % 2 + 1)


def _times(item: Element, clock: Clock, file_frames: int, place: tuple[int, int, int]) -> None:
    record, source, frames = place
    add(item, "duration", file_frames)
    _rate(item, clock)
    add(item, "start", record)
    add(item, "end", record + frames)
    add(item, "in", source)
    add(item, "out", source + frames)


def _describe(file: Element, name: str, url: str, frames: int, clock: Clock) -> None:
    add(file, "name", name)
    add(file, "pathurl", url)
    _rate(file, clock)
    add(file, "duration", frames)
    _timecode(file, clock)


def _source_track(item: Element, kind: str, index: int) -> None:
    source = add(item, "sourcetrack")
    add(source, "mediatype", kind)
    add(source, "trackindex", index)


def _marker(item: Element, name: str, comment: str, start: int, end: int) -> None:
    marker = add(item, "marker")
    add(marker, "comment", comment)
    add(marker, "name", name)
    add(marker, "in", start)
    add(marker, "out", end)


def _timecode(parent: Element, clock: Clock) -> None:
    timecode = add(parent, "timecode")
    _rate(timecode, clock)
    add(timecode, "string", clock.label(clock.start))
    add(timecode, "frame", clock.start)
    add(timecode, "displayformat", "DF" if clock.drop else "NDF")


def _rate(parent: Element, clock: Clock) -> None:
    timebase, ntsc = whole_timebase(clock.rate)
    rate = add(parent, "rate")
    add(rate, "timebase", timebase)
    add(rate, "ntsc", "TRUE" if ntsc else "FALSE")


def _size(picture: Element, width: int, height: int) -> None:
    add(picture, "width", width)
    add(picture, "height", height)
    add(picture, "anamorphic", "FALSE")
    add(picture, "pixelaspectratio", "square")
    add(picture, "fielddominance", "none")
