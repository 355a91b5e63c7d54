"""A project of Kdenlive: a document of the MLT framework with properties of its own.

Of each clip of the film that is heard the sound lies on a track of its own, grouped with the picture, as Kdenlive
splits clips itself; alternatives lie on tracks that are hidden. The document has version 1.04: Kdenlive 20.08 to 22.12
read no newer one, and those from 23.04 on take all that it says into a sequence, if only it names its groups.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from trailergen.timeline.events import MusicEvent, Timeline
from trailergen.timeline.write.elements import Element, add, document
from trailergen.timeline.write.kdenlive_title import title_xml
from trailergen.timeline.write.marks import marks_of
from trailergen.timeline.write.mlt_parts import (
    Properties,
    add_colour,
    add_dissolve,
    add_film,
    add_filters,
    add_producer,
    add_properties,
    add_sound,
    add_transition,
    fill,
    mlt_root,
)
from trailergen.timeline.write.mlt_tracks import MltClip, MltTrack, Place, mlt_tracks, split_sound

_INTERNAL = 237
"""Mark of what Kdenlive sees to itself: mixing of tracks, and laying them over each other."""
_CATEGORIES = {
    "BLUE": ("Clip", "#3daee9"),
    "GREEN": ("Pinned clip", "#1cdc9a"),
    "YELLOW": ("Clip with notes", "#fdbc4b"),
    "PINK": ("Line", "#f47750"),
    "PURPLE": ("Music", "#9b59b6"),
}
_FILM, _MUSIC, _FIRST_TITLE = 2, 3, 4
"""Numbers of bin clips."""
_AUTOMATIC, _SOUND, _TITLE = 0, 1, 6
"""Kinds of bin clips."""
_VERSION = "1.04"
_SIZES = {(1280, 720): "atsc_720p", (1920, 1080): "atsc_1080p", (2560, 1440): "qhd_1440p", (3840, 2160): "uhd_2160p"}
_RATES = {
    Fraction(24000, 1001): "2398",
    Fraction(24): "24",
    Fraction(25): "25",
    Fraction(30000, 1001): "2997",
    Fraction(30): "30",
    Fraction(50): "50",
    Fraction(60000, 1001): "5994",
    Fraction(60): "60",
}
"""Parts of the names of MLT's own profiles; without one Kdenlive warns of rates with a fraction."""
_ENDLESS = 2**31 - 1
"""Frames of the black under all tracks, of which the trailer has as many as it needs."""


def kdenlive_text(timeline: Timeline) -> str:
    """The project of a timeline."""
    root = mlt_root(timeline, root="")
    tracks = _ordered(timeline)
    _bin(root, timeline, tracks)
    black: Properties = {"length": _ENDLESS, "resource": "black", "set.test_audio": 0}
    add_colour(root, "black_track", timeline.frames, black)
    for number, track in enumerate(tracks):
        _track(root, timeline, track, number)
    _tractor(root, timeline, tracks)
    return document(root, doctype=False)


def _ordered(timeline: Timeline) -> list[MltTrack]:
    """The tracks as Kdenlive counts them: those of sound from the lowest up, then those of pictures."""
    film, *others = mlt_tracks(timeline)
    pictures, sound = split_sound(film)
    tracks = [pictures, *others, *([sound] if sound.clips else [])]
    return [track for track in reversed(tracks) if not track.picture] + [track for track in tracks if track.picture]


def _bin_clips(root: Element, timeline: Timeline) -> None:
    film = MltClip(Place(0, timeline.film_frames), timeline.film_name, levels=((0, 0.0),))
    add_film(root, "film", timeline, film, _about(_FILM, _AUTOMATIC, timeline.film_name))
    for name, sound in (("music", timeline.music), ("accents", timeline.accents)):
        if sound:
            add_sound(root, name, timeline, sound, _about_sound(timeline, sound))
    for number, card in enumerate(timeline.cards):
        about = _about(_FIRST_TITLE + number, _TITLE, card.name) | {"xmldata": title_xml(card, timeline.size)}
        add_producer(root, f"title{number}", card.frames, "kdenlivetitle", {"resource": "", **about})


