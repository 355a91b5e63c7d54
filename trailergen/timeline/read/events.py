"""The clips of a film in a timeline of any format."""

from __future__ import annotations

import re
from bisect import insort
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from urllib.parse import unquote

from trailergen.errors import InputError
from trailergen.plans import Film, Range, span

BLACK = "black"
_EXTENSION = re.compile(r"\.(?=[a-z0-9]*[a-z])[a-z0-9]{2,5}$")


@dataclass(frozen=True)
class Event:
    """One clip of a timeline, in frames at the film's rate.

    Args:
        record: where it stands, from the start of the timeline.
        source: first frame it shows, counted from the film's first picture if the clip is the film's.
        names: what the timeline calls its media: names and addresses, or its reel; ``BLACK`` alone for black.
        retimed: whether it runs at another speed.
        title: whether it is a title, which is never the film whatever it is called, and covers nothing.
    """

    record: Range
    source: int
    names: tuple[str, ...]
    retimed: bool = False
    title: bool = False


@dataclass(frozen=True)
class CutClip:
    """A clip of an editor's cut: the record frames it fills, and as many film frames."""

    record: Range
    source: Range


@dataclass(frozen=True)
class Cut:
    """An editor's cut: its clips in order, without overlap, and in words what a plan cannot hold."""

    clips: tuple[CutClip, ...]
    remarks: tuple[str, ...]


def cut_of(events: Sequence[Event], film: Film, called: Collection[str] = ()) -> Cut:
    """The film's clips among events; where two lie over each other the earlier in the list is seen.

    Events of other media (titles, logos), at another speed, or outside the film are left out, and named.

    Args:
        events: of the whole timeline.
        film: the film.
        called: other names it has.

    Raises:
        InputError: nothing is called as the film, and it cannot be told what else is the film.
    """
    known = {form for name in (film.path, *called) for form in _forms(name)}
    ours = [not event.title and any(known & _forms(name) for name in event.names) for event in events]
    clips: list[CutClip] = []
    remarks: list[str] = []
    if not any(ours):
        shown = [event for event in events if event.names != (BLACK,) and not event.title]
        shared = [frozenset().union(*map(_forms, event.names)) for event in shown]
        name = next((event.names[0] for event in shown if event.names), "a clip without name")
        if len(shared) > 1 and not frozenset.intersection(*shared) and any(shared):
            raise InputError(
                f"nothing in the cut is called {PurePath(film.path).name}",
                f"it shows {name} and others",
                "give the film that name in the timeline, or name the file there with --film",
            )
        remarks.append(f"{name} is taken for the film")
        ours = [event in shown for event in events]
    for event, is_film in zip(events, ours, strict=True):
        what = f"{next(iter(event.names), 'a clip')} at {float(event.record.start / film.rate):.2f} s"
        if event.title:
            remarks.append(f"the title {what} is left out, titles stay as the plan has them")
        elif not is_film:
            remarks.append(f"{what} is left out, it is not of the film")
        elif event.retimed:
            remarks.append(f"{what} is left out, it does not run at its own speed")
        elif event.source < 0 or event.source + len(event.record) > film.frames:
            remarks.append(f"{what} is left out, it shows frames that the film does not have")
        else:
            for free in list(_free(event.record, clips)):
                first = event.source + free.start - event.record.start
                insort(clips, CutClip(free, span(first, first + len(free))), key=lambda clip: clip.record.start)
    return Cut(tuple(clips), tuple(remarks))


def _free(record: Range, clips: Sequence[CutClip]) -> Iterator[Range]:
    """The parts of a range that no clip covers; clips are in order."""
    start = record.start
    for clip in clips:
        if clip.record.overlaps(record):
            if clip.record.start > start:
                yield span(start, clip.record.start)
            start = max(start, clip.record.end)
    if start < record.end:
        yield span(start, record.end)


def _forms(name: str) -> frozenset[str]:
    """A name or an address without folders and case, and the same without what looks like an extension."""
    path = unquote(name.partition("://")[2]) if "://" in name else name
    last = path.replace("\\", "/").rstrip("/").rpartition("/")[2].casefold()
    return frozenset({last, _EXTENSION.sub("", last)})
