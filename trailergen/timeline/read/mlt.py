"""Projects of Shotcut and Kdenlive as tracks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import PurePath
from typing import Any
from xml.etree.ElementTree import Element

from trailergen.errors import InputError
from trailergen.timebase import round_half_up
from trailergen.timeline.clock import Clock
from trailergen.timeline.read.events import BLACK, Join
from trailergen.timeline.read.faults import FREEZE, SPEED, UNPLACED, VARIABLE, speed_fault
from trailergen.timeline.read.mlt_document import MltDocument, is_on, is_text, parse_mlt, properties
from trailergen.timeline.read.mlt_joins import apart, halves, joined
from trailergen.timeline.read.mlt_transitions import track_joins
from trailergen.timeline.read.tracks import Composition, Item, Track, frames_at, transitions_remark

_HIDDEN = ("video", "both")
_GROUND = ("background", "black_track")
"""What Shotcut and Kdenlive lay under all tracks."""
_ELSEWHERE = "it is a project in a file of its own"


@dataclass(frozen=True)
class _Reading:
    """A document, the film's clock, and the names of the sequences that what is read lies in."""

    document: MltDocument
    clock: Clock
    around: frozenset[str] = frozenset()

    def film(self, frames: int) -> Fraction:
        """Frames of the project as film frames."""
        return frames_at(Fraction(frames), self.document.rate, self.clock.rate)


def read_mlt(text: str, clock: Clock, name: str) -> Composition:
    """The picture of a project.

    Args:
        text: the document.
        clock: the film's; sources count from its first picture, whatever its timecode.
        name: of the file, for messages.

    Raises:
        InputError: it is no such document, or has no timeline.
    """
    document = parse_mlt(text, name)
    timeline, remarks = _timeline(document, name)
    pictures = (
        about for each in document.root.iter("transition") if (about := properties(each)).get("mlt_service") != "mix"
    )
    mixes = sum("kdenlive:mixcut" in about for about in pictures)
    mixes += sum("shotcut:transition" in properties(each) for each in document.root.iter("tractor"))
    reading = _Reading(document, clock)
    joins = tuple(_joins(reading, timeline))
    mixes -= sum(join.kind == "dissolve" for join in joins)
    return Composition(_tracks(reading, timeline), (*remarks, *transitions_remark(mixes)), joins)


def _timeline(document: MltDocument, name: str) -> tuple[Element, list[str]]:
    """The tractor that a project opens with, and what is not read of it. Raises InputError."""
    tractors = [each for each in document.root.iter("tractor") if each.find("track") is not None]
    about = {id(each): properties(each) for each in tractors}
    shotcut = [each for each in tractors if about[id(each)].get("shotcut") == "1"]
    if not tractors:
        raise InputError(f"{name} holds no timeline", "add its clips to the timeline, and save it again")
    if shotcut:
        return shotcut[-1], []
    found = tractors[-1]
    if about[id(found)].get("kdenlive:projectTractor") == "1":
        track = found.find("track")
        found = document.services.get("" if track is None else track.get("producer", ""), found)
    lists = [each for each in document.root.iter("playlist") if each.get("id") != "main_bin"]
    nested = {entry.get("producer") for each in lists for entry in each}
    others = sum(
        "kdenlive:uuid" in about[id(each)] and each is not found and each.get("id") not in nested for each in tractors
    )
    own = about.get(id(found), {}).get("kdenlive:clipname") or "the one that was open last"
    return found, [f"of its {others + 1} sequences {own} is read"] if others else []


def _pictures(reading: _Reading, tractor: Element) -> Iterator[tuple[Element, list[Element], bool]]:
    """The tracks of pictures of a tractor, from the lowest up: each with its playlists, and whether it is hidden."""
    for element in [*tractor.iterfind("track"), *tractor.iterfind("multitrack/track")]:
        service = reading.document.services.get(element.get("producer", ""))
        if service is not None and service.get("id") not in _GROUND and not _is_sound(element, service):
            yield service, *_playlists(reading, element, service)


def _joins(reading: _Reading, tractor: Element) -> Iterator[Join]:
    """The dissolves and dips on the tracks of a timeline that are seen."""
    for service, lists, hidden in _pictures(reading, tractor):
        for join in track_joins(reading.document, service, lists) if not hidden else ():
            at, end = (reading.film(join.at + more) for more in (0, join.frames))
            yield replace(join, at=round_half_up(at), frames=round_half_up(end - at))


def _tracks(reading: _Reading, tractor: Element) -> tuple[Track, ...]:
    """The tracks of pictures of a tractor, from the lowest up."""
    tracks = []
    for service, lists, hidden in _pictures(reading, tractor):
        about = properties(service)
        items = apart(item for each in lists for item in _items(reading, each))
        if items:
            name = about.get("shotcut:name") or about.get("kdenlive:track_name") or ""
            tracks.append(Track(tuple(joined(items)), name, not hidden))
    return tuple(tracks)


