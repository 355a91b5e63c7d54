"""Preparation, by night: up the mountain after the tracks, the baker's change of heart, the Count at table."""

from __future__ import annotations

import math

from studio.brush import Frame, Item, View, glide, glow
from studio.cake.acting import face, moving, plank, reaching_hand, tracks
from studio.cake.air import snowfall
from studio.cake.faces import Mood, baker_face, count_face, pia_face
from studio.cake.folk import baker, count, pia
from studio.cake.goat import goat, goat_face
from studio.cake.heights import berry_ground, castle, hall, slope, slope_height, winch, wood
from studio.cake.paints import CANDLE, DEEP, GLOAM, INK, LAMPLIT, NIGHT, PINK_SKIN, PLUM, SHADE, SNOW
from studio.cake.props import cake, sled, wheel
from studio.cake.village import bakery, square, valley
from studio.layers import blank, layer
from studio.people import lantern
from studio.shot import Shot, act, close, scene
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
    hand.curve([(70, 0), (30, -30), (-6, -40), (-14, -26), (14, -6), (-22, -8), (-26, 8), (20, 20), (60, 56)], PINK_SKIN)
    frame.ink(pen, 0.2)


def at_table(lift: float) -> list[Item]:
    """The Count behind his table with the cake."""
    return scene(
        hall(CANDLE),
        moving(count, lambda t: {"x": -50, "y": 176, "size": 1.25, "hx": 34, "hy": -74 - lift * 22 * glide((t - 0.3) / 0.5), "bow": 0.06}),
        act(cake, 30, 98, 0.9),
    )


