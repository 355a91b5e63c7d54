"""Loudness and mix of a trailer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from trailergen.errors import UsageError
from trailergen.settings.group import Group
from trailergen.settings.option import option

FilmAudio = Literal["none", "lines", "low", "full"]


@dataclass(frozen=True)
class SoundSettings(Group):
    """Loudness and mix. ``loudness`` is in LUFS, None for the music's own; ``duck`` in dB."""

    panel: ClassVar[str] = "Sound"

    loudness: float | None = option(
        -14.0,
        help="Loudness of the whole trailer. off leaves the music as it is.",
        unit="LUFS",
        least=-40,
        most=-5,
        word="off",
    )
    limit: bool = option(
        False, help="Take peaks down by a limiter where they keep the trailer softer than its loudness."
    )
    film_audio: FilmAudio = option(
        "lines",
        help="What is heard of the film beside the music: nothing, its lines, or also the clips' own sound, 15 dB "
        "softer (low) or as it is (full).",
    )
    film_track: str | None = option(
        None,
        help="Which of the film's sound tracks is heard, as en or 1.",
        unit="LANG|INDEX",
        default_text="the best",
    )
    accents: bool = option(
        False, help="A hit on the film's turn, a riser into the climax, and silence before the last clip."
    )
    duck: float = option(12.0, help="How far the music falls under lines.", unit="DB", least=0, most=60)

    def check(self) -> None:
        """Raises UsageError for a limiter that has no loudness to reach."""
        if self.limit and self.loudness is None:
            raise no_loudness()


def no_loudness() -> UsageError:
    """The refusal of a limiter without a loudness."""
    return UsageError("--limit needs a loudness to reach", hint="--loudness -14 --limit")
