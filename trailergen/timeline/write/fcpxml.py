"""FCPXML 1.10, for Final Cut Pro and Resolve.

OpenTimelineIO's adapter is not used: it writes version 1.8, finds rates in a table of eight floats that the exact
NTSC rates are not in, asks ffprobe for picture sizes, puts loose clips beside the project, and knows no
auditions. The order of elements is that of Apple's document type definition, which Final Cut Pro insists on.
"""

from __future__ import annotations

from fractions import Fraction
from xml.etree import ElementTree

from trailergen.plans import SAMPLE_RATE, Crop
from trailergen.timeline.clock import Clock
from trailergen.timeline.events import CardEvent, FilmEvent, LineEvent, Timeline
from trailergen.timeline.write.elements import Element, add, document

VERSION = "1.10"
_TITLE = ".../Titles.localized/Bumper:Opener.localized/Basic Title.localized/Basic Title.moti"
_SOLID = ".../Generators.localized/Solids.localized/Custom.localized/Custom.motn"
"""Final Cut's own title and solid colour, which is black unless it is told another."""
_MUSIC, _LINES, _BLACK, _TEXT = -1, -2, 1, 2
"""Lanes under and over the clips."""
_LOUDEST = 12.0
"""The greatest volume of Final Cut in dB."""


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
        duration=_time(timeline.frames / timeline.clock.rate),
        tcStart="0s",
        tcFormat=_counting(timeline.clock),
        audioLayout="stereo",
        audioRate="48k",
    )
    spine = add(sequence, "spine")
    for index, clip in enumerate(timeline.film):
        offset = _time(clip.record / timeline.clock.rate)
        _dissolve(spine, timeline, index)
        lines, cards = _begun(timeline, clip)
        if clip.alternatives and index and not (lines or cards or _dissolves(timeline, index)):
            audition = add(spine, "audition", offset=offset)
            _finish(_film_clip(audition, timeline, clip, clip.source), timeline, clip)
            for other in clip.alternatives:
                _choose_sound(_film_clip(audition, timeline, clip, other.source.start), timeline)
            continue
        item = _film_clip(spine, timeline, clip, clip.source, offset)
        if index == 0:
            _music(item, timeline)
        for line in lines:
            _line(item, timeline, clip, line)
        for card in cards:
            _title(item, timeline, clip, card)
        _finish(item, timeline, clip)
    return document(root)


def _format(resources: Element, name: str, rate: Fraction, width: int, height: int) -> None:
    add(resources, "format", id=name, frameDuration=_time(1 / rate), width=width, height=height)