SHOTS: tuple[Shot, ...] = (
    Shot(
        "night falls on the castle", 68, "valley", ("castle",), lambda: [*scene(valley(NIGHT, 0, False)), snowfall(0.7)], NIGHT,
        View(40, 10, 1.2), View(70, -34, 1.45), transition=("dissolve", 10, 10), sounds=("mountain",), effects=(("owl", 0.8),),
    ),
    Shot("Pia sets out", 56, "square", ("Pia", "sled"), lambda: [*scene(square(NIGHT), seeker), snowfall(0.8)], NIGHT, View(-60, 40, 1.3), View(20, 40, 1.3), sounds=("mountain",), effects=(("snow steps", 0.2),)),
    Shot(
        "the goat in the wood", 46, "wood", ("goat",), lambda: [*scene(wood(DEEP, 0.0, 0.0), moving(goat, lambda t: {"x": 50 - 26 * t, "y": 132, "size": 0.62, "flip": 1, "pace": 0.6, "sad": 1.0, "head": 0.4})), snowfall(0.8, 70, 40)],
        DEEP, View(0, 16, 1.0), View(0, 16, 1.06), sounds=("blizzard",), effects=(("soft bleat", 0.9),),
    ),
    Shot(
        "ears", 32, "wood", ("goat",), lambda: [*close(wood(NIGHT, 5.0)), face(goat_face, Mood(brow=0.9, smile=-0.6), Mood(brow=0.2, wide=1.3, look=-0.9, smile=0.4), 0.5, y=24), snowfall(0.7)],
        NIGHT, View(0, 6, 1.0), View(0, 6, 1.05), sounds=("mountain",), effects=(("pia talks", 0.1),),
    ),
    Shot("found", 58, "wood", ("Pia", "goat"), lambda: [*scene(wood(NIGHT), found), snowfall(0.7)], NIGHT, View(0, 50, 1.25), View(0, 56, 1.4), sounds=("mountain",), effects=(("pia laughs", 0.3), ("bleat", 0.8))),
    Shot(
        "tracks", 34, "snow", ("tracks",), lambda: [layer(blank((150, 172, 190), 15, 0.14)), tracks, shine(-60, 60, 260, (255, 200, 110), 0.5), snowfall(0.5)],
        NIGHT, View(0, 20, 1.0), View(20, -30, 1.0), sounds=("mountain",), effects=(("jingle", 0.6),),
    ),
    Shot("up the mountain", 48, "slope", ("Pia", "goat"), lambda: [*scene(slope(NIGHT, -18.0), climbing), snowfall(0.7)], NIGHT, View(0, 0, 1.0), View(-10, -4, 1.06), sounds=("blizzard",)),
    Shot("the baker alone", 50, "bakery", ("baker",), lambda: scene(bakery(GLOAM, False), alone), GLOAM, View(70, 20, 1.25), View(80, 20, 1.4), sounds=("hush",), effects=(("baker sobs", 0.5),)),
    Shot("plum cloth", 36, "bakery", ("cloth",), lambda: [torn_cloth], LAMPLIT, View(0, 0, 1.0), View(0, -6, 1.1), sounds=("hush",)),
    Shot(
        "the baker understands", 38, "bakery", ("baker",), lambda: [*close(bakery(GLOAM, False, 5)), face(baker_face, Mood(brow=0.8, smile=-0.5, look=-0.3), Mood(brow=-0.6, wide=1.3, open=0.4, look=0.3), 0.7), shine(-190, 120, 330, (255, 180, 90), 0.4)],
        GLOAM, View(0, 10, 0.98), View(0, 10, 1.06), sounds=("hush",), effects=(("baker shouts", 0.8),),
    ),
    Shot(
        "the lever", 44, "winch house", ("baker", "winch"), lambda: scene(
            winch(CANDLE, 0.5),
            moving(lambda p, t, pull=0.0: p.limb([(0, 0), (60 * math.sin(pull), -70 * math.cos(pull))], [9, 8], INK), lambda t: {"x": 130, "y": 146, "pull": -0.7 + 1.2 * glide((t - 0.4) / 0.5)}),
            moving(baker, lambda t: {"x": 190 + 20 * glide((t - 0.4) / 0.5), "y": 156, "size": 1.3, "flip": 1, "hx": 62 - 44 * glide((t - 0.4) / 0.5), "hy": -58, "gx": 58 - 42 * glide((t - 0.4) / 0.5), "gy": -54, "bow": 0.2 - 0.35 * glide((t - 0.4) / 0.5), "angry": 1.0}),
        ), CANDLE, View(40, 20, 1.1), View(40, 20, 1.15), sounds=("winch",), effects=(("lever", 0.8), ("baker talks", 0.1)),
    ),
    Shot("the wheel", 30, "winch house", ("winch",), lambda: [layer(blank((70, 52, 46), 17, 0.4)), moving(wheel, lambda t: {"x": -20, "y": 40, "size": 1.7, "speed": 2.2})], CANDLE, View(0, 0, 1.0), View(0, 0, 1.05), sounds=("winch",), effects=(("lever", 0.1),)),
    Shot(
        "the cabin climbs", 46, "valley", ("cable car", "castle"), lambda: [*scene(valley(NIGHT, 40.0)), snowfall(0.8, 70, 50)], NIGHT, View(-20, -4, 1.35), View(20, -24, 1.35),
        sounds=("blizzard", "winch"),
    ),
    Shot("the hall", 58, "hall", ("Count", "cake"), lambda: at_table(0.0), CANDLE, View(0, 0, 1.0), View(-10, 20, 1.2), sounds=("hall",), effects=(("count laughs", 1.0),)),
    Shot(
        "the Count is hungry", 38, "hall", ("Count",), lambda: [*close(hall(CANDLE, False, 5)), face(count_face, Mood(brow=-0.4, look=0.5, smile=0.4), Mood(brow=-0.2, smile=1, open=0.45, look=0.7, turn=8, nod=5), 0.5)],
        CANDLE, View(0, 0, 1.0), View(0, 0, 1.06), sounds=("hall",), effects=(("count purrs", 0.3), ("sniff", 1.1)),
    ),
    Shot(
        "knife and cake", 34, "hall", ("cake", "knife"), lambda: [
            berry_ground(CANDLE), plank, act(cake, 90, 84, 1.9),
            moving(lambda p, t: (p.polygon([(-10, -6), (150, -10), (190, 2), (150, 8), (-10, 8)], (206, 216, 226)), reaching_hand(p.at(14, 0, 0.8), t))[1], lambda t: {"x": -170 + 60 * glide(t / 1.2), "y": -70 + 20 * math.sin(t * 3), "turn": 0.15}),
        ], CANDLE, View(0, 0, 1.0), View(16, 0, 1.06), sounds=("hall",), effects=(("snap", 0.9),),
    ),
    Shot(
        "at the castle window", 46, "castle", ("Pia", "goat", "castle"), lambda: [*scene(castle(NIGHT), moving(pia, lambda t: {"x": -96 + 20 * t, "y": 128, "size": 0.75, "pace": 0.7, "bow": 0.15}), moving(goat, lambda t: {"x": -160 + 20 * t, "y": 130, "size": 0.72, "pace": 0.7})), snowfall(0.7)],
        NIGHT, View(-20, 10, 1.1), View(-30, 30, 1.35), sounds=("blizzard",), effects=(("snow steps", 0.2),),
    ),
    Shot(
        "Pia dares", 30, "castle", ("Pia",), lambda: [*close(castle(NIGHT, 0.6, 5)), face(pia_face, Mood(brow=0.5, look=0.5, turn=10), Mood(brow=-0.9, look=0.6, turn=12, smile=0.1), 0.5), shine(190, 0, 300, (255, 190, 100), 0.45), snowfall(0.7)],
        NIGHT, View(0, 8, 1.0), View(0, 8, 1.05), sounds=("mountain",), effects=(("pia talks", 0.2),),
    ),
    Shot(
        "the goat lowers his horns", 32, "castle", ("goat",), lambda: [*close(castle(NIGHT, 0.6, 5)), face(goat_face, Mood(brow=-0.4), Mood(brow=-1, wide=0.9, smile=-0.4, nod=6), 0.4, y=24), shine(190, 0, 300, (255, 190, 100), 0.45), snowfall(0.7)],
        NIGHT, View(0, 6, 1.0), View(0, 20, 1.14), sounds=("mountain",), effects=(("hoofs", 0.3),),
    ),
    Shot("the fork rises", 32, "hall", ("Count", "cake"), lambda: at_table(1.0), CANDLE, View(-20, 24, 1.35), View(-20, 20, 1.5), sounds=("hall",), effects=(("sniff", 0.5),)),
)
