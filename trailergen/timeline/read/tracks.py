"""A timeline of any format: tracks of clips and of compositions that hold tracks, and how they are laid flat.

Times are film frames, exact: a timeline at another rate than the film's has its edges between them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from trailergen.plans import span
from trailergen.timebase import round_half_up, snap_rate
from trailergen.timeline.read.events import Event, Join
from trailergen.timeline.read.faults import OFF, UNPLACED


@dataclass(frozen=True)
class Item:
    """A clip, or a composition that is used as one.

    Args:
        record: its first frame in the composition it lies in, and the first after it; None where that is not known.
        source: the first frame that it shows of its media, or of its composition.
        names: of its media.
        fault: why it cannot stand in a plan; empty if it can.
        title: whether it is a title.
        nest: the tracks of a composition, None for a clip.
    """

    record: tuple[Fraction, Fraction] | None
    source: Fraction = Fraction(0)
    names: tuple[str, ...] = ()
    fault: str = ""
    title: bool = False
    nest: tuple[Track, ...] | None = None


@dataclass(frozen=True)
class Track:
    """Items of the same height, in any order."""

    items: tuple[Item, ...]
    name: str = ""
    enabled: bool = True


@dataclass(frozen=True)
class Composition:
    """Tracks from the lowest to the one that is seen over all others, what was not understood, in words, and the
    dissolves and dips between clips."""

    tracks: tuple[Track, ...]
    remarks: tuple[str, ...] = ()
    joins: tuple[Join, ...] = ()


@dataclass(frozen=True)
class _Window:
    """The part of a composition that is seen, and what turns its frames into those of the timeline."""

    start: Fraction | None = None
    end: Fraction | None = None
    shift: Fraction = Fraction(0)

    def clip(self, record: tuple[Fraction, Fraction]) -> tuple[Fraction, Fraction]:
        start, end = record
        return (
            start if self.start is None else max(start, self.start),
            end if self.end is None else min(end, self.end),
        )


def flatten(composition: Composition, rate: Fraction) -> tuple[list[Event], list[str]]:
    """The events of a timeline, those of upper tracks first, and in words what cannot be one.

    Args:
        composition: the timeline.
        rate: the film's, for messages.
    """
    found = list(_flat(composition.tracks, _Window(), rate))
    events = [each for each in found if isinstance(each, Event)]
    return events, [*composition.remarks, *(each for each in found if isinstance(each, str))]


def frames_at(value: Fraction, rate: Fraction, film_rate: Fraction) -> Fraction:
    """Frames of a rate as frames of the film; rates that are nearly equal, as 24 and 24000/1001, count the same."""
    if abs(rate / film_rate - 1) < Fraction(1, 999):
        return value
    return value / snap_rate(rate) * film_rate


def transitions_remark(count: int) -> tuple[str, ...]:
    """That dissolves and wipes become cuts, where there are any."""
    return (f"{count} transition{'s become cuts' if count > 1 else ' becomes a cut'}",) if count else ()


def _flat(tracks: tuple[Track, ...], window: _Window, rate: Fraction) -> Iterator[Event | str]:
    for number, track in reversed(list(enumerate(tracks, 1))):
        if not track.enabled:
            if track.items:
                yield f"the track {track.name or f'V{number}'} is left out, {OFF}"
            continue
        for item in track.items:
            yield from _laid(item, window, rate)


def _laid(item: Item, window: _Window, rate: Fraction) -> Iterator[Event | str]:
    """The events of an item as far as a window shows it."""
    name = next(iter(item.names), "a clip without name")
    if item.record is None:
        yield f"{name} is left out, {item.fault or UNPLACED}"
        return
    start, end = window.clip(item.record)
    source = item.source + start - item.record[0]
    if start >= end and item.record[0] < item.record[1]:
        return  # the composition it lies in does not show it
    if item.nest is not None and not item.fault and start < end:
        inner = _Window(source, source + end - start, window.shift + start - source)
        yield from _flat(item.nest, inner, rate)
        return
    first, last = (round_half_up(edge + window.shift) for edge in (start, end))
    if 0 <= first < last and item.nest is None:
        yield Event(span(first, last), round_half_up(source), item.names, item.fault, item.title)
    else:
        why = item.fault or "it begins before the timeline does"
        if last <= first:
            why = "it ends before it begins" if last < first else "it is shorter than a frame"
        yield f"{name} at {float(first / rate):.2f} s is left out, {why}"
