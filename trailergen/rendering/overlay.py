"""Captions laid over a segment's pictures by ffmpeg."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import ffmpeg
from PIL import Image

from trailergen.media.ffmpeg import file_url
from trailergen.media.probe import FilmInfo
from trailergen.rendering import colour
from trailergen.rendering.captions import Caption, draw_caption
from trailergen.settings.render import RenderSettings

Overlay = tuple[Caption, Path]
"""A caption, and the PNG file in which it is drawn."""


@contextmanager
def overlays(captions: Sequence[Caption], font: str | None, size: tuple[int, int]) -> Iterator[list[Overlay]]:
    """Captions drawn for pictures of (width, height) while the block runs. Raises InputError and PlanError."""
    with TemporaryDirectory(prefix="trailergen-") as folder:
        found = []
        for number, caption in enumerate(captions):
            path = Path(folder) / f"{number}.png"
            Image.fromarray(draw_caption(caption.text, *size, font)).save(path)
            found.append((caption, path))
        yield found


def captioned(picture: Any, captions: Sequence[Overlay], film: FilmInfo, settings: RenderSettings) -> Any:
    """A picture in the trailer's colours with captions over it, each on its frames."""
    for caption, path in captions:
        shown = f"between(n,{caption.start},{caption.end - 1})"
        picture = ffmpeg.overlay(picture, ffmpeg.input(file_url(path)), format="auto", enable=shown)
    return colour.tagged_as_finished(picture, film, settings).filter("setsar", 1) if captions else picture
