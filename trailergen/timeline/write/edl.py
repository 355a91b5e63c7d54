"""CMX 3600: one event per clip, then the music, and after it what is heard of the film.

Where a card covers the film the list has black, the clips are split around it, and comments say what lies under it.
Lines go to A3, the clips' own sound to A4; levels are comments, for the format has none.

OpenTimelineIO's adapter is not used for writing: it writes one track, so the music is lost, no ``FCM``, and at
29.97 frames/s always drop-frame labels, whatever the film's timecode is. The tests read the result with it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from trailergen.errors import UsageError
from trailergen.timebase import round_half_up
from trailergen.timeline.clock import Clock, check_edl_rate
from trailergen.timeline.events import Events, FilmEvent

_REEL = 8
_MOST = 999


def edl_text(events: Events) -> str:
    """The edit decision list of a timeline.

    Raises:
        UsageError: the rate has no timecode, or there are more than 999 events.
    """
    clock = events.clock
    check_edl_rate(clock.rate)
    record = Clock(clock.rate, 0, clock.drop)
    reel, music_reel = _reels(events.film_name, events.music.name)
    listed = [*_picture(events, reel, record), _music(events, music_reel, record), *_heard(events, reel, record)]
    if len(listed) > _MOST:
        raise UsageError(
            f"an EDL has {_MOST} events at most, this trailer needs {len(listed)}",
            hint="use --to otio, fcp7 or fcpxml",
        )
    lines = [f"TITLE: {events.name}", f"FCM: {'DROP FRAME' if clock.drop else 'NON-DROP FRAME'}"]
    for number, (event, *comments) in enumerate(listed, 1):
        lines += [f"{number:03d}  {event}", *comments]
    return "\n".join((*lines, ""))


def _picture(events: Events, reel: str, record: Clock) -> Iterator[list[str]]:
    """The events of the picture, each with its comments, in the trailer's order."""
    clock, start = events.clock, 0
    name = f"* FROM CLIP NAME: {events.film_name}"
    covers = [(card.record, card.record + card.frames, card) for card in events.cards]
    for begin, end, card in [*covers, (events.frames, events.frames, None)]:
        for event in events.film:
            first, last = max(event.record, start), min(event.record + event.frames, begin)
            if first < last:
                source = clock.start + event.source + first - event.record
                yield [
                    _event(reel, "V", (source, first, last - first), record),
                    name,
                    *(_notes(event, clock, record) if first == event.record else []),
                ]
        if card is not None:
            yield [_event("BL", "V", (0, begin, end - begin), record), f"* TITLE: {card.name}", name] + [
                line
                for event in events.film
                if event.record < end and begin < event.record + event.frames
                for line in (
                    f"* UNDER: {_times((clock.start + event.source, event.record, event.frames), record)}",
                    *(_notes(event, clock, record) if event.record >= begin else []),
                )
            ]
        start = end


def _notes(event: FilmEvent, clock: Clock, record: Clock) -> list[str]:
    return [
        *_alternatives(event, clock),
        f"* LOC: {record.label(event.record)} {event.note.color:<7} {event.note.name}: {event.note.text}",
    ]


def _music(events: Events, reel: str, record: Clock) -> list[str]:
    music, clock, heard = events.music, events.clock, events.film_sound
    source = round_half_up((music.origin + music.source) * clock.rate)
    return [
        _event(reel, "AA" if music.channels > 1 else "A", (source, 0, music.frames), record),
        f"* FROM CLIP NAME: {music.name}",
        *([f"* FADES OUT OVER {round_half_up(music.fade * clock.rate)} FRAMES"] if music.fade else []),
        *([f"* FALLS UNDER LINES: {heard.ducking.upper()}"] if heard and heard.music_levels else []),
    ]


def _heard(events: Events, reel: str, record: Clock) -> Iterator[list[str]]:
    """The lines, and the clips' own sound."""
    clock = events.clock
    name = f"* FROM CLIP NAME: {events.film_name}"
    for line in events.lines:
        if place := line.framed(clock, events.film_frames):
            source, first, frames = place
            yield [
                _event(reel, "A3", (clock.start + source, first, frames), record),
                name,
                f"* LINE {line.note.name}: {line.note.text}",
                f"* EXACT AT 48000 HZ: SOURCE {line.source.start} TO {line.source.end} FROM THE FIRST PICTURE, "
                f"RECORD {line.record.start} TO {line.record.end}",
            ]
    if events.film_sound and events.film_sound.level is not None:
        level = f"* AUDIO LEVEL: {events.film_sound.level:g} DB"
        for event in events.film:
            place = clock.start + event.source, event.record, event.frames
            yield [_event(reel, "A4", place, record), name, *([level] if events.film_sound.level else [])]


def _event(reel: str, channels: str, place: tuple[int, int, int], record: Clock) -> str:
    """The line of a cut, without its number; ``place`` is the first source frame, the first record frame and the
    number of frames."""
    return f"{reel:<{_REEL}} {channels:<5} C        {_times(place, record)}"


def _times(place: tuple[int, int, int], clock: Clock) -> str:
    source, record, frames = place
    return " ".join(clock.label(frame) for frame in (source, source + frames, record, record + frames))


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
