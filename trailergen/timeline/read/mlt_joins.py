"""Dissolves of Shotcut and Kdenlive made cuts: clips that overlap, and pieces that a dissolve took off a clip.

The cut lies in the middle of the pictures that are mixed (see mlt_transitions.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from fractions import Fraction

from trailergen.timeline.read.tracks import Item

Span = tuple[Fraction, Fraction]


def apart(items: Iterable[Item]) -> list[Item]:
    """Items of one track in order; two that dissolve into each other are cut in the middle."""
    known: list[Item] = []
    unknown: list[Item] = []
    for item in items:
        (unknown if item.record is None else known).append(item)
    placed: list[Item] = []
    for item in sorted(known, key=_record):
        before = placed[-1] if placed else None
        if before and _record(before)[0] < _record(item)[0] < _record(before)[1] < _record(item)[1]:
            start, end = _record(item)[0], _record(before)[1]
            middle = start + 1 + int(end - start) // 2
            placed[-1] = replace(before, record=(_record(before)[0], middle))
            item = _from(item, middle)
        placed.append(item)
    return [*placed, *unknown]


def halves(going: Item, coming: Item) -> list[Item]:
    """The two sides of a dissolve, which both last as long as it, as a cut in its middle."""
    start, end = _record(going)
    middle = min(start + 1 + (int(end - start) - 1) // 2, end)
    return [replace(going, record=(start, middle)), _from(coming, middle)]


def joined(items: Iterable[Item]) -> Iterator[Item]:
    """Items, those that go on where the one before ends being one with it."""
    held: Item | None = None
    for item in items:
        if held is not None and _goes_on(held, item):
            held = replace(held, record=(_record(held)[0], _record(item)[1]))
            continue
        if held is not None:
            yield held
        held = item
    if held is not None:
        yield held


def _from(item: Item, at: Fraction) -> Item:
    """The part of an item from a frame on."""
    start, end = _record(item)
    return replace(item, record=(at, end), source=item.source + at - start)


def _goes_on(one: Item, two: Item) -> bool:
    if one.record is None or two.record is None or one.title or one.nest or two.nest:
        return False
    alike = (one.names, one.fault, one.title) == (two.names, two.fault, two.title)
    return alike and one.record[1] == two.record[0] and two.source - one.source == two.record[0] - one.record[0]


def _record(item: Item) -> Span:
    return item.record or (Fraction(0), Fraction(0))
