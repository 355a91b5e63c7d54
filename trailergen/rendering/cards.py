"""Draw a card: white text on black, the way it lies in the trailer's picture, and its frames with their fades."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from trailergen.rendering.typeset import FONT, LEADING, capital_height, open_font, set_text
from trailergen.timebase import round_half_up

CARD_VERSION = 2
"""Part of the name of every card's segment: raise it when the same card would be drawn differently."""

Picture = NDArray[np.uint8]

OPTICAL_CENTRE = 0.48
"""Share of the height at which what is seen alone stands: in the very middle it seems to hang low."""
_FADE_S = Fraction(1, 3)


@dataclass(frozen=True)
class DrawnCard:
    """The content of a card's segment: ``text`` for so many ``frames`` at ``rate``.

    ``font`` is the file of its font, None for trailergen's; the last ``closing`` frames fade with the music.
    """

    text: str
    kind: str
    font: str | None
    rate: str
    width: int
    height: int
    frames: int
    closing: int = 0

    def picture(self) -> Picture:
        """It without its fades: (height, width), black 0 and white 255; with colours (height, width, 3). Read only.

        Raises InputError and PlanError as ``draw_text``.
        """
        return draw_text(self.text, self.kind, self.width, self.height, self.font)


def card_levels(card: DrawnCard) -> NDArray[np.float64]:
    """Brightness of each frame of a card, 0 to 1: (frames,).

    It rises and falls over a third of a second, 8 frames at 24, over a quarter of the card at most. Where the music
    fades at its end the card is no brighter than a clip would be, and the last frame is black.
    """
    frame, levels = np.arange(card.frames), text_levels(card.frames, card.rate)
    faded = frame - (card.frames - card.closing)
    return np.minimum(levels, np.clip(1 - faded / max(card.closing - 1, 1), 0, 1)) if card.closing else levels


def text_levels(frames: int, rate: str) -> NDArray[np.float64]:
    """The part of a text that is seen at each of so many frames, as it comes and goes: (frames,)."""
    frame = np.arange(frames)
    fade = min(round_half_up(Fraction(rate) * _FADE_S), frames // 4)
    return np.minimum(1.0, np.minimum(frame + 1, frames - frame) / (fade + 1))


def card_frames(card: DrawnCard) -> Iterator[Picture]:
    """The pictures of a card in their order, each as ``DrawnCard.picture``. Raises InputError and PlanError."""
    picture = card.picture()
    for level in card_levels(card):
        yield picture if level == 1 else np.round(picture * level).astype(np.uint8)


@lru_cache(8)
def draw_text(
    text: str,
    kind: str,
    width: int,
    height: int,
    font: str | None = None,
    factor: float = 1.0,
    share: float | None = None,
    centre: float = OPTICAL_CENTRE,
) -> Picture:
    """Text as it stands on a card: (height, width), black 0 and white 255; read only.

    Each line is drawn by moviepy, and centred by its ink; the block of lines is centred by the height of its capitals,
    at ``centre`` of the height. ``factor`` and ``share`` are those of ``set_text``.

    Raises:
        InputError: the font cannot be read.
        PlanError: the text is empty, too long for the picture, or has letters that the font lacks.
    """
    setting = set_text(text, kind, width, height, font, factor, share)
    capital, leading = capital_height(setting, font), round(setting.size * LEADING)
    first = height * centre + (capital - (len(setting.lines) - 1) * leading) / 2
    picture = np.zeros((height, width), np.uint8)
    for index, line in enumerate(setting.lines):
        if line:
            _put(picture, *_draw_line(line, setting.size, font), round(first) + index * leading)
    picture.flags.writeable = False
    return picture


def _draw_line(line: str, size: int, font: str | None) -> tuple[Picture, int]:
    """The columns of a line that have ink, all rows of it, and the row of its baseline."""
    from moviepy import TextClip

    opened = open_font(font, size)
    # Letters may reach out of their line, to all sides.
    margin = size
    ascent, descent = opened.getmetrics()
    clip = TextClip(
        font=str(FONT) if font is None else font,
        text=line,
        font_size=size,
        size=(int(opened.getlength(line)) + 1, ascent + descent),
        margin=(margin, margin),
        color="white",
        bg_color="black",
        horizontal_align="left",
        vertical_align="top",
        transparent=False,
    )
    drawn = np.asarray(clip.get_frame(0))[:, :, 0]
    ink = np.flatnonzero(drawn.any(axis=0))
    return drawn[:, ink[0] : ink[-1] + 1] if len(ink) else drawn, margin + ascent


def _put(picture: Picture, line: Picture, baseline: int, row: int) -> None:
    """Lay a line into the middle of a picture, its baseline on that row; what leaves the picture is cut off."""
    top = row - baseline
    left = (picture.shape[1] - line.shape[1]) // 2
    rows = slice(max(0, top), min(picture.shape[0], top + line.shape[0]))
    columns = slice(max(0, left), min(picture.shape[1], left + line.shape[1]))
    part = line[rows.start - top : rows.stop - top, columns.start - left : columns.stop - left]
    picture[rows, columns] = np.maximum(picture[rows, columns], part)
