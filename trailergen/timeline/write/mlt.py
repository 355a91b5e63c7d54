"""A project of Shotcut: a document of the MLT framework with properties of its own.

Every clip is a producer of its own with its filters inside, as in what Shotcut writes. The clips' own sound is in the
clips of the film; alternatives lie on tracks that are hidden and muted.
"""

from __future__ import annotations

from collections.abc import Iterator

from trailergen.timebase import format_time
from trailergen.timeline.events import CardEvent, Timeline
from trailergen.timeline.write.elements import Element, add, document
from trailergen.timeline.write.marks import marks_of
from trailergen.timeline.write.mlt_parts import (
    Properties,
    add_colour,
    add_dissolve,
    add_film,
    add_filters,
    add_properties,
    add_sound,
    add_transition,
    fill,
    mlt_root,
)
from trailergen.timeline.write.mlt_tracks import MltClip, MltTrack, Place, mlt_tracks

_COLOURS = {"BLUE": "#3a6ea5", "GREEN": "#2e8b57", "YELLOW": "#c8a415", "PINK": "#c04a7d", "PURPLE": "#7a4fa3"}


def mlt_text(timeline: Timeline) -> str:
    """The project of a timeline."""
    root = mlt_root(timeline, title="Shotcut version 22.12.21")
    _bin(root, timeline)
    add_colour(root, "black", timeline.frames, {"resource": "0", "set.test_audio": 0})
    list(fill(add(root, "playlist", id="background"), [("black", Place(0, timeline.frames))]))
    tracks = mlt_tracks(timeline)
    for number, track in enumerate(tracks):
        _track(root, timeline, track, number)
    _tractor(root, timeline, tracks)
    return document(root, doctype=False)


def _bin(root: Element, timeline: Timeline) -> None:
    """The playlist of the project: the whole film, the whole music, and accents."""
    film = MltClip(Place(0, timeline.film_frames), timeline.film_name, levels=((0, 0.0),))
    add_film(root, "film", timeline, film, {"shotcut:caption": film.name})
    lengths = {"film": timeline.film_frames}
    for name, sound in (("music", timeline.music), ("accents", timeline.accents)):
        if sound:
            add_sound(root, name, timeline, sound, {"shotcut:caption": sound.name})
            _, _, lengths[name] = sound.framed(timeline.clock)
    playlist = add_properties(add(root, "playlist", id="main_bin"), {"xml_retain": 1})
    for name, frames in lengths.items():
        add(playlist, "entry", producer=name, **Place(0, frames).bounds)


def _track(root: Element, timeline: Timeline, track: MltTrack, number: int) -> None:
    names = []
    for index, clip in enumerate(track.clips):
        names.append(f"clip{number}-{index}")
        producer = _producer(root, timeline, clip, names[-1])
        bounds = clip.place.bounds
        rise: Properties = {"shotcut:filter": "fadeInBrightness", "shotcut:animIn": clip.rise}
        fade: Properties = {"shotcut:filter": "fadeOutBrightness", "shotcut:animOut": clip.fade}
        add_filters(producer, clip, {}, rise, fade)
        producer.attrib.update({name: str(at) for name, at in bounds.items()} if clip.card else {})
    entries = list(_entries(root, names, track))
    kind = "shotcut:video" if track.picture else "shotcut:audio"
    playlist = add_properties(add(root, "playlist", id=f"track{number}"), {kind: 1, "shotcut:name": track.name})
    list(fill(playlist, entries))


def _entries(root: Element, names: list[str], track: MltTrack) -> Iterator[tuple[str, Place]]:
    """What is on a track, by producer: clips as far as they are seen alone, and their dissolves."""
    leads = [clip.lead for clip in track.clips]
    for index, (name, clip, lead) in enumerate(zip(names, track.clips, leads, strict=True)):
        if lead:
            dissolve = f"{name}-dissolve"
            _dissolve(root, dissolve, (names[index - 1], track.clips[index - 1]), (name, clip))
            yield dissolve, Place(clip.place.record, lead)
        after = leads[index + 1] if index + 1 < len(leads) else 0
        alone = clip.place.part(lead, clip.place.frames - after)
        if alone.frames > 0:
            yield name, alone


