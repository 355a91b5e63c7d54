"""The clips of a film among the events of a timeline."""

from __future__ import annotations

from bisect import insort
from collections.abc import Collection, Iterator, Sequence
from pathlib import PurePath

from trailergen.errors import InputError
from trailergen.plans import Film, Range, span
from trailergen.timeline.read.events import BLACK, Cut, CutClip, Event
from trailergen.timeline.read.names import FilmNames, forms_of


def cut_of(events: Sequence[Event], film: Film, called: Collection[str] = ()) -> Cut:
    """The film's clips among events; where two lie over each other the earlier in the list is seen.

    Events of other media (titles, logos), with a fault, or outside the film are left out, and named.

    Args:
        events: of the whole timeline.
        film: the film.
        called: other names it has.

    Raises:
        InputError: nothing is called as the film, and it cannot be told what else is the film.
    """
    ours, remarks = _of_film(events, film, FilmNames.of((film.path, *called)))
    clips: list[CutClip] = []
    for event, is_film in zip(events, ours, strict=True):
        why = _why_not(event, is_film, film)
        free = [] if why else list(_free(event.record, clips))
        if not why and not free:
            why = "is left out, another clip lies over it"
        if why:
            what = f"{next(iter(event.names), 'a clip')} at {float(event.record.start / film.rate):.2f} s"
            remarks.append(f"the title {what} {why}" if event.title else f"{what} {why}")
        for part in free:
            first = event.source + part.start - event.record.start
            insort(clips, CutClip(part, span(first, first + len(part))), key=lambda clip: clip.record.start)
    return Cut(tuple(clips), tuple(remarks))


def _of_film(events: Sequence[Event], film: Film, known: FilmNames) -> tuple[list[bool], list[str]]:
    """The events that are the film's, and what had to be assumed. Raises InputError."""
    ours = [not event.title and known.match(event.names) for event in events]
    if any(ours):
        return ours, []
    others = [event for event in events if not event.title and event.names != (BLACK,)]
    taken = [event in others and not event.fault and not known.exclude(event.names) for event in events]
    if not any(taken):
        return ours, []
    shared = [forms_of(event.names) for event in others]
    name = next((name for event in others for name in event.names), "a clip without name")
    if len(shared) > 1 and not frozenset.intersection(*shared) and any(shared):
        raise InputError(
            f"nothing in the cut is called {PurePath(film.path).name}",
            f"it shows {name} and others",
            "give the film that name in the timeline, or name the file there with --film",
        )
    return taken, [f"{name} is taken for the film"]


def _why_not(event: Event, is_film: bool, film: Film) -> str:
    """The reason why an event is no clip; empty if it can be one."""
    if event.title:
        return "is left out, titles stay as the plan has them"
    if not is_film:
        return "is left out, it is not of the film"
    if event.fault:
        return f"is left out, {event.fault}"
    if event.source < 0 or event.source + len(event.record) > film.frames:
        return "is left out, it shows frames that the film does not have"
    return ""


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
