"""The turn to night, and preparation: Pia finds the goat, the baker his mistake."""

from __future__ import annotations

import math

from studio.brush import Frame, View, glide, glow
from studio.cake.acting import face, moving, tracks
from studio.cake.air import snowfall
from studio.cake.faces import Mood, baker_face
from studio.cake.folk import baker, pia
from studio.cake.goat import goat, goat_face
from studio.cake.heights import slope, slope_height, winch, wood
from studio.cake.paints import CANDLE, DEEP, GLOAM, INK, LAMPLIT, NIGHT, PINK_SKIN, PLUM, SHADE, SNOW
from studio.cake.props import sled, wheel
from studio.cake.village import bakery, square, valley
from studio.layers import blank, layer
from studio.people import lantern
from studio.shot import Shot, close, scene
from studio.weather import shine


def seeker(frame: Frame) -> None:
    """Pia with a lantern, pulling her sled."""
    x = -120 + 62 * frame.time
    pen = frame.pen()
    sled(pen.at(x - 82, 152, 0.8), frame.time)
    pia(pen.at(x, 154, 1.05), frame.time, 1.0, hx=26, hy=-44, wind=0.5)
    lantern(pen.at(x + 28, 112, 0.9), frame.time)
    frame.ink(pen)
    glow(frame, x + 28, 130, 150, (255, 200, 110), 0.75)


def found(frame: Frame) -> None:
    """Pia throws her arms around the goat's neck."""
    run = glide(frame.time / 0.9)
    pen = frame.pen()
    goat(pen.at(60, 150, 1.35, flip=True), frame.time, 0.0, 0.1, 0.0, 0.6 * (1 - run))
    pia(pen.at(-150 + 148 * run, 152, 1.5), frame.time, 1.2 * (frame.time < 0.8), hx=30, hy=-46, bow=0.18 * run)
    lantern(pen.at(-170, 126, 1.0), 0.0)
    frame.ink(pen)
    glow(frame, -170, 140, 230, (255, 200, 110), 0.6)


def climbing(frame: Frame) -> None:
    """The two small on the great slope, going up to the left."""
    pen = frame.pen()
    for k, x in enumerate((60, 20)):
        here = x - 34 * frame.time
        figure = pen.at(here, slope_height(here) + 14, 0.6, flip=True)
        if k:
            goat(figure, frame.time, 0.9)
        else:
            pia(figure, frame.time, 0.9, hx=24, hy=-46)
    frame.ink(pen)
    here = 46 - 34 * frame.time
    glow(frame, here, slope_height(here) - 10, 70, (255, 200, 110), 0.8)


def alone(frame: Frame) -> None:
    """The baker at his table, his head in his hand, one candle burning."""
    pen = frame.pen()
    baker(pen.at(70, 156, 1.15), frame.time, hx=26, hy=-80, gx=40, gy=-54, bow=0.2)
    pen.box(130, 66, 10, 26, SNOW)
    pen.lit().curve([(130, 66), (135 + math.sin(frame.time * 9), 46), (140, 66)], (255, 220, 120))
    frame.ink(pen)
    glow(frame, 135, 56, 200, (255, 180, 90), 0.7)


def torn_cloth(frame: Frame) -> None:
    """A rag of plum cloth on a nail, and fingers that take it."""
    pen = frame.pen()
    for k in range(8):
        pen.box(-480 + k * 124, -270, 118, 540, (96, 70, 56))
    pen.limb([(-30, -70), (-12, -64)], [8, 5], SHADE)
    wave = 8 * math.sin(frame.time * 4)
    pen.curve([(-34, -70), (8, -72), (40, -20 + wave), (22, 40), (4 + wave, 18), (-14, 66), (-36, 10)], PLUM)
    pen.curve([(-8, -66), (8, -72), (40, -20 + wave), (22, 40), (8, 0)], (60, 24, 78))
    hand = pen.at(120 - 70 * glide(frame.time / 0.8), 60)
    hand.limb([(260, 170), (120, 80), (60, 30)], [120, 84, 60], (206, 150, 52))
    hand.curve(
        [(70, 0), (30, -30), (-6, -40), (-14, -26), (14, -6), (-22, -8), (-26, 8), (20, 20), (60, 56)], PINK_SKIN
    )
    frame.ink(pen, 0.2)


