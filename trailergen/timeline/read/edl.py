"""CMX 3600 edit decision lists, as editing programs write them.

Own code, since both libraries lose something that is needed here: OpenTimelineIO's adapter where the timeline begins
(a hole before the first event is gone), pycmx the speed of an event and the names that follow it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from trailergen.errors import InputError
from trailergen.plans import Range, span
from trailergen.timebase import parse_timecode, supports_drop_frame
from trailergen.timeline.clock import Clock
from trailergen.timeline.read.events import BLACK, Event

_TIMECODE = r"(\d{2}:\d{2}:\d{2}[:;.]\d{2})"
_EVENT = re.compile(r"\s*\d+\s+(\S+)\s+(\S+)\s+[A-Z]\S*\s+(?:\S+\s+){0,2}" + r"\s+".join([_TIMECODE] * 4) + r"\s*$")
_NAME = re.compile(r"\*\s*(FROM CLIP NAME|TO CLIP NAME|SOURCE FILE)\s*:\s*(.+)", re.IGNORECASE)
_TITLE = re.compile(r"\*\s*TITLE:\s*(.*)")
_UNDER = re.compile(r"\*\s*UNDER:\s*" + r"\s+".join([_TIMECODE] * 4) + r"\s*$")
_SPEED = re.compile(r"M2\s+\S+\s+(-?\d+(?:\.\d+)?)")


@dataclass
class _Entry:
    reel: str
    times: tuple[int, int, int, int]
    retimed: bool = False
    names: dict[str, str] = field(default_factory=dict)
    title: str | None = None
    under: list[tuple[int, int, int, int]] = field(default_factory=list)

    def called(self) -> tuple[str, ...]:
        """The names of the media it shows; of a dissolve, of those it dissolves to."""
        if self.reel.upper() == "BL":
            return (BLACK,)
        if to := self.names.pop("TO CLIP NAME", None):
            return (to,)
        return tuple(self.names.values()) or (self.reel,)


def read_edl(text: str, clock: Clock, name: str) -> list[Event]:
    """The picture events of an EDL at a film's rate.

    Timelines begin at a whole hour: what lies between it and the first event is a hole. The list says (``FCM``) how
    record times count, the film's timecode how source times do; a semicolon always means drop-frame.

    Args:
        text: the list.
        clock: the film's; source timecodes count from its start.
        name: of the file, for messages.

    Raises:
        InputError: it has no picture events, or one has an impossible time.
    """
    entries: list[_Entry] = []
    start: int | None = None
    drop, current = clock.drop, None
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith("FCM:"):
            drop = "NON" not in line.upper()
        elif event := _EVENT.match(line):
            reel, channels, *times = event.groups()
            current = None
            if "V" not in channels.upper() and channels.upper() != "B":
                continue
            where = f"{name}, line {number}"
            current = _Entry(reel, _counts(times, clock, drop, where))
            hour = f"{times[2][:2]}:00:00{times[2][8]}00"
            begun = _counts((*times[:2], hour, hour), clock, drop, where)[2]
            start = begun if start is None else min(start, begun)
            entries.append(current)
        elif current and (title := _TITLE.match(line)):
            current.title = title[1].strip() or "without name"
        elif current and (under := _UNDER.match(line)):
            current.under.append(_counts(under.groups(), clock, drop, f"{name}, line {number}"))
        elif current and (speed := _SPEED.match(line)):
            current.retimed = abs(float(speed[1]) / float(clock.rate) - 1) > 0.01
        elif current and (named := _NAME.match(line)):
            current.names[named[1].upper()] = named[2].strip()
    if start is None:
        raise InputError(f"{name} has no picture events", "it is no CMX 3600 edit decision list")
    events: list[Event] = []
    for entry in entries:
        source_in, source_out, record_in, record_out = entry.times
        if record_out <= record_in:  # the outgoing side of a dissolve is listed again, with no length
            continue
        record = span(record_in - start, record_out - start)
        if entry.title is not None and entry.reel.upper() == "BL":
            events.append(Event(record, 0, (entry.title,), title=True))
        else:
            retimed = entry.retimed or source_out - source_in != record_out - record_in
            events.append(Event(record, source_in - clock.start, entry.called(), retimed))
    for entry in entries:
        for source_in, _, record_in, record_out in entry.under:
            clip = span(record_in - start, record_out - start)
            card = span(entry.times[2] - start, entry.times[3] - start)
            if clip.overlaps(card):
                _uncover(events, Event(clip, source_in - clock.start, tuple(entry.names.values())), card)
    return events


def _uncover(events: list[Event], clip: Event, card: Range) -> None:
    """Put what a card covers of a clip among the events, joined to what is seen of that clip before and after it.

    Exports split a clip around a card. Where an editor has changed the seen pieces since, they are clips of their own.
    """
    first, last = max(clip.record.start, card.start), min(clip.record.end, card.end)
    offset = clip.source - clip.record.start
    for event in list(events):
        if event.title or event.retimed or event.source - event.record.start != offset:
            continue
        if event.record.end == first and event.record.start >= clip.record.start:
            first = event.record.start
        elif event.record.start == last and event.record.end <= clip.record.end:
            last = event.record.end
        else:
            continue
        events.remove(event)
    events.append(Event(span(first, last), offset + first, clip.names))


def _counts(times: Sequence[str], clock: Clock, drop: bool, where: str) -> tuple[int, int, int, int]:
    """Source and record times of an event in frames; raises InputError."""
    try:
        source = [_count(time, clock, clock.drop) for time in times[:2]]
        record = [_count(time, clock, drop) for time in times[2:]]
    except ValueError as error:
        raise InputError(f"cannot read {where}", str(error)) from error
    return source[0], source[1], record[0], record[1]


def _count(timecode: str, clock: Clock, drop: bool) -> int:
    """Some programs write colons in drop-frame lists, others semicolons at rates that have no drop-frame."""
    drop = supports_drop_frame(clock.rate) and (drop or timecode[8] != ":")
    return parse_timecode(f"{timecode[:8]}{';' if drop else ':'}{timecode[9:]}", clock.rate)
