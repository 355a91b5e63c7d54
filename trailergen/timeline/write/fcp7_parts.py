"""The pieces that items of picture and sound share in Final Cut Pro 7 XML."""

from __future__ import annotations

from trailergen.timeline.clock import Clock, whole_timebase
from trailergen.timeline.write.elements import Element, add


def add_times(item: Element, clock: Clock, file_frames: int, place: tuple[int, int, int]) -> None:
    """The media's length, and the item's ``place``: record frame, source frame from the media's start, frames."""
    record, source, frames = place
    add(item, "duration", file_frames)
    add_rate(item, clock)
    add(item, "start", record)
    add(item, "end", record + frames)
    add(item, "in", source)
    add(item, "out", source + frames)


def add_track(parent: Element, **attributes: str | int) -> Element:
    """A track, on and not locked: OpenShot asks every track whether it is."""
    track = add(parent, "track", **attributes)
    add(track, "enabled", "TRUE")
    add(track, "locked", "FALSE")
    return track


def describe_file(file: Element, name: str, url: str, frames: int, clock: Clock) -> None:
    """Describe a file; of each id once, for Resolve drops clips of one that is described again."""
    add(file, "name", name)
    add(file, "pathurl", url)
    add_rate(file, clock)
    add(file, "duration", frames)
    add_timecode(file, clock)


def add_sound(media: Element, sample_rate: int, channels: int) -> None:
    """That a file has sound."""
    heard = add(media, "audio")
    form = add(heard, "samplecharacteristics")
    add(form, "depth", 16)
    add(form, "samplerate", sample_rate)
    add(heard, "channelcount", channels)


def add_source_track(item: Element, kind: str, index: int) -> None:
    """The track of its media that an item plays, from 1."""
    source = add(item, "sourcetrack")
    add(source, "mediatype", kind)
    add(source, "trackindex", index)


def add_marker(item: Element, name: str, comment: str, start: int, end: int) -> None:
    """A marker over media frames ``[start, end)``."""
    marker = add(item, "marker")
    add(marker, "comment", comment)
    add(marker, "name", name)
    add(marker, "in", start)
    add(marker, "out", end)


def add_effect(parent: Element, name: str, identity: str, category: str, kind: str, media: str) -> Element:
    """An effect, to which parameters are added."""
    effect = add(parent, "effect")
    add(effect, "name", name)
    add(effect, "effectid", identity)
    add(effect, "effectcategory", category)
    add(effect, "effecttype", kind)
    add(effect, "mediatype", media)
    return effect


def add_parameter(effect: Element, identity: str, name: str, value: str | None = None) -> Element:
    """A parameter of an effect."""
    parameter = add(effect, "parameter")
    add(parameter, "parameterid", identity)
    add(parameter, "name", name)
    if value is not None:
        add(parameter, "value", value)
    return parameter


def add_timecode(parent: Element, clock: Clock) -> None:
    """The start of a clock."""
    timecode = add(parent, "timecode")
    add_rate(timecode, clock)
    add(timecode, "string", clock.label(clock.start))
    add(timecode, "frame", clock.start)
    add(timecode, "displayformat", "DF" if clock.drop else "NDF")


def add_rate(parent: Element, clock: Clock) -> None:
    """The rate of a clock. Raises UsageError where the format has no word for it."""
    timebase, ntsc = whole_timebase(clock.rate)
    rate = add(parent, "rate")
    add(rate, "timebase", timebase)
    add(rate, "ntsc", "TRUE" if ntsc else "FALSE")
