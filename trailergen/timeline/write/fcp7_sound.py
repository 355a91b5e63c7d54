"""The sound of Final Cut Pro 7 XML: music, the clips' own sound and lines, one track per channel of each.

Premiere writes stereo so itself; those who know stereo tracks join the channels to one again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from trailergen.plans import SAMPLE_RATE
from trailergen.timebase import round_half_up
from trailergen.timeline.clock import Clock
from trailergen.timeline.events import Events
from trailergen.timeline.write.elements import Element, add
from trailergen.timeline.write.fcp7_parts import (
    add_effect,
    add_marker,
    add_parameter,
    add_sound,
    add_source_track,
    add_times,
    describe_file,
)
from trailergen.timeline.write.otio import FADE_OUT

_KINDS = {1: "mono", 2: "stereo"}
_LOUDEST = 3.98109
"""The greatest level of the format, 12 dB."""

Level = tuple[int, float]
"""A media frame, and the level there in dB."""


@dataclass(frozen=True)
class _Heard:
    """A stretch of a file: ``place`` as ``add_times`` takes it, its level at one or more points, its marker."""

    name: str
    place: tuple[int, int, int]
    levels: tuple[Level, ...] = ()
    marker: tuple[str, str, int, int] | None = None


def add_audio(media: Element, events: Events, first: int) -> None:
    """The audio of a sequence; items are numbered from ``first``. The film's file is described with its picture."""
    music, clock = events.music, events.clock
    audio = add(media, "audio")
    add(audio, "numOutputChannels", 2)
    sound = add(add(audio, "format"), "samplecharacteristics")
    add(sound, "depth", 16)
    add(sound, "samplerate", 48000)
    length = max(1, int(music.length * clock.rate))
    items = _add_tracks(audio, clock, [_music(events, length)], (0, music.channels), (length, first, 0))
    file = audio.find("track/clipitem/file")
    if file is not None:
        clock_of_file = Clock(clock.rate, round_half_up(music.origin * clock.rate), clock.drop)
        describe_file(file, music.name, music.url, length, clock_of_file)
        add_sound(add(file, "media"), music.sample_rate, music.channels)
    if film := events.film_sound:
        tracks = music.channels
        for heard in (list(_clips(events)), list(_lines(events))):
            if heard:
                shape = events.film_frames, first + items, tracks
                items += _add_tracks(audio, clock, heard, (film.first, film.channels), shape, "file-1")
                tracks += film.channels


def _music(events: Events, length: int) -> _Heard:
    music, clock = events.music, events.clock
    # A start that falls between frames may round to one too late for the file.
    source = min(round_half_up(music.source * clock.rate), length - min(length, music.frames))
    frames = min(length, music.frames)
    marker = None
    if music.fade:
        marker = (FADE_OUT, "", source + frames - round_half_up(music.fade * clock.rate), source + frames)
    # Of points in one frame the lowest is kept.
    levels: dict[int, float] = {}
    for at, level in events.film_sound.music_levels if events.film_sound else ():
        frame = source + min(round_half_up(Fraction(at, SAMPLE_RATE) * clock.rate), frames)
        levels[frame] = min(level, levels.get(frame, level))
    return _Heard(music.name, (0, source, frames), tuple(levels.items()), marker)


def _clips(events: Events) -> Iterator[_Heard]:
    level = events.film_sound.level if events.film_sound else None
    if level is not None:
        for clip in events.film:
            levels = ((clip.source, level),) if level else ()
            yield _Heard(events.film_name, (clip.record, clip.source, clip.frames), levels)


def _lines(events: Events) -> Iterator[_Heard]:
    for line in events.lines:
        if place := line.framed(events.clock, events.film_frames):
            source, record, frames = place
            exact = (
                f"{line.note.text}; exact at 48000 Hz: source {line.source.start} to {line.source.end} from the first "
                f"picture, record {line.record.start} to {line.record.end}"
            )
            yield _Heard(
                line.text or line.note.name,
                (record, source, frames),
                ((source, line.gain),) if line.gain else (),
                (line.note.name, exact, source, source + 1),
            )


def _add_tracks(
    audio: Element,
    clock: Clock,
    heard: Sequence[_Heard],
    channels: tuple[int, int],
    shape: tuple[int, int, int],
    file: str = "file-2",
) -> int:
    """A track for each channel, with all that is heard of a file.

    Args:
        audio: of the sequence.
        clock: of the film.
        heard: in order.
        channels: the first of the file, from 0, and their number.
        shape: frames of the file, number of the first item, tracks of the audio so far.
        file: its id.

    Returns:
        The number of items added.
    """
    (lowest, count), (length, first, tracks) = channels, shape
    for channel in range(count):
        track = add(audio, "track", currentExplodedTrackIndex=channel, totalExplodedTrackCount=count)
        if count in _KINDS:
            track.set("premiereTrackType", _KINDS[count].title())
        for index, part in enumerate(heard):
            item = add(track, "clipitem", id=f"clipitem-{first + index * count + channel}")
            if count in _KINDS:
                item.set("premiereChannelType", _KINDS[count])
            add(item, "name", part.name)
            add_times(item, clock, length, part.place)
            add(item, "file", id=file)
            add_source_track(item, "audio", lowest + channel + 1)
            if part.marker and channel == 0:
                add_marker(item, *part.marker)
            for other in range(count if count > 1 else 0):
                link = add(item, "link")
                add(link, "linkclipref", f"clipitem-{first + index * count + other}")
                add(link, "mediatype", "audio")
                add(link, "trackindex", tracks + other + 1)
                add(link, "clipindex", index + 1)
            if part.levels:
                _add_levels(item, part.levels)
        add(track, "outputchannelindex", channel % 2 + 1)
    return len(heard) * count


def _add_levels(item: Element, levels: Sequence[Level]) -> None:
    """The level of an item: a linear gain, over time where it has more than one point."""
    effect = add_effect(add(item, "filter"), "Audio Levels", "audiolevels", "audiolevels", "audiolevels", "audio")
    parameter = add_parameter(effect, "level", "Level")
    add(parameter, "valuemin", 0)
    add(parameter, "valuemax", f"{_LOUDEST}")
    add(parameter, "value", _gain(levels[0][1]))
    for frame, level in levels if len(levels) > 1 else ():
        keyframe = add(parameter, "keyframe")
        add(keyframe, "when", frame)
        add(keyframe, "value", _gain(level))


def _gain(level: float) -> str:
    return f"{min(10 ** (level / 20), _LOUDEST):.6g}"
