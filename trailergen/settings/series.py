"""Several trailers of one film: lengths and variants."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from trailergen.settings.group import Group
from trailergen.settings.option import option

LEAST_S = 2.0


def _read_lengths(text: str) -> tuple[float, ...]:
    """``15,30`` as seconds, each once. Raises ValueError with what is wrong."""
    try:
        found = [float(part) for part in text.split(",")]
    except ValueError as error:
        raise ValueError("is no number of seconds") from error
    if not all(LEAST_S <= seconds < float("inf") for seconds in found):
        raise ValueError("is too short or endless: a trailer has two seconds at least")
    return tuple(dict.fromkeys(found))


@dataclass(frozen=True)
class SeriesSettings(Group):
    """One trailer for each length and variant. No length is the music's."""

    panel: ClassVar[str] = "Trailer"

    lengths: tuple[float, ...] = option(
        (),
        help="Length of the trailer. The part of the music that suits best is taken. Several lengths make a trailer "
        "each.",
        name="length",
        unit="SECONDS[,SECONDS...]",
        example="30 or 15,30,60",
        read=_read_lengths,
        default_text="all of the music",
    )
    variants: int = option(
        1,
        help="Trailers of each length, made with consecutive seeds.",
        unit="N",
        least=1,
        most=99,
    )
