"""The conflict, at dusk: the cake is stolen while the band plays."""

from __future__ import annotations

import math

from studio.brush import Frame, Pen, View, glide
from studio.cake.acting import crowd, face, moving, plank, reaching_hand
from studio.cake.faces import Mood, count_face, tuba_face
from studio.cake.folk import count
from studio.cake.goat import goat, goat_face
from studio.cake.paints import EVENING, GLOAM, NIGHT
from studio.cake.props import cake, sleigh
from studio.cake.village import bakery, shop_front, square, valley
from studio.shot import Shot, act, close, scene

FOLK = ((-210, 140), (-150, 134), (-60, 138), (0, 132), (60, 140), (250, 136), (300, 142))


ROOM = GLOAM


def stealing(frame: Frame) -> None:
    """The Count carrying the cake through the dark bakery on tip toe."""
    here = 60 - 70 * frame.time
    step = abs(math.sin(frame.time * 5)) * 7
    pen = frame.pen()
    count(pen.at(here, 150 - step, 1.2, flip=True), frame.time, 0.6, hx=42, hy=-60, bow=-0.08)
    cake(pen.at(here - 62, 74 - step, 0.8, 0.05 * math.sin(frame.time * 6)), frame.time)
    frame.ink(pen)


def loaded_sleigh(pen: Pen, time: float) -> None:
    """The sleigh with the Count and the cake in it."""
    sleigh(pen, time)
    count(pen.at(-40, -26, 0.8), time, sit=1.0, hx=30, hy=-70, wind=1.0)
    cake(pen.at(16, -34, 0.62), time)


SHOTS: tuple[Shot, ...] = (
    Shot(
        "the valley at dusk",
        55,
        "valley",
        ("village",),
        lambda: scene(valley(EVENING)),
        EVENING,
        View(20, 20, 1.3),
        View(0, 0, 1.1),
        transition=("dissolve", 10, 10),
        sounds=("mountain",),
        effects=(("bells", 0.5),),
    ),
    Shot(
        "the band plays",
        49,
        "square",
        ("people",),
        lambda: scene(square(EVENING), crowd(FOLK, 0.72, 0.7)),
        EVENING,
        View(40, 20, 1.15),
        View(-20, 20, 1.15),
        sounds=("murmur",),
        effects=(("oompah", 0.0), ("cheer", 0.6)),
    ),
    Shot(
        "tuba",
        34,
        "square",
        ("tuba player",),
        lambda: [*close(square(EVENING, 5)), face(tuba_face, Mood(), x=-20)],
        EVENING,
        View(0, 4, 1.0),
        View(0, 4, 1.03),
        sounds=("murmur",),
        effects=(("oompah", 0.0),),
    ),
    Shot(
        "a shadow in the bakery",
        39,
        "bakery",
        ("Count",),
        lambda: scene(
            bakery(ROOM, False),
            moving(
                count,
                lambda t: {"x": -190 + 70 * t, "y": 150, "size": 1.2, "pace": 0.6, "bow": 0.12},
            ),
        ),
        NIGHT,
        View(-40, 20, 1.1),
        View(-20, 20, 1.15),
        sounds=("hush",),
        effects=(("steps", 0.4),),
    ),
    Shot(
        "a glove",
        34,
        "bakery",
        ("cake", "Count"),
        lambda: [
            *close(bakery(ROOM, False, 6)),
            plank,
            act(cake, 60, 80, 1.9),
            moving(
                reaching_hand, lambda t: {"x": -150 + 130 * glide(t / 1.1) - 6 * math.sin(t * 9), "y": -10, "size": 0.9}
            ),
        ],
        GLOAM,
        View(0, 0, 1.0),
        View(10, 0, 1.06),
        sounds=("hush",),
        effects=(("count purrs", 0.4),),
    ),
    Shot(
        "the Count grins",
        34,
        "bakery",
        ("Count",),
        lambda: [
            *close(bakery(ROOM, False, 5)),
            face(
                count_face,
                Mood(brow=-0.6, look=0.5, turn=8),
                Mood(brow=-0.8, smile=1, open=0.3, look=0.8, turn=12),
                0.5,
            ),
        ],
        GLOAM,
        View(0, 0, 1.0),
        View(0, 0, 1.06),
        sounds=("hush",),
        effects=(("count laughs", 0.4),),
    ),
    Shot(
        "off with the cake",
        41,
        "bakery",
        ("Count", "cake"),
        lambda: scene(bakery(ROOM, False), stealing),
        GLOAM,
        View(10, 20, 1.2),
        View(-50, 20, 1.2),
        sounds=("hush",),
        effects=(("patter", 0.2), ("clatter", 1.1)),
    ),
    Shot(
        "the goat has seen it",
        28,
        "shop front",
        ("goat",),
        lambda: [
            *close(shop_front(EVENING, 5)),
            face(goat_face, Mood(wide=0.9), Mood(wide=1.45, brow=0.8, open=0.4), 0.3, y=24),
        ],
        EVENING,
        View(40, 6, 1.0),
        View(36, 6, 1.08),
        sounds=("hush",),
        effects=(("bleat", 0.3),),
    ),
    Shot(
        "the sleigh",
        40,
        "shop front",
        ("Count", "cake", "sleigh"),
        lambda: close(
            shop_front(EVENING),
            moving(
                loaded_sleigh,
                lambda t: {"x": -330 + 340 * t, "y": 182, "size": 1.25, "turn": 0.02 * math.sin(t * 20)},
            ),
        ),
        EVENING,
        View(-20, 40, 1.1),
        View(60, 40, 1.1),
        sounds=("runners",),
        effects=(("jingle", 0.1), ("count laughs", 0.7)),
    ),
    Shot(
        "the goat gives chase",
        40,
        "shop front",
        ("goat",),
        lambda: close(
            shop_front(EVENING),
            moving(goat, lambda t: {"x": -300 + 330 * t, "y": 176, "size": 1.35, "pace": 2.4, "head": 0.2}),
        ),
        EVENING,
        View(-60, 40, 1.1),
        View(80, 40, 1.1),
        sounds=("hush",),
        effects=(("gallop", 0.0), ("bleat", 0.7)),
    ),
)
