"""What every timeline says of a film's clips, whichever format it came in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from trailergen.plan import Film, Range, span


@dataclass(frozen=True)
class Event:
    """One clip of a timeline, in frames at the film's rate.

    Args:
        record: where it stands, from the start of the timeline.
        source: first frame it shows, counted from the film's first picture if the clip is the film's.
        source_frames: how many it shows.
        names: what the timeline calls its media: names, addresses, reels.
    """

    record: Range
    source: int
    source_frames: int
    names: tuple[str, ...]


@dataclass(frozen=True)
class CutClip:
    """A clip of an editor's cut: the record frames it fills, and as many film frames."""

    record: Range
    source: Range


@dataclass(frozen=True)
class Cut:
    """An editor's cut: its clips in order, without overlap, and what a plan cannot hold, in words."""

    clips: tuple[CutClip, ...]
    left_out: tuple[str, ...]


def cut_of(events: Sequence[Event], film: Film) -> Cut:
    """The film's clips among events; where two lie over each other the earlier in the list is seen.

    Events of other media (titles, logos), at another speed, or outside the film are left out, and named.
    """
    ours = [event for event in events if _is_of(event, film)]
    if not ours:  # the film has another name there, or none
        ours = [event for event in events if not _has_name(event)] or list(events)
    clips: list[CutClip] = []
    left_out: list[str] = []
    for event in events:
        at = f"{float(event.record.start / film.rate):.2f} s"
        name = next(iter(event.names), "a clip")
        if event not in ours:
            left_out.append(f"{name} at {at} is not of the film")
        elif event.source_frames != len(event.record):
            left_out.append(f"{name} at {at} does not run at its own speed")
        elif event.source < 0 or event.source + event.source_frames > film.frames:
            left_out.append(f"{name} at {at} shows frames that the film does not have")
        else:
            for free in _free(event.record, clips):
                first = event.source + free.start - event.record.start
                clips.append(CutClip(free, span(first, first + len(free))))
    return Cut(tuple(sorted(clips, key=lambda clip: clip.record.start)), tuple(left_out))


def _free(record: Range, clips: Sequence[CutClip]) -> Iterator[Range]:
    """The parts of a range that no clip covers."""
    start = record.start
    for clip in sorted(clips, key=lambda clip: clip.record.start):
        if clip.record.overlaps(record):
            if clip.record.start > start:
                yield span(start, clip.record.start)
            start = max(start, clip.record.end)
    if start < record.end:
        yield span(start, record.end)


def _has_name(event: Event) -> bool:
    return any(map(_stem, event.names))


def _is_of(event: Event, film: Film) -> bool:
    return _stem(film.path) in map(_stem, event.names)


def _stem(name: str) -> str:
    """What is left of a name or an address without folders, extension and case."""
    path = unquote(urlsplit(name).path) if "://" in name else name
    return PurePosixPath(path.replace("\\", "/")).stem.casefold()
