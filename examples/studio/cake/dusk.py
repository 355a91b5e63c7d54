"""The conflict, at dusk: the cake is stolen, the goat is blamed and sent away, Pia finds a button."""

from __future__ import annotations

import math

from studio.brush import Frame, View, glide
from studio.cake.acting import crowd, face, mitten, moving, plank, reaching_hand
from studio.cake.air import snowfall
from studio.cake.faces import Mood, baker_face, count_face, pia_face, tuba_face
from studio.cake.folk import baker, count, pia
from studio.cake.goat import goat, goat_face
from studio.cake.paints import CREAM, EVENING, GLOAM, LAMPLIT, NIGHT, PLUM, ROSE
from studio.cake.props import cake, sleigh
from studio.cake.village import bakery, shop_front, square, valley
from studio.layers import blank, layer
from studio.shot import Shot, act, close, scene

FOLK = ((-210, 140), (-150, 134), (-60, 138), (0, 132), (60, 140), (250, 136), (300, 142))
ROOM = GLOAM


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


def stealing(frame: Frame) -> None:
    """The Count carrying the cake through the dark bakery on tip toe."""
    here = 60 - 70 * frame.time
    step = abs(math.sin(frame.time * 5)) * 7
    pen = frame.pen()
    count(pen.at(here, 150 - step, 1.2, flip=True), frame.time, 0.6, hx=42, hy=-60, bow=-0.08)
    cake(pen.at(here - 62, 74 - step, 0.8, 0.05 * math.sin(frame.time * 6)), frame.time)
    frame.ink(pen)


