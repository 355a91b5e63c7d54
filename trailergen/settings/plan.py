"""What is asked of a plan."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Literal

from trailergen.settings.narration import NarrationSettings


@dataclass(frozen=True)
class PlanSettings:
    """What a plan is asked to be; the defaults are those of the command line.

    ``length`` and ``cut_length`` in seconds; ``bans`` are ranges in seconds of the film; ``spoiler_free`` is the
    share of the film after which nothing is shown; ``height`` of the trailer's picture in pixels; ``crop_bars``
    leaves out the film's letterbox; ``style`` is that of style/styles.py, None for the decoder's own: ``story`` of the
    default one, none of the others; ``loudness`` in LUFS, None to leave the music as it is; ``film_audio`` what is
    heard of the film, and ``film_track`` the index or language of its sound; ``duck`` how far the music falls under
    lines, in dB; ``checkpoint`` is the model's file, None for the starter; ``title``, ``end_card`` and ``cards``
    (text and place) are the cards of edit/titles.py, and ``card_font`` the file of their font, None for trailergen's;
    ``narration`` is the lines that are heard.
    """

    length: float | None = None
    cut_length: float = 2.0
    segmentation: Literal["onsets", "paper"] = "onsets"
    encoder: str = "auto"
    views: Literal["fast", "paper"] = "fast"
    decoder: str = "scheduled"
    style: str | None = None
    seed: int = 0
    bans: tuple[tuple[Fraction, Fraction], ...] = ()
    spoiler_free: float | None = None
    height: int | None = None
    crop_bars: bool = False
    loudness: float | None = -14.0
    film_audio: Literal["none", "lines", "low", "full"] = "lines"
    film_track: str | None = None
    duck: float = 12.0
    checkpoint: Path | None = None
    title: str | None = None
    end_card: str | None = None
    cards: tuple[tuple[str, str], ...] = ()
    card_font: str | None = None
    narration: NarrationSettings = field(default_factory=NarrationSettings)
