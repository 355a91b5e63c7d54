"""The sequence of a Final Cut Pro 7 XML (Premiere's and Resolve's too) as tracks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal
from xml.etree.ElementTree import Element

from trailergen.timebase import round_half_up
from trailergen.timeline.clock import Clock
from trailergen.timeline.events import TITLE_MATTE
from trailergen.timeline.read.events import Join
from trailergen.timeline.read.faults import FREEZE, MULTICLIP, OFF, SOURCELESS, SPEED, UNPLACED, remap_fault
from trailergen.timeline.read.tracks import Composition, Item, Track, frames_at, transitions_remark
from trailergen.timeline.read.xmeml import (
    Document,
    is_true,
    items_of,
    number,
    parse_document,
    rate_of,
    sequence_of,
    texts,
)

_DEEPEST = 16
"""Nests in nests; more are a sequence that holds itself."""


@dataclass(frozen=True)
class _Reading:
    """A document, the film's clock, and the elements around what is read, from the inside."""

    document: Document
    clock: Clock
    around: tuple[Element, ...] = ()

    def inside(self, element: Element) -> _Reading:
        """The same within an element."""
        return replace(self, around=(element, *self.around))

    def frames(self, value: Fraction, *inner: Element) -> Fraction:
        """A count at the rate that holds here, or in ``inner``, as film frames. Raises ValueError."""
        return frames_at(value, rate_of((*inner, *self.around)), self.clock.rate)


@dataclass(frozen=True)
class _Place:
    """The place of an item: between its cuts, and with the transitions that it lends frames to."""

    start: Fraction
    end: Fraction
    first: Fraction
    last: Fraction


def read_fcp7(text: str, clock: Clock, name: str) -> Composition:
    """The picture of the one sequence of a document, its nests included.

    Args:
        text: the document.
        clock: the film's.
        name: of the file, for messages.

    Raises:
        InputError: it is no such document, or holds another number of sequences.
    """
    document = parse_document(text, name)
    sequence = sequence_of(document, name)
    reading = _Reading(document, clock)
    items = sequence.findall("media/video/track/transitionitem")
    joins = tuple(_joins(reading.inside(sequence), items))
    return Composition(_tracks(reading, sequence), transitions_remark(len(items) - len(joins)), joins)


_KINDS: Mapping[str, Literal["dissolve", "dip"]] = {
    "cross dissolve": "dissolve",
    "dip to color dissolve": "dip",
    "dip to black": "dip",
}
"""Final Cut's and Premiere's effects that are ours."""


def _joins(reading: _Reading, items: Iterable[Element]) -> Iterator[Join]:
    for item in items:
        kind = _KINDS.get((item.findtext("effect/name") or "").strip().lower())
        start, (_, cut), (end, _) = number(item, "start"), _transition(item, "start"), _transition(item, "end")
        if kind and start is not None and cut is not None and end is not None and start < end:
            first, at, last = (round_half_up(reading.frames(edge, item)) for edge in (start, cut, end))
            if at == first + (last - first) // 2:
                yield Join(kind, at, last - first)


def _tracks(reading: _Reading, sequence: Element) -> tuple[Track, ...]:
    within = reading.inside(sequence)
    return tuple(
        Track(
            tuple(_items(within.inside(track), track)),
            (track.findtext("name") or f"V{number}").strip(),
            is_true(track, "enabled", "TRUE"),
        )
        for number, track in enumerate(sequence.iterfind("media/video/track"), 1)
    )


def _items(reading: _Reading, track: Element) -> Iterator[Item]:
    listed = items_of(track)
    for index, element in enumerate(listed):
        if element.tag == "transitionitem" or (element.findtext("name") == TITLE_MATTE and not element.findall("file")):
            continue
        before, after = (listed[at] if 0 <= at < len(listed) else None for at in (index - 1, index + 1))
        try:
            yield _item(reading, element, _place(element, before, after))
        except (ValueError, ZeroDivisionError) as error:
            yield Item(None, names=_names(reading, element), fault=f"{UNPLACED} ({error})")


