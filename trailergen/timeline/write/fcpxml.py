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
from trailergen.timeline.events import CardEvent, FilmEvent, LineEvent, Timeline
from trailergen.timeline.write.elements import Element, add, document
from trailergen.timeline.write.fcpxml_picture import add_dissolve, add_transform, is_dissolved, time_text
from trailergen.timeline.write.fcpxml_sound import (
    add_accents,
    add_clip_volume,
    add_music,
    add_sound_asset,
    volume_text,
)

VERSION = "1.10"
_TITLE = ".../Titles.localized/Bumper:Opener.localized/Basic Title.localized/Basic Title.moti"
_SOLID = ".../Generators.localized/Solids.localized/Custom.localized/Custom.motn"
"""Final Cut's own title and solid colour, which is black unless it is told another."""
_LINES, _BLACK, _TEXT = -2, 1, 2
"""Lanes under and over the clips; those of the music and of accents are beside the one of lines."""


def fcpxml_text(timeline: Timeline) -> str:
    """The FCPXML document of a timeline.

    All times are exact fractions of seconds. Sources count in the film's timecode, the sequence from zero. The music
    hangs on the first clip, lines and titles on those where they begin. Such clips are no auditions: another pick
    would take with it what hangs on them.
    """
    root = ElementTree.Element("fcpxml", {"version": VERSION})
    resources = add(root, "resources")
    _format(resources, "r1", timeline.clock.rate, *timeline.size)
    film_format = "r1"
    if timeline.film_size != timeline.size:
        film_format = "r2"
        _format(resources, film_format, timeline.clock.rate, *timeline.film_size)
    _assets(resources, timeline, film_format)
    event = add(add(root, "library"), "event", name=timeline.name)
    sequence = add(
        add(event, "project", name=timeline.name),
        "sequence",
        format="r1",
        duration=time_text(timeline.frames / timeline.clock.rate),
        tcStart="0s",
        tcFormat=_counting(timeline.clock),
        audioLayout="stereo",
        audioRate="48k",
    )
    spine = add(sequence, "spine")
    for index, clip in enumerate(timeline.film):
        offset = time_text(clip.record / timeline.clock.rate)
        add_dissolve(spine, timeline, index)
        lines, cards = _begun(timeline, clip)
        if clip.alternatives and index and not (lines or cards or is_dissolved(timeline, index)):
            audition = add(spine, "audition", offset=offset)
            _finish(_film_clip(audition, timeline, clip, clip.source), timeline, clip)
            for other in clip.alternatives:
                _choose_sound(_film_clip(audition, timeline, clip, other.source.start), timeline)
            continue
        item = _film_clip(spine, timeline, clip, clip.source, offset)
        if index == 0:
            add_music(item, timeline)
            add_accents(item, timeline)
        for line in lines:
            _line(item, timeline, clip, line)
        for card in cards:
            _title(item, timeline, clip, card)
        _finish(item, timeline, clip)
    return document(root)


def _format(resources: Element, name: str, rate: Fraction, width: int, height: int) -> None:
    add(resources, "format", id=name, frameDuration=time_text(1 / rate), width=width, height=height)


