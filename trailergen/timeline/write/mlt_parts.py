"""The elements that projects of Shotcut and Kdenlive share: both are documents of the MLT framework."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from xml.etree import ElementTree

from trailergen.timeline.events import MusicEvent, Timeline
from trailergen.timeline.write.elements import Element, add
from trailergen.timeline.write.mlt_tracks import MltClip, Place

_CREATED = "7.12.0"
"""The version of MLT whose documents these are."""

Properties = Mapping[str, str | int | float]


def mlt_root(timeline: Timeline, **attributes: str) -> Element:
    """A document with its profile: the trailer's rate and picture."""
    root = ElementTree.Element("mlt", {"LC_NUMERIC": "C", "version": _CREATED, "producer": "main_bin", **attributes})
    rate, (width, height) = timeline.clock.rate, timeline.size
    common = math.gcd(width, height)
    add(
        root,
        "profile",
        description=f"{width} x {height}, {float(rate):.5g} frames/s",
        width=width,
        height=height,
        progressive=1,
        sample_aspect_num=1,
        sample_aspect_den=1,
        display_aspect_num=width // common,
        display_aspect_den=height // common,
        frame_rate_num=rate.numerator,
        frame_rate_den=rate.denominator,
        colorspace=709,
    )
    return root


def add_properties(element: Element, properties: Properties) -> Element:
    """Properties of an element, by name; returns it."""
    for name, value in properties.items():
        add(element, "property", f"{value}", name=name)
    return element


def add_producer(root: Element, identity: str, frames: int, service: str, properties: Properties) -> Element:
    """A producer of so many frames."""
    producer = add(root, "producer", id=identity, **Place(0, frames).bounds)
    return add_properties(producer, {"length": frames, "eof": "pause", "mlt_service": service, **properties})


def add_film(root: Element, identity: str, timeline: Timeline, clip: MltClip, properties: Properties) -> Element:
    """A producer of the film that plays what a clip is of it. The file is opened when it is played, no sooner: it need
    not be on this machine."""
    streams: dict[str, str | int | float] = {} if clip.picture else {"video_index": -1}
    heard = timeline.film_sound
    if not clip.levels:
        streams["audio_index"] = -1
    elif heard is not None and heard.stream is not None:
        streams["audio_index"] = heard.stream
    about = {"resource": timeline.film_path, "seekable": 1, **streams, **properties}
    return add_producer(root, identity, timeline.film_frames, "avformat-novalidate", about)


def add_sound(root: Element, identity: str, timeline: Timeline, sound: MusicEvent, properties: Properties) -> Element:
    """A producer of the whole music, or of all accents."""
    _, _, length = sound.framed(timeline.clock)
    about = {"resource": sound.path, "seekable": 1, "video_index": -1, **properties}
    return add_producer(root, identity, length, "avformat-novalidate", about)


def add_colour(root: Element, identity: str, frames: int, properties: Properties) -> Element:
    """A producer of black."""
    about = {"resource": "#ff000000", "aspect_ratio": 1, "mlt_image_format": "rgba", "eof": "continue", **properties}
    return add_producer(root, identity, frames, "color", about)


def fill(playlist: Element, clips: Iterable[tuple[str, Place]]) -> Iterator[Element]:
    """The entries of a track in their order, by producer, with blanks where there is none; gives each entry."""
    end = 0
    for producer, place in clips:
        if place.record > end:
            add(playlist, "blank", length=place.record - end)
        end = place.end
        yield add(playlist, "entry", producer=producer, **place.bounds)


def add_filters(parent: Element, clip: MltClip, volume: Properties, rise: Properties, fade: Properties) -> None:
    """The level of a clip's sound, and its rise from black and its fade to it, with properties of the editor's own."""
    if any(level for _, level in clip.levels):
        constant = len(clip.levels) == 1
        points = ";".join(f"{frame}={level:g}" for frame, level in clip.levels)
        level = f"{clip.levels[0][1]:g}" if constant else points
        properties = {"window": 75, "max_gain": "20dB", "mlt_service": "volume", "level": level, **volume}
        add_properties(add(parent, "filter", **clip.place.bounds), properties)
    if clip.rise:
        first = clip.place.bounds["in"]
        properties = {"mlt_service": "brightness", "level": f"0=0;{max(clip.rise - 1, 1)}=1", "alpha": 1, **rise}
        add_properties(add(parent, "filter", **{"in": first, "out": first + clip.rise - 1}), properties)
    if clip.fade:
        last = clip.place.bounds["out"]
        properties = {"mlt_service": "brightness", "level": f"0=1;{max(clip.fade - 1, 1)}=0", "alpha": 1, **fade}
        add_properties(add(parent, "filter", **{"in": last - clip.fade + 1, "out": last}), properties)


def add_transition(tractor: Element, service: str, track: int, properties: Properties) -> None:
    """A transition that lays or mixes a track over the first."""
    about = {"a_track": 0, "b_track": track, "mlt_service": service, "always_active": 1, **properties}
    add_properties(add(tractor, "transition"), about)


def add_dissolve(tractor: Element, picture: bool, bounds: tuple[int, int], properties: Properties) -> None:
    """A dissolve of the first two tracks, or a cross-fade of their sound, over frames ``bounds``, both included."""
    own: Properties = (
        {"mlt_service": "luma", "factory": "loader", "softness": 0, "alpha_over": 1, "fix_background_alpha": 1}
        if picture
        else {"mlt_service": "mix", "start": -1, "accepts_blanks": 1}
    )
    transition = add(tractor, "transition", **{"in": bounds[0], "out": bounds[1]})
    add_properties(transition, {"a_track": 0, "b_track": 1, **own, **properties})
