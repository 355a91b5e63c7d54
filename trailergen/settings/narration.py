"""What is asked of the narration."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal


@dataclass(frozen=True)
class NarrationSettings:
    """The defaults are those of the command line; nothing here is secret.

    ``subtitles`` is a file of its own, else ``track`` the index or the language of a stream in the film's; ``lines`` is
    how many lines there are to be, ``auto`` for one in eight seconds; ``run_over`` lets lines be longer than their
    clips.
    """

    subtitles: Path | None = None
    track: str | None = None
    lines: Literal["off", "auto"] | int = "auto"
    narrator: Literal["extractive", "llm", "auto"] = "extractive"
    describer: Literal["dialogue", "minicpm"] = "dialogue"
    run_over: bool = False
