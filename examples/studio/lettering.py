"""Lines of text, the logo and the end credits."""

from __future__ import annotations

import math
from functools import lru_cache

from PIL import Image, ImageDraw, ImageFont

from studio.animals import fox_curled, fox_sitting
from studio.brush import HEIGHT, WIDTH, Colour, Frame, Item, Pen, glide
from studio.layers import blank, layer
from studio.people import lantern


@lru_cache(maxsize=64)
def _letters(text: str, size: int, spacing: float) -> Image.Image:
    font = ImageFont.load_default(size * 2)
    advance = [font.getlength(letter) + spacing * 2 for letter in text]
    picture = Image.new("L", (int(sum(advance)) + 8, size * 3))
    draw, x = ImageDraw.Draw(picture), 4.0
    for letter, width in zip(text, advance, strict=True):
        draw.text((x, size * 0.4), letter, font=font, fill=255)
        x += width
    return picture.reduce(2)


def words(
    text: str, y: float, size: int, colour: Colour, spacing: float = 2.0, roll: float = 0.0, appear: float = 0.0
) -> Item:
    """A centred line of text at picture height ``y``, rolling up, fading in over ``appear`` seconds."""

    def paint(frame: Frame) -> None:
        mask = _letters(text, size, spacing)
        strength = glide(frame.time / appear) if appear else 1.0
        top = y - roll * frame.time
        if -60 < top < HEIGHT and strength > 0:
            shift = top - math.floor(top)
            moved = mask.transform(
                mask.size, Image.Transform.AFFINE, (1, 0, 0, 0, 1, -shift), Image.Resampling.BILINEAR
            )
            if strength < 1:
                moved = moved.point([round(k * strength) for k in range(256)])
            frame.image.paste(colour, ((WIDTH - mask.width) // 2, math.floor(top)), moved)

    return paint


def logo() -> list[Item]:
    """The card of the production company."""

    def emblem(frame: Frame) -> None:
        pen = Pen()
        pen.oval(320, 148, 92, 92, (214, 164, 72))
        pen.oval(320, 148, 87, 87, (20, 32, 62))
        pen.oval(320, 148, 82, 82, (238, 176, 92))
        pen.curve(
            [(238, 168), (280, 150), (330, 166), (400, 152), (398, 182), (370, 214), (320, 230), (270, 214)],
            (46, 64, 92),
        )
        fox_sitting(pen.at(306, 192, 1.15), 0.0)
        lantern(pen.at(372, 118, 1.6), 0.0)
        frame.ink(pen)

    name = [
        words("LANTERN & FOX", 258, 24, (240, 214, 160), 6.0),
        words("P I C T U R E S", 296, 12, (170, 176, 200), 3.0),
    ]
    return [layer(blank((24, 38, 74), 3, 0.5), 0.0), emblem, *name]


def black() -> list[Item]:
    """Nothing."""
    return []


CREDITS = (
    ("THE KEEPER'S LIGHT", 26),
    ("", 10),
    ("the keeper", 12),
    ("OLD JORIS", 19),
    ("the girl of the boat", 12),
    ("MARA", 19),
    ("the fox", 12),
    ("HIMSELF", 19),
    ("the whale", 12),
    ("A WHALE", 19),
    ("", 14),
    ("drawn by", 12),
    ("POLYGONS AND NOISE", 19),
    ("played by", 12),
    ("SINES AND ENVELOPES", 19),
    ("", 14),
    ("made for trailergen", 12),
    ("NO FOX GOT WET", 19),
)


def end_credits() -> list[Item]:
    """The rolling end credits."""

    def sleeper(frame: Frame) -> None:
        pen = Pen(light=(110, 110, 150))
        fox_curled(pen.at(90, 320, 1.0), frame.time)
        frame.ink(pen)

    items: list[Item] = [layer(blank((16, 20, 40), 31, 0.5), 0.0), sleeper]
    y = 70.0
    for text, size in CREDITS:
        if text:
            items.append(words(text, y, size, (236, 220, 180) if size > 12 else (150, 156, 186), 3.0, roll=56))
        y += size * 2 if size > 12 else size * 1.9
    return items
