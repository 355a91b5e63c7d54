"""The types of a plan, and what follows from a plan alone. docs/plan.md describes every field."""

from __future__ import annotations

from bisect import bisect_right
from fractions import Fraction
from itertools import islice, takewhile
from pathlib import PurePath
from typing import Annotated, Any, Literal

from pydantic import (
    AliasChoices,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    SerializerFunctionWrapHandler,
    WithJsonSchema,
    model_serializer,
    model_validator,
)

from trailergen.timebase import format_fraction, parse_rate, round_half_up

SCHEMA = "trailergen.plan/1"
SAMPLE_RATE = 48_000
"""Samples a second of the trailer's sound."""
Pan = Literal["left", "right", "up", "down"]
MAX_SIDE = 16384
"""Pixels of a trailer's width or height at most, as many as H.264 has."""


def _rate_from_text(value: object) -> Fraction:
    if isinstance(value, Fraction):
        return value
    if isinstance(value, str):
        try:
            return parse_rate(value)
        except (ValueError, ZeroDivisionError) as error:
            raise ValueError(f"not a rate: {value!r}, write it like 24000/1001") from error
    raise ValueError("a rate is a string like 24000/1001, never a float")


Rate = Annotated[
    Fraction,
    BeforeValidator(_rate_from_text),
    PlainSerializer(format_fraction, return_type=str),
    WithJsonSchema({"type": "string", "pattern": r"^[0-9]+(/[0-9]+)?$"}),
]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Colour = Annotated[str, Field(pattern=r"^#[0-9a-f]{6}$")]
WHITE, BLACK = "#ffffff", "#000000"


class _Part(BaseModel):
    """Unknown fields are kept, so that a plan edited by a newer version or another tool survives."""

    model_config = ConfigDict(extra="allow", populate_by_name=True)


class Range(_Part):
    """Frames or samples ``[in, out)``."""

    start: int = Field(alias="in", ge=0)
    end: int = Field(alias="out", ge=0)

    @model_validator(mode="after")
    def _not_empty(self) -> Range:
        if self.end <= self.start:
            raise ValueError(f"empty range [{self.start}, {self.end})")
        return self

    def __len__(self) -> int:
        return self.end - self.start

    def overlaps(self, other: Range) -> bool:
        """True where the two ranges share a frame."""
        return self.start < other.end and other.start < self.end


def span(start: int, end: int) -> Range:
    """The range ``[start, end)``."""
    return Range.model_validate({"in": start, "out": end})


class Film(_Part):
    """The film a plan was made from. ``width`` and ``height`` are as shown: upright, square pixels.

    ``in_order`` says that its pictures are right only when the file is read from its start; written where it is true.
    """

    path: str
    sha256: Sha256
    rate: Rate
    frames: int = Field(gt=0)
    width: int = Field(gt=0)
    height: int = Field(gt=0)
    start_timecode: str | None = None
    in_order: bool = False

    @model_serializer(mode="wrap")
    def _written(self, write: SerializerFunctionWrapHandler) -> dict[str, Any]:
        return {name: value for name, value in write(self).items() if name != "in_order" or value}


class Music(_Part):
    """The music, and the part of it under the trailer, in samples at ``sample_rate``.

    ``fade_out`` is the length of the closing fade in samples; 0 where the part ends musically.
    """

    path: str
    sha256: Sha256
    sample_rate: int = Field(gt=0)
    part: Range
    fade_out: int = Field(default=0, ge=0)


class Shot(Range):
    """A shot of the film, in film frames. ``flags`` say why it would be left out (see shots/flags.py), ``readings``
    what an editor would note down about it, by name (docs/readings.md); plans of earlier versions have none.

    ``found_flags`` are those that were found where others were set by hand; written only there.
    """

    number: int = Field(ge=0)
    flags: list[str] = []
    readings: dict[str, float | int] = {}
    found_flags: list[str] | None = None

    @model_serializer(mode="wrap")
    def _written(self, write: SerializerFunctionWrapHandler) -> dict[str, Any]:
        return {name: value for name, value in write(self).items() if name != "found_flags" or value is not None}


class Crop(_Part):
    """A part of the film's picture as shown, in its pixels from the upper left corner."""

    x: int = Field(ge=0)
    y: int = Field(ge=0)
    width: int = Field(gt=0)
    height: int = Field(gt=0)


class View(Crop):
    """The part of the film's picture that one clip shows, where the trailer has another shape than the film.

    With ``pan`` it is wider, or higher, than the trailer's shape, which moves over it in that direction, from one end
    at the clip's first frame to the other at its last; written only there.
    """

    pan: Pan | None = None

    @model_serializer(mode="wrap")
    def _written(self, write: SerializerFunctionWrapHandler) -> dict[str, Any]:
        return {name: value for name, value in write(self).items() if name != "pan" or value is not None}