def _item(reading: _Reading, element: Element, place: _Place) -> Item:
    """A clip, generator or nest. Raises ValueError."""
    full = reading.document.full
    nest, file = full(element.find("sequence")), full(element.find("file"))
    item = Item(
        (reading.frames(place.start), reading.frames(place.end)),
        names=_names(reading, element),
        fault="" if is_true(element, "enabled", "TRUE") else OFF,
        nest=None if nest is None else (),
    )
    if element.tag == "generatoritem" or _is_made(file):
        return replace(item, title=True)
    if item.fault:
        return item
    if element.find("multiclip") is not None:
        return replace(item, fault=MULTICLIP)
    first = number(element, "in")
    if first is None:
        return replace(item, fault=SOURCELESS)
    first, fault = _in_media(element, file, first)
    inner = reading.inside(element)
    item = replace(
        item,
        source=inner.frames(first) + reading.frames(place.start - place.first),
        fault=fault or _speed_fault(element) or _length_fault(reading, element, place),
    )
    if nest is None:
        return item
    if len(reading.around) > 2 * _DEEPEST or nest in reading.around:
        return replace(item, fault="it holds itself")
    return replace(item, nest=_tracks(inner, nest))


def _is_made(file: Element | None) -> bool:
    """True for what the program makes itself: bars, black, text."""
    return file is not None and file.find("mediaSource") is not None and file.find("pathurl") is None


def _names(reading: _Reading, element: Element) -> tuple[str, ...]:
    """The names of a clip and its file; of a multiclip also its angles."""
    full = reading.document.full
    multiclip = full(element.find("multiclip"))
    angles = [] if multiclip is None else multiclip.findall("angle/clip")
    media = [element, full(element.find("file"))]
    media += [each for angle in map(full, angles) if angle is not None for each in (angle, full(angle.find("file")))]
    return tuple(dict.fromkeys(texts(*media)))


def _place(element: Element, before: Element | None, after: Element | None) -> _Place:
    """An item's place; where a transition takes over, at the point where it cuts. Raises ValueError."""
    start, end = number(element, "start"), number(element, "end")
    first, last = start, end
    if start is None:
        first, start = _transition(before, "start")
    if end is None:
        last, end = _transition(after, "end")
    if start is None or end is None or first is None or last is None:
        raise ValueError("its start or its end is missing")
    return _Place(start, end, first, last)


def _transition(element: Element | None, edge: str) -> tuple[Fraction | None, Fraction | None]:
    """An edge of a transition, and its cut; None for what is no transition."""
    if element is None or element.tag != "transitionitem":
        return None, None
    start, end = number(element, "start"), number(element, "end")
    if start is None or end is None:
        return None, None
    alignment = (element.findtext("alignment") or "").strip().partition("-")[0]
    cut = {"start": start, "end": end}.get(alignment, Fraction((start + end) // 2))
    return (start if edge == "start" else end), cut


def _in_media(element: Element, file: Element | None, first: Fraction) -> tuple[Fraction, str]:
    """The first frame of a clip in its media: in a subclip it counts from the subclip's own. And a fault, if any."""
    offset = number(element.find("subclipinfo"), "startoffset")
    if not offset:
        return first, ""
    cut_off = offset + (number(element.find("subclipinfo"), "endoffset") or 0)
    length, whole = number(element, "duration"), number(file, "duration")
    if length is None or whole is None:
        return first, "it is of a subclip, of which it does not say where it lies"
    if length + cut_off == whole:
        return first + offset, ""
    return first, "" if length == whole else "it is of a subclip, of which it does not say where it lies"


def _speed_fault(element: Element) -> str:
    if element.find("stillframe") is not None and is_true(element, "stillframe", "FALSE"):
        return FREEZE
    for holder in element.iterfind("filter"):
        effect = holder.find("effect")
        if effect is None or not is_true(holder, "enabled", "TRUE"):
            continue
        if (effect.findtext("effectid") or "").strip().lower() == "timeremap":
            values = {
                (each.findtext("parameterid") or "").strip(): each.findtext("value") or ""
                for each in effect.iterfind("parameter")
            }
            if fault := remap_fault(values):
                return fault
    return ""


def _length_fault(reading: _Reading, element: Element, place: _Place) -> str:
    """A fault where a clip takes more or less time than the frames it shows."""
    first, last = number(element, "in"), number(element, "out")
    if first is None or last is None:
        return ""
    shown, stands = last - first, place.last - place.first
    seconds = abs(reading.inside(element).frames(shown) - reading.frames(stands))
    return SPEED if shown != stands and seconds > 1 else ""
