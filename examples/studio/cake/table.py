"""Preparation goes on: the cabin climbs, the Count sits down to the cake, two look in at his window."""

from __future__ import annotations

import math

from studio.brush import Item, Pen, View, glide
from studio.cake.acting import face, moving, plank, reaching_hand
from studio.cake.air import snowfall
from studio.cake.faces import Mood, count_face, pia_face
from studio.cake.folk import count, pia
from studio.cake.goat import goat, goat_face
from studio.cake.heights import berry_ground, castle, hall, wood
from studio.cake.paints import CANDLE, NIGHT
from studio.cake.props import cake
from studio.cake.village import valley
from studio.shot import Shot, act, close, scene
from studio.weather import shine


def at_table(lift: float) -> list[Item]:
    """The Count behind his table with the cake."""
    return scene(
        hall(CANDLE),
        moving(
            count,
            lambda t: {
                "x": -50,
                "y": 176,
                "size": 1.25,
                "hx": 34,
                "hy": -74 - lift * 22 * glide((t - 0.3) / 0.5),
                "bow": 0.06,
            },
        ),
        act(cake, 30, 98, 0.9),
    )


def knife(pen: Pen, time: float) -> None:
    """A cake knife and the hand that holds it."""
    pen.polygon([(-10, -6), (150, -10), (190, 2), (150, 8), (-10, 8)], (206, 216, 226))
    reaching_hand(pen.at(14, 0, 0.8), time)


SHOTS: tuple[Shot, ...] = (
    Shot(
        "the cabin climbs",
        39,
        "valley",
        ("cable car", "castle"),
        lambda: [*scene(valley(NIGHT, 40.0)), snowfall(0.8, 70, 50)],
        NIGHT,
        View(-20, -4, 1.35),
        View(20, -24, 1.35),
        sounds=("blizzard", "winch"),
    ),
    Shot(
        "the hall",
        51,
        "hall",
        ("Count", "cake"),
        lambda: at_table(0.0),
        CANDLE,
        View(0, 0, 1.0),
        View(-10, 20, 1.2),
        sounds=("hall",),
        effects=(("count laughs", 1.0),),
    ),
    Shot(
        "the Count is hungry",
        38,
        "hall",
        ("Count",),
        lambda: [
            *close(hall(CANDLE, False, 5)),
            face(
                count_face,
                Mood(brow=-0.4, look=0.5, smile=0.4),
                Mood(brow=-0.2, smile=1, open=0.45, look=0.7, turn=8, nod=5),
                0.5,
            ),
        ],
        CANDLE,
        View(0, 0, 1.0),
        View(0, 0, 1.06),
        sounds=("hall",),
        effects=(("count purrs", 0.3), ("sniff", 1.1)),
    ),
    Shot(
        "knife and cake",
        34,
        "hall",
        ("cake", "knife"),
        lambda: [
            berry_ground(CANDLE),
            plank,
            act(cake, 90, 84, 1.9),
            moving(
                knife,
                lambda t: {"x": -170 + 60 * glide(t / 1.2), "y": -70 + 20 * math.sin(t * 3), "turn": 0.15},
            ),
        ],
        CANDLE,
        View(0, 0, 1.0),
        View(16, 0, 1.06),
        sounds=("hall",),
        effects=(("snap", 0.9),),
    ),
    Shot(
        "at the castle window",
        39,
        "castle",
        ("Pia", "goat", "castle"),
        lambda: [
            *scene(
                castle(NIGHT),
                moving(pia, lambda t: {"x": -96 + 20 * t, "y": 128, "size": 0.75, "pace": 0.7, "bow": 0.15}),
                moving(goat, lambda t: {"x": -160 + 20 * t, "y": 130, "size": 0.72, "pace": 0.7}),
            ),
            snowfall(0.7),
        ],
        NIGHT,
        View(-20, 10, 1.1),
        View(-30, 30, 1.35),
        sounds=("blizzard",),
        effects=(("snow steps", 0.2),),
    ),
    Shot(
        "Pia dares",
        30,
        "castle",
        ("Pia",),
        lambda: [
            *close(castle(NIGHT, 0.6, 5)),
            face(pia_face, Mood(brow=0.5, look=0.5, turn=10), Mood(brow=-0.9, look=0.6, turn=12, smile=0.1), 0.5),
            shine(190, 0, 300, (255, 190, 100), 0.45),
            snowfall(0.7),
        ],
        NIGHT,
        View(0, 8, 1.0),
        View(0, 8, 1.05),
        sounds=("mountain",),
        effects=(("pia talks", 0.2),),
    ),
    Shot(
        "the goat lowers his horns",
        32,
        "castle",
        ("goat",),
        lambda: [
            *close(wood(NIGHT, 5.0)),
            face(goat_face, Mood(brow=-0.4), Mood(brow=-1, wide=0.9, smile=-0.4, nod=6), 0.4, y=24),
            shine(190, 0, 300, (255, 190, 100), 0.45),
            snowfall(0.7),
        ],
        NIGHT,
        View(0, 6, 1.0),
        View(0, 20, 1.14),
        sounds=("mountain",),
        effects=(("hoofs", 0.3),),
    ),
    Shot(
        "the fork rises",
        32,
        "hall",
        ("Count", "cake"),
        lambda: at_table(1.0),
        CANDLE,
        View(-20, 24, 1.35),
        View(-20, 20, 1.5),
        sounds=("hall",),
        effects=(("sniff", 0.5),),
    ),
)
