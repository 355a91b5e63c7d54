"""The encoder without weights: the layout of a shot's 48x27 key pictures (features/layout.py)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from trailergen.features.encoder import EncoderSpec
from trailergen.features.layout import shot_layouts
from trailergen.media.probe import FilmInfo
from trailergen.runtime.progress import Tick, no_tick
from trailergen.shots.analysis import FilmAnalysis


class BuiltinEncoder:
    """Layouts as features (n, 1024)."""

    name = "builtin"
    space = "builtin-1"
    version = 1
    licence = "MIT"

    weights: Mapping[str, str] = {}

    def encode(
        self, film: FilmInfo, analysis: FilmAnalysis, first: int = 0, tick: Tick = no_tick
    ) -> Iterator[NDArray[np.float32]]:
        """One batch, from the key pictures that the analysis kept."""
        layouts = shot_layouts(analysis)[first:]
        yield layouts
        tick(len(layouts))


def make(spec: EncoderSpec) -> BuiltinEncoder:
    """The encoder; it has no options."""
    return BuiltinEncoder()
