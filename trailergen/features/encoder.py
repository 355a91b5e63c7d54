"""What an encoder is, and which there are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from trailergen.errors import UsageError
from trailergen.media.probe import FilmInfo
from trailergen.progress import Tick
from trailergen.shots.analysis import FilmAnalysis

FEATURE_DIM = 1024


class Encoder(Protocol):
    """Turns the shots of a film into features.

    ``space`` names the feature space: cosines mean something only between features of one space, and a model
    trained on one is refused for another. ``version`` changes when the numbers change.
    """

    name: str
    space: str
    version: int
    licence: str

    def encode(self, film: FilmInfo, analysis: FilmAnalysis, tick: Tick) -> NDArray[np.float32]:
        """Features (I, 1024), L2-normalised rows, one per shot; ``tick`` gets shots done."""
        ...


def _builtin() -> Encoder:
    from trailergen.features.builtin import BuiltinEncoder

    return BuiltinEncoder()


ENCODERS: dict[str, Callable[[], Encoder]] = {"builtin": _builtin}


def get_encoder(name: str) -> Encoder:
    """The encoder of that name. Raises UsageError for an unknown one."""
    try:
        return ENCODERS[name]()
    except KeyError:
        raise UsageError(f"there is no encoder {name!r}", hint=f"use one of: {', '.join(ENCODERS)}") from None
