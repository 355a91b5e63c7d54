"""The types of a plan, and what follows from a plan alone. docs/plan.md describes every field."""

from __future__ import annotations

from bisect import bisect_right
from fractions import Fraction
from itertools import islice, takewhile
from pathlib import PurePath
from typing import Any, Literal

from pydantic import (
    Field,
    SerializerFunctionWrapHandler,
    model_serializer,
    model_validator,
)

from trailergen.plans.base import BLACK, WHITE, Colour, Part, Range, Rate, Sha256
from trailergen.plans.heard import SAMPLE_RATE, Narration, Sound
from trailergen.timebase import round_half_up

SCHEMA = "trailergen.plan/1"
Pan = Literal["left", "right", "up", "down"]
MAX_SIDE = 16384
"""Pixels of a trailer's width or height at most, as many as H.264 has."""


class Film(Part):
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


class Music(Part):
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
    flags: list[str] = Field(default=[])
    readings: dict[str, float | int] = Field(default={})
    found_flags: list[str] | None = None

    @model_serializer(mode="wrap")
    def _written(self, write: SerializerFunctionWrapHandler) -> dict[str, Any]:
        return {name: value for name, value in write(self).items() if name != "found_flags" or value is not None}


class Crop(Part):
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


class Alternative(Part):
    """Another shot for a position, with the model's probability for it when the position was filled."""

    shot: int = Field(ge=0)
    probability: float = Field(ge=0.0)


class Position(Part):
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
    alternatives: list[Alternative] = Field(default=[])
    rejected: list[int] = Field(default=[])
    notes: list[str] = Field(default=[])
    reasons: dict[str, float] = Field(default={})
    view: View | None = None

    @model_serializer(mode="wrap")
    def _written(self, write: SerializerFunctionWrapHandler) -> dict[str, Any]:
        return {name: value for name, value in write(self).items() if name != "view" or value is not None}


class Ban(Part):
    """Film frames that must not appear, and who said so."""

    range: Range
    why: str


class Sequence(Part):
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


class Card(Part):
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


class Transition(Part):
    """A dissolve from one clip to the next, or a dip to black between them, over ``record`` (frames of the trailer).

    ``position`` is the id of the one that begins at its cut. Over a dissolve both clips go on: the one before shows as
    many frames after its source, the other as many before, as the transition reaches over their cut.
    """

    kind: Literal["dissolve", "dip"]
    position: str = Field(min_length=1)
    record: Range


class Provenance(Part):
    """The making of the plan: enough to make it again.

    ``licences`` are those the features came under, by their space; ``revisions`` the wishes of each later revision.
    """

    trailergen: str
    seed: int
    encoder: str
    decoder: str
    rounds: int
    settings: dict[str, Any] = Field(default={})
    versions: dict[str, str] = Field(default={})
    weights: dict[str, Sha256] = Field(default={})
    revisions: list[list[str]] = Field(default=[])
    licences: dict[str, str] = Field(default={})


class Plan(Part):
    """A whole trailer, before a single frame of it is rendered. ``transitions`` are written where there are some."""

    schema_: Literal["trailergen.plan/1"] = Field(default="trailergen.plan/1", alias="schema")
    film: Film
    music: Music
    sequence: Sequence
    shots: list[Shot]
    segments: list[Segment]
    positions: list[Position] = Field(min_length=1)
    bans: list[Ban] = Field(default=[])
    relaxed: list[str] = Field(default=[])
    sound: Sound = Sound()
    narration: Narration | None = None
    cards: list[Card] = Field(default=[])
    transitions: list[Transition] = Field(default=[])
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
