"""FCPXML of Final Cut Pro X and Resolve as tracks: the primary storyline, and what is connected over and under it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise
from typing import Any
from xml.etree.ElementTree import Element

from trailergen.timebase import round_half_up
from trailergen.timeline.clock import Clock
from trailergen.timeline.events import TITLE_MATTE
from trailergen.timeline.read.events import Join
from trailergen.timeline.read.faults import FREEZE, MULTICLIP, OFF, SPEED, UNPLACED, VARIABLE, speed_fault
from trailergen.timeline.read.fcpxml_document import FcpxmlDocument, lane_of, parse_fcpxml, seconds, unread_time
from trailergen.timeline.read.tracks import Composition, Item, Track, frames_at, transitions_remark

_STORY = ("asset-clip", "clip", "video", "ref-clip", "sync-clip", "mc-clip", "title", "gap", "audition", "spine")
_GONE = "it names media that the document does not have"
_OWN_MATTES = (TITLE_MATTE, "Black")


@dataclass(frozen=True)
class _Reading:
    """A document, the film's clock, the timeline's frames a second, and the compounds that what is read lies in."""

    document: FcpxmlDocument
    clock: Clock
    rate: Fraction
    around: frozenset[str] = frozenset()

    def film(self, time: Fraction, rate: Fraction | None = None) -> Fraction:
        """Seconds, which are frames of the timeline or of ``rate``, as film frames."""
        own = rate or self.rate
        return frames_at(time * own, own, self.clock.rate)


@dataclass(frozen=True)
class _Placed:
    """An element with its lane, where it stands and how long, in seconds of the timeline it lies in."""

    element: Element
    lane: int
    offset: Fraction
    length: Fraction


def read_fcpxml(text: str, clock: Clock, name: str) -> Composition:
    """The picture of the one project of a document.

    Args:
        text: the document.
        clock: the film's; sources count from the asset's start.
        name: of the file, for messages.

    Raises:
        InputError: it is no such document, or holds another number of projects.
    """
    document = parse_fcpxml(text, name)
    sequence = document.sequence(name)
    reading = _Reading(document, clock, document.rate(sequence.get("format"), clock.rate))
    joins = tuple(_joins(reading, sequence))
    remarks = transitions_remark(len(list(sequence.iter("transition"))) - len(joins))
    return Composition(_tracks(reading, sequence), remarks, joins)


def _joins(reading: _Reading, sequence: Element) -> Iterator[Join]:
    """The dissolves between the clips of the storyline: over their middle is the cut."""
    start, rate = seconds(sequence.get("tcStart")) or Fraction(0), reading.clock.rate
    for item in sequence.iterfind("spine/transition"):
        offset, length = seconds(item.get("offset")), seconds(item.get("duration"))
        if offset is None or length is None or (item.get("name") or "").strip().lower() != "cross dissolve":
            continue
        frames = round_half_up(length * rate)
        yield Join("dissolve", round_half_up((offset - start) * rate) + frames // 2, frames)


def _tracks(reading: _Reading, sequence: Element) -> tuple[Track, ...]:
    """The lanes of a sequence, from the lowest up."""
    start = seconds(sequence.get("tcStart")) or Fraction(0)
    spine = sequence.find("spine")
    placed = [] if spine is None else list(_storyline(spine, start, 0))
    return _lanes(reading, [(each, each.offset - start) for each in placed])


def _lanes(reading: _Reading, placed: list[tuple[_Placed, Fraction]]) -> tuple[Track, ...]:
    lanes: dict[int, list[Item]] = {}
    for each, record in placed:
        for lane, item in _items(reading, each, record):
            lanes.setdefault(lane, []).append(item)
    return tuple(Track(tuple(lanes[lane]), f"lane {lane}") for lane in sorted(lanes))


def _storyline(spine: Element, start: Fraction, lane: int) -> Iterator[_Placed]:
    """The elements of a storyline, which follow each other where they do not say where they stand."""
    at = start
    for element in spine:
        if element.tag not in _STORY:
            continue
        active = _active(element)
        if active is None:
            continue
        offset = seconds(element.get("offset"))
        length = seconds(active.get("duration"))
        at = at if offset is None else offset
        yield _Placed(active, lane, at, length or Fraction(0))
        at += length or Fraction(0)


def _active(element: Element) -> Element | None:
    """The pick of an audition; others as they are."""
    if element.tag != "audition":
        return element
    return next(iter(element), None)


def _items(reading: _Reading, placed: _Placed, record: Fraction) -> Iterator[tuple[int, Item]]:
    """An element and what is connected to it, each with its lane; ``record`` is where it stands, in seconds."""
    element, lane = placed.element, placed.lane
    item = _item(reading, element, record, placed.length)
    if item is not None:
        yield lane, item
    own = seconds(element.get("start"))
    own = _asset_start(reading, element) if own is None else own
    for child in element:
        inner = _active(child)
        if inner is None or child.tag not in _STORY or (child_lane := lane_of(child)) == 0:
            continue
        offset = seconds(child.get("offset"))
        at = record + (offset or own) - own
        if child.tag == "spine":
            for part in _storyline(child, Fraction(0), lane + child_lane):
                yield from _items(reading, part, at + part.offset)
        else:
            length = seconds(inner.get("duration")) or Fraction(0)
            yield from _items(reading, _Placed(inner, lane + child_lane, at, length), at)


def _item(reading: _Reading, element: Element, record: Fraction, length: Fraction) -> Item | None:
    """An element by itself; None for what shows no picture."""
    if element.tag == "gap" or element.get("srcEnable") == "audio":
        return None
    name = element.get("name", "") or "without name"
    if unread := unread_time(element):
        return Item(None, names=(name,), fault=f"{UNPLACED} ({unread})")
    span = reading.film(record), reading.film(record + length)
    if element.get("duration") is None and element.tag != "ref-clip":
        return Item(None, names=(name,), fault=f"{UNPLACED}: it has no length")
    if element.tag == "title":
        return Item(span, names=(" ".join(name.split()),), title=True)
    fault = OFF if element.get("enabled") == "0" else _speed(element)
    if element.tag == "mc-clip":
        return Item(span, names=(name,), fault=fault or MULTICLIP)
    if element.tag in ("ref-clip", "clip", "sync-clip"):
        return replace(Item(span, names=(name,), fault=fault), **_inside(reading, element))
    asset = reading.document.resource(element.get("ref"))
    if asset is None:
        return Item(span, names=(name,), fault=_GONE)
    if asset.tag != "asset":
        # A generator of the program's own: the black under titles, which is there for them, or something else.
        return None if name in _OWN_MATTES else Item(span, names=(name,), title=True)
    if asset.get("hasVideo", "1") == "0" or ("hasVideo" not in asset.attrib and "hasAudio" in asset.attrib):
        return None
    first = seconds(element.get("start"))
    begin = seconds(asset.get("start")) or Fraction(0)
    rate = reading.document.rate(asset.get("format"), reading.rate)
    source = reading.film((begin if first is None else first) - begin, rate)
    return Item(span, source, reading.document.names(element, asset), fault)


def _asset_start(reading: _Reading, element: Element) -> Fraction:
    """The time at which an element begins to count that does not say so."""
    asset = reading.document.resource(element.get("ref"))
    found = seconds(asset.get("start")) if asset is not None and asset.tag == "asset" else None
    return found or Fraction(0)


def _inside(reading: _Reading, element: Element) -> dict[str, Any]:
    """What a compound clip, or one with its media inside, holds, as fields of an item."""
    first = seconds(element.get("start"))
    if element.tag == "ref-clip":
        name = element.get("ref", "")
        if name in reading.around:
            return {"fault": "it holds itself"}
        media = reading.document.resource(name)
        sequence = None if media is None else media.find("sequence")
        if sequence is None:
            return {"fault": _GONE}
        start = seconds(sequence.get("tcStart")) or Fraction(0)
        rate = reading.document.rate(sequence.get("format"), reading.rate)
        within = replace(reading, rate=rate, around=reading.around | {name})
        source = (start if first is None else first) - start
        return {"nest": _tracks(within, sequence), "source": within.film(source)}
    start = first or Fraction(0)
    held = [child for child in element if child.tag in _STORY and lane_of(child) == 0]
    placed = []
    for child in held:
        parts = _storyline(child, Fraction(0), 0) if child.tag == "spine" else _storyline(_only(child), start, 0)
        placed += [(part, part.offset) for part in parts]
    return {"nest": _lanes(reading, placed), "source": reading.film(start)}


def _only(element: Element) -> Element:
    """An element as a storyline of its own."""
    spine = Element("spine")
    spine.append(element)
    return spine


def _speed(element: Element) -> str:
    """The reason why a retimed clip cannot stand in a plan; empty at its own speed."""
    retimed = element.find("timeMap")
    if retimed is None:
        return ""
    points = [(seconds(each.get("time")), seconds(each.get("value"))) for each in retimed.iter("timept")]
    known = [(time, value) for time, value in points if time is not None and value is not None]
    if len(known) != len(points) or len(known) < 2:
        return SPEED
    speeds = {(two[1] - one[1]) / (two[0] - one[0]) for one, two in pairwise(known) if two[0] != one[0]}
    if len(speeds) == 1:
        speed = float(next(iter(speeds)))
        return FREEZE if speed == 0 else speed_fault(speed)
    return VARIABLE
