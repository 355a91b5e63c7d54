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
from trailergen.timeline.events import FilmEvent, Timeline

_REEL = 8
_MOST = 999


def edl_text(timeline: Timeline) -> str:
    """The edit decision list of a timeline.

    Raises:
        UsageError: the rate has no timecode, or there are more than 999 events.
    """
    clock = timeline.clock
    check_edl_rate(clock.rate)
    record = Clock(clock.rate, 0, clock.drop)
    reel, music_reel = _reels(timeline.film_name, timeline.music.name)
    listed = [*_picture(timeline, reel, record), _music(timeline, music_reel, record), *_heard(timeline, reel, record)]
    if len(listed) > _MOST:
        raise UsageError(
            f"an EDL has {_MOST} events at most, this trailer needs {len(listed)}",
            hint="use --to otio, fcp7 or fcpxml",
        )
    lines = [f"TITLE: {timeline.name}", f"FCM: {'DROP FRAME' if clock.drop else 'NON-DROP FRAME'}"]
    for number, (event, *comments) in enumerate(listed, 1):
        lines += [f"{number:03d}  {event}", *comments]
    return "\n".join((*lines, ""))


def _picture(timeline: Timeline, reel: str, record: Clock) -> Iterator[list[str]]:
    """The events of the picture, each with its comments, in the trailer's order."""
    clock, start = timeline.clock, 0
    name = f"* FROM CLIP NAME: {timeline.film_name}"
    covers = [(card.record, card.record + card.frames, card) for card in timeline.cards]
    for begin, end, card in [*covers, (timeline.frames, timeline.frames, None)]:
        for event in timeline.film:
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
                for event in timeline.film
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
        f"* LOC: {record.label(event.record)} {event.marker.color:<7} {event.marker.name}: {event.marker.text}",
    ]


def _music(timeline: Timeline, reel: str, record: Clock) -> list[str]:
    music, clock, heard = timeline.music, timeline.clock, timeline.film_sound
    source = round_half_up((music.seconds(music.origin) + music.seconds(music.start)) * clock.rate)
    return [
        _event(reel, "AA" if music.channels > 1 else "A", (source, 0, music.frames(clock)), record),
        f"* FROM CLIP NAME: {music.name}",
        *([f"* FADES OUT OVER {round_half_up(music.seconds(music.fade) * clock.rate)} FRAMES"] if music.fade else []),
        *([f"* FALLS UNDER LINES: {timeline.ducking.upper()}"] if heard and heard.music_levels else []),
    ]


def _heard(timeline: Timeline, reel: str, record: Clock) -> Iterator[list[str]]:
    """The lines, and the clips' own sound."""
    clock = timeline.clock
    name = f"* FROM CLIP NAME: {timeline.film_name}"
    for line in timeline.lines:
        if place := line.framed(clock, timeline.film_frames):
            source, first, frames = place
            yield [
                _event(reel, "A3", (clock.start + source, first, frames), record),
                name,
                f"* LINE {line.marker.name}: {line.marker.text}",
                f"* EXACT AT 48000 HZ: SOURCE {line.source.start} TO {line.source.end} FROM THE FIRST PICTURE, "
                f"RECORD {line.record.start} TO {line.record.end}",
            ]
    if timeline.film_sound and timeline.film_sound.level is not None:
        level = f"* AUDIO LEVEL: {timeline.film_sound.level:g} DB"
        for event in timeline.film:
            place = clock.start + event.source, event.record, event.frames
            yield [_event(reel, "A4", place, record), name, *([level] if timeline.film_sound.level else [])]


def _event(reel: str, channels: str, place: tuple[int, int, int], record: Clock) -> str:
    """The line of a cut, without its number; ``place`` is the first source frame, the first record frame and the
    number of frames."""
    return f"{reel:<{_REEL}} {channels:<5} C        {_times(place, record)}"


def _times(place: tuple[int, int, int], clock: Clock) -> str:
    source, record, frames = place
    return " ".join(clock.label(frame) for frame in (source, source + frames, record, record + frames))


def _alternatives(event: FilmEvent, clock: Clock) -> list[str]:
    return [
        f"* ALTERNATIVE {other.number}: SHOT {other.shot} FROM {clock.label(clock.start + other.source.start)} "
        f"TO {clock.label(clock.start + other.source.end)}"
        for other in event.alternatives
    ]


def _reels(film: str, music: str) -> tuple[str, str]:
    """Two reel names of at most eight capitals and digits, never the same."""
    first, second = _reel(film, "FILM"), _reel(music, "MUSIC")
    return first, second if second != first else f"{second[: _REEL - 2]}_M"


def _reel(name: str, otherwise: str) -> str:
    stem = name.rpartition(".")[0] or name
    plain = unicodedata.normalize("NFKD", stem).encode("ascii", "ignore").decode().upper()
    return re.sub(r"[^A-Z0-9]", "", plain)[:_REEL] or otherwise
