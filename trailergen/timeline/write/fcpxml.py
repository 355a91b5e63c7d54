"""FCPXML 1.10, for Final Cut Pro and Resolve.

OpenTimelineIO's adapter is not used: it writes version 1.8, finds rates in a table of eight floats that the exact
NTSC rates are not in, asks ffprobe for picture sizes, puts loose clips beside the project, and knows no
auditions. The order of elements is that of Apple's document type definition, which Final Cut Pro insists on.
"""

from __future__ import annotations

from fractions import Fraction
from xml.etree import ElementTree

from trailergen.plans import SAMPLE_RATE
from trailergen.timeline.clock import Clock
from trailergen.timeline.events import CardEvent, Events, FilmEvent, LineEvent
from trailergen.timeline.write.elements import Element, add, document

VERSION = "1.10"
_TITLE = ".../Titles.localized/Bumper:Opener.localized/Basic Title.localized/Basic Title.moti"
_SOLID = ".../Generators.localized/Solids.localized/Custom.localized/Custom.motn"
"""Final Cut's own title and solid colour, which is black unless it is told another."""
_MUSIC, _LINES, _BLACK, _TEXT = -1, -2, 1, 2
"""Lanes under and over the clips."""
_LOUDEST = 12.0
"""The greatest volume of Final Cut in dB."""


