"""The tracks of a trailer as projects of the MLT framework have them, before Shotcut's or Kdenlive's own words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from trailergen.plans import closing_frames
from trailergen.timeline.events import CardEvent, MusicEvent, Timeline
from trailergen.timeline.levels import Keyframe, clip_levels, keyframes, line_levels, music_levels

_MOST_ALTERNATIVES = 3
"""Tracks of alternatives: one more for each would bury the trailer's own."""


@dataclass(frozen=True)
class Place:
    """A stretch of a track: its first record frame, its frames, and the first of them in the media.

    Frames of media count from the first, whatever their timecode.
    """

    record: int
    frames: int
    source: int = 0

    @property
    def end(self) -> int:
        """The record frame after it."""
        return self.record + self.frames

    @property
    def bounds(self) -> dict[str, int]:
        """Its first and last source frame, both shown, as attributes."""
        return {"in": self.source, "out": self.source + self.frames - 1}


@dataclass(frozen=True)
class MltClip:
    """A clip: of the film, of the music, of accents, or a card.

    Args:
        place: of it.
        name: as the editor sees it.
        about: why it is there.
        card: for a card.
        sound: for the music and for accents.
        picture: whether it is seen.
        levels: keyframes of its sound; empty where it is not heard.
        fade: its last frames, over which the picture goes black.
    """

    place: Place
    name: str
    about: str = ""
    card: CardEvent | None = None
    sound: MusicEvent | None = None
    picture: bool = True
    levels: tuple[Keyframe, ...] = ()
    fade: int = 0


@dataclass(frozen=True)
class MltTrack:
    """A track of pictures or of sound; one that is not ``on`` is hidden and muted."""

    name: str
    picture: bool
    clips: tuple[MltClip, ...]
    on: bool = True


def mlt_tracks(timeline: Timeline) -> list[MltTrack]:
    """The tracks that have clips: those of pictures from the lowest up, then those of sound."""
    tracks = [
        MltTrack("Film", True, tuple(_film(timeline))),
        MltTrack("Titles", True, tuple(_titles(timeline))),
        *(
            MltTrack(f"Alternative {number}", True, tuple(_alternatives(timeline, number)), on=False)
            for number in range(1, _MOST_ALTERNATIVES + 1)
        ),
        MltTrack("Music", False, (_music(timeline),)),
        MltTrack("Lines", False, tuple(_lines(timeline))),
        MltTrack("Accents", False, tuple(_accents(timeline))),
    ]
    return [track for track in tracks if track.clips]


def split_sound(track: MltTrack) -> tuple[MltTrack, MltTrack]:
    """A track of clips that are seen and heard as one of pictures and one of their sound."""
    seen = tuple(replace(clip, levels=()) for clip in track.clips)
    heard = tuple(replace(clip, picture=False, fade=0) for clip in track.clips if clip.levels)
    return replace(track, clips=seen), MltTrack(f"{track.name} sound", False, heard, track.on)


def _film(timeline: Timeline) -> Iterator[MltClip]:
    heard = timeline.film_sound is not None and timeline.film_sound.level is not None
    for event in timeline.film:
        levels = keyframes(clip_levels(timeline, event.record, event.frames)) if heard else []
        yield MltClip(
            place=Place(event.record, event.frames, event.source),
            name=event.marker.name,
            about=event.marker.text,
            levels=tuple(levels),
            fade=_fade(timeline, event.record, event.frames),
        )


def _titles(timeline: Timeline) -> Iterator[MltClip]:
    for card in timeline.cards:
        fade = _fade(timeline, card.record, card.frames)
        yield MltClip(Place(card.record, card.frames), card.name, card=card, fade=fade)


def _alternatives(timeline: Timeline, number: int) -> Iterator[MltClip]:
    """The alternatives that stand at a place of the list, each over its clip."""
    for event in timeline.film:
        if len(event.alternatives) >= number:
            other = event.alternatives[number - 1]
            yield MltClip(
                place=Place(event.record, event.frames, other.source.start),
                name=f"{event.id} alternative {other.number}: shot {other.shot}",
                about=f"probability {other.probability:g}",
            )


def _music(timeline: Timeline) -> MltClip:
    source, frames, _ = timeline.music.framed(timeline.clock)
    levels = keyframes(music_levels(timeline, frames))
    music = timeline.music
    return MltClip(Place(0, frames, source), music.name, sound=music, picture=False, levels=tuple(levels))


def _accents(timeline: Timeline) -> Iterator[MltClip]:
    if sound := timeline.accents:
        source, frames, _ = sound.framed(timeline.clock)
        yield MltClip(Place(0, frames, source), sound.name, sound=sound, picture=False, levels=((0, 0.0),))


def _lines(timeline: Timeline) -> Iterator[MltClip]:
    for line in timeline.lines:
        if place := line.framed(timeline.clock, timeline.film_frames):
            source, record, frames = place
            levels = keyframes(line_levels(line.gain, frames))
            about = line.marker.text
            yield MltClip(
                Place(record, frames, source), line.text or line.id, about, picture=False, levels=tuple(levels)
            )


def _fade(timeline: Timeline, record: int, frames: int) -> int:
    """The frames of a clip over which the picture goes black with the music."""
    last = record + frames == timeline.frames
    return min(closing_frames(timeline.plan), frames) if last else 0
