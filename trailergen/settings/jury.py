"""A study of trailers by judges."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from trailergen.settings.group import Group
from trailergen.settings.option import option
from trailergen.settings.plan import MAX_SEED


@dataclass(frozen=True)
class JurySettings(Group):
    """Pages of a study: how many, what they show and what they ask."""

    panel: ClassVar[str] = "Study"

    judges: int = option(1, help="Judges. Each gets a page.", unit="N", least=1, most=1000)
    seed: int = option(
        0, help="Random seed. Another seed gives the trailers other letters.", unit="N", least=0, most=MAX_SEED
    )
    sheets: bool = option(False, help="Show contact sheets instead of videos, in the pages and as PNG.")
    official: Path | None = option(
        None, help="The official trailer, which is shown by that name to compare with.", unit="VIDEO"
    )
    title: str | None = option(None, help="The film's title, for the pages.", unit="TEXT")
    questions: Path | None = option(
        None, help="Questions to ask.", unit="FILE.toml", default_text="those of the paper's user study"
    )
    height: int = option(360, help="Height of the videos.", unit="PIXELS", least=90, most=2160)