class Segment(Range):
    """A segment of the music, in samples from the start of the music file, and its level in dBFS where it is known."""

    level: float | None = None


class Alternative(_Part):
    """Another shot for a position, with the model's probability for it when the position was filled."""

    shot: int = Field(ge=0)
    probability: float = Field(ge=0.0)


class Position(_Part):
    """One place of the trailer and the clip that fills it.

    ``source`` has as many frames as ``record``. It lies in ``shot``; where no shot was long enough it runs
    on into the following ones, and ``notes`` say so. ``confidence`` is q of eq. 7, ``round`` the decoding
    round in which the shot was placed, counted from 1; 0 for one chosen by hand. ``rejected`` shots stood here and
    were re-rolled. ``reasons`` are what the shot gained by each rule of the style when it was placed, in nats, the most
    first. ``view`` is the part of the picture that is shown, None for the sequence's; written only where there is one.
    """

    id: str = Field(min_length=1)
    shot: int = Field(ge=0)
    source: Range
    record: Range
    confidence: float = Field(ge=0.0)
    round: int = Field(ge=0)
    pinned: bool = False
    alternatives: list[Alternative] = []
    rejected: list[int] = []
    notes: list[str] = []
    reasons: dict[str, float] = {}
    view: View | None = None

    @model_serializer(mode="wrap")
    def _written(self, write: SerializerFunctionWrapHandler) -> dict[str, Any]:
        return {name: value for name, value in write(self).items() if name != "view" or value is not None}


class Ban(_Part):
    """Film frames that must not appear, and who said so."""

    range: Range
    why: str


class Sequence(_Part):
    """The trailer's own format: the film's rate, and an even picture size.

    ``crop`` is the part of the film's picture that is used, as without its letterbox bars; None for all of it.
    ``shape`` is that of the picture where it was asked for, and each position has a ``view`` then; written only there.
    """

    rate: Rate
    frames: int = Field(gt=0)
    width: int = Field(gt=0, le=MAX_SIDE)
    height: int = Field(gt=0, le=MAX_SIDE)
    crop: Crop | None = None
    shape: Literal["9:16", "1:1", "4:5", "16:9"] | None = None

    @model_serializer(mode="wrap")
    def _written(self, write: SerializerFunctionWrapHandler) -> dict[str, Any]:
        return {name: value for name, value in write(self).items() if name != "shape" or value is not None}


class Card(_Part):
    """Text on ``background`` in place of the picture, while ``record`` (frames) lasts; the clips under it stay in the
    plan. One that is ``over`` lies on their picture instead.

    ``kind`` is what it was asked for as; ``font`` the file of its font, None for the one trailergen brings. ``size`` is
    that of its letters by the usual one, ``color`` theirs. ``logo`` is a PNG file over the text, which may be empty
    then. What is as usual of these is not written.
    """

    text: str
    kind: Literal["title", "end", "card"] = "card"
    record: Range
    font: str | None = None
    over: bool = False
    size: float = Field(default=1.0, ge=0.25, le=2)
    color: Colour = WHITE
    background: Colour = BLACK
    logo: str | None = Field(default=None, min_length=1)

    @model_validator(mode="after")
    def _shows_something(self) -> Card:
        if not self.text and self.logo is None:
            raise ValueError("a card has neither text nor logo")
        return self

    @property
    def is_plain(self) -> bool:
        """True for white letters of the usual size on black, or over the picture."""
        return (self.size, self.color, self.background, self.logo) == (1.0, WHITE, BLACK, None)

    @property
    def label(self) -> str:
        """The text, or the name of the logo."""
        return self.text or f"logo {PurePath(self.logo or '').name}"

    @model_serializer(mode="wrap")
    def _written(self, write: SerializerFunctionWrapHandler) -> dict[str, Any]:
        usual = {"over": False, "size": 1.0, "color": WHITE, "background": BLACK, "logo": None}
        return {name: value for name, value in write(self).items() if name not in usual or value != usual[name]}


class Transition(_Part):
    """A dissolve from one clip to the next, or a dip to black between them, over ``record`` (frames of the trailer).

    ``position`` is the id of the one that begins at its cut. Over a dissolve both clips go on: the one before shows as
    many frames after its source, the other as many before, as the transition reaches over their cut.
    """

    kind: Literal["dissolve", "dip"]
    position: str = Field(min_length=1)
    record: Range


class Ducking(_Part):
    """The fall of the music under a line, in dB, and the seconds it takes to fall and to come back."""

    depth: float = Field(default=12.0, ge=0, le=60)
    attack: float = Field(default=0.2, ge=0.01, le=5)
    release: float = Field(default=0.5, ge=0.01, le=5)


class Accents(_Part):
    """Accents on the trailer's seams (audio/accents.py); ``turn`` is the film's shot with which its turn begins."""

    turn: int = Field(ge=0)


