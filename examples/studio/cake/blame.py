"""The conflict goes on: the goat is blamed and sent away, Pia finds a button."""

from __future__ import annotations

import math

from studio.brush import Frame, View, glide
from studio.cake.acting import crowd, face, mitten, moving, plank
from studio.cake.air import snowfall
from studio.cake.faces import Mood, baker_face, pia_face
from studio.cake.folk import baker, pia
from studio.cake.goat import goat, goat_face
from studio.cake.paints import CREAM, EVENING, GLOAM, LAMPLIT, PLUM, ROSE
from studio.cake.theft import FOLK
from studio.cake.village import bakery, shop_front, square
from studio.layers import blank, layer
from studio.shot import Shot, close, scene


def button(frame: Frame) -> None:
    """A plum button on a red mitten."""
    pen = frame.pen()
    mitten(pen.at(20, 30, 1.3))
    coin = pen.at(-6, 18, 1 + 0.02 * math.sin(frame.time * 5))
    coin.oval(0, 3, 34, 23, (40, 16, 54))
    coin.oval(0, 0, 34, 23, PLUM)
    coin.oval(0, 0, 25, 16, (140, 70, 160))
    coin.oval(-7, -2, 4, 3, (40, 16, 54))
    coin.oval(7, 2, 4, 3, (40, 16, 54))
    coin.limb([(20, 8), (60, 30), (90, 26)], [2, 2, 2], (214, 176, 80))
    frame.ink(pen)


def crumbs(frame: Frame) -> None:
    """An empty plate, crumbs, and the print of a hoof in the cream."""
    pen = frame.pen()
    pen.oval(0, 110, 150, 32, (200, 208, 218))
    pen.oval(0, 106, 138, 26, (240, 242, 244))
    pen.curve([(-70, 104), (-20, 92), (50, 98), (80, 112), (10, 122), (-60, 118)], CREAM)
    for toe in (-12, 12):
        pen.curve([(toe - 8, 112), (toe, 96), (toe + 8, 110), (toe, 116)], (186, 150, 130))
    for k in range(18):
        pen.oval(-180 + 23 * k, 126 + 16 * math.sin(k * 2.7), 6, 4.5, (ROSE, (206, 140, 80))[k % 2])
    frame.ink(pen)


