"""Alignment of a trailer with its film."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from trailergen.settings.group import Group
from trailergen.settings.option import option


@dataclass(frozen=True)
class AlignSettings(Group):
    """Eq. 1 of the paper, with rejection of what is not in the film."""

    panel: ClassVar[str] = "Alignment"

    threshold: float = option(
        0.46,
        help="Similarity below which a shot of the trailer counts as not in the film.",
        unit="COSINE",
        least=-1,
        most=1,
    )