def _about(number: int, kind: int, name: str) -> dict[str, str | int | float]:
    return {"kdenlive:id": number, "kdenlive:clip_type": kind, "kdenlive:folderid": -1, "kdenlive:clipname": name}


def _about_sound(timeline: Timeline, sound: MusicEvent) -> dict[str, str | int | float]:
    """The bin clip of the music, or of accents, which comes after the titles."""
    number = _MUSIC if sound is timeline.music else _FIRST_TITLE + len(timeline.cards)
    return _about(number, _SOUND, sound.name)


def _track(root: Element, timeline: Timeline, track: MltTrack, number: int) -> None:
    """A track, which is two playlists: clips that dissolve into each other lie on both in turn."""
    kind: Properties = {} if track.picture else {"kdenlive:audio_track": 1}
    sides = _sides(track)
    names = []
    for index, clip in enumerate(track.clips):
        names.append(_producer(root, timeline, clip, f"clip{number}-{index}"))
    clips = list(zip(names, _places(track), _identities(timeline, track), strict=True))
    for side, identity in enumerate((f"track{number}", f"track{number}-mixes")):
        playlist = add_properties(add(root, "playlist", id=identity), kind)
        own = [each for each, other in zip(clips, sides, strict=True) if other == side]
        entries = fill(playlist, [(name, place) for name, place, _ in own])
        for (_, place, (bin_clip, clip)), entry in zip(own, entries, strict=True):
            add_properties(entry, {"kdenlive:id": bin_clip})
            effects = ({"kdenlive_id": name} for name in ("volume", "fade_from_black", "fade_to_black"))
            add_filters(entry, replace(clip, place=place), *effects)
    tractor = add(root, "tractor", id=f"tracks{number}", **Place(0, track.clips[-1].place.end).bounds)
    add_properties(
        tractor, {**kind, "kdenlive:trackheight": 67, "kdenlive:timeline_active": 1, "kdenlive:track_name": track.name}
    )
    hide = ("audio" if track.picture else "video") if track.on else "both"
    for name in (f"track{number}", f"track{number}-mixes"):
        add(tractor, "track", hide=hide, producer=name)
    for clip, side in zip(track.clips, sides, strict=True):
        if clip.lead:
            _mix(tractor, track.picture, clip, side)


def _sides(track: MltTrack) -> list[int]:
    """The playlist of each clip of a track, 0 or 1."""
    sides: list[int] = []
    for clip in track.clips:
        sides.append(1 - sides[-1] if clip.lead else 0)
    return sides


def _places(track: MltTrack) -> list[Place]:
    """The place of each clip of a track. Kdenlive has of a mix one frame less of the clip that goes."""
    leads = [*(clip.lead for clip in track.clips[1:]), 0]
    return [clip.place.part(0, clip.place.frames - bool(lead)) for clip, lead in zip(track.clips, leads, strict=True)]


