"""What is written laid over a segment's pictures by ffmpeg."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import ffmpeg
import numpy as np
from PIL import Image

from trailergen.media.ffmpeg import file_url
from trailergen.media.probe import FilmInfo
from trailergen.rendering import colour
from trailergen.rendering.captions import Drawn
from trailergen.settings.render import RenderSettings


@dataclass(frozen=True)
class Writing:
    """Something written over a segment: ``picture`` (height, width, 4), red, green, blue and how much it covers, and
    how much of that is seen at each frame from ``start``, 0 to 1. ``name`` is for messages. What ``fades`` is under the
    picture's rise and fade, other things are not: captions that faded could not be read while they are heard."""

    name: str
    picture: Drawn
    start: int
    levels: tuple[float, ...]
    fades: bool = False

    @property
    def end(self) -> int:
        """The frame after its last."""
        return self.start + len(self.levels)

    def at(self, level: float) -> Drawn:
        """The picture when so much of it is seen."""
        if level == 1:
            return self.picture
        covers = np.round(self.picture[:, :, 3] * level).astype(np.uint8)
        return np.dstack([self.picture[:, :, :3], covers])

    def spans(self) -> dict[float, list[tuple[int, int]]]:
        """The frames ``[start, end)`` at which it is seen as much as each level."""
        found: dict[float, list[tuple[int, int]]] = {}
        at = self.start
        for level, each in groupby(self.levels):
            end = at + len(list(each))
            found.setdefault(level, []).append((at, end))
            at = end
        return found


@dataclass(frozen=True)
class Overlay:
    """A PNG file, the frames ``[start, end)`` over which it lies, and whether it has colours and fades."""

    path: Path
    spans: list[tuple[int, int]]
    coloured: bool
    fades: bool


@contextmanager
def overlays(writings: Sequence[Writing]) -> Iterator[list[Overlay]]:
    """What is written as files, while the block runs."""
    with TemporaryDirectory(prefix="trailergen-") as folder:
        found: list[Overlay] = []
        for writing in writings:
            coloured = bool(np.ptp(writing.picture[:, :, :3], axis=2).any())
            for level, spans in writing.spans().items():
                path = Path(folder) / f"{len(found)}.png"
                Image.fromarray(writing.at(level)).save(path)
                found.append(Overlay(path, spans, coloured, writing.fades))
        yield found


def written_over(picture: Any, drawn: Sequence[Overlay], film: FilmInfo, settings: RenderSettings) -> Any:
    """A picture in the trailer's colours with what is written over it, each on its frames."""
    for overlay in drawn:
        shown = "+".join(f"between(n,{start},{end - 1})" for start, end in overlay.spans)
        letters = ffmpeg.input(file_url(overlay.path))
        if overlay.coloured:  # grey is the same by every matrix
            matrix = colour.final_matrix(film, settings)
            letters = letters.filter("scale", flags="accurate_rnd", out_range="tv", out_color_matrix=matrix)
        picture = ffmpeg.overlay(picture, letters, format="auto", enable=shown)
    return colour.tagged_as_finished(picture, film, settings).filter("setsar", 1) if drawn else picture
