"""What is written in the second film: its logo, title, poster and end credits."""

from __future__ import annotations

import math

from studio.brush import Frame, Item, Pen
from studio.cake.goat import goat
from studio.cake.paints import BERRY, CREAM, INK, ROSE, SNOW, TIMBER
from studio.cake.props import cake
from studio.layers import blank, layer
from studio.lettering import words


def logo() -> list[Item]:
    """The card of the production company."""

    def emblem(frame: Frame) -> None:
        pen = Pen()
        pen.box(210, 66, 220, 150, (246, 214, 120))
        pen.box(216, 72, 208, 138, (36, 112, 112))
        pen.polygon([(216, 210), (270, 120), (306, 170), (350, 100), (424, 210)], SNOW)
        goat(pen.at(316, 204, 1.35), 0.0)
        frame.ink(pen)

    return [
        layer(blank((120, 30, 50), 3, 0.5), 0.0),
        emblem,
        words("BILLY & BELL", 246, 26, (250, 224, 160), 6.0),
        words("F I L M S", 288, 12, (236, 190, 190), 3.0),
    ]


def title() -> list[Item]:
    """The title over the valley."""
    return [
        words("THE CANDLE NIGHT CAKE", 62, 29, (146, 24, 52), 4.0, appear=0.8),
        words("a tale of a goat", 112, 14, (50, 86, 110), 3.0, appear=1.4),
    ]


def poster() -> list[Item]:
    """A poster on a board in the square."""

    def sheet(frame: Frame) -> None:
        pen = frame.pen()
        for k in range(7):
            pen.box(-460, -260 + k * 80, 920, 76, TIMBER)
        curl = 4 * math.sin(frame.time * 4)
        pen.polygon([(-132, -176), (132, -170), (136 + curl, 172), (-130, 168)], CREAM)
        pen.polygon([(-120, -164), (120, -159), (124 + curl, 160), (-118, 156)], (250, 226, 190))
        for x in (-118, 118):
            pen.oval(x, -160, 6, 6, BERRY)
        cake(pen.at(0, 96, 1.5), frame.time, 1.0)
        pen.limb([(-90, 126), (0, 132), (90, 126)], [3, 4, 3], ROSE)
        frame.ink(pen, 0.25)

    return [
        layer(blank((96, 66, 50), 7, 0.4)),
        sheet,
        words("CANDLE NIGHT", 36, 20, BERRY, 3.0),
        words("TONIGHT", 300, 15, INK, 3.0),
    ]


CREDITS = (
    ("THE CANDLE NIGHT CAKE", 26),
    ("", 10),
    ("master baker", 12),
    ("ANSELM", 19),
    ("his niece", 12),
    ("PIA", 19),
    ("the goat", 12),
    ("BRUMM", 19),
    ("of the castle", 12),
    ("COUNT KRALL", 19),
    ("the mountain", 12),
    ("A MOUNTAIN", 19),
    ("", 14),
    ("drawn by", 12),
    ("POLYGONS AND SNOW", 19),
    ("voices", 12),
    ("TWO FORMANTS", 19),
    ("", 14),
    ("made for trailergen", 12),
    ("THE CAKE WAS EATEN", 19),
)


def end_credits() -> list[Item]:
    """The rolling end credits, with a goat below them who eats on."""

    def eater(frame: Frame) -> None:
        pen = Pen(light=(150, 130, 130))
        goat(pen.at(84, 336, 1.0), frame.time, 0.0, 0.6 + 0.1 * math.sin(frame.time * 3), 1.0)
        frame.ink(pen)

    items: list[Item] = [layer(blank((52, 16, 30), 31, 0.5), 0.0), eater]
    y = 70.0
    for text, size in CREDITS:
        if text:
            items.append(words(text, y, size, (250, 228, 190) if size > 12 else (190, 150, 150), 3.0, roll=58))
        y += size * 2 if size > 12 else size * 1.9
    return items