def _mix(tractor: Element, picture: bool, clip: MltClip, side: int) -> None:
    """A dissolve into a clip, or a cross-fade of its sound."""
    start, service = clip.place.record, "luma" if picture else "mix"
    about: Properties = {"kdenlive_id": service, "kdenlive:mixcut": clip.lead // 2, "reverse": 1 - side}
    add_dissolve(tractor, picture, (start, start + clip.lead - 1), about)


def _identities(timeline: Timeline, track: MltTrack) -> Iterator[tuple[int, MltClip]]:
    """The clips of a track, each with the number of its bin clip."""
    for clip in track.clips:
        title = timeline.cards.index(clip.card) if clip.card else 0
        other = int(_about_sound(timeline, clip.sound)["kdenlive:id"]) if clip.sound else _FILM
        yield _FIRST_TITLE + title if clip.card else other, clip


def _producer(root: Element, timeline: Timeline, clip: MltClip, name: str) -> str:
    """What a clip plays, and its name; Kdenlive switches sound or picture of the bin's off."""
    off: Properties = {"set.test_audio": int(clip.picture), "set.test_image": int(not clip.picture)}
    if clip.card:
        return f"title{timeline.cards.index(clip.card)}"
    if clip.sound:
        add_sound(root, name, timeline, clip.sound, {**_about_sound(timeline, clip.sound), **off})
    else:
        add_film(root, name, timeline, clip, {**_about(_FILM, _AUTOMATIC, timeline.film_name), **off})
    return name


def _tractor(root: Element, timeline: Timeline, tracks: list[MltTrack]) -> None:
    """The timeline itself, and what lays its tracks over each other."""
    tractor = add(root, "tractor", id="timeline", **Place(0, timeline.frames).bounds)
    add(tractor, "track", producer="black_track")
    for number in range(len(tracks)):
        add(tractor, "track", producer=f"tracks{number}")
    for number, track in enumerate(tracks, 1):
        own: Properties = {"compositing": 0, "distort": 0} if track.picture else {"accepts_blanks": 1, "sum": 1}
        service = "qtblend" if track.picture else "mix"
        add_transition(tractor, service, number, {"kdenlive_id": service, "internal_added": _INTERNAL, **own})


def _bin(root: Element, timeline: Timeline, tracks: list[MltTrack]) -> None:
    """The project bin, which holds the settings, guides and groups as well."""
    _bin_clips(root, timeline)
    categories = [
        {"index": index, "comment": name, "color": colour} for index, (name, colour) in enumerate(_CATEGORIES.values())
    ]
    sounds = sum(not track.picture for track in tracks)
    documented: Properties = {
        "version": _VERSION,
        "kdenliveversion": "22.12.3",
        "audioChannels": 2,
        "activeTrack": sounds,
        "audioTarget": 0,
        "videoTarget": sounds,
        **({"profile": profile} if (profile := _profile(timeline)) else {}),
        "groups": _groups(tracks),
        "guides": _guides(timeline),
        "guidesCategories": json.dumps(categories),
    }
    playlist = add(root, "playlist", id="main_bin")
    add_properties(playlist, {f"kdenlive:docproperties.{name}": value for name, value in documented.items()})
    add_properties(playlist, {"xml_retain": 1})
    _, _, length = timeline.music.framed(timeline.clock)
    entries = {"film": timeline.film_frames, "music": length}
    entries |= {f"title{number}": card.frames for number, card in enumerate(timeline.cards)}
    entries |= {"accents": timeline.accents.framed(timeline.clock)[2]} if timeline.accents else {}
    for name, frames in entries.items():
        add(playlist, "entry", producer=name, **Place(0, frames).bounds)


def _profile(timeline: Timeline) -> str:
    """The name of the profile of MLT's that the trailer has; empty where it has none."""
    size, rate = _SIZES.get(timeline.size), _RATES.get(timeline.clock.rate)
    return f"{size}_{rate}" if size and rate else ""


def _guides(timeline: Timeline) -> str:
    colours = list(_CATEGORIES)
    return json.dumps(
        [{"pos": mark.start, "comment": mark.text, "type": colours.index(mark.color)} for mark in marks_of(timeline)],
        ensure_ascii=False,
    )


def _groups(tracks: list[MltTrack]) -> str:
    """The picture and the sound of each clip of the film move together."""
    places = {track.name: number for number, track in enumerate(tracks)}
    if "Film sound" not in places:
        return "[]"
    pairs = [
        [f"{places[name]}:{clip.place.record}" for name in ("Film", "Film sound")]
        for clip in tracks[places["Film sound"]].clips
    ]
    return json.dumps(
        [
            {"type": "AVSplit", "children": [{"type": "Leaf", "leaf": "clip", "data": one} for one in pair]}
            for pair in pairs
        ]
    )