def fcpxml_text(events: Events) -> str:
    """The FCPXML document of a timeline.

    All times are exact fractions of seconds. Sources count in the film's timecode, the sequence from zero. The music
    hangs on the first clip, lines and titles on those where they begin. Such clips are no auditions: another pick
    would take with it what hangs on them.
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
        lines, cards = _begun(events, clip)
        if clip.alternatives and index and not lines and not cards:
            audition = add(spine, "audition", offset=offset)
            _finish(_film_clip(audition, events, clip, clip.source), events, clip)
            for _, _, first in clip.alternatives:
                _choose_sound(_film_clip(audition, events, clip, first), events)
            continue
        item = _film_clip(spine, events, clip, clip.source, offset)
        if index == 0:
            _music(item, events)
        for line in lines:
            _line(item, events, clip, line)
        for card in cards:
            _title(item, events, clip, card)
        _finish(item, events, clip)
    return document(root)


def _format(resources: Element, name: str, rate: Fraction, width: int, height: int) -> None:
    add(resources, "format", id=name, frameDuration=_time(1 / rate), width=width, height=height)


def _assets(resources: Element, events: Events, film_format: str) -> None:
    clock, music = events.clock, events.music
    # Without its sound where it is not heard: Resolve plays the sound of every asset that has one.
    heard = events.film_sound
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
        **(
            {}
            if heard is None
            else {
                "hasAudio": 1,
                "audioSources": 1,
                "audioChannels": heard.first + heard.channels,
                "audioRate": heard.sample_rate,
            }
        ),
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
    if events.cards:
        add(resources, "effect", id="r5", name="Custom", uid=_SOLID)
        add(resources, "effect", id="r6", name="Basic Title", uid=_TITLE)


def _film_clip(parent: Element, events: Events, clip: FilmEvent, first: int, offset: str | None = None) -> Element:
    """A clip of the film from film frame ``first``; those of an audition have its offset."""
    clock, heard = events.clock, events.film_sound
    item = add(
        parent,
        "asset-clip",
        ref="r3",
        **({} if offset is None else {"offset": offset}),
        name=events.film_name,
        start=_time((clock.start + first) / clock.rate),
        duration=_time(clip.frames / clock.rate),
        tcFormat=_counting(clock),
        **({} if heard is None else {"srcEnable": "video"} if heard.level is None else {"audioRole": "effects"}),
    )
    if heard is not None and heard.level:
        add(item, "adjust-volume", amount=_decibels(heard.level))
    return item


def _begun(events: Events, clip: FilmEvent) -> tuple[list[LineEvent], list[CardEvent]]:
    """The lines and cards that begin with or in a clip."""
    rate = events.clock.rate
    first, last = clip.record / rate, (clip.record + clip.frames) / rate
    lines = [line for line in events.lines if first <= Fraction(line.record.start, SAMPLE_RATE) < last]
    cards = [card for card in events.cards if clip.record <= card.record < clip.record + clip.frames]
    return lines, cards


def _music(parent: Element, events: Events) -> None:
    """The music, anchored where the clip it hangs on begins, with its closing fade."""
    music = events.music
    length = music.frames / events.clock.rate
    item = add(
        parent,
        "asset-clip",
        ref="r4",
        lane=_MUSIC,
        offset=parent.attrib["start"],
        name=music.name,
        start=_time(music.origin + music.source),
        duration=_time(length),
        audioRole="music",
    )
    levels = events.film_sound.music_levels if events.film_sound else ()
    if not music.fade and not levels:
        return
    level = add(add(item, "adjust-volume"), "param", name="amount", value="0dB")
    if music.fade:
        add(level, "fadeOut", type="linear", duration=_time(min(music.fade, length)))
    if levels:
        curve = add(level, "keyframeAnimation")
        for at, decibels in levels:
            time = music.origin + music.source + Fraction(at, SAMPLE_RATE)
            add(curve, "keyframe", time=_time(time), value=_decibels(decibels), curve="linear")


def _line(parent: Element, events: Events, clip: FilmEvent, line: LineEvent) -> None:
    """A line under the clip in which it begins, to the sample."""
    clock = events.clock
    start = clock.start / clock.rate + Fraction(line.source.start, SAMPLE_RATE)
    item = add(
        parent,
        "asset-clip",
        ref="r3",
        lane=_LINES,
        offset=_anchored(events, clip, Fraction(line.record.start, SAMPLE_RATE)),
        name=line.text or line.note.name,
        start=_time(start),
        duration=_time(Fraction(len(line.record), SAMPLE_RATE)),
        tcFormat=_counting(clock),
        srcEnable="audio",
        audioRole="dialogue",
    )
    if line.gain:
        add(item, "adjust-volume", amount=_decibels(line.gain))
    add(item, "marker", start=_time(start), duration=_time(1 / clock.rate), value=line.note.name, note=line.note.text)
    _choose_sound(item, events)


def _title(parent: Element, events: Events, clip: FilmEvent, card: CardEvent) -> None:
    """Black over the clips, and the text of a card over it."""
    rate = events.clock.rate
    place = {"offset": _anchored(events, clip, card.record / rate), "duration": _time(card.frames / rate)}
    add(parent, "video", ref="r5", lane=_BLACK, name="Black", **place)
    item = add(parent, "title", ref="r6", lane=_TEXT, name=card.name, **place)
    style = f"ts{events.cards.index(card) + 1}"
    add(add(item, "text"), "text-style", card.text, ref=style)
    add(
        add(item, "text-style-def", id=style),
        "text-style",
        font="Helvetica",
        fontSize=round(events.height / 10),
        fontColor="1 1 1 1",
        alignment="center",
    )


def _finish(item: Element, events: Events, clip: FilmEvent) -> None:
    """What stands at the end of a clip of the film: its marker, and the track it is heard from."""
    add(
        item,
        "marker",
        start=item.attrib["start"],
        duration=_time(1 / events.clock.rate),
        value=clip.note.name,
        note=clip.note.text,
    )
    _choose_sound(item, events)


def _choose_sound(item: Element, events: Events) -> None:
    """The channels of the track that the plan names, for clips that are heard."""
    heard = events.film_sound
    if heard is None or not heard.chosen or item.get("srcEnable") == "video":
        return
    channels = ", ".join(str(heard.first + channel + 1) for channel in range(heard.channels))
    add(item, "audio-channel-source", srcCh=channels, role=item.attrib["audioRole"])


def _anchored(events: Events, clip: FilmEvent, record: Fraction) -> str:
    """A time of the trailer as what hangs on a clip counts it: in the clip's own time."""
    rate = events.clock.rate
    return _time((events.clock.start + clip.source - clip.record) / rate + record)


def _counting(clock: Clock) -> str:
    return "DF" if clock.drop else "NDF"


def _decibels(level: float) -> str:
    return f"{min(level, _LOUDEST):g}dB"


def _time(seconds: Fraction) -> str:
    """Seconds as FCPXML writes them: a fraction in lowest terms, or a whole number."""
    whole = seconds.denominator == 1
    return f"{seconds.numerator}s" if whole else f"{seconds.numerator}/{seconds.denominator}s"
