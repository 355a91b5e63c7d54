"""CMX 3600 edit decision lists as tracks: what the edits of a list mean for a film."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import groupby

from trailergen.errors import InputError
from trailergen.timebase import parse_timecode, supports_drop_frame
from trailergen.timeline.clock import Clock
from trailergen.timeline.read.edl_lines import Edit, Times, parse_edits
from trailergen.timeline.read.events import BLACK
from trailergen.timeline.read.faults import FREEZE, REVERSE, SPEED, speed_fault
from trailergen.timeline.read.tracks import Composition, Item, Track, transitions_remark

_LONGEST_LEAD_S = 300
"""A list that begins later after a whole hour does not begin at that hour."""
_FOREIGN = 2
"""So many timecodes that the film's rate does not have are no slip: the list is at another rate."""


@dataclass(frozen=True)
class _Placed:
    """An edit and its times in frames: source ones as written, record ones from midnight."""

    edit: Edit
    source: tuple[int, int]
    record: tuple[int, int]


@dataclass(frozen=True)
class _Under:
    """A clip under a card: its record frames, and what they are behind the frames that they show."""

    start: Fraction
    end: Fraction
    offset: Fraction


def read_edl(text: str, clock: Clock, name: str) -> Composition:
    """The picture of an EDL at a film's rate.

    Timelines begin at a whole hour: what lies between it and the first event is a hole. The list says (``FCM``) how
    record times count, the film's timecode how source times do; a semicolon always means drop-frame.

    Args:
        text: the list.
        clock: the film's; source timecodes count from its start.
        name: of the file, for messages.

    Raises:
        InputError: it has no picture events, or counts at another rate.
    """
    edits, remarks = parse_edits(text)
    if not edits:
        raise InputError(f"{name} has no picture events", "; ".join(remarks) or "it is no CMX 3600 edit decision list")
    _check_rate(edits, clock, name)
    listed = _record_clock(edits, clock)
    placed: list[_Placed] = []
    for edit in _named(edits):
        try:
            placed.append(_Placed(edit, *_counts(edit.times, clock, listed)))
        except ValueError as error:
            remarks.append(f"{_names(edit)[0]} in line {edit.line} is left out, {error}")
    placed = _over_midnight(placed, listed)
    start, said = _beginning(placed, listed)
    remarks += said
    remarks += transitions_remark(sum(each.edit.kind[0] in "DW" for each in placed))
    items = [(each.edit.layer, item) for each in placed if (item := _item(each, start, clock))]
    for each in placed:
        for clip in _covered(each, start, (clock, listed), remarks):
            items = _uncovered(items, each, clip, start)
    layers = sorted({layer for layer, _ in items})
    tracks = [Track(tuple(item for at, item in items if at == layer), f"V{layer}") for layer in layers]
    return Composition(tuple(tracks), tuple(remarks))


