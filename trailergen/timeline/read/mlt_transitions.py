"""The dissolves and dips to black of a track of Shotcut's or Kdenlive's, as frames of the project.

MLT shows nothing of the second clip in the first frame of a dissolve: one of n + 1 frames is one of n that begins a
frame later. The last frame of a mix of Kdenlive's lies behind its clips.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from xml.etree.ElementTree import Element

from trailergen.timeline.read.events import Join
from trailergen.timeline.read.mlt_document import MltDocument, is_on, properties

_RISES, _FALLS = ("fade_from_black", "fadeInBrightness"), ("fade_to_black", "fadeOutBrightness")
_Entry = tuple[int, int, Element, Element]
"""First record frame, the one after the last, the entry and what it plays."""


def track_joins(document: MltDocument, track: Element, playlists: Sequence[Element]) -> list[Join]:
    """The transitions between clips of a track, which is a playlist itself or holds some, in their order."""
    return sorted(_joins(document, track, playlists), key=lambda join: join.at)


def _joins(document: MltDocument, track: Element, playlists: Sequence[Element]) -> Iterator[Join]:
    entries = sorted((each for one in playlists for each in _entries(document, one)), key=lambda each: each[:2])
    for start, end, _, service in entries:
        if "shotcut:transition" in properties(service) and end - start > 1:
            yield Join("dissolve", start + 1 + (end - start - 1) // 2, end - start - 1)
    for mix in track.iterfind("transition"):
        if "kdenlive:mixcut" in properties(mix):
            try:
                start, frames = document.frames(mix.get("in")), document.frames(mix.get("out"))
            except ValueError:
                continue
            if frames > start:
                yield Join("dissolve", start + 1 + (frames - start) // 2, frames - start)
    for (_, end, *before), (start, _, *after) in pairwise(entries):
        fall, rise = _fade(document, before, _FALLS), _fade(document, after, _RISES)
        if start == end and fall and rise:
            yield Join("dip", start, fall + rise if abs(fall - rise) < 2 else 2 * min(fall, rise))


def _entries(document: MltDocument, playlist: Element) -> Iterator[_Entry]:
    """The entries of a playlist as far as they can be placed."""
    at = 0
    for element in playlist:
        try:
            if element.tag == "blank":
                at += document.frames(element.get("length"))
            elif element.tag == "entry":
                service = document.service(element.get("producer"))
                first, last = document.bounds(element, service)
                yield at, at + last - first, element, service
                at += last - first
        except ValueError:
            return


def _fade(document: MltDocument, holders: Sequence[Element], names: tuple[str, ...]) -> int:
    """Frames of the fade of a clip that an editor calls so; 0 where it has none."""
    for holder in holders:
        for each in filter(is_on, holder.findall("filter")):
            about = properties(each)
            if about.get("kdenlive_id") in names or about.get("shotcut:filter") in names:
                try:
                    length = about.get("shotcut:animIn") or about.get("shotcut:animOut")
                    if length:
                        return document.frames(length)
                    return document.frames(each.get("out")) - document.frames(each.get("in")) + 1
                except ValueError:
                    continue
    return 0