def _assets(resources: Element, timeline: Timeline, film_format: str) -> None:
    clock, music = timeline.clock, timeline.music
    # Without its sound where it is not heard: Resolve plays the sound of every asset that has one.
    heard = timeline.film_sound
    film = add(
        resources,
        "asset",
        id="r3",
        name=timeline.film_name,
        start=_time(clock.start / clock.rate),
        duration=_time(timeline.film_frames / clock.rate),
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
    track = add(
        resources,
        "asset",
        id="r4",
        name=music.name,
        start=_time(music.seconds(music.origin)),
        duration=_time(music.seconds(music.available)),
        hasAudio=1,
        audioSources=1,
        audioChannels=music.channels,
        audioRate=music.sample_rate,
    )
    add(track, "media-rep", kind="original-media", src=music.url)
    if timeline.cards:
        add(resources, "effect", id="r5", name="Custom", uid=_SOLID)
        add(resources, "effect", id="r6", name="Basic Title", uid=_TITLE)


def _film_clip(parent: Element, timeline: Timeline, clip: FilmEvent, first: int, offset: str | None = None) -> Element:
    """A clip of the film from film frame ``first``; those of an audition have its offset."""
    clock, heard = timeline.clock, timeline.film_sound
    item = add(
        parent,
        "asset-clip",
        ref="r3",
        **({} if offset is None else {"offset": offset}),
        name=timeline.film_name,
        start=_time((clock.start + first) / clock.rate),
        duration=_time(clip.frames / clock.rate),
        tcFormat=_counting(clock),
        **({} if heard is None else {"srcEnable": "video"} if heard.level is None else {"audioRole": "effects"}),
    )
    if clip.parts and first == clip.source:
        _transform(item, timeline, clip.parts)
    if heard is not None and heard.level:
        add(item, "adjust-volume", amount=_decibels(heard.level))
    return item


def _dissolves(timeline: Timeline, index: int) -> bool:
    """True for a clip that a dissolve takes frames of: another pick of an audition might lack them."""
    return any(each.index in (index, index + 1) and each.kind == "dissolve" for each in timeline.transitions)


def _dissolve(spine: Element, timeline: Timeline, index: int) -> None:
    """The dissolve into a clip. Dips are told in its marker: Final Cut's own effect for them has no name to rely on."""
    rate = timeline.clock.rate
    for each in timeline.transitions:
        if each.index == index and each.kind == "dissolve":
            place = {"offset": _time(each.start / rate), "duration": _time((each.end - each.start) / rate)}
            add(spine, "transition", name="Cross Dissolve", **place)


def _transform(item: Element, timeline: Timeline, parts: tuple[Crop, Crop]) -> None:
    """Scale and place a clip so that a part of its picture fills the sequence's; Final Cut fits the whole in first.

    Positions are in hundredths of the sequence's height, from its middle, up and to the right.
    """
    (width, height), (film_width, film_height) = timeline.size, timeline.film_size
    grown = max(Fraction(width, parts[0].width), Fraction(height, parts[0].height))
    scale = float(grown / min(Fraction(width, film_width), Fraction(height, film_height)))
    places = []
    for part in parts:
        x = Fraction(film_width, 2) - part.x - Fraction(part.width, 2)
        y = part.y + Fraction(part.height, 2) - Fraction(film_height, 2)
        places.append(" ".join(f"{float(100 * along * grown / height):.6g}" for along in (x, y)))
    first, last = places
    moving = first != last
    found = add(item, "adjust-transform", scale=f"{scale:.6g} {scale:.6g}", **({} if moving else {"position": first}))
    if moving:
        curve = add(add(found, "param", name="position"), "keyframeAnimation")
        start = Fraction(item.attrib["start"].removesuffix("s"))
        end = start + Fraction(item.attrib["duration"].removesuffix("s")) - 1 / timeline.clock.rate
        add(curve, "keyframe", time=_time(start), value=first, curve="linear")
        add(curve, "keyframe", time=_time(end), value=last, curve="linear")


def _begun(timeline: Timeline, clip: FilmEvent) -> tuple[list[LineEvent], list[CardEvent]]:
    """The lines and cards that begin with or in a clip."""
    rate = timeline.clock.rate
    first, last = clip.record / rate, (clip.record + clip.frames) / rate
    lines = [line for line in timeline.lines if first <= Fraction(line.record.start, SAMPLE_RATE) < last]
    cards = [card for card in timeline.cards if clip.record <= card.record < clip.record + clip.frames]
    return lines, cards


def _music(parent: Element, timeline: Timeline) -> None:
    """The music, anchored where the clip it hangs on begins, with its closing fade."""
    music = timeline.music
    length = music.frames(timeline.clock) / timeline.clock.rate
    item = add(
        parent,
        "asset-clip",
        ref="r4",
        lane=_MUSIC,
        offset=parent.attrib["start"],
        name=music.name,
        start=_time(music.seconds(music.origin) + music.seconds(music.start)),
        duration=_time(length),
        audioRole="music",
    )
    levels = timeline.film_sound.music_levels if timeline.film_sound else ()
    if not music.fade and not levels:
        return
    level = add(add(item, "adjust-volume"), "param", name="amount", value="0dB")
    if music.fade:
        add(level, "fadeOut", type="linear", duration=_time(min(music.seconds(music.fade), length)))
    if levels:
        curve = add(level, "keyframeAnimation")
        for at, decibels in levels:
            time = music.seconds(music.origin) + music.seconds(music.start) + Fraction(at, SAMPLE_RATE)
            add(curve, "keyframe", time=_time(time), value=_decibels(decibels), curve="linear")


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
        start=_time(start),
        duration=_time(Fraction(len(line.record), SAMPLE_RATE)),
        tcFormat=_counting(clock),
        srcEnable="audio",
        audioRole="dialogue",
    )
    if line.gain:
        add(item, "adjust-volume", amount=_decibels(line.gain))
    add(
        item,
        "marker",
        start=_time(start),
        duration=_time(1 / clock.rate),
        value=line.marker.name,
        note=line.marker.text,
    )
    _choose_sound(item, timeline)


def _title(parent: Element, timeline: Timeline, clip: FilmEvent, card: CardEvent) -> None:
    """Black over the clips, and the text of a card over it."""
    rate = timeline.clock.rate
    place = {"offset": _anchored(timeline, clip, card.record / rate), "duration": _time(card.frames / rate)}
    add(parent, "video", ref="r5", lane=_BLACK, name="Black", **place)
    item = add(parent, "title", ref="r6", lane=_TEXT, name=card.name, **place)
    style = f"ts{timeline.cards.index(card) + 1}"
    add(add(item, "text"), "text-style", card.text, ref=style)
    add(
        add(item, "text-style-def", id=style),
        "text-style",
        font="Helvetica",
        fontSize=round(timeline.size[1] / 10),
        fontColor="1 1 1 1",
        alignment="center",
    )


def _finish(item: Element, timeline: Timeline, clip: FilmEvent) -> None:
    """The last elements of a clip of the film: its marker, and the track it is heard from."""
    add(
        item,
        "marker",
        start=item.attrib["start"],
        duration=_time(1 / timeline.clock.rate),
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
    return _time((timeline.clock.start + clip.source - clip.record) / rate + record)


def _counting(clock: Clock) -> str:
    return "DF" if clock.drop else "NDF"


def _decibels(level: float) -> str:
    return f"{min(level, _LOUDEST):g}dB"


def _time(seconds: Fraction) -> str:
    """Seconds as FCPXML writes them: a fraction in lowest terms, or a whole number."""
    whole = seconds.denominator == 1
    return f"{seconds.numerator}s" if whole else f"{seconds.numerator}/{seconds.denominator}s"
