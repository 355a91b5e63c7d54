"""The set-up goes on: a guest from the castle, the great cake, and no goats near it."""

from __future__ import annotations

import math

from studio.brush import View
from studio.cake.acting import face, moving, plank
from studio.cake.cards import poster
from studio.cake.day import FLOUR
from studio.cake.faces import Mood, count_face, pia_face
from studio.cake.folk import baker, count, pia
from studio.cake.goat import goat, goat_face
from studio.cake.paints import JET, LAMPLIT, MORNING
from studio.cake.props import cabin, cake
from studio.cake.village import bakery, shop_front, square
from studio.layers import blank, layer
from studio.shot import Shot, act, close, scene

SHOTS: tuple[Shot, ...] = (
    Shot(
        "the guest steps out",
        49,
        "station",
        ("Count", "cable car"),
        lambda: scene(
            square(MORNING),
            act(lambda p, t: p.limb([(-480, -120), (480, -90)], [3, 3], JET), 0, 0),
            act(cabin, -20, -105, 2.0),
            moving(count, lambda t: {"x": 10 + 46 * t, "y": 160, "size": 1.1, "pace": 0.7, "hx": 20, "hy": -64}),
        ),
        MORNING,
        View(40, 20, 1.15),
        View(60, 20, 1.2),
        sounds=("winch", "murmur"),
        effects=(("steps", 0.4),),
    ),
    Shot(
        "boots",
        28,
        "square",
        ("Count",),
        lambda: [
            layer(blank((232, 240, 246), 9, 0.1)),
            moving(count, lambda t: {"x": -120 + 110 * t, "y": 130, "size": 3.4, "pace": 0.8}),
        ],
        MORNING,
        View(-20, 20, 1.0),
        sounds=("hush",),
        effects=(("snow steps", 0.0),),
    ),
    Shot(
        "the Count",
        39,
        "square",
        ("Count",),
        lambda: [
            *close(square(MORNING, 5)),
            face(count_face, Mood(brow=-0.3, look=-0.7, turn=-8), Mood(brow=-0.7, smile=0.7, look=0.8, turn=10), 0.8),
        ],
        MORNING,
        View(40, -4, 0.98),
        View(40, 0, 1.06),
        sounds=("murmur",),
        effects=(("sniff", 0.3), ("count purrs", 1.0)),
    ),
    Shot(
        "the poster", 34, "poster", ("poster",), poster, MORNING, View(0, 0, 1.0), View(0, -8, 1.08), sounds=("hush",)
    ),
    Shot(
        "at the window",
        39,
        "shop front",
        ("Count",),
        lambda: close(
            shop_front(MORNING),
            moving(
                count,
                lambda t: {
                    "x": -150 + 26 * min(t, 1.2),
                    "y": 172,
                    "size": 1.5,
                    "bow": 0.22 * min(t, 1),
                    "pace": 0.6 if t < 1.2 else 0,
                },
            ),
        ),
        MORNING,
        View(-60, 20, 1.15),
        View(-70, 14, 1.3),
        sounds=("murmur",),
        effects=(("count laughs", 1.0),),
    ),
    Shot(
        "the last berry",
        55,
        "bakery",
        ("baker", "Pia", "cake"),
        lambda: scene(
            bakery(LAMPLIT),
            moving(
                baker,
                lambda t: {
                    "x": 130,
                    "y": 150,
                    "size": 1.15,
                    "flip": 1,
                    "hx": 44,
                    "hy": -78 + 14 * min(t, 1.5),
                    "gx": 30,
                    "gy": -60,
                },
            ),
            moving(
                pia,
                lambda t: {
                    "x": -46,
                    "y": 148,
                    "size": 1.25,
                    "hx": 16,
                    "hy": -56 - 8 * abs(math.sin(t * 5)) * (t > 1.3),
                },
            ),
            act(cake, 52, 92, 0.95),
            FLOUR,
        ),
        LAMPLIT,
        View(40, 24, 1.35),
        View(46, 20, 1.5),
        sounds=("hearth",),
        effects=(("baker talks", 0.3), ("pia laughs", 1.6)),
    ),
    Shot(
        "the cake",
        39,
        "bakery",
        ("cake",),
        lambda: [
            *close(bakery(LAMPLIT, True, 6)),
            plank,
            moving(cake, lambda t: {"y": 84, "size": 2.0 + 0.05 * math.sin(t * 4), "turn": 0.02 * math.sin(t * 3)}),
            FLOUR,
        ],
        LAMPLIT,
        View(0, 0, 1.0),
        View(0, -10, 1.12),
        sounds=("hearth",),
        effects=(("chime", 0.2),),
    ),
    Shot(
        "Pia marvels",
        36,
        "bakery",
        ("Pia",),
        lambda: [
            *close(bakery(LAMPLIT, True, 5)),
            face(pia_face, Mood(smile=0.5), Mood(smile=0.8, wide=1.35, brow=0.6, open=0.35), 0.5),
        ],
        LAMPLIT,
        View(0, 10, 1.0),
        View(0, 10, 1.06),
        sounds=("hearth",),
        effects=(("pia sighs", 0.5),),
    ),
    Shot(
        "the goat smells it",
        34,
        "shop front",
        ("goat",),
        lambda: [
            *close(shop_front(MORNING, 5)),
            face(goat_face, Mood(look=-0.4, nod=5), Mood(wide=1.3, smile=1, brow=0.4, nod=6, look=-0.9), 0.6, y=24),
        ],
        MORNING,
        View(40, 6, 1.0),
        View(34, 6, 1.05),
        sounds=("murmur",),
        effects=(("sniff", 0.2), ("sniff", 0.7)),
    ),
    Shot(
        "no goats",
        45,
        "shop front",
        ("baker", "goat"),
        lambda: close(
            shop_front(MORNING),
            moving(
                baker,
                lambda t: {
                    "x": 180,
                    "y": 170,
                    "size": 1.35,
                    "flip": 1,
                    "hx": 44,
                    "hy": -88 + 14 * math.sin(t * 9),
                    "bow": 0.12,
                    "angry": 1.0,
                },
            ),
            moving(
                goat,
                lambda t: {
                    "x": 20 - 30 * min(t, 1.4),
                    "y": 170,
                    "size": 1.3,
                    "pace": 0.6 if t < 1.4 else 0.0,
                    "head": 0.3,
                    "sad": min(t, 1.0),
                },
            ),
        ),
        MORNING,
        View(90, 36, 1.15),
        sounds=("murmur",),
        effects=(("baker scolds", 0.2), ("soft bleat", 1.5)),
    ),
    Shot(
        "the goat is sad",
        34,
        "shop front",
        ("goat",),
        lambda: [
            *close(shop_front(MORNING, 5)),
            face(goat_face, Mood(brow=0.5, look=0.3), Mood(brow=1, smile=-0.8, wide=0.8, look=0.6), 0.5, y=24),
        ],
        MORNING,
        View(40, 6, 1.0),
        View(40, 10, 1.03),
        again="the goat smells it",
        sounds=("hush",),
        effects=(("soft bleat", 0.5),),
    ),
)
