"""CMX 3600 edit decision lists, as editing programs write them.

Own code, since both libraries lose something that is needed here: OpenTimelineIO's adapter where the timeline begins
(a hole before the first event is gone), pycmx the speed of an event and the names that follow it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from trailergen.cut.events import Event
from trailergen.errors import InputError
from trailergen.export.clock import Clock
from trailergen.plan import span
from trailergen.timebase import parse_timecode, supports_drop_frame

_TIMECODE = r"(\d{2}:\d{2}:\d{2}[:;.]\d{2})"
_EVENT = re.compile(r"\s*\d+\s+(\S+)\s+(\S+)\s+[A-Z]\S*\s+(?:\S+\s+){0,2}" + r"\s+".join([_TIMECODE] * 4) + r"\s*$")
_NAME = re.compile(r"\*\s*(?:FROM CLIP NAME|TO CLIP NAME|SOURCE FILE)\s*:\s*(.+)", re.IGNORECASE)
_SPEED = re.compile(r"M2\s+\S+\s+(-?[\d.]+)")
_HOUR_S = 3600


@dataclass
class _Entry:
    reel: str
    times: tuple[int, int, int, int]
    retimed: bool = False
    names: list[str] = field(default_factory=list)


def read_edl(text: str, clock: Clock, name: str) -> list[Event]:
    """The picture events of an EDL at a film's rate, black left out.

    Timelines begin at a whole hour: what lies between it and the first event is a hole.

    Args:
        text: the list.
        clock: the film's; source timecodes count from its start.
        name: of the file, for messages.

    Raises:
        InputError: it has no picture events, or one has an impossible time.
    """
    entries = _entries(text, clock, name)
    if not entries:
        raise InputError(f"{name} has no picture events", "it is no CMX 3600 edit decision list")
    hour = _HOUR_S * -(-clock.rate.numerator // clock.rate.denominator)
    if clock.drop:
        hour = parse_timecode("01:00:00;00", clock.rate)
    start = min(entry.times[2] for entry in entries) // hour * hour
    found = []
    for entry in entries:
        source_in, source_out, record_in, record_out = entry.times
        if record_out <= record_in:
            continue  # the outgoing side of a dissolve is listed again, with no length
        frames = source_out - source_in if not entry.retimed else 0
        record = span(record_in - start, record_out - start)
        found.append(Event(record, source_in - clock.start, frames, (*entry.names, entry.reel)))
    return found


def _entries(text: str, clock: Clock, name: str) -> list[_Entry]:
    entries: list[_Entry] = []
    drop, current = clock.drop, None
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith("FCM:"):
            drop = "NON" not in line.upper() and supports_drop_frame(clock.rate)
        elif event := _EVENT.match(line):
            reel, channels, *times = event.groups()
            current = None
            if "V" in channels.upper() or channels.upper() == "B":
                try:
                    counted = [_count(time, clock, drop) for time in times]
                except ValueError as error:
                    raise InputError(f"cannot read {name}, line {number}", str(error)) from error
                current = _Entry(reel, (counted[0], counted[1], counted[2], counted[3]))
                if reel.upper() != "BL":
                    entries.append(current)
        elif current and (speed := _SPEED.match(line)):
            current.retimed = abs(float(speed[1]) / float(clock.rate) - 1) > 0.01
        elif current and (named := _NAME.match(line)):
            current.names.insert(0, named[1].strip())
    return entries


def _count(timecode: str, clock: Clock, drop: bool) -> int:
    """Some programs write colons in drop-frame lists, others semicolons at rates that have no drop-frame."""
    written = timecode[:8] + (";" if drop or timecode[8] != ":" else ":") + timecode[9:]
    if not supports_drop_frame(clock.rate):
        written = written.replace(";", ":")
    return parse_timecode(written, clock.rate)