SHOTS: tuple[Shot, ...] = (
    Shot(
        "night falls on the castle",
        61,
        "valley",
        ("castle",),
        lambda: [*scene(valley(NIGHT, 0, False)), snowfall(0.7)],
        NIGHT,
        View(40, 10, 1.2),
        View(70, -34, 1.45),
        transition=("dissolve", 10, 10),
        sounds=("mountain",),
        effects=(("owl", 0.8),),
    ),
    Shot(
        "Pia sets out",
        49,
        "square",
        ("Pia", "sled"),
        lambda: [*scene(square(NIGHT), seeker), snowfall(0.8)],
        NIGHT,
        View(-60, 40, 1.3),
        View(20, 40, 1.3),
        sounds=("mountain",),
        effects=(("snow steps", 0.2),),
    ),
    Shot(
        "the goat in the wood",
        39,
        "wood",
        ("goat",),
        lambda: [
            *scene(
                wood(DEEP, 0.0, 0.0),
                moving(
                    goat,
                    lambda t: {
                        "x": 50 - 26 * t,
                        "y": 132,
                        "size": 0.62,
                        "flip": 1,
                        "pace": 0.6,
                        "sad": 1.0,
                        "head": 0.4,
                    },
                ),
            ),
            snowfall(0.8, 70, 40),
        ],
        DEEP,
        View(0, 16, 1.0),
        View(0, 16, 1.06),
        sounds=("blizzard",),
        effects=(("soft bleat", 0.9),),
    ),
    Shot(
        "ears",
        32,
        "wood",
        ("goat",),
        lambda: [
            *close(wood(NIGHT, 5.0)),
            face(goat_face, Mood(brow=0.9, smile=-0.6), Mood(brow=0.2, wide=1.3, look=-0.9, smile=0.4), 0.5, y=24),
            snowfall(0.7),
        ],
        NIGHT,
        View(0, 6, 1.0),
        View(0, 6, 1.05),
        sounds=("mountain",),
        effects=(("pia talks", 0.1),),
    ),
    Shot(
        "found",
        51,
        "wood",
        ("Pia", "goat"),
        lambda: [*scene(wood(NIGHT), found), snowfall(0.7)],
        NIGHT,
        View(0, 50, 1.25),
        View(0, 56, 1.4),
        sounds=("mountain",),
        effects=(("pia laughs", 0.3), ("bleat", 0.8)),
    ),
    Shot(
        "tracks",
        34,
        "snow",
        ("tracks",),
        lambda: [
            layer(blank((150, 172, 190), 15, 0.14)),
            tracks,
            shine(-60, 60, 260, (255, 200, 110), 0.5),
            snowfall(0.5),
        ],
        NIGHT,
        View(0, 20, 1.0),
        View(20, -30, 1.0),
        sounds=("mountain",),
        effects=(("jingle", 0.6),),
    ),
    Shot(
        "up the mountain",
        41,
        "slope",
        ("Pia", "goat"),
        lambda: [*scene(slope(NIGHT, -18.0), climbing), snowfall(0.7)],
        NIGHT,
        View(0, 0, 1.0),
        View(-10, -4, 1.06),
        sounds=("blizzard",),
    ),
    Shot(
        "the baker alone",
        43,
        "bakery",
        ("baker",),
        lambda: scene(bakery(GLOAM, False), alone),
        GLOAM,
        View(70, 20, 1.25),
        View(80, 20, 1.4),
        sounds=("hush",),
        effects=(("baker sobs", 0.5),),
    ),
    Shot(
        "plum cloth",
        36,
        "bakery",
        ("cloth",),
        lambda: [torn_cloth],
        LAMPLIT,
        View(0, 0, 1.0),
        View(0, -6, 1.1),
        sounds=("hush",),
    ),
    Shot(
        "the baker understands",
        38,
        "bakery",
        ("baker",),
        lambda: [
            *close(bakery(GLOAM, False, 5)),
            face(baker_face, Mood(brow=0.8, smile=-0.5, look=-0.3), Mood(brow=-0.6, wide=1.3, open=0.4, look=0.3), 0.7),
            shine(-190, 120, 330, (255, 180, 90), 0.4),
        ],
        GLOAM,
        View(0, 10, 0.98),
        View(0, 10, 1.06),
        sounds=("hush",),
        effects=(("baker shouts", 0.8),),
    ),
    Shot(
        "the lever",
        37,
        "winch house",
        ("baker", "winch"),
        lambda: scene(
            winch(CANDLE, 0.5),
            moving(
                lambda p, t, pull=0.0: p.limb([(0, 0), (60 * math.sin(pull), -70 * math.cos(pull))], [9, 8], INK),
                lambda t: {"x": 130, "y": 146, "pull": -0.7 + 1.2 * glide((t - 0.4) / 0.5)},
            ),
            moving(
                baker,
                lambda t: {
                    "x": 190 + 20 * glide((t - 0.4) / 0.5),
                    "y": 156,
                    "size": 1.3,
                    "flip": 1,
                    "hx": 62 - 44 * glide((t - 0.4) / 0.5),
                    "hy": -58,
                    "gx": 58 - 42 * glide((t - 0.4) / 0.5),
                    "gy": -54,
                    "bow": 0.2 - 0.35 * glide((t - 0.4) / 0.5),
                    "angry": 1.0,
                },
            ),
        ),
        CANDLE,
        View(40, 20, 1.1),
        View(40, 20, 1.15),
        sounds=("winch",),
        effects=(("lever", 0.8), ("baker talks", 0.1)),
    ),
    Shot(
        "the wheel",
        30,
        "winch house",
        ("winch",),
        lambda: [
            layer(blank((70, 52, 46), 17, 0.4)),
            moving(wheel, lambda t: {"x": -20, "y": 40, "size": 1.7, "speed": 2.2}),
        ],
        CANDLE,
        View(0, 0, 1.0),
        View(0, 0, 1.05),
        sounds=("winch",),
        effects=(("lever", 0.1),),
    ),
)
