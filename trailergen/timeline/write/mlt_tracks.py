"""The tracks of a trailer as projects of the MLT framework have them, before Shotcut's or Kdenlive's own words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from trailergen.plans import closing_frames
from trailergen.timeline.events import CardEvent, MusicEvent, Timeline
from trailergen.timeline.levels import Keyframe, clip_levels, dipped, keyframes, line_levels, music_levels

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

    def part(self, first: int, last: int) -> Place:
        """Its frames ``[first, last)``, counted from its first."""
        return Place(self.record + first, last - first, self.source + first)

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
        rise: its first frames, over which it comes from black.
        lead: its first frames, over which the clip before it on the track dissolves into it.
    """

    place: Place
    name: str
    about: str = ""
    card: CardEvent | None = None
    sound: MusicEvent | None = None
    picture: bool = True
    levels: tuple[Keyframe, ...] = ()
    fade: int = 0
    rise: int = 0
    lead: int = 0


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
    heard = tuple(replace(clip, picture=False, fade=0, rise=0) for clip in track.clips if clip.levels)
    return replace(track, clips=seen), MltTrack(f"{track.name} sound", False, heard, track.on)


def _film(timeline: Timeline) -> Iterator[MltClip]:
    """The clips, each as long as it is seen: over its dissolves both of them are.

    MLT shows of the k-th frame of a dissolve of n frames k / n of the second clip, nothing of it at first; ours of n
    frames, (k + 1) / (n + 1), is one of n + 1 that begins a frame earlier.
    """
    heard = timeline.film_sound is not None and timeline.film_sound.level is not None
    joins = {each.index: each for each in timeline.transitions}
    free = 0  # the end of the dissolve before
    for event in timeline.film:
        before, after = joins.get(event.index), joins.get(event.index + 1)
        start, end, lead = event.record, event.record + event.frames, 0
        if before is not None and before.kind == "dissolve":
            start = max(before.start - 1, free, event.record - event.source)
            free, lead = before.end, before.end - start
        if after is not None and after.kind == "dissolve":
            end = after.end
        levels = keyframes(dipped(clip_levels(timeline, start, end - start), timeline, event, start)) if heard else []
        fade = _fade(timeline, event.record, event.frames)
        yield MltClip(
            place=Place(start, end - start, event.source + start - event.record),
            name=event.marker.name,
            about=event.marker.text,
            levels=tuple(levels),
            fade=end - after.start if after is not None and after.kind == "dip" else fade,
            rise=before.end - start if before is not None and before.kind == "dip" else 0,
            lead=lead,
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