def _check_rate(edits: Sequence[Edit], clock: Clock, name: str) -> None:
    """Refuse a list that has frame numbers the film's rate has not. Raises InputError."""
    base = -(-clock.rate.numerator // clock.rate.denominator)
    foreign = [[time for time in edit.times if int(re.split(r"\D", time)[-1]) >= base] for edit in edits]
    foreign = [times for times in foreign if times]
    if len(foreign) >= _FOREIGN:
        raise InputError(
            f"{name} does not count at the film's {float(clock.rate):.5g} frames/s",
            f"it has timecodes as {foreign[0][0]} and {foreign[1][0]}",
            "export the list from a timeline at the film's rate, or as .otio or .xml",
        )


def _named(edits: Sequence[Edit]) -> Iterator[Edit]:
    """The edits; the sides of a transition share what is said below the last."""
    for _, group in groupby(edits, key=lambda edit: edit.number):
        sides = list(group)
        for number, edit in enumerate(sides):
            incoming = sides[number + 1] if number + 1 < len(sides) else None
            outgoing = incoming is not None and incoming.kind[0] in "DWK"
            shared = [*edit.speeds, *(incoming.speeds if incoming and outgoing else [])]
            names = edit.names
            if incoming and outgoing and not names:
                names = {key: name for key, name in incoming.names.items() if key.startswith("FROM ")}
            yield replace(edit, names=names, speeds=_speeds(edit, shared), outgoing=outgoing)


def _speeds(edit: Edit, told: Sequence[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    """The speeds that are those of a side, by reel and first timecode, as far as these are written."""
    same = [speed for speed in told if speed[0].upper() == edit.reel.upper()] or list(edit.speeds)
    return [speed for speed in same if speed[2] == edit.times[0]] or same


def _names(edit: Edit) -> tuple[str, ...]:
    """The names of the media it shows; of a transition, of those it goes to."""
    if edit.reel.upper() in ("BL", "BLK", "BLACK"):
        return (BLACK,)
    incoming = tuple(name for key, name in edit.names.items() if key.startswith("TO ") and name)
    named = tuple(name for key, name in edit.names.items() if key != "TITLE" and name)
    return incoming or named or (edit.reel,)


def _record_clock(edits: Sequence[Edit], clock: Clock) -> Clock:
    """The clock by which a list counts the timeline; a later ``FCM`` is one of sources."""
    marked = any(";" in time for edit in edits for time in edit.times[2:])
    told = clock.drop if edits[0].drop is None else edits[0].drop
    return Clock(clock.rate, 0, marked or told)


def _counts(times: Times, clock: Clock, listed: Clock) -> tuple[tuple[int, int], tuple[int, int]]:
    """Source and record times of an edit in frames; raises ValueError."""
    return (_count(times[0], clock), _count(times[1], clock)), (_count(times[2], listed), _count(times[3], listed))


def _count(timecode: str, clock: Clock) -> int:
    """Some programs write colons in drop-frame lists, others semicolons at rates that have no drop-frame."""
    *whole, frames = timecode.replace(";", ":").replace(".", ":").replace(",", ":").split(":")
    mark = timecode[-len(frames) - 1]
    dropped = supports_drop_frame(clock.rate) and (clock.drop or mark != ":")
    return parse_timecode(f"{':'.join(part.zfill(2) for part in whole)}{';' if dropped else ':'}{frames}", clock.rate)


def _day(clock: Clock) -> int:
    """The frames of 24 hours."""
    return 24 * _count("01:00:00:00", clock)


def _over_midnight(placed: Sequence[_Placed], listed: Clock) -> list[_Placed]:
    """Edits of a timeline that goes over midnight count on."""
    first = max((each.record[0] for each in placed), default=0)
    return [replace(each, record=_onward(each.record, first, _day(listed))) for each in placed]


def _onward(record: tuple[int, int], latest: int, day: int) -> tuple[int, int]:
    start, end = (at + day if latest - at > day // 2 else at for at in record)
    return start, end + day if start - end > day // 2 else end


def _beginning(placed: Sequence[_Placed], listed: Clock) -> tuple[int, list[str]]:
    """The record frame at which the timeline begins, and what had to be assumed."""
    if not placed:
        return 0, []
    earliest = min(placed, key=lambda each: each.record[0])
    first, day = earliest.record[0], _day(listed)
    hour = day // 24
    begun = first // hour * hour
    if first - begun <= listed.rate * _LONGEST_LEAD_S:
        return begun, []
    # Bars and slate lie before the hour.
    following = begun + hour
    if following % day and any(each.record[0] == following for each in placed):
        return following, []
    return first, [f"the timeline is taken to begin with its first clip, at {earliest.edit.times[2]}"]


def _item(placed: _Placed, start: int, clock: Clock) -> Item | None:
    """An edit as an item; None for the outgoing side of a transition where it is listed without a length."""
    edit, (first, last) = placed.edit, placed.record
    if first == last and edit.outgoing:
        return None
    record = Fraction(first - start), Fraction(last - start)
    if "TITLE" in edit.names and _names(edit) == (BLACK,):
        return Item(record, names=(edit.names["TITLE"] or "without name",), title=True)
    return Item(record, Fraction(_source(placed.source[0], clock)), _names(edit), _fault(placed, clock))


def _source(count: int, clock: Clock) -> int:
    """A source time as a film frame; the film's timecode may go over midnight."""
    frame = count - clock.start
    return frame + _day(clock) if frame < 0 and clock.start else frame


def _fault(placed: _Placed, clock: Clock) -> str:
    """The reason why an edit cannot stand in a plan; empty if it can."""
    edit, (first, last) = placed.edit, placed.source
    if edit.kind in ("K", "K O"):
        return "it is keyed over another"
    if any(comment.upper().startswith("FREEZE") for comment in edit.comments):
        return FREEZE
    for _, written, _ in edit.speeds:
        try:
            speed = float(written)
        except ValueError:
            return SPEED
        # Lists write a rate with one decimal.
        fault = speed_fault(speed / float(clock.rate))
        if fault and abs(speed / float(clock.rate) - 1) > 0.01:
            return fault
    if last < first and first - last < _day(clock) // 2:
        return REVERSE
    day = _day(clock) if last < first else 0
    return "" if last + day - first == placed.record[1] - placed.record[0] else SPEED


def _covered(placed: _Placed, start: int, clocks: tuple[Clock, Clock], remarks: list[str]) -> Iterator[_Under]:
    """The clips under a card by its comments; the clocks are the film's and the list's."""
    edit = placed.edit
    for line, times in edit.under:
        try:
            source, record = _counts(times, *clocks)
        except ValueError as error:
            remarks.append(f"a clip under a title in line {line} is left out, {error}")
            continue
        if record[0] < placed.record[1] and placed.record[0] < record[1]:
            offset = Fraction(_source(source[0], clocks[0]) - record[0] + start)
            yield _Under(Fraction(record[0] - start), Fraction(record[1] - start), offset)


def _uncovered(items: Sequence[tuple[int, Item]], card: _Placed, clip: _Under, start: int) -> list[tuple[int, Item]]:
    """The items with what a card covers of a clip, joined to what is seen of that clip before and after it.

    Exports split a clip around a card. Where an editor has changed the seen pieces since, they are clips of their own.
    """
    first, last = max(clip.start, Fraction(card.record[0] - start)), min(clip.end, Fraction(card.record[1] - start))
    rest: list[tuple[int, Item]] = []
    for layer, item in items:
        begin, end = item.record or (first, first)
        same = not item.title and not item.fault and item.source - begin == clip.offset
        if same and end == first and begin >= clip.start:
            first = begin
        elif same and begin == last and end <= clip.end:
            last = end
        else:
            rest.append((layer, item))
    names = tuple(name for key, name in card.edit.names.items() if key != "TITLE")
    return [*rest, (card.edit.layer, Item((first, last), clip.offset + first, names))]
