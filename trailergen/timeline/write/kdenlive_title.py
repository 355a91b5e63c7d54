"""Titles of Kdenlive: a picture with items of text, as XML within a project."""

from __future__ import annotations

from xml.etree import ElementTree

from trailergen.timeline.events import CardEvent
from trailergen.timeline.write.elements import add

_LINE = 1.2
"""Height of a line of text by the size of its letters."""


def title_xml(card: CardEvent, size: tuple[int, int]) -> str:
    """The text of a card, centred on its colour or, over the picture, on nothing, in a picture of ``size``."""
    width, height = size
    root = ElementTree.Element("kdenlivetitle", {"LC_NUMERIC": "C", "width": str(width), "height": str(height)})
    root.attrib |= {"duration": str(card.frames), "out": str(card.frames - 1)}
    letters = card.letters(height)
    box = round(letters * _LINE * len(card.text.splitlines()))
    item = add(root, "item", type="QGraphicsTextItem", **{"z-index": 0})
    add(add(item, "position", x=0, y=(height - box) // 2), "transform", "1,0,0,0,1,0,0,0,1")
    style: dict[str, str | int] = {
        "font": "DejaVu Sans",
        "font-pixel-size": letters,
        "font-weight": 50,
        "font-italic": 0,
        "font-underline": 0,
        "font-color": f"{_rgb(card.color)},255",
        "font-outline": max(1, round(height / 240)) if card.over else 0,
        "font-outline-color": "0,0,0,255",
        "letter-spacing": 0,
        "line-spacing": 0,
        "alignment": 4,
        "box-width": width,
        "box-height": box,
        "shadow": "0;#64000000;3;3;3",
        "typewriter": "0;2;1;0;0",
        "tab-width": 80,
    }
    add(item, "content", card.text, **style)
    add(root, "startviewport", rect=f"0,0,{width},{height}")
    add(root, "endviewport", rect=f"0,0,{width},{height}")
    add(root, "background", color="0,0,0,0" if card.over else f"{_rgb(card.background)},255")
    return ElementTree.tostring(root, encoding="unicode")


def _rgb(colour: str) -> str:
    return ",".join(str(int(colour[at : at + 2], 16)) for at in (1, 3, 5))