SHOTS: tuple[Shot, ...] = (
    Shot(
        "the valley at dusk", 62, "valley", ("village",), lambda: scene(valley(EVENING)), EVENING, View(20, 20, 1.3), View(0, 0, 1.1),
        transition=("dissolve", 10, 10), sounds=("mountain",), effects=(("bells", 0.5),),
    ),
    Shot(
        "the band plays", 56, "square", ("people",), lambda: scene(square(EVENING), crowd(FOLK, 0.72, 0.7)), EVENING,
        View(40, 20, 1.15), View(-20, 20, 1.15), sounds=("murmur",), effects=(("oompah", 0.0), ("cheer", 0.6)),
    ),
    Shot(
        "tuba", 34, "square", ("tuba player",), lambda: [*close(square(EVENING, 5)), face(tuba_face, Mood(), x=-20)], EVENING,
        View(0, 4, 1.0), View(0, 4, 1.03), sounds=("murmur",), effects=(("oompah", 0.0),),
    ),
    Shot(
        "a shadow in the bakery", 46, "bakery", ("Count",),
        lambda: scene(bakery(ROOM, False), moving(lambda p, t, **k: count(p, t, **k), lambda t: {"x": -190 + 70 * t, "y": 150, "size": 1.2, "pace": 0.6, "bow": 0.12})),
        NIGHT, View(-40, 20, 1.1), View(-20, 20, 1.15), sounds=("hush",), effects=(("steps", 0.4),),
    ),
    Shot(
        "a glove", 34, "bakery", ("cake", "Count"),
        lambda: [
            *close(bakery(ROOM, False, 6)), plank, act(cake, 60, 80, 1.9),
            moving(reaching_hand, lambda t: {"x": -150 + 130 * glide(t / 1.1) - 6 * math.sin(t * 9), "y": -10, "size": 0.9}),
        ], GLOAM, View(0, 0, 1.0), View(10, 0, 1.06), sounds=("hush",), effects=(("count purrs", 0.4),),
    ),
    Shot(
        "the Count grins", 34, "bakery", ("Count",),
        lambda: [*close(bakery(ROOM, False, 5)), face(count_face, Mood(brow=-0.6, look=0.5, turn=8), Mood(brow=-0.8, smile=1, open=0.3, look=0.8, turn=12), 0.5)],
        GLOAM, View(0, 0, 1.0), View(0, 0, 1.06), sounds=("hush",), effects=(("count laughs", 0.4),),
    ),
    Shot(
        "off with the cake", 48, "bakery", ("Count", "cake"), lambda: scene(bakery(ROOM, False), stealing), GLOAM,
        View(10, 20, 1.2), View(-50, 20, 1.2), sounds=("hush",), effects=(("patter", 0.2), ("clatter", 1.1)),
    ),
    Shot(
        "the goat has seen it", 28, "shop front", ("goat",),
        lambda: [*close(shop_front(EVENING, 5)), face(goat_face, Mood(wide=0.9), Mood(wide=1.45, brow=0.8, open=0.4), 0.3, y=24)],
        EVENING, View(40, 6, 1.0), View(36, 6, 1.08), sounds=("hush",), effects=(("bleat", 0.3),),
    ),
    Shot(
        "the sleigh", 40, "shop front", ("Count", "cake", "sleigh"),
        lambda: close(
            shop_front(EVENING),
            moving(lambda p, t: (sleigh(p, t), count(p.at(-40, -26, 0.8), t, sit=1.0, hx=30, hy=-70, wind=1.0), cake(p.at(16, -34, 0.62), t))[0], lambda t: {"x": -330 + 340 * t, "y": 182, "size": 1.25, "turn": 0.02 * math.sin(t * 20)}),
        ), EVENING, View(-20, 40, 1.1), View(60, 40, 1.1), sounds=("runners",), effects=(("jingle", 0.1), ("count laughs", 0.7)),
    ),
    Shot(
        "the goat gives chase", 40, "shop front", ("goat",),
        lambda: close(shop_front(EVENING), moving(goat, lambda t: {"x": -300 + 330 * t, "y": 176, "size": 1.35, "pace": 2.4, "head": 0.2})),
        EVENING, View(-60, 40, 1.1), View(80, 40, 1.1), again="the sleigh", sounds=("hush",), effects=(("gallop", 0.0), ("bleat", 0.7)),
    ),
    Shot(
        "the cake is gone", 52, "bakery", ("baker", "Pia"),
        lambda: scene(
            bakery(LAMPLIT),
            moving(baker, lambda t: {"x": 140 - 26 * min(t, 0.8), "y": 150, "size": 1.15, "flip": 1, "pace": 0.9 if t < 0.8 else 0, "hx": 22, "hy": -50 - 60 * glide((t - 0.9) / 0.3), "gx": 24, "gy": -52 - 56 * glide((t - 0.9) / 0.3)}),
            moving(pia, lambda t: {"x": 218 - 20 * min(t, 0.8), "y": 150, "size": 1.15, "flip": 1, "pace": 0.9 if t < 0.8 else 0}),
        ), LAMPLIT, View(60, 24, 1.3), View(50, 24, 1.35), sounds=("hearth",), effects=(("baker shouts", 1.0),),
    ),
    Shot(
        "the baker is shocked", 36, "bakery", ("baker",),
        lambda: [*close(bakery(LAMPLIT, True, 5)), face(baker_face, Mood(brow=0.4), Mood(brow=1, wide=1.45, open=0.7, smile=-0.4), 0.3)],
        LAMPLIT, View(0, 10, 0.97), View(0, 10, 1.06), sounds=("hearth",), effects=(("baker shouts", 0.3),),
    ),
    Shot("crumbs", 32, "bakery", ("plate",), lambda: [*close(bakery(LAMPLIT, True, 6)), plank, crumbs], LAMPLIT, View(0, 20, 1.0), View(0, 34, 1.12), sounds=("hearth",)),
    Shot(
        "cream on the beard", 40, "shop front", ("goat",),
        lambda: [*close(shop_front(EVENING, 5)), face(goat_face, Mood(look=-0.3, smile=0.2), Mood(look=0.5, brow=0.6, smile=-0.3), 0.8, y=16, cream=0.8, chew=0.3)],
        EVENING, View(40, 10, 0.97), View(40, 14, 1.05), sounds=("hush",), effects=(("soft bleat", 0.6),),
    ),
    Shot(
        "the baker is furious", 34, "shop front", ("baker",),
        lambda: [*close(shop_front(EVENING, 5)), face(baker_face, Mood(brow=-0.7, look=-0.6, turn=-16), Mood(brow=-1, look=-0.8, turn=-18, talk=0.6, smile=-0.5, nod=6), 0.3)],
        EVENING, View(60, 10, 1.0), View(60, 10, 1.04), sounds=("murmur",), effects=(("baker scolds", 0.2),),
    ),
    Shot(
        "Pia pleads", 34, "shop front", ("Pia",),
        lambda: [*close(shop_front(EVENING, 5)), face(pia_face, Mood(brow=0.7, look=0.6, turn=14), Mood(brow=1, look=0.8, turn=16, talk=0.45, wide=1.2, smile=-0.4), 0.2)],
        EVENING, View(-60, 10, 1.0), View(-60, 10, 1.04), sounds=("murmur",), effects=(("pia pleads", 0.2),),
    ),
    Shot(
        "out with him", 34, "shop front", ("baker",),
        lambda: [*close(shop_front(EVENING, 5)), face(baker_face, Mood(brow=-1, look=-0.8, turn=-18, smile=-0.6), Mood(brow=-0.9, look=-0.8, turn=-18, open=0.6, smile=-0.5, nod=7), 0.2)],
        EVENING, View(60, 10, 1.02), View(60, 10, 1.08), again="the baker is furious", sounds=("murmur",), effects=(("baker shouts", 0.3),),
    ),
    Shot(
        "the goat must go", 62, "square", ("goat", "people"),
        lambda: scene(
            square(GLOAM), crowd(((110, 132), (160, 138), (220, 134), (270, 140)), 0.7),
            moving(goat, lambda t: {"x": 30 - 46 * t, "y": 152, "size": 0.95, "flip": 1, "pace": 0.7, "sad": 1.0, "head": 0.35}), snowfall(0.8, 46),
        ), GLOAM, View(20, 26, 1.3), View(-50, 26, 1.2), sounds=("mountain",), effects=(("hoofs", 0.3), ("soft bleat", 1.6)),
    ),
    Shot(
        "Pia weeps", 38, "square", ("Pia",),
        lambda: [*close(square(GLOAM, 5)), face(lambda p, t, m: pia_face(p, t, m, tear=True), Mood(brow=1, smile=-0.8, look=-0.5)), snowfall(0.7, 40)],
        GLOAM, View(0, 8, 1.0), View(0, 8, 1.07), sounds=("mountain",), effects=(("pia sighs", 0.4),),
    ),
    Shot(
        "the feast is off", 46, "square", ("people",), lambda: scene(square(GLOAM), crowd(FOLK, 0.72), snowfall(0.8, 46)), GLOAM,
        View(0, 20, 1.1), View(0, 10, 1.0), sounds=("mountain",),
    ),
    Shot("the button", 42, "snow", ("button",), lambda: [layer(blank((190, 202, 222), 12, 0.15)), button, snowfall(0.6, 40)], GLOAM, View(0, 10, 1.0), View(0, 14, 1.15), sounds=("mountain",), effects=(("chime", 0.3),)),
    Shot(
        "Pia understands", 36, "square", ("Pia",),
        lambda: [*close(square(GLOAM, 5)), face(pia_face, Mood(brow=0.5, look=0, smile=-0.3), Mood(brow=-0.8, look=0.7, turn=10, wide=1.15), 0.6), snowfall(0.7, 40)],
        GLOAM, View(0, 8, 1.0), View(0, 8, 1.1), again="Pia weeps", sounds=("mountain",), effects=(("pia talks", 0.6),),
    ),
)
