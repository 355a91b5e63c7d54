"""Captions: what is said, written on the picture where subtitles stand.

White letters with a dark edge, in the inner 90 % of the picture (EBU R 95), in few and even lines, a fifteenth of the
picture's height each, as broadcasters have them. Tall pictures are seen on telephones, in programs that lay their own
names and buttons over the lowest fifth: there captions stand above it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, features

from trailergen.errors import PlanError
from trailergen.plans import SAMPLE_RATE, Plan
from trailergen.rendering.typeset import FONT, LEADING, balanced, clean_text, missing_letters, open_font, shown

CAPTION_VERSION = 3
"""Part of the name of every segment with captions: raise it when the same one would be drawn differently."""

Drawn = NDArray[np.uint8]

_SAFE = 0.05
"""Of width and height, at each edge, where nothing that must be read may stand."""
_TALL, _BELOW_TALL = 1.5, 0.20
"""Height beside the width from which on a picture is a telephone's, and the share of it that is kept free below."""
_SIZE, _OF_WIDTH = 0.052, 0.06
"""Font size: of the height, and of the width at most, which counts in upright pictures."""
_SMALLEST = 8
_MOST_LINES = 3
_FLASH_S = Fraction(1, 8)
"""A caption that goes on over a cut for no longer ends with it: that is the room after a line's last word."""
_EDGE = 0.09
"""Width of the letters' dark edge, in font sizes."""


@dataclass(frozen=True)
class Caption:
    """A text on frames ``[start, end)`` of the trailer or, in a clip, of that clip."""

    text: str
    start: int
    end: int


def captions_of(plan: Plan) -> list[Caption]:
    """The captions of the lines that are heard in a trailer, each on all frames during which it is, no two at once.

    None flashes over a cut at its end.
    """
    if plan.narration is None or plan.sound.film == "none":
        return []
    rate, found = plan.sequence.rate, list[Caption]()
    cuts = [position.record.start for position in plan.positions]
    for line in plan.narration.lines:
        start = int(line.record.start * rate / SAMPLE_RATE)
        end = min(-int(-line.record.end * rate // SAMPLE_RATE), plan.sequence.frames)
        start = max(start, found[-1].end if found else 0)
        end = next((cut for cut in cuts if start < cut < end <= cut + _FLASH_S * rate), end)
        if start < end:
            found.append(Caption(line.text, start, end))
    return found


def within(captions: Sequence[Caption], start: int, end: int) -> tuple[Caption, ...]:
    """The parts of captions in frames ``[start, end)``, counted from ``start``."""
    cut = [Caption(one.text, max(one.start, start) - start, min(one.end, end) - start) for one in captions]
    return tuple(one for one in cut if one.start < one.end)


@lru_cache(4)  # 33 MB each in UHD; a caption is drawn for every segment it lies over
def draw_caption(text: str, width: int, height: int, font: str | None) -> Drawn:
    """A caption as it lies over a picture: (height, width, 4), red, green, blue and how much it covers; read only.

    Letters are shaped and set from right to left as their script wants it, where Pillow has Raqm; a text too long for
    three lines is set smaller.

    Raises:
        InputError: the font cannot be read.
        PlanError: the font lacks letters of the text, or the picture is too small for it.
    """
    cleaned = clean_text(text)
    _check(cleaned, font)
    size, lines = _set(cleaned, width, height, font)
    opened = open_font(font, size)
    edge, leading = max(1, round(size * _EDGE)), round(size * LEADING)
    picture = Image.new("RGBA", (width, height), (0, 0, 0, 0))
    pen = ImageDraw.Draw(picture)
    below = _BELOW_TALL if height >= _TALL * width else _SAFE
    last = height - round(height * below) - edge - opened.getmetrics()[1]
    for index, line in enumerate(lines):
        row = last - (len(lines) - 1 - index) * leading
        pen.text(
            (width / 2, row),
            line,
            font=opened,
            anchor="ms",
            fill="white",
            stroke_width=edge,
            stroke_fill=(0, 0, 0, 230),
        )
    drawn = np.array(picture)
    drawn.flags.writeable = False
    return drawn


def over(
    drawn: Drawn, level: NDArray[np.float32], size: tuple[int, int], luma: tuple[float, float, float]
) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """A thumbnail of (width, height) ``size``, grey counted from black, 0 to 219, with what is drawn over it; and where
    that is most of what is seen. ``luma`` are the shares of red, green and blue in grey."""
    covers = drawn[:, :, 3].astype(np.float32) / 255
    light = (drawn[:, :, :3] @ np.array(luma, np.float32)) * covers * np.float32(219 / 255)
    small_covers, small_light = (
        np.asarray(Image.fromarray(plane).resize(size, Image.Resampling.BOX), np.float32) for plane in (covers, light)
    )
    return level * (1 - small_covers) + small_light, small_covers > small_covers.max() / 2


def _check(text: str, font: str | None) -> None:
    if missing := missing_letters(text, font):
        named = ", ".join(f"U+{ord(letter):04X}" for letter in missing[:8])
        raise PlanError(
            f"the font {Path(font).name if font else FONT.name} has no letters for the caption {shown(text)}",
            f"it lacks {named}",
            "give a font that has them with --caption-font, or put captions beside the trailer: --captions srt",
        )
    if any(unicodedata.bidirectional(letter) in ("R", "AL") for letter in text) and not features.check("raqm"):
        raise PlanError(
            f"the caption {shown(text)} runs from right to left, which this Pillow cannot set",
            "it was built without Raqm",
            "install Pillow from its wheels, or use --captions srt",
        )


def _set(text: str, width: int, height: int, font: str | None) -> tuple[int, list[str]]:
    """Font size in pixels and lines. Raises PlanError."""
    words, glue = _words(text)
    room = width * (1 - 2 * _SAFE)
    size = max(_SMALLEST, round(min(height * _SIZE, width * _OF_WIDTH)))
    while size >= min(_SMALLEST, height // 8):
        opened = open_font(font, size)
        limit = room - 2 * size * _EDGE
        widths = [opened.getlength(word) for word in words]
        lines = balanced(widths, opened.getlength(glue) if glue else 0.0, limit)
        fits = len(lines) <= _MOST_LINES and len(lines) * size * LEADING <= height / 2 and max(widths) <= limit
        if fits:
            return size, [glue.join(words[start:end]) for start, end in lines]
        size -= max(1, size // 12)
    raise PlanError(
        f"the caption {shown(text)} does not fit a picture of {width}x{height}",
        hint="put captions beside the trailer: --captions srt",
    )


def _words(text: str) -> tuple[list[str], str]:
    """What lines may be broken between, and what stands there: in scripts without spaces any two characters."""
    flat = " ".join(text.split())
    wide = sum(unicodedata.east_asian_width(letter) in "WF" for letter in flat)
    return (list(flat), "") if 2 * wide > len(flat) else (flat.split(" "), " ")
