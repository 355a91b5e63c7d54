"""Cards in colours and with a logo, and text as it lies over a picture."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from trailergen.plans import Card
from trailergen.rendering.cards import OPTICAL_CENTRE, DrawnCard, Picture, draw_text
from trailergen.rendering.logo import logo_sha256, scaled_logo
from trailergen.rendering.typeset import set_text, text_height

DESIGN_VERSION = 1
"""Part of the name of every segment with such a card or text: raise it when the same would be drawn differently."""

OVER_SHARE = 0.5
"""Share of the height that all lines over a picture may take: captions may stand below."""
# Greatest width of a logo, its greatest height over text and alone, the height of the text under it, and what is
# between, by the picture's: first of a wide picture, then of an upright one (see typeset.py for its edges).
_LOGO_WIDTH = 0.63
_LOGO, _LOGO_ALONE, _TEXT = (0.36, 0.2), (0.5, 0.34), (0.28, 0.14)
_BESIDE = 0.05
# The dark edge of letters over a picture, and the shadow around it: width by the letters', and how much they cover.
_EDGE, _EDGE_COVERS = 0.03, 0.85
_SHADOW, _SHADOW_COVERS = 0.22, 0.6
_DARK = 96
"""Brightness below which letters have a light edge instead."""


@dataclass(frozen=True)
class Design:
    """The look of a card: ``size`` of its letters by the usual one, colours as ``#rrggbb``, the file of its logo."""

    size: float
    color: str
    background: str
    logo: str | None

    @classmethod
    def of(cls, card: Card) -> Design:
        """That of a plan's card."""
        return cls(card.size, card.color, card.background, card.logo)


@dataclass(frozen=True)
class DesignedCard(DrawnCard):
    """A card with a look of its own."""

    design: Design = Design(1.0, "#ffffff", "#000000", None)

    def picture(self) -> Picture:
        """It without its fades: (height, width, 3), red, green and blue; read only. Raises InputError and PlanError."""
        return draw_design(self.text, self.kind, self.width, self.height, self.font, self.design)


def check_fit(card: Card, width: int, height: int) -> None:
    """Find out whether a plan's card fits a picture; of its logo nothing is asked. Raises InputError and PlanError."""
    if card.text:
        upright = height > width
        share = _TEXT[upright] if card.logo else None if upright or not card.over else OVER_SHARE
        set_text(card.text, card.kind, width, height, card.font, card.size, share)


def draw_plan_card(card: Card, width: int, height: int) -> Picture:
    """A plan's card as it is rendered, without its fades: grey, red, green and blue, or with what it covers of the
    picture that it lies over. Raises as ``draw_design``."""
    if card.over:
        return draw_over(card.text, card.kind, width, height, card.font, Design.of(card))
    if card.is_plain:
        return draw_text(card.text, card.kind, width, height, card.font)
    return draw_design(card.text, card.kind, width, height, card.font, Design.of(card))


def draw_design(text: str, kind: str, width: int, height: int, font: str | None, design: Design) -> Picture:
    """Letters of a colour on another, under a logo: (height, width, 3), red, green and blue; read only.

    Raises:
        InputError: the font or the logo cannot be read.
        PlanError: the text is too long for the picture, or has letters that the font lacks.
    """
    content = design.logo and logo_sha256(design.logo)
    return _drawn_design(text, kind, (width, height), font, design, content)


@lru_cache(4)
def _drawn_design(
    text: str, kind: str, size: tuple[int, int], font: str | None, design: Design, _content: str | None
) -> Picture:
    """As ``draw_design``; ``_content`` tells logos of one name apart."""
    width, height = size
    upright, centre, share = int(height > width), height * OPTICAL_CENTRE, None
    picture: NDArray[np.float32] = np.broadcast_to(_rgb(design.background), (height, width, 3))
    if design.logo is not None:
        box, below = (_LOGO if text else _LOGO_ALONE)[upright], 0.0
        logo = scaled_logo(design.logo, round(width * _LOGO_WIDTH), round(height * box))
        if text:
            share = _TEXT[upright]
            lines = text_height(set_text(text, kind, width, height, font, design.size, share), font)
            below = height * _BESIDE + lines
        top = round(centre - (len(logo) + below) / 2)
        picture = _laid_over(picture, logo, top)
        centre = top + len(logo) + height * _BESIDE + (below - height * _BESIDE) / 2
    if text:
        ink = draw_text(text, kind, width, height, font, design.size, share, centre / height)
        covers = ink[:, :, None].astype(np.float32) / 255
        picture = (picture * (1 - covers) + _rgb(design.color) * covers).astype(np.float32)
    drawn = np.round(picture).astype(np.uint8)
    drawn.flags.writeable = False
    return drawn


@lru_cache(8)
def draw_over(text: str, kind: str, width: int, height: int, font: str | None, design: Design) -> Picture:
    """Text as it lies over a picture: (height, width, 4), red, green, blue and how much it covers; read only.

    Its letters have an edge and a soft shadow around them, dark, or light where they are dark themselves. Raises as
    ``draw_design``.
    """
    share = None if height > width else OVER_SHARE
    ink = draw_text(text, kind, width, height, font, design.size, share)
    size = set_text(text, kind, width, height, font, design.size, share).size
    letters = ink.astype(np.float32) / 255
    edge = _around(ink, size * _EDGE, 3.0) * _EDGE_COVERS
    shadow = _around(ink, size * _SHADOW, 1.4) * _SHADOW_COVERS
    under = (1 - (1 - edge) * (1 - shadow)) * (1 - letters)
    covers = letters + under
    color = _rgb(design.color)
    light = 255.0 if color @ np.array([0.2126, 0.7152, 0.0722], np.float32) < _DARK else 0.0
    mixed = (letters[:, :, None] * color + under[:, :, None] * light) / np.maximum(covers, 1e-6)[:, :, None]
    drawn = np.dstack([mixed, covers * 255]).round().astype(np.uint8)
    drawn.flags.writeable = False
    return drawn


def _around(ink: Picture, radius: float, gain: float) -> NDArray[np.float32]:
    """What lies around letters, 0 to 1, ever less with the distance."""
    blurred = Image.fromarray(ink).filter(ImageFilter.GaussianBlur(max(radius, 0.7)))
    return np.clip(np.asarray(blurred, np.float32) / 255 * gain, 0, 1)


def _laid_over(picture: NDArray[np.float32], logo: Picture, top: int) -> NDArray[np.float32]:
    """A picture with a logo over it, in the middle from row ``top``."""
    left, (rows, columns) = (picture.shape[1] - logo.shape[1]) // 2, logo.shape[:2]
    found, place = picture.copy(), (slice(top, top + rows), slice(left, left + columns))
    covers = logo[:, :, 3:].astype(np.float32) / 255
    found[place] = found[place] * (1 - covers) + logo[:, :, :3] * covers
    return found


def _rgb(colour: str) -> NDArray[np.float32]:
    """Red, green and blue of ``#rrggbb``, (3,)."""
    return np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)], np.float32)
