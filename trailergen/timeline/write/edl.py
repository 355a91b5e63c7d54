"""CMX 3600: one event per clip, then the music, and after it what is heard of the film.

Where a card covers the film the list has black, the clips are split around it, and comments say what lies under it.
Lines go to A3, the clips' own sound to A4; levels are comments, for the format has none. The trailer begins at
01:00:00:00, as editors expect, or where it is told to.

OpenTimelineIO's adapter is not used for writing: it writes one track, so the music is lost, no ``FCM``, and at
29.97 frames/s always drop-frame labels, whatever the film's timecode is. The tests read the result with it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from fractions import Fraction

from trailergen.errors import UsageError
from trailergen.plans import SAMPLE_RATE
from trailergen.timebase import round_half_up
from trailergen.timeline.clock import Clock, check_edl_rate
from trailergen.timeline.events import FilmEvent, Timeline
from trailergen.timeline.write.edl_comments import comment, name_comments

_REEL = 8
_MOST = 999
_TITLE = 70


def edl_text(timeline: Timeline) -> str:
    """The edit decision list of a timeline.

    Raises:
        UsageError: the rate has no timecode, or there are more than 999 events.
    """
    clock = timeline.clock
    check_edl_rate(clock.rate)
    record = Clock(clock.rate, timeline.record_start, clock.drop)
    reel, music_reel = _reels(timeline.film_name, timeline.music.name)
    listed = [*_picture(timeline, reel, record), _music(timeline, music_reel, record), *_heard(timeline, reel, record)]
    if len(listed) > _MOST:
        raise UsageError(
            f"an EDL has {_MOST} events at most, this trailer needs {len(listed)}",
            hint="use --to otio, fcp7 or fcpxml",
        )
    lines = [f"TITLE: {timeline.name[:_TITLE]}", f"FCM: {'DROP FRAME' if clock.drop else 'NON-DROP FRAME'}"]
    for number, (event, *comments) in enumerate(listed, 1):
        lines += [f"{number:03d}  {event}", *comments]
    return "\n".join((*lines, ""))


def _picture(timeline: Timeline, reel: str, record: Clock) -> Iterator[list[str]]:
    """The events of the picture, each with its comments, in the trailer's order."""
    clock, start = timeline.clock, 0
    named = name_comments(timeline.film_name, timeline.film_path)
    covers = [(card.record, card.record + card.frames, card) for card in timeline.cards if not card.over]
    for begin, end, card in [*covers, (timeline.frames, timeline.frames, None)]:
        for event in timeline.film:
            first, last = max(event.record, start), min(event.record + event.frames, begin)
            if first < last:
                source = clock.start + event.source + first - event.record
                yield [
                    _event(reel, "V", (source, first, last - first), record),
                    *named,
                    *(_notes(event, clock, record) if first == event.record else []),
                    *_titles_over(timeline, first, last, record),
                ]
        if card is not None:
            under = (each for each in timeline.film if each.record < end and begin < each.record + each.frames)
            yield [
                _event("BL", "V", (0, begin, end - begin), record),
                *comment("TITLE:", card.name),
                named[0],
                *(line for event in under for line in _under(event, begin, clock, record)),
            ]
        start = end


def _titles_over(timeline: Timeline, first: int, last: int, record: Clock) -> Iterator[str]:
    """Markers of the titles over the picture that begin in record frames ``[first, last)``: an EDL has no more."""
    for card in timeline.cards:
        if card.over and first <= card.record < last:
            seconds = float(card.frames / timeline.clock.rate)
            place = f"LOC: {record.label(record.start + card.record)} WHITE  "
            yield from comment(place, f"title over the picture for {seconds:.2f} s: {card.name}")


def _under(event: FilmEvent, begin: int, clock: Clock, record: Clock) -> list[str]:
    """The comments of a clip under a card that begins at record frame ``begin``."""
    times = _times((clock.start + event.source, event.record, event.frames), record)
    return [f"* UNDER: {times}", *(_notes(event, clock, record) if event.record >= begin else [])]


def _notes(event: FilmEvent, clock: Clock, record: Clock) -> list[str]:
    place = f"LOC: {record.label(record.start + event.record)} {event.marker.color:<7}"
    return [*_alternatives(event, clock), *comment(place, f"{event.marker.name}: {event.marker.text}")]


def _music(timeline: Timeline, reel: str, record: Clock) -> list[str]:
    music, clock, heard = timeline.music, timeline.clock, timeline.film_sound
    source = round_half_up((music.seconds(music.origin) + music.seconds(music.start)) * clock.rate)
    return [
        _event(reel, "AA" if music.channels > 1 else "A", (source, 0, music.frames(clock)), record),
        *name_comments(music.name, music.path),
        *([f"* FADES OUT OVER {round_half_up(music.seconds(music.fade) * clock.rate)} FRAMES"] if music.fade else []),
        *(comment("FALLS UNDER LINES:", timeline.ducking.upper()) if heard and heard.music_levels else []),
        *_accents(timeline, record),
    ]


def _accents(timeline: Timeline, record: Clock) -> Iterator[str]:
    """Comments of where all is silent, and of the file of accents, for which there is no channel left."""
    if timeline.drop:
        (start, _), *_, (end, _) = timeline.drop
        edges = (round_half_up(Fraction(at, SAMPLE_RATE) * timeline.clock.rate) for at in (start, end))
        yield "* SILENT FROM {} TO {}".format(*(record.label(record.start + edge) for edge in edges))
    if timeline.accents:
        yield from comment("ACCENTS FROM THE FIRST FRAME:", timeline.accents.name)


def _heard(timeline: Timeline, reel: str, record: Clock) -> Iterator[list[str]]:
    """The lines, and the clips' own sound."""
    clock = timeline.clock
    named = name_comments(timeline.film_name, timeline.film_path)
    for line in timeline.lines:
        if place := line.framed(clock, timeline.film_frames):
            source, first, frames = place
            yield [
                _event(reel, "A3", (clock.start + source, first, frames), record),
                *named,
                *_level(line.gain, first, f"{reel} A3", record),
                *comment("LINE", f"{line.marker.name}: {line.marker.text}"),
                f"* EXACT 48000HZ SOURCE {line.source.start}-{line.source.end} "
                f"RECORD {line.record.start}-{line.record.end}",
            ]
    if timeline.film_sound and timeline.film_sound.level is not None:
        for event in timeline.film:
            place = clock.start + event.source, event.record, event.frames
            level = _level(timeline.film_sound.level, event.record, f"{reel} A4", record)
            yield [_event(reel, "A4", place, record), *named, *level]


def _level(level: float, at: int, where: str, record: Clock) -> list[str]:
    """The level of an event from record frame ``at``, as Premiere writes it and OpenShot reads it."""
    return [f"* AUDIO LEVEL AT {record.label(record.start + at)} IS {level:.2f} DB  (REEL {where})"] if level else []


def _event(reel: str, channels: str, place: tuple[int, int, int], record: Clock) -> str:
    """The line of a cut, without its number; ``place`` is the first source frame, the first record frame and the
    number of frames."""
    return f"{reel:<{_REEL}} {channels:<5} C        {_times(place, record)}"


def _times(place: tuple[int, int, int], clock: Clock) -> str:
    source, record, frames = place
    first = clock.start + record
    return " ".join(clock.label(frame) for frame in (source, source + frames, first, first + frames))


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
