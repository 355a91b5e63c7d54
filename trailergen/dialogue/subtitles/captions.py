"""Closed captions of CEA-608: pairs of bytes become what stands on the screen, and that becomes cues.

libavcodec's decoder keeps the screen: captions that pop on, that roll up and that are painted on. A line of a cue
begins with the picture in which its first letters are seen, and ends when it is gone, or when the next begins.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import groupby, takewhile

import av
import av.error
from av.subtitles.subtitle import AssSubtitle

from trailergen.dialogue.subtitles.raw import Reading
from trailergen.shots.captions import ClosedCaptions

_THOUSAND = 1000
"""Units of a second in which libavformat times captions."""
_LETTERS = 0x20
"""Without its parity the first byte of letters is at least this."""
_TAGS = re.compile(r"\{[^{}]*\}")


@dataclass
class _Screen:
    """What is on the screen; ``cue`` are the lines that began last, some of which may have rolled out of sight."""

    lines: list[str] = field(default_factory=list)
    cue: list[str] = field(default_factory=list)
    start: Fraction = Fraction(0)


def read_captions(captions: ClosedCaptions, base: Fraction) -> Reading:
    """The cues of captions, in seconds after what their timestamps count from.

    Args:
        captions: as gathered.
        base: seconds of one unit of their timestamps.
    """
    found, screen = Reading("CEA-608"), _Screen()
    for time, letters, lines in _changes(captions, base):
        _show(found, screen, time, lines, letters)
    if screen.cue:  # nobody says when it goes
        _end(found, screen, None)
    return found


def _changes(captions: ClosedCaptions, base: Fraction) -> Iterator[tuple[Fraction, int, list[str]]]:
    """Each change of the screen: its time, the number of letters that can have been added, and the lines."""
    times = sorted(set(captions.at.tolist()))
    with av.open(io.BytesIO(_scenarist(captions).encode()), "r", format="scc") as container:
        stream = container.streams.subtitles[0]
        stream.codec_context.options = {"real_time": "1", "real_time_latency_msec": "0", "data_field": "first"}
        for packet in container.demux(stream):
            if packet.pts is None:
                continue
            try:
                decoded = packet.decode()
            except av.error.FFmpegError:  # damaged bytes among good ones
                continue
            for item in decoded:
                if isinstance(item, AssSubtitle):
                    text = _TAGS.sub("", item.ass.decode("utf-8", "replace").split(",", 8)[-1])
                    lines = [line for line in text.split("\\N") if line.strip()]
                    letters = 2 * sum(first & 0x7F >= _LETTERS for first in bytes(packet)[1::3])
                    yield times[packet.pts // _THOUSAND] * base, letters, lines


def _scenarist(captions: ClosedCaptions) -> str:
    """The captions in the form that libavformat reads, a second each for the pairs that come at one time.

    The decoder has no times without a container, and without times it does not tell what is written.
    """
    rows = ["Scenarist_SCC V1.0\n"]
    pairs = zip(captions.at.tolist(), captions.pairs.tolist(), strict=True)
    for second, (_, group) in enumerate(groupby(pairs, lambda pair: pair[0])):
        words = " ".join(f"{first:02x}{last:02x}" for _, (first, last) in group)
        rows.append(f"{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}:00\t{words}\n")
    return "\n".join(rows)


def _show(found: Reading, screen: _Screen, time: Fraction, lines: list[str], letters: int) -> None:
    """Put lines on the screen: what they end becomes a cue, and what is new among them begins one."""
    kept = _kept(screen.lines, lines, letters)
    if kept:
        screen.cue[-1] = lines[kept - 1]
    if lines[kept:] or not kept:
        if screen.cue:
            _end(found, screen, time)
        screen.cue, screen.start = lines[kept:], time
    screen.lines = lines


def _end(found: Reading, screen: _Screen, time: Fraction | None) -> None:
    found.add(screen.start, time, "\n".join(line.strip() for line in screen.cue))


def _kept(before: list[str], after: list[str], letters: int) -> int:
    """The number of lines that stay while others roll away above them; the last of them may be being written."""
    for gone in range(len(before)):
        count = len(before) - gone
        whole = before[gone:-1] == after[: count - 1]
        if count <= len(after) and whole and _is_written(before[-1], after[count - 1], letters):
            return count
    return 0


def _is_written(before: str, after: str, letters: int) -> bool:
    """True where a line is the other with a few letters more; letters with accents take the place of one without."""
    same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(before, after, strict=False)))
    return before == after or (len(before) - same <= 2 and len(after) - same <= letters + 1)
