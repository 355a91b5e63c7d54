"""CMX 3600 edit decision lists, as editing programs write them.

Own code, since both libraries lose something that is needed here: OpenTimelineIO's adapter where the timeline begins
(a hole before the first event is gone), pycmx the speed of an event and the names that follow it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from trailergen.cut.events import BLACK, Event
from trailergen.errors import InputError
from trailergen.export.clock import Clock
from trailergen.plan import span
from trailergen.timebase import parse_timecode, supports_drop_frame

_TIMECODE = r"(\d{2}:\d{2}:\d{2}[:;.]\d{2})"
_EVENT = re.compile(r"\s*\d+\s+(\S+)\s+(\S+)\s+[A-Z]\S*\s+(?:\S+\s+){0,2}" + r"\s+".join([_TIMECODE] * 4) + r"\s*$")
_NAME = re.compile(r"\*\s*(FROM CLIP NAME|TO CLIP NAME|SOURCE FILE)\s*:\s*(.+)", re.IGNORECASE)
_SPEED = re.compile(r"M2\s+\S+\s+(-?\d+(?:\.\d+)?)")


@dataclass
class _Entry:
    reel: str
    times: tuple[int, int, int, int]
    retimed: bool = False
    names: dict[str, str] = field(default_factory=dict)

    def called(self) -> tuple[str, ...]:
        """What it shows; of a dissolve what it dissolves to."""
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
            try:
                source = [_count(time, clock, clock.drop) for time in times[:2]]
                record = [_count(time, clock, drop) for time in times[2:]]
                hour = _count(f"{times[2][:2]}:00:00{times[2][8]}00", clock, drop)
            except ValueError as error:
                raise InputError(f"cannot read {name}, line {number}", str(error)) from error
            start = hour if start is None else min(start, hour)
            current = _Entry(reel, (source[0], source[1], record[0], record[1]))
            entries.append(current)
        elif current and (speed := _SPEED.match(line)):
            current.retimed = abs(float(speed[1]) / float(clock.rate) - 1) > 0.01
        elif current and (named := _NAME.match(line)):
            current.names[named[1].upper()] = named[2].strip()
    if start is None:
        raise InputError(f"{name} has no picture events", "it is no CMX 3600 edit decision list")
    return [
        Event(
            span(record_in - start, record_out - start),
            source_in - clock.start,
            entry.called(),
            entry.retimed or source_out - source_in != record_out - record_in,
        )
        for entry in entries
        for source_in, source_out, record_in, record_out in [entry.times]
        if record_out > record_in  # the outgoing side of a dissolve is listed again, with no length
    ]


def _count(timecode: str, clock: Clock, drop: bool) -> int:
    """Some programs write colons in drop-frame lists, others semicolons at rates that have no drop-frame."""
    drop = supports_drop_frame(clock.rate) and (drop or timecode[8] != ":")
    return parse_timecode(f"{timecode[:8]}{';' if drop else ':'}{timecode[9:]}", clock.rate)