def _assets(resources: Element, timeline: Timeline, film_format: str) -> None:
    clock = timeline.clock
    # Without its sound where it is not heard: Resolve plays the sound of every asset that has one.
    heard = timeline.film_sound
    film = add(
        resources,
        "asset",
        id="r3",
        name=timeline.film_name,
        start=time_text(clock.start / clock.rate),
        duration=time_text(timeline.film_frames / clock.rate),
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
    add(film, "media-rep", kind="original-media", src=timeline.film_url)
    add_sound_asset(resources, "r4", timeline.music)
    if timeline.cards:
        add(resources, "effect", id="r5", name="Custom", uid=_SOLID)
        add(resources, "effect", id="r6", name="Basic Title", uid=_TITLE)
    if timeline.accents:
        add_sound_asset(resources, "r7", timeline.accents)


def _film_clip(parent: Element, timeline: Timeline, clip: FilmEvent, first: int, offset: str | None = None) -> Element:
    """A clip of the film from film frame ``first``; those of an audition have its offset."""
    clock, heard = timeline.clock, timeline.film_sound
    item = add(
        parent,
        "asset-clip",
        ref="r3",
        **({} if offset is None else {"offset": offset}),
        name=timeline.film_name,
        start=time_text((clock.start + first) / clock.rate),
        duration=time_text(clip.frames / clock.rate),
        tcFormat=_counting(clock),
        **({} if heard is None else {"srcEnable": "video"} if heard.level is None else {"audioRole": "effects"}),
    )
    if clip.parts and first == clip.source:
        add_transform(item, timeline, clip.parts)
    if heard is not None and heard.level is not None:
        add_clip_volume(item, timeline, clip, heard.level)
    return item


def _begun(timeline: Timeline, clip: FilmEvent) -> tuple[list[LineEvent], list[CardEvent]]:
    """The lines and cards that begin with or in a clip."""
    rate = timeline.clock.rate
    first, last = clip.record / rate, (clip.record + clip.frames) / rate
    lines = [line for line in timeline.lines if first <= Fraction(line.record.start, SAMPLE_RATE) < last]
    cards = [card for card in timeline.cards if clip.record <= card.record < clip.record + clip.frames]
    return lines, cards


def _line(parent: Element, timeline: Timeline, clip: FilmEvent, line: LineEvent) -> None:
    """A line under the clip in which it begins, to the sample."""
    clock = timeline.clock
    start = clock.start / clock.rate + Fraction(line.source.start, SAMPLE_RATE)
    item = add(
        parent,
        "asset-clip",
        ref="r3",
        lane=_LINES,
        offset=_anchored(timeline, clip, Fraction(line.record.start, SAMPLE_RATE)),
        name=line.text or line.marker.name,
        start=time_text(start),
        duration=time_text(Fraction(len(line.record), SAMPLE_RATE)),
        tcFormat=_counting(clock),
        srcEnable="audio",
        audioRole="dialogue",
    )
    if line.gain:
        add(item, "adjust-volume", amount=volume_text(line.gain))
    add(
        item,
        "marker",
        start=time_text(start),
        duration=time_text(1 / clock.rate),
        value=line.marker.name,
        note=line.marker.text,
    )
    _choose_sound(item, timeline)


def _title(parent: Element, timeline: Timeline, clip: FilmEvent, card: CardEvent) -> None:
    """Black over the clips, unless they shall be seen, and the text of a card over it."""
    rate = timeline.clock.rate
    place = {"offset": _anchored(timeline, clip, card.record / rate), "duration": time_text(card.frames / rate)}
    if not card.over:
        add(parent, "video", ref="r5", lane=_BLACK, name="Black", **place)
    item = add(parent, "title", ref="r6", lane=_TEXT, name=card.name, **place)
    style = f"ts{timeline.cards.index(card) + 1}"
    add(add(item, "text"), "text-style", card.text, ref=style)
    red, green, blue = (int(card.color[at : at + 2], 16) / 255 for at in (1, 3, 5))
    add(
        add(item, "text-style-def", id=style),
        "text-style",
        font="Helvetica",
        fontSize=card.letters(timeline.size[1]),
        fontColor=f"{red:.4g} {green:.4g} {blue:.4g} 1",
        alignment="center",
        **({"shadowColor": "0 0 0 0.75", "shadowOffset": "3 315"} if card.over else {}),
    )


def _finish(item: Element, timeline: Timeline, clip: FilmEvent) -> None:
    """The last elements of a clip of the film: its marker, and the track it is heard from."""
    add(
        item,
        "marker",
        start=item.attrib["start"],
        duration=time_text(1 / timeline.clock.rate),
        value=clip.marker.name,
        note=clip.marker.text,
    )
    _choose_sound(item, timeline)


def _choose_sound(item: Element, timeline: Timeline) -> None:
    """The channels of the track that the plan names, for clips that are heard."""
    heard = timeline.film_sound
    if heard is None or timeline.plan.sound.track is None or item.get("srcEnable") == "video":
        return
    channels = ", ".join(str(heard.first + channel + 1) for channel in range(heard.channels))
    add(item, "audio-channel-source", srcCh=channels, role=item.attrib["audioRole"])


def _anchored(timeline: Timeline, clip: FilmEvent, record: Fraction) -> str:
    """A time of the trailer as what hangs on a clip counts it: in the clip's own time."""
    rate = timeline.clock.rate
    return time_text((timeline.clock.start + clip.source - clip.record) / rate + record)


def _counting(clock: Clock) -> str:
    return "DF" if clock.drop else "NDF"
