"""The types of what is heard in a trailer: its sound, and the lines of the film. docs/plan.md describes every field."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import AliasChoices, Field, SerializerFunctionWrapHandler, model_serializer

from trailergen.plans.base import Part, Range, Sha256

SAMPLE_RATE = 48_000
"""Samples a second of the trailer's sound."""


class Ducking(Part):
    """The fall of the music under a line, in dB, and the seconds it takes to fall and to come back."""

    depth: float = Field(default=12.0, ge=0, le=60)
    attack: float = Field(default=0.2, ge=0.01, le=5)
    release: float = Field(default=0.5, ge=0.01, le=5)


class Accents(Part):
    """Accents on the trailer's seams (audio/accents.py); ``turn`` is the film's shot with which its turn begins."""

    turn: int = Field(ge=0)


class Sound(Part):
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


class Subtitles(Part):
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


class Line(Part):
    """Something said in the film and heard in the trailer.

    ``source`` are samples of the film's sound at 48 kHz, counted from its first picture, ``record`` samples of the
    trailer; both as many. ``gain`` in dB. ``cues`` are the numbers of its subtitles, from 0; ``position`` is the id of
    the position with which it begins, ``similarity`` that of the line and what the clip there is described by (eq. 13).
    """

    id: str = Field(min_length=1)
    text: str
    cues: list[int] = Field(default=[])
    source: Range
    record: Range
    gain: float = Field(default=0.0, ge=-60, le=60)
    position: str | None = None
    similarity: float | None = None


class Narration(Part):
    """The lines of the trailer, in their order, who chose them, and what the clips were captioned by."""

    subtitles: Subtitles | None = None
    narrator: str = ""
    captioner: str = Field(default="", validation_alias=AliasChoices("captioner", "describer"))
    lines: list[Line] = Field(default=[])
    notes: list[str] = Field(default=[])