def _dissolve(root: Element, identity: str, first: tuple[str, MltClip], second: tuple[str, MltClip]) -> None:
    """A dissolve as Shotcut has them: both clips as the tracks of a timeline of its own."""
    (one, before), (two, clip) = first, second
    frames = clip.lead
    tractor = add(root, "tractor", id=identity, **Place(0, frames).bounds)
    add_properties(tractor, {"shotcut:transition": "lumaMix"})
    add(tractor, "track", producer=one, **before.place.part(before.place.frames - frames, before.place.frames).bounds)
    add(tractor, "track", producer=two, **clip.place.part(0, frames).bounds)
    for picture in (True, False):
        add_dissolve(tractor, picture, (0, frames - 1), {})


def _producer(root: Element, timeline: Timeline, clip: MltClip, name: str) -> Element:
    about = {"shotcut:caption": clip.name, "shotcut:comment": clip.about}
    if clip.card:
        return _title(root, timeline, clip.card, name, about)
    if clip.sound:
        return add_sound(root, name, timeline, clip.sound, about)
    return add_film(root, name, timeline, clip, about)


def _title(root: Element, timeline: Timeline, card: CardEvent, name: str, about: Properties) -> Element:
    """Text on a colour, or on nothing over the picture, as Shotcut's own "Text: Simple"."""
    ground = "#00000000" if card.over else f"#ff{card.background[1:]}"
    producer = add_colour(root, name, card.frames, {**about, "eof": "pause", "resource": ground})
    width, height = timeline.size
    text: Properties = {
        "argument": card.text.replace("#", "\\#"),  # what lies between two is a keyword
        "geometry": f"0 0 {width} {height} 1",
        "family": "DejaVu Sans",
        "size": card.letters(height),
        "weight": 500,
        "style": "normal",
        "fgcolour": f"#ff{card.color[1:]}",
        "bgcolour": "#00000000",
        "olcolour": "#e6000000" if card.over else "#00000000",
        "outline": max(1, round(height / 240)) if card.over else 0,
        "pad": 0,
        "halign": "center",
        "valign": "middle",
        "mlt_service": "dynamictext",
        "shotcut:filter": "dynamicText",
        "shotcut:usePointSize": 0,
        "shotcut:pointSize": card.letters(height),
    }
    add_properties(add(producer, "filter", **Place(0, card.frames).bounds), text)
    return producer


def _tractor(root: Element, timeline: Timeline, tracks: list[MltTrack]) -> None:
    """The timeline itself, its marks and what lays its tracks over each other."""
    tractor = add(root, "tractor", id="tractor0", title=timeline.name, **Place(0, timeline.frames).bounds)
    add_properties(tractor, {"shotcut": 1, "shotcut:projectAudioChannels": 2, "shotcut:projectFolder": 0})
    marks = add(tractor, "properties", name="shotcut:markers")
    rate = timeline.clock.rate
    for number, mark in enumerate(marks_of(timeline)):
        start, end = ("0" + format_time(at / rate) for at in (mark.start, max(mark.start, mark.end - 1)))
        about = {"text": mark.text, "start": start, "end": end, "color": _COLOURS[mark.color]}
        add_properties(add(marks, "properties", name=number), about)
    add(tractor, "track", producer="background")
    for number, track in enumerate(tracks):
        hide = {} if track.on and track.picture else {"hide": "video" if track.on else "both"}
        add(tractor, "track", producer=f"track{number}", **hide)
    for number, track in enumerate(tracks, 1):
        add_transition(tractor, "mix", number, {"sum": 1})
        if track.picture and number > 1:
            add_transition(tractor, "qtblend", number, {"a_track": 1, "compositing": 0, "distort": 0})
