"""AAF, for Media Composer: one master mob for the film and one for the music, and the trailer that is cut from them.

Written with pyaaf2. OpenTimelineIO's adapter is not used for writing: it knows one rate for all tracks, marks every
rate with a fraction as drop-frame, describes the film anew for every clip, and has no levels. The tests read the result
with both. Sources count from the media's beginning; the film's own timecode is that of the tape it comes from. The
music, lines and the clips' sound count in samples of their files, the picture in frames. Titles are markers: the
format has no text. Identities and dates follow from the content, so that the same trailer gives the same file.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from trailergen.errors import UsageError
from trailergen.plans import SAMPLE_RATE
from trailergen.timebase import round_half_up
from trailergen.timeline.events import FilmEvent, LineEvent, Timeline
from trailergen.timeline.levels import Keyframe, clip_levels, every_keyframe, music_levels
from trailergen.timeline.write.aaf_mobs import Mobs, Source
from trailergen.timeline.write.aaf_parts import add_markers, audio_gain, rational
from trailergen.timeline.write.aaf_picture import Blend, dissolve, picture_parts


@dataclass(frozen=True)
class _Part:
    """A stretch of a sound in units of its track: place in the trailer, first unit of the source, their number, and
    its level as keyframes over it, none at 0 dB."""

    record: int
    source: int
    length: int
    levels: tuple[Keyframe, ...] = ()


def aaf_bytes(timeline: Timeline) -> bytes:
    """The AAF file of a timeline.

    Raises:
        UsageError: pyaaf2 is not installed.
    """
    try:
        import aaf2
    except ImportError as error:
        raise UsageError("AAF needs pyaaf2", hint="pip install 'trailergen[aaf]'") from error
    # Without a path it is written in memory, which closing it would free.
    file = aaf2.open()
    _write(Mobs(file, timeline), timeline)
    file.save()
    file.manager.remove_temp()
    file.cfb.close()
    data: bytes = file.f.getvalue()
    file.f.close()
    return data


def _write(mobs: Mobs, timeline: Timeline) -> None:
    film, music = mobs.film(), mobs.sound(timeline.music, "music")
    composition = mobs.composition()
    _picture(mobs, composition, film)
    for name, rate, source, parts in [*_sounds(timeline, film, music), *_accents(mobs, timeline)]:
        for channel in range(1, len(source.slots)) if source is film else range(len(source.slots)):
            _track(mobs, composition, source, channel, (name, rate, parts))
    add_markers(mobs.file, composition, timeline)


def _sounds(timeline: Timeline, film: Source, music: Source) -> Iterator[tuple[str, Fraction, Source, list[_Part]]]:
    """What is heard: name, units a second, source and stretches."""
    heard, part, clock = timeline.film_sound, timeline.music, timeline.clock
    most = int(timeline.frames / clock.rate * part.rate)
    _, frames, _ = part.framed(clock)
    levels = every_keyframe(music_levels(timeline, frames))
    length = min(part.end - part.start, most)
    yield "Music", Fraction(part.rate), music, [_Part(0, part.start, length, levels)]
    if heard is None:
        return
    rate = Fraction(heard.sample_rate)
    if heard.level is not None:
        yield "Film sound", rate, film, [_clip_sound(timeline, event, rate / clock.rate) for event in timeline.film]
    if timeline.lines:
        yield "Lines", rate, film, [_line(line, rate / SAMPLE_RATE) for line in timeline.lines]


def _accents(mobs: Mobs, timeline: Timeline) -> Iterator[tuple[str, Fraction, Source, list[_Part]]]:
    if sound := timeline.accents:
        length = min(sound.end, int(timeline.frames / timeline.clock.rate * sound.rate))
        yield "Accents", Fraction(sound.rate), mobs.sound(sound, "accents"), [_Part(0, sound.start, length)]


def _clip_sound(timeline: Timeline, event: FilmEvent, samples: Fraction) -> _Part:
    """The sound of a clip; a frame lasts so many samples."""
    record, end, source = (
        round_half_up(frame * samples) for frame in (event.record, event.record + event.frames, event.source)
    )
    levels = every_keyframe(clip_levels(timeline, event.record, event.frames))
    return _Part(record, source, end - record, levels)


def _line(line: LineEvent, samples: Fraction) -> _Part:
    """A line, at its own sample where the film has 48 kHz."""
    record, end, source = (
        round_half_up(at * samples) for at in (line.record.start, line.record.end, line.source.start)
    )
    return _Part(record, source, max(1, end - record), ((0, line.gain),) if line.gain else ())


def _picture(mobs: Mobs, composition: Any, film: Source) -> None:
    """The track of pictures."""
    create = mobs.file.create
    slot = _new_track(mobs, composition, "V1", mobs.timeline.clock.rate)
    for part in picture_parts(mobs.timeline):
        if isinstance(part, Blend):
            made = dissolve(mobs.file, part)
        elif part.source is None:
            made = create.Filler("picture", part.length)
        else:
            made = create.SourceClip(part.source, part.length, film.mob.mob_id, film.slots[0].slot_id, "picture")
        slot.segment.components.append(made)
    slot.segment.length = mobs.timeline.frames


def _track(mobs: Mobs, composition: Any, source: Source, channel: int, what: tuple[str, Fraction, list[_Part]]) -> None:
    """A track of sound: ``what`` is its name, its units a second and its stretches of slot ``channel``."""
    name, rate, parts = what
    create, kind = mobs.file.create, "sound"
    slot = _new_track(mobs, composition, name, rate)
    end = 0
    for part in parts:
        if part.record > end:
            slot.segment.components.append(create.Filler(kind, part.record - end))
        end = part.record + part.length
        clip = create.SourceClip(part.source, part.length, source.mob.mob_id, source.slots[channel].slot_id, kind)
        slot.segment.components.append(audio_gain(mobs.file, clip, part.levels) if part.levels else clip)
    slot.segment.length = end


def _new_track(mobs: Mobs, composition: Any, name: str, rate: Fraction) -> Any:
    """An empty track of the composition."""
    kind = "picture" if name == "V1" else "sound"
    slot = composition.create_empty_sequence_slot(rational(rate), media_kind=kind)
    slot.name = name
    slot["PhysicalTrackNumber"].value = mobs.next_track(kind)
    return slot
