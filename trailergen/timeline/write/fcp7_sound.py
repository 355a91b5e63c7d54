"""The sound of Final Cut Pro 7 XML: music, the clips' own sound and lines, one track per channel of each.

Premiere writes stereo so itself; those who know stereo tracks join the channels to one again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial

from trailergen.plans import SAMPLE_RATE
from trailergen.timebase import round_half_up
from trailergen.timeline.events import FADE_OUT, MusicEvent, Timeline
from trailergen.timeline.levels import clip_drop, framed_drop, joined
from trailergen.timeline.write.elements import Element, add
from trailergen.timeline.write.fcp7_files import describe_film, describe_sound
from trailergen.timeline.write.fcp7_parts import (
    add_effect,
    add_marker,
    add_parameter,
    add_source_track,
    add_times,
    add_track,
)

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


@dataclass(frozen=True)
class _Media:
    """A file: what describes it, its length in frames, and the channels that are heard, counted from 0."""

    describe: Callable[[Element, Timeline], None]
    frames: int
    first_channel: int
    channels: int


def add_audio(media: Element, timeline: Timeline, first: int) -> None:
    """The audio of a sequence; items and files are numbered from ``first``."""
    music = timeline.music
    audio = add(media, "audio")
    add(audio, "numOutputChannels", 2)
    sound = add(add(audio, "format"), "samplecharacteristics")
    add(sound, "depth", 16)
    add(sound, "samplerate", 48000)
    items = _add_tracks(audio, timeline, [_music(timeline)], _sound_media(timeline, music), 0, first)
    tracks = music.channels
    if film := timeline.film_sound:
        of_film = _Media(describe_film, timeline.film_frames, film.first, film.channels)
        for heard in (list(_clips(timeline)), list(_lines(timeline))):
            if heard:
                items += _add_tracks(audio, timeline, heard, of_film, tracks, first + items)
                tracks += film.channels
    if accents := timeline.accents:
        source, frames, _ = accents.framed(timeline.clock)
        heard = [_Heard(accents.name, (0, source, frames))]
        _add_tracks(audio, timeline, heard, _sound_media(timeline, accents), tracks, first + items)


def _sound_media(timeline: Timeline, sound: MusicEvent) -> _Media:
    _, _, length = sound.framed(timeline.clock)
    return _Media(partial(describe_sound, music=sound), length, 0, sound.channels)


def _music(timeline: Timeline) -> _Heard:
    music, clock = timeline.music, timeline.clock
    source, frames, _ = music.framed(clock)
    marker = None
    if music.fade:
        marker = (
            FADE_OUT,
            "",
            source + frames - round_half_up(music.seconds(music.fade) * clock.rate),
            source + frames,
        )
    # Of points in one frame the lowest is kept.
    levels: dict[int, float] = {}
    under_lines = timeline.film_sound.music_levels if timeline.film_sound else ()
    for at, level in joined(under_lines, framed_drop(timeline)):
        frame = source + min(round_half_up(Fraction(at, SAMPLE_RATE) * clock.rate), frames)
        levels[frame] = min(level, levels.get(frame, level))
    return _Heard(music.name, (0, source, frames), tuple(levels.items()), marker)


def _clips(timeline: Timeline) -> Iterator[_Heard]:
    level = timeline.film_sound.level if timeline.film_sound else None
    if level is not None:
        for clip in timeline.film:
            points = clip_drop(timeline, clip, framed_drop(timeline))
            drop = [(clip.source + round_half_up(frame), level + dropped) for frame, dropped in points]
            levels = ((clip.source, level), *drop) if level or drop else ()
            yield _Heard(timeline.film_name, (clip.record, clip.source, clip.frames), levels)


def _lines(timeline: Timeline) -> Iterator[_Heard]:
    for line in timeline.lines:
        if place := line.framed(timeline.clock, timeline.film_frames):
            source, record, frames = place
            said = line.marker.text
            exact = (
                f"{said}; exact at 48000 Hz: source {line.source.start} to {line.source.end} from the first "
                f"picture, record {line.record.start} to {line.record.end}"
            )
            yield _Heard(
                line.text or line.marker.name,
                (record, source, frames),
                ((source, line.gain),) if line.gain else (),
                (line.marker.name, exact, source, source + 1),
            )


def _add_tracks(
    audio: Element, timeline: Timeline, heard: Sequence[_Heard], media: _Media, tracks: int, first: int
) -> int:
    """A track for each channel of a file, with all that is heard of it.

    Args:
        audio: of the sequence.
        timeline: of all.
        heard: in order.
        media: the file.
        tracks: of the audio so far.
        first: number of the first item.

    Returns:
        The number of items added.
    """
    kind = _KINDS.get(media.channels)
    for channel in range(media.channels):
        track = add_track(audio, currentExplodedTrackIndex=channel, totalExplodedTrackCount=media.channels)
        if kind:
            track.set("premiereTrackType", kind.title())
        for index, part in enumerate(heard):
            items = range(first + index * media.channels, first + (index + 1) * media.channels)
            item = add(track, "clipitem", id=f"clipitem-{items[channel]}")
            if kind:
                item.set("premiereChannelType", kind)
            add(item, "name", part.name)
            add_times(item, timeline.clock, media.frames, part.place)
            file = add(item, "file", id=f"file-{items[0]}")
            if channel == 0:
                media.describe(file, timeline)
            add_source_track(item, "audio", media.first_channel + channel + 1)
            if part.marker and channel == 0:
                add_marker(item, *part.marker)
            if media.channels > 1:
                _add_links(item, items, tracks, index)
            if part.levels:
                _add_levels(item, part.levels)
        add(track, "outputchannelindex", channel % 2 + 1)
    return len(heard) * media.channels


def _add_links(item: Element, items: Sequence[int], tracks: int, index: int) -> None:
    """That an item belongs to those of the file's other channels."""
    for channel, other in enumerate(items):
        link = add(item, "link")
        add(link, "linkclipref", f"clipitem-{other}")
        add(link, "mediatype", "audio")
        add(link, "trackindex", tracks + channel + 1)
        add(link, "clipindex", index + 1)


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
