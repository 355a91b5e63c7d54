"""CMX 3600: one event per clip, then the music.

OpenTimelineIO's adapter is not used for writing: it writes one track, so the music is lost, no ``FCM``, and at
29.97 frames/s always drop-frame labels, whatever the film's timecode is. The tests read the result with it.
"""

from __future__ import annotations

import re
import unicodedata

from trailergen.errors import UsageError
from trailergen.export.clock import Clock, check_edl_rate
from trailergen.export.events import Events, FilmEvent
from trailergen.timebase import round_half_up

_REEL = 8
_MOST = 999


def edl_text(events: Events) -> str:
    """The edit decision list of a timeline.

    Raises:
        UsageError: the rate has no timecode, or there are more than 999 events.
    """
    clock = events.clock
    check_edl_rate(clock.rate)
    if len(events.film) + 1 > _MOST:
        raise UsageError(
            f"an EDL has {_MOST} events at most, this trailer needs {len(events.film) + 1}",
            hint="use --to otio, fcp7 or fcpxml",
        )
    record = Clock(clock.rate, 0, clock.drop)
    reel, music_reel = _reels(events.film_name, events.music.name)
    lines = [f"TITLE: {events.name}", f"FCM: {'DROP FRAME' if clock.drop else 'NON-DROP FRAME'}"]
    for number, event in enumerate(events.film, 1):
        source = clock.start + event.source
        lines += [
            _event(number, reel, "V", (source, event.record, event.frames), record),
            f"* FROM CLIP NAME: {events.film_name}",
            *_alternatives(event, clock),
            f"* LOC: {record.label(event.record)} {event.note.color:<7} {event.note.name}: {event.note.text}",
        ]
    music = events.music
    source = round_half_up((music.origin + music.source) * clock.rate)
    lines += [
        _event(
            len(events.film) + 1, music_reel, "AA" if music.channels > 1 else "A", (source, 0, music.frames), record
        ),
        f"* FROM CLIP NAME: {music.name}",
        *([f"* FADES OUT OVER {round_half_up(music.fade * clock.rate)} FRAMES"] if music.fade else []),
        "",
    ]
    return "\n".join(lines)


def _event(number: int, reel: str, channels: str, place: tuple[int, int, int], clock: Clock) -> str:
    """The line of a cut; ``place`` is the first source frame, the first record frame and the number of frames."""
    source, record, frames = place
    times = " ".join(clock.label(frame) for frame in (source, source + frames, record, record + frames))
    return f"{number:03d}  {reel:<{_REEL}} {channels:<5} C        {times}"


def _alternatives(event: FilmEvent, clock: Clock) -> list[str]:
    return [
        f"* ALTERNATIVE {number}: SHOT {shot} FROM {clock.label(clock.start + first)} "
        f"TO {clock.label(clock.start + first + event.frames)}"
        for number, shot, first in event.alternatives
    ]


def _reels(film: str, music: str) -> tuple[str, str]:
    """Two reel names of at most eight capitals and digits, never the same."""
    first, second = _reel(film, "FILM"), _reel(music, "MUSIC")
    return first, second if second != first else f"{second[: _REEL - 2]}_M"


def _reel(name: str, otherwise: str) -> str:
    stem = name.rpartition(".")[0] or name
    plain = unicodedata.normalize("NFKD", stem).encode("ascii", "ignore").decode().upper()
    return re.sub(r"[^A-Z0-9]", "", plain)[:_REEL] or otherwise