def _playlists(reading: _Reading, element: Element, service: Element) -> tuple[list[Element], bool]:
    """The playlists of a track, of which Kdenlive has two, and whether it is hidden."""
    if service.tag != "tractor":
        return [service], element.get("hide") in _HIDDEN
    inner = service.findall("track")
    found = [reading.document.services.get(each.get("producer", "")) for each in inner]
    lists = [each for each in found if each is not None and each.tag == "playlist"]
    return lists, any(each.get("hide") in _HIDDEN for each in (element, *inner))


def _is_sound(element: Element, service: Element) -> bool:
    """True for a track that is one of sound."""
    about = properties(service)
    if "kdenlive:audio_track" in about or "shotcut:audio" in about:
        return True
    return element.get("hide") == "video" and "shotcut:video" not in about and service.tag == "playlist"


def _items(reading: _Reading, playlist: Element) -> Iterator[Item]:
    """The items of a playlist, one after the other; after one whose length is not known nothing can be placed."""
    at: int | None = 0
    for element in playlist:
        if element.tag not in ("entry", "blank"):
            continue
        if at is None:
            if element.tag == "entry":
                yield Item(None, names=("a clip",), fault=f"{UNPLACED}: a clip before it has no length")
            continue
        try:
            if element.tag == "blank":
                at += reading.document.frames(element.get("length"))
                continue
            service = reading.document.service(element.get("producer"))
            first, last = reading.document.bounds(element, service)
            if last < first:
                raise ValueError("its length is negative")
            place = at, first, last - first
            yield from _dissolve(reading, service, place) or [_item(reading, element, service, place)]
            at += last - first
        except ValueError as error:
            at = None
            yield Item(None, names=("a clip",), fault=f"{UNPLACED} ({error})")


def _item(reading: _Reading, entry: Element, service: Element, place: tuple[int, int, int]) -> Item:
    """An entry; ``place`` is its record frame, its first source frame, and their number."""
    at, first, length = place
    about = properties(service)
    item = Item((reading.film(at), reading.film(at + length)), reading.film(first), _names(about))
    if is_text(service):
        return replace(item, names=(_title(about),), title=True)
    if service.tag in ("tractor", "playlist"):
        return replace(item, **_nest(reading, service))
    if about.get("mlt_service") in ("color", "colour"):
        return replace(item, names=(BLACK,))
    if about.get("mlt_service", "").startswith(("xml", "consumer")):
        return replace(item, fault=_ELSEWHERE)
    return replace(item, fault=_fault(entry, service))


def _nest(reading: _Reading, service: Element) -> dict[str, Any]:
    """What a sequence holds, as fields of an item."""
    name = service.get("id", "")
    if name in reading.around:
        return {"fault": "it holds itself"}
    within = replace(reading, around=reading.around | {name})
    if service.tag == "tractor":
        return {"nest": _tracks(within, service)}
    return {"nest": (Track(tuple(joined(_items(within, service)))),)}


def _dissolve(reading: _Reading, tractor: Element, place: tuple[int, int, int]) -> list[Item]:
    """A transition of Shotcut's as the cut in its middle; none of what is none. Raises ValueError."""
    sides = []
    for track in tractor.iterfind("track") if "shotcut:transition" in properties(tractor) else ():
        service = reading.document.service(track.get("producer"))
        first, _ = reading.document.bounds(track, service)
        sides.append(_item(reading, track, service, (place[0], first + place[1], place[2])))
    return halves(*sides) if len(sides) == 2 else []


def _names(about: dict[str, str]) -> tuple[str, ...]:
    """The names of a clip: of its file above all, for captions are the editor's own words."""
    resource = about.get("warp_resource") or about.get("kdenlive:originalurl") or about.get("resource", "")
    if about.get("mlt_service") == "timewarp" and ":" in resource:
        resource = resource.partition(":")[2]
    return tuple(filter(None, (PurePath(resource).name and resource, about.get("kdenlive:clipname", ""))))


def _title(about: dict[str, str]) -> str:
    name = about.get("shotcut:caption") or about.get("kdenlive:clipname") or "without name"
    return " ".join(name.split())


def _fault(entry: Element, service: Element) -> str:
    """The reason why a clip cannot stand in a plan; empty if it can."""
    about = properties(service)
    if about.get("mlt_service") == "timewarp":
        try:
            return speed_fault(float(about.get("warp_speed") or about.get("resource", "").partition(":")[0]))
        except ValueError:
            return SPEED
    for holder in (entry, service):
        services = [properties(each).get("mlt_service") for each in holder.findall("filter") if is_on(each)]
        if "freeze" in services:
            return FREEZE
        if any(properties(each).get("mlt_service") == "timeremap" for each in holder.findall("link")):
            return VARIABLE
    return ""