SHOTS: tuple[Shot, ...] = (
    Shot(
        "the cake is gone",
        45,
        "bakery",
        ("baker", "Pia"),
        lambda: scene(
            bakery(LAMPLIT),
            moving(
                baker,
                lambda t: {
                    "x": 140 - 26 * min(t, 0.8),
                    "y": 150,
                    "size": 1.15,
                    "flip": 1,
                    "pace": 0.9 if t < 0.8 else 0,
                    "hx": 22,
                    "hy": -50 - 60 * glide((t - 0.9) / 0.3),
                    "gx": 24,
                    "gy": -52 - 56 * glide((t - 0.9) / 0.3),
                },
            ),
            moving(
                pia,
                lambda t: {
                    "x": 218 - 20 * min(t, 0.8),
                    "y": 150,
                    "size": 1.15,
                    "flip": 1,
                    "pace": 0.9 if t < 0.8 else 0,
                },
            ),
        ),
        LAMPLIT,
        View(60, 24, 1.3),
        View(50, 24, 1.35),
        sounds=("hearth",),
        effects=(("baker shouts", 1.0),),
    ),
    Shot(
        "the baker is shocked",
        36,
        "bakery",
        ("baker",),
        lambda: [
            *close(bakery(LAMPLIT, True, 5)),
            face(baker_face, Mood(brow=0.4), Mood(brow=1, wide=1.45, open=0.7, smile=-0.4), 0.3),
        ],
        LAMPLIT,
        View(0, 10, 0.97),
        View(0, 10, 1.06),
        sounds=("hearth",),
        effects=(("baker shouts", 0.3),),
    ),
    Shot(
        "crumbs",
        32,
        "bakery",
        ("plate",),
        lambda: [*close(bakery(LAMPLIT, True, 6)), plank, crumbs],
        LAMPLIT,
        View(0, 20, 1.0),
        View(0, 34, 1.12),
        sounds=("hearth",),
    ),
    Shot(
        "cream on the beard",
        40,
        "shop front",
        ("goat",),
        lambda: [
            *close(shop_front(EVENING, 5)),
            face(
                goat_face,
                Mood(look=-0.3, smile=0.2),
                Mood(look=0.5, brow=0.6, smile=-0.3),
                0.8,
                y=16,
                cream=0.8,
                chew=0.3,
            ),
        ],
        EVENING,
        View(40, 10, 0.97),
        View(40, 14, 1.05),
        sounds=("hush",),
        effects=(("soft bleat", 0.6),),
    ),
    Shot(
        "the baker is furious",
        34,
        "shop front",
        ("baker",),
        lambda: [
            *close(shop_front(EVENING, 5)),
            face(
                baker_face,
                Mood(brow=-0.7, look=-0.6, turn=-16),
                Mood(brow=-1, look=-0.8, turn=-18, talk=0.6, smile=-0.5, nod=6),
                0.3,
            ),
        ],
        EVENING,
        View(60, 10, 1.0),
        View(60, 10, 1.04),
        sounds=("murmur",),
        effects=(("baker scolds", 0.2),),
    ),
    Shot(
        "Pia pleads",
        34,
        "shop front",
        ("Pia",),
        lambda: [
            *close(shop_front(EVENING, 5)),
            face(
                pia_face,
                Mood(brow=0.7, look=0.6, turn=14),
                Mood(brow=1, look=0.8, turn=16, talk=0.45, wide=1.2, smile=-0.4),
                0.2,
            ),
        ],
        EVENING,
        View(-60, 10, 1.0),
        View(-60, 10, 1.04),
        sounds=("murmur",),
        effects=(("pia pleads", 0.2),),
    ),
    Shot(
        "out with him",
        34,
        "shop front",
        ("baker",),
        lambda: [
            *close(shop_front(EVENING, 5)),
            face(
                baker_face,
                Mood(brow=-1, look=-0.8, turn=-18, smile=-0.6),
                Mood(brow=-0.9, look=-0.8, turn=-18, open=0.6, smile=-0.5, nod=7),
                0.2,
            ),
        ],
        EVENING,
        View(60, 10, 1.02),
        View(60, 10, 1.08),
        again="the baker is furious",
        sounds=("murmur",),
        effects=(("baker shouts", 0.3),),
    ),
    Shot(
        "the goat must go",
        55,
        "square",
        ("goat", "people"),
        lambda: scene(
            square(GLOAM),
            crowd(((110, 132), (160, 138), (220, 134), (270, 140)), 0.7),
            moving(
                goat,
                lambda t: {"x": 30 - 46 * t, "y": 152, "size": 0.95, "flip": 1, "pace": 0.7, "sad": 1.0, "head": 0.35},
            ),
            snowfall(0.8, 46),
        ),
        GLOAM,
        View(20, 26, 1.3),
        View(-50, 26, 1.2),
        sounds=("mountain",),
        effects=(("hoofs", 0.3), ("soft bleat", 1.6)),
    ),
    Shot(
        "Pia weeps",
        38,
        "square",
        ("Pia",),
        lambda: [
            *close(square(GLOAM, 5)),
            face(lambda p, t, m: pia_face(p, t, m, tear=True), Mood(brow=1, smile=-0.8, look=-0.5)),
            snowfall(0.7, 40),
        ],
        GLOAM,
        View(0, 8, 1.0),
        View(0, 8, 1.07),
        sounds=("mountain",),
        effects=(("pia sighs", 0.4),),
    ),
    Shot(
        "the feast is off",
        39,
        "square",
        ("people",),
        lambda: scene(square(GLOAM), crowd(FOLK, 0.72), snowfall(0.8, 46)),
        GLOAM,
        View(0, 20, 1.1),
        View(0, 10, 1.0),
        sounds=("mountain",),
    ),
    Shot(
        "the button",
        42,
        "snow",
        ("button",),
        lambda: [layer(blank((190, 202, 222), 12, 0.15)), button, snowfall(0.6, 40)],
        GLOAM,
        View(0, 10, 1.0),
        View(0, 14, 1.15),
        sounds=("mountain",),
        effects=(("chime", 0.3),),
    ),
    Shot(
        "Pia understands",
        36,
        "square",
        ("Pia",),
        lambda: [
            *close(square(GLOAM, 5)),
            face(pia_face, Mood(brow=0.5, look=0, smile=-0.3), Mood(brow=-0.8, look=0.7, turn=10, wide=1.15), 0.6),
            snowfall(0.7, 40),
        ],
        GLOAM,
        View(0, 8, 1.0),
        View(0, 8, 1.1),
        again="Pia weeps",
        sounds=("mountain",),
        effects=(("pia talks", 0.6),),
    ),
)
