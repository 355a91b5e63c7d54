"""The set-up, in the morning: the village, the baker, Pia and the goat."""

from __future__ import annotations

import math

from studio.brush import Frame, View
from studio.cake.acting import face, kneading, moving, plank, strollers
from studio.cake.cards import logo, title
from studio.cake.faces import Mood, baker_face, pia_face
from studio.cake.folk import baker, pia
from studio.cake.goat import goat, goat_face
from studio.cake.paints import LAMPLIT, MORNING, SHADE, SNOW
from studio.cake.props import cabin, sled
from studio.cake.village import bakery, shop_front, square, valley
from studio.layers import blank, layer
from studio.shot import Shot, act, close, scene
from studio.weather import motes

FLOUR = motes((255, 250, 236), 26, 5)


def roof(frame: Frame) -> None:
    """A snowy roof with a chimney."""
    pen = frame.pen()
    pen.polygon([(-420, 220), (0, 40), (420, 220)], SNOW)
    pen.polygon([(0, 40), (420, 220), (300, 220)], SHADE)
    pen.box(120, 0, 50, 110, (150, 90, 76))
    pen.box(112, -8, 66, 14, SNOW)
    frame.ink(pen)


SHOTS: tuple[Shot, ...] = (
    Shot("logo", 48, "card", ("goat",), logo, MORNING, kind="logo"),
    Shot(
        "title",
        70,
        "valley",
        (),
        lambda: [*scene(valley(MORNING, 0, False)), *title()],
        MORNING,
        View(0, -46, 1.2),
        View(0, -30, 1.2),
        kind="title",
        transition=("fade", 12, 12),
        sounds=("mountain",),
        effects=(("bells", 0.6),),
    ),
    Shot(
        "the valley in the morning",
        71,
        "valley",
        ("village", "castle"),
        lambda: scene(valley(MORNING)),
        MORNING,
        View(0, -10, 1.02),
        View(0, 24, 1.3),
        transition=("dissolve", 9, 9),
        sounds=("mountain", "birds"),
    ),
    Shot(
        "the square in the morning",
        59,
        "square",
        ("people",),
        lambda: scene(square(MORNING), strollers),
        MORNING,
        View(-90, 10, 1.15),
        View(50, 10, 1.15),
        sounds=("murmur",),
        effects=(("snow steps", 0.3), ("jingle", 1.4)),
    ),
    Shot(
        "the cable car passes",
        37,
        "sky",
        ("cable car",),
        lambda: [layer(blank((142, 206, 222), 3, 0.3)), act(cabin, -190, -60, 1.5, 120, 14)],
        MORNING,
        sounds=("winch",),
    ),
    Shot(
        "the baker at work",
        51,
        "bakery",
        ("baker",),
        lambda: scene(
            bakery(LAMPLIT),
            moving(
                baker,
                lambda t: {
                    "x": 60,
                    "y": 150,
                    "size": 1.15,
                    "hx": 30 + 7 * math.sin(t * 6),
                    "hy": -46 + 6 * math.sin(t * 6),
                    "gx": 46 - 7 * math.sin(t * 6),
                    "gy": -46,
                },
            ),
            FLOUR,
        ),
        LAMPLIT,
        View(0, 20, 1.15),
        View(20, 20, 1.25),
        sounds=("hearth",),
        effects=(("baker talks", 0.8),),
    ),
    Shot(
        "dough",
        32,
        "bakery",
        ("baker",),
        lambda: [*close(bakery(LAMPLIT, True, 6)), plank, kneading, FLOUR],
        LAMPLIT,
        View(0, 20, 1.0),
        View(0, 24, 1.06),
        sounds=("hearth",),
        effects=(("thud", 0.5),),
    ),
    Shot(
        "the baker smiles",
        37,
        "bakery",
        ("baker",),
        lambda: [
            *close(bakery(LAMPLIT, True, 5)),
            face(baker_face, Mood(smile=0.4, look=0.5), Mood(smile=1, brow=0.3, wide=0.8, look=-0.4), 0.6),
            FLOUR,
        ],
        LAMPLIT,
        View(0, 10, 0.95),
        View(0, 10, 1.0),
        sounds=("hearth",),
        effects=(("baker laughs", 0.8),),
    ),
    Shot(
        "Pia crosses the square",
        47,
        "square",
        ("Pia", "sled"),
        lambda: scene(
            square(MORNING),
            moving(sled, lambda t: {"x": -190 + 84 * t, "y": 152, "size": 0.8}),
            moving(pia, lambda t: {"x": -110 + 84 * t, "y": 154, "size": 1.05, "pace": 1.1, "hx": -16, "hy": -30}),
        ),
        MORNING,
        View(-60, 50, 1.5),
        View(60, 50, 1.5),
        sounds=("murmur",),
        effects=(("snow steps", 0.1), ("pia talks", 1.0)),
    ),
    Shot(
        "Pia",
        42,
        "square",
        ("Pia",),
        lambda: [
            *close(square(MORNING, 4)),
            face(
                pia_face, Mood(smile=0.3, look=0.6, turn=10), Mood(smile=1, wide=1.1, look=0.8, turn=14, open=0.15), 0.7
            ),
        ],
        MORNING,
        View(-60, 12, 0.98),
        View(-50, 12, 1.02),
        sounds=("murmur",),
        effects=(("pia laughs", 0.9),),
    ),
    Shot(
        "the goat on the roof",
        43,
        "roof",
        ("goat",),
        lambda: [
            layer(blank((150, 208, 222), 8, 0.35)),
            roof,
            moving(
                goat, lambda t: {"x": -20, "y": 50, "size": 1.5, "chew": 1.0, "head": 0.25 + 0.25 * math.sin(t * 2)}
            ),
        ],
        MORNING,
        View(0, 0, 1.0),
        View(0, -6, 1.1),
        sounds=("mountain", "birds"),
        effects=(("soft bleat", 0.6), ("munch", 1.0)),
    ),
    Shot(
        "the goat chews",
        40,
        "roof",
        ("goat",),
        lambda: [
            layer(blank((150, 208, 222), 8, 0.35)),
            face(goat_face, Mood(smile=0.5, look=-0.6), Mood(smile=0.8, look=0.8), 0.8, y=20, chew=1.0),
        ],
        MORNING,
        View(0, 10, 0.96),
        View(0, 10, 1.0),
        sounds=("mountain",),
        effects=(("munch", 0.1),),
    ),
    Shot(
        "a roll for the goat",
        55,
        "shop front",
        ("Pia", "goat"),
        lambda: close(
            shop_front(MORNING),
            moving(
                pia, lambda t: {"x": -60, "y": 168, "size": 1.7, "hx": 26 + 6 * math.sin(t * 3), "hy": -34, "bow": 0.14}
            ),
            moving(
                goat,
                lambda t: {
                    "x": 74,
                    "y": 168,
                    "size": 1.45,
                    "flip": 1,
                    "chew": 1.0,
                    "head": 0.30 + 0.08 * math.sin(t * 5),
                },
            ),
        ),
        MORNING,
        View(0, 40, 1.15),
        View(0, 44, 1.25),
        sounds=("murmur",),
        effects=(("soft bleat", 0.3), ("pia laughs", 1.2), ("munch", 1.4)),
    ),
)
