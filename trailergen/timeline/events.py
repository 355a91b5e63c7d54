"""What the writers read out of a timeline: integers and fractions again, in one place."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from trailergen.plans import SAMPLE_RATE, Range, span
from trailergen.timebase import parse_rate, round_half_up
from trailergen.timeline.clock import Clock
from trailergen.timeline.write.layers import LINES, TITLES
from trailergen.timeline.write.otio import FADE_OUT
from trailergen.timeline.write.ranges import NAMESPACE


@dataclass(frozen=True)
class Note:
    """A marker: its name, what it says, its colour as OpenTimelineIO calls it."""

    name: str
    text: str
    color: str


@dataclass(frozen=True)
class FilmEvent:
    """A clip of the film: ``frames`` film frames from ``source``, at record frame ``record``.

    Both film frames and those of ``alternatives``, (number, shot, first frame), count from the film's first picture.
    """

    id: str
    source: int
    record: int
    frames: int
    note: Note
    alternatives: tuple[tuple[int, int, int], ...]


@dataclass(frozen=True)
class MusicEvent:
    """The music, from record frame 0: it starts ``source`` seconds into the file, ``length`` seconds long, the last
    ``fade`` of which fade. The file's own clock starts at ``origin``; all in seconds."""

    name: str
    url: str
    channels: int
    sample_rate: int
    origin: Fraction
    length: Fraction
    source: Fraction
    frames: int
    fade: Fraction


@dataclass(frozen=True)
class CardEvent:
    """Text on black over ``frames`` record frames from ``record``; ``text`` may have several lines."""

    text: str
    name: str
    record: int
    frames: int


@dataclass(frozen=True)
class LineEvent:
    """A line: samples at 48 kHz of the film from its first picture, and as many of the trailer; gain in dB."""

    id: str
    text: str
    source: Range
    record: Range
    gain: float
    note: Note

    def framed(self, clock: Clock, film_frames: int) -> tuple[int, int, int] | None:
        """First source frame, first record frame and number of frames, each edge at its nearest frame and all of it in
        the film; None where it is too short for one."""
        source, start, end = (
            round_half_up(Fraction(at, SAMPLE_RATE) * clock.rate)
            for at in (self.source.start, self.record.start, self.record.end)
        )
        frames = min(end - start, film_frames)
        return (min(source, film_frames - frames), start, frames) if frames else None


@dataclass(frozen=True)
class FilmSoundEvent:
    """The film's sound that is heard: ``level`` is that of the clips' own in dB, None where only lines are heard.

    ``first`` is the number of its first channel in the file, from 0. ``music_levels`` are points (samples of the
    trailer at 48 kHz, dB) between which the music's level is straight. ``chosen`` says that the plan names the track.
    """

    channels: int
    sample_rate: int
    first: int
    chosen: bool
    level: float | None
    music_levels: tuple[tuple[int, float], ...]
    ducking: str


@dataclass(frozen=True)
class Events:
    """A timeline as its writers need it. ``clock`` is the film's; records count at its rate from zero.

    ``film_sound`` is None where nothing of the film is heard.
    """

    name: str
    clock: Clock
    width: int
    height: int
    film_name: str
    film_url: str
    film_frames: int
    film_width: int
    film_height: int
    film: tuple[FilmEvent, ...]
    music: MusicEvent
    cards: tuple[CardEvent, ...]
    lines: tuple[LineEvent, ...]
    film_sound: FilmSoundEvent | None

    @property
    def frames(self) -> int:
        """Frames of the trailer."""
        return sum(event.frames for event in self.film)


def read_events(timeline: Any) -> Events:
    """The events of a timeline that ``build_timeline`` made."""
    about = timeline.metadata[NAMESPACE]
    clock = Clock(parse_rate(about["rate"]), int(about["film"]["start"]), bool(about["drop_frame"]))
    tracks = {track.name: track for track in timeline.tracks}
    film, music = tracks["Film"], tracks["Music"]
    reference = film[0].media_reference
    return Events(
        name=timeline.name,
        clock=clock,
        width=about["width"],
        height=about["height"],
        film_name=reference.name,
        film_url=reference.target_url,
        film_frames=about["film"]["frames"],
        film_width=about["film"]["width"],
        film_height=about["film"]["height"],
        film=tuple(_film_event(clip, clock) for clip in film),
        music=_music_event(music[0], clock),
        cards=tuple(_card_event(clip) for clip in tracks[TITLES].find_clips()) if TITLES in tracks else (),
        lines=tuple(_line_event(clip) for clip in tracks[LINES].find_clips()) if LINES in tracks else (),
        film_sound=_film_sound(about["sound"]) if "sound" in about else None,
    )


def _card_event(clip: Any) -> CardEvent:
    about = clip.metadata[NAMESPACE]
    record = about["record"]
    return CardEvent(about["text"], clip.name, record["in"], record["out"] - record["in"])


def _line_event(clip: Any) -> LineEvent:
    about, marker = clip.metadata[NAMESPACE], clip.markers[0]
    source, record = (span(about[name]["in"], about[name]["out"]) for name in ("source", "record"))
    note = Note(marker.name, marker.comment, marker.color)
    return LineEvent(about["id"], about["text"], source, record, about["gain"], note)


def _film_sound(about: Any) -> FilmSoundEvent:
    ducking = about["ducking"]
    return FilmSoundEvent(
        channels=about["channels"],
        sample_rate=about["sample_rate"],
        first=about["first_channel"],
        chosen=about["track"] is not None,
        level=about["level"],
        music_levels=tuple((point["at"], point["db"]) for point in about["music_levels"]),
        ducking=f"{ducking['depth']:g} dB, attack {ducking['attack']:g} s, release {ducking['release']:g} s",
    )


def _film_event(clip: Any, clock: Clock) -> FilmEvent:
    about, marker = clip.metadata[NAMESPACE], clip.markers[0]
    return FilmEvent(
        id=about["id"],
        source=round(clip.source_range.start_time.value) - clock.start,
        record=round(clip.range_in_parent().start_time.value),
        frames=round(clip.source_range.duration.value),
        note=Note(marker.name, marker.comment, marker.color),
        alternatives=tuple((other["number"], other["shot"], other["source"]["in"]) for other in about["alternatives"]),
    )


def _music_event(clip: Any, clock: Clock) -> MusicEvent:
    reference = clip.media_reference
    available = reference.available_range
    origin, length = _seconds(available.start_time), _seconds(available.duration)
    source, wanted = _seconds(clip.source_range.start_time) - origin, _seconds(clip.source_range.duration)
    # To the nearest frame, but never over the end of the file: editing systems would show a hole or refuse.
    frames = min(round_half_up(wanted * clock.rate), math.floor((length - source) * clock.rate))
    return MusicEvent(
        name=reference.name,
        url=reference.target_url,
        channels=reference.metadata[NAMESPACE]["channels"],
        sample_rate=reference.metadata[NAMESPACE]["sample_rate"],
        origin=origin,
        length=length,
        source=source,
        frames=max(1, frames),
        fade=sum((_seconds(m.marked_range.duration) for m in clip.markers if m.name == FADE_OUT), Fraction(0)),
    )


def _seconds(time: Any) -> Fraction:
    """Samples as exact seconds."""
    return Fraction(round(time.value), round(time.rate))