class Sound(_Part):
    """The sound of the trailer. ``loudness`` in LUFS; None leaves the music as loud as it is. ``limit`` lets a limiter
    take peaks down so that the loudness is reached; written where it is true.

    ``accents`` are written where there are any.

    ``film`` is what is heard of the film beside the music: nothing, the lines of the narration, or also the clips' own
    sound, 15 dB less than it has (``low``) or as it is (``full``). ``track`` is the index of its stream in the
    film's file, None for the one ffmpeg holds for the best.
    """

    film: Literal["none", "lines", "low", "full"] = "none"
    track: int | None = Field(default=None, ge=0)
    loudness: float | None = Field(default=None, ge=-40, le=-5)
    limit: bool = False
    ducking: Ducking = Ducking()
    accents: Accents | None = None

    @model_serializer(mode="wrap")
    def _written(self, write: SerializerFunctionWrapHandler) -> dict[str, Any]:
        return {name: value for name, value in write(self).items() if name not in ("limit", "accents") or value}


class Subtitles(_Part):
    """The source of the film's words: a file of their own, or stream ``stream`` of the film's.

    ``offset`` is how many seconds later they count than they say; written where it is not 0. Words that were recognised
    have a ``transcript``: the model's name or folder where they were heard in the film itself, ``file`` where they were
    made elsewhere; and the ``language`` they are in, if it is known.
    """

    path: str
    sha256: Sha256
    stream: int | None = Field(default=None, ge=0)
    offset: float = 0.0
    transcript: str | None = None
    language: str | None = None

    @model_serializer(mode="wrap")
    def _written(self, write: SerializerFunctionWrapHandler) -> dict[str, Any]:
        seldom = ("offset", "transcript", "language")
        return {name: value for name, value in write(self).items() if name not in seldom or value}


class Line(_Part):
    """Something said in the film and heard in the trailer.

    ``source`` are samples of the film's sound at 48 kHz, counted from its first picture, ``record`` samples of the
    trailer; both as many. ``gain`` in dB. ``cues`` are the numbers of its subtitles, from 0; ``position`` is the id of
    the position with which it begins, ``similarity`` that of the line and what the clip there is described by (eq. 13).
    """

    id: str = Field(min_length=1)
    text: str
    cues: list[int] = []
    source: Range
    record: Range
    gain: float = Field(default=0.0, ge=-60, le=60)
    position: str | None = None
    similarity: float | None = None


class Narration(_Part):
    """The lines of the trailer, in their order, who chose them, and what the clips were captioned by."""

    subtitles: Subtitles | None = None
    narrator: str = ""
    captioner: str = Field(default="", validation_alias=AliasChoices("captioner", "describer"))
    lines: list[Line] = []
    notes: list[str] = []


class Provenance(_Part):
    """The making of the plan: enough to make it again.

    ``licences`` are those the features came under, by their space; ``revisions`` the wishes of each later revision.
    """

    trailergen: str
    seed: int
    encoder: str
    decoder: str
    rounds: int
    settings: dict[str, Any] = {}
    versions: dict[str, str] = {}
    weights: dict[str, Sha256] = {}
    revisions: list[list[str]] = []
    licences: dict[str, str] = {}


class Plan(_Part):
    """A whole trailer, before a single frame of it is rendered. ``transitions`` are written where there are some."""

    schema_: Literal["trailergen.plan/1"] = Field(default="trailergen.plan/1", alias="schema")
    film: Film
    music: Music
    sequence: Sequence
    shots: list[Shot]
    segments: list[Segment]
    positions: list[Position] = Field(min_length=1)
    bans: list[Ban] = []
    relaxed: list[str] = []
    sound: Sound = Sound()
    narration: Narration | None = None
    cards: list[Card] = []
    transitions: list[Transition] = []
    provenance: Provenance

    @model_serializer(mode="wrap")
    def _written(self, write: SerializerFunctionWrapHandler) -> dict[str, Any]:
        return {name: value for name, value in write(self).items() if name != "transitions" or value}


def sequence_samples(plan: Plan) -> int:
    """The trailer's length in samples at 48 kHz."""
    return round_half_up(plan.sequence.frames / plan.sequence.rate * SAMPLE_RATE)


def closing_frames(plan: Plan) -> int:
    """Frames over which the music fades at the end, and with it the picture."""
    return round_half_up(Fraction(plan.music.fade_out, plan.music.sample_rate) * plan.sequence.rate)


def shots_in(plan: Plan, source: Range) -> list[int]:
    """Numbers of the shots that a source range touches; they follow each other (see plans/rules.py)."""
    first = bisect_right(plan.shots, source.start, key=lambda shot: shot.end)
    return [shot.number for shot in takewhile(lambda shot: shot.start < source.end, islice(plan.shots, first, None))]
