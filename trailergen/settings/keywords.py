"""The settings of a trailer as keywords of Python's functions, for editors and type checkers.

Each is named like its option. A test holds these names to those of ``Settings``.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Literal, TypedDict

from trailergen.settings.narration import Captioner, Narrator, Transcriber
from trailergen.settings.plan import Decoder, MethodName, Segmentation, Shape, ViewsName
from trailergen.settings.render import Captions, CodecName, Hdr, Preset, ProResProfile
from trailergen.settings.sound import FilmAudio
from trailergen.settings.titles import Ground

Seconds = float | Fraction


class MusicKeywords(TypedDict, total=False):
    """Segments of the music, see ``PlanSettings``."""

    length: float | None
    cut_length: float
    segmentation: Segmentation


class RenderKeywords(TypedDict, total=False):
    """Encoding, see ``RenderSettings``."""

    codec: CodecName
    crf: int | None
    preset: Preset | None
    prores_profile: ProResProfile | None
    hdr: Hdr
    captions: Captions
    caption_font: Path | None
    stems: bool


class PlanKeywords(MusicKeywords, total=False):
    """All that a plan is asked to be, see ``Settings``."""

    encoder: str
    views: ViewsName
    method: MethodName
    decoder: Decoder
    style: str | None
    checkpoint: Path | str | None
    seed: int
    ban: str | Sequence[str | tuple[Seconds, Seconds]]
    shots: Path | str | None
    flags: Path | str | None
    spoiler_free: float | None
    height: int | None
    transition: str | Sequence[str]
    shape: Shape | None
    crop_bars: bool
    loudness: float | Literal["off"] | None
    limit: bool
    film_audio: FilmAudio
    film_track: str | None
    accents: bool
    duck: float
    subtitles: Path | str | None
    subtitle_track: str | None
    subtitle_offset: float | None
    transcribe: Transcriber
    spoken_language: str | None
    narration: int | Literal["off", "auto"]
    narrator: Narrator
    captioner: Captioner
    run_over: bool
    title: str | None
    end_card: str | None
    card: str | Sequence[str | tuple[str, str | int]]
    card_font: Path | str | None
    title_over: Ground | None
    card_size: float | None
    card_color: str | None
    card_background: str | None
    logo: Path | str | None


class TrailerKeywords(PlanKeywords, RenderKeywords, total=False):
    """All that a trailer is asked to be, see ``Settings``."""
