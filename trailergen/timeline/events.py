"""A plan as a timeline: integers and fractions that every format is written from."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

from trailergen.plans import BLACK, SAMPLE_RATE, WHITE, Crop, Plan, Range
from trailergen.timebase import round_half_up
from trailergen.timeline.clock import Clock

FADE_OUT = "fade out"
"""Name of the marker over the music's closing fade."""
TITLE_MATTE = "Black under title"
"""Name of the black under a title, in formats whose titles let the picture through."""


@dataclass(frozen=True)
class Marker:
    """Its name, its text, and its colour as OpenTimelineIO calls it."""

    name: str
    text: str
    color: str


@dataclass(frozen=True)
class Alternative:
    """Another shot for a clip: its ``number`` in the plan's list from 1, and the film frames it would show."""

    number: int
    shot: int
    probability: float
    source: Range


@dataclass(frozen=True)
class FilmEvent:
    """A clip of the film: ``frames`` film frames from ``source``, at record frame ``record``.

    Film frames, also those of ``alternatives``, count from the film's first picture. ``index`` is that of its position
    in the plan. ``parts`` are those of the film's picture that its first and its last frame show, None where that is
    the sequence's for all clips; they differ where the picture moves.
    """

    id: str
    index: int
    source: int
    record: int
    frames: int
    marker: Marker
    alternatives: tuple[Alternative, ...]
    parts: tuple[Crop, Crop] | None = None


@dataclass(frozen=True)
class MusicEvent:
    """The music, or another sound, from record frame 0: samples ``[start, end)`` of the file, the last ``fade`` of
    which fade.

    Samples are those of the plan, ``rate`` a second. The file has ``available`` of them; its own clock starts at
    ``origin``. ``channels`` and ``sample_rate`` are the file's.
    """

    name: str
    url: str
    path: str
    channels: int
    sample_rate: int
    rate: int
    origin: int
    available: int
    start: int
    end: int
    fade: int

    def seconds(self, samples: int) -> Fraction:
        """Samples of the plan as exact seconds."""
        return Fraction(samples, self.rate)

    def frames(self, clock: Clock) -> int:
        """The length in frames, at least 1: the nearest number, but never over the end of the file, where editing
        systems would show a hole or refuse."""
        nearest = round_half_up(self.seconds(self.end - self.start) * clock.rate)
        return max(1, min(nearest, math.floor(self.seconds(self.available - self.start) * clock.rate)))

    def framed(self, clock: Clock) -> tuple[int, int, int]:
        """First source frame from the file's beginning, number of frames, and frames of the file: all of it in the
        file, for which a start that falls between frames may round to one too late."""
        length = max(1, int(self.seconds(self.available) * clock.rate))
        frames = min(length, self.frames(clock))
        return min(round_half_up(self.seconds(self.start) * clock.rate), length - frames), frames, length


@dataclass(frozen=True)
class TransitionEvent:
    """A dissolve or a dip over record frames ``[start, end)``, whose cut is where clip ``index`` begins."""

    kind: str
    index: int
    start: int
    end: int


@dataclass(frozen=True)
class CardEvent:
    """Text over ``frames`` record frames from ``record``; ``text`` may have several lines.

    It lies on ``background`` or, if it is ``over``, on the picture. Colours are ``#rrggbb``; ``size`` is that of the
    letters by the usual one. ``logo`` is a file.
    """

    text: str
    name: str
    kind: str
    font: str | None
    record: int
    frames: int
    over: bool = False
    size: float = 1.0
    color: str = WHITE
    background: str = BLACK
    logo: str | None = None

    @property
    def ground(self) -> str:
        """What it lies on, in a word: its colour, or ``picture``."""
        return "picture" if self.over else "black" if self.background == BLACK else self.background

    def letters(self, height: int) -> int:
        """Their size in pixels of a picture of that height, in formats where the text is for the editor to set."""
        return max(1, round(height / 10 * self.size))


@dataclass(frozen=True)
class LineEvent:
    """A line: samples at 48 kHz of the film from its first picture, and as many of the trailer; gain in dB.

    ``position`` is the clip that it was chosen for, ``similarity`` how well it suits that; ``cues`` are the numbers of
    its subtitles.
    """

    id: str
    text: str
    source: Range
    record: Range
    gain: float
    cues: tuple[int, ...]
    position: str | None
    similarity: float | None
    marker: Marker

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

    It is stream ``stream`` of the file, None where that is not known; ``first`` is the number of its first channel in
    the file, from 0. ``music_levels`` are points (samples of the trailer at 48 kHz, dB) between which the music's level
    under lines is straight; ``said`` are points (samples, presence of speech from 0 to 1), by which the clips' own
    sound makes way.
    """

    channels: int
    sample_rate: int
    first: int
    stream: int | None
    level: float | None
    music_levels: tuple[tuple[int, float], ...]
    said: tuple[tuple[int, float], ...]


@dataclass(frozen=True)
class Timeline:
    """A plan as the writers of formats need it. ``clock`` is the film's; records count at its rate from zero, and in
    formats whose records have timecode that of the first frame is ``record_start``, in frames.

    ``plan`` is where it comes from, for what a format holds as metadata. ``film_sound`` is None where nothing of the
    film is heard, ``accents``, the sound of them, where there are none. ``drop`` are the points (samples of the trailer
    at 48 kHz, dB) between which music and film are turned down before the button; ``music_levels`` are those of the
    music altogether, also under lines.
    """

    name: str
    plan: Plan
    clock: Clock
    record_start: int
    film_name: str
    film_url: str
    film_path: str
    film: tuple[FilmEvent, ...]
    music: MusicEvent
    cards: tuple[CardEvent, ...]
    lines: tuple[LineEvent, ...]
    film_sound: FilmSoundEvent | None
    transitions: tuple[TransitionEvent, ...] = ()
    accents: MusicEvent | None = None
    drop: tuple[tuple[int, float], ...] = ()
    music_levels: tuple[tuple[int, float], ...] = ()

    @property
    def frames(self) -> int:
        """Frames of the trailer."""
        return sum(event.frames for event in self.film)

    @property
    def film_frames(self) -> int:
        """Frames of the film."""
        return self.plan.film.frames

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the trailer's picture."""
        return self.plan.sequence.width, self.plan.sequence.height

    @property
    def film_size(self) -> tuple[int, int]:
        """Width and height of the film's picture."""
        return self.plan.film.width, self.plan.film.height

    @property
    def ducking(self) -> str:
        """The fall of the music under lines, in words."""
        ducking = self.plan.sound.ducking
        return f"{ducking.depth:g} dB, attack {ducking.attack:g} s, release {ducking.release:g} s"
