"""What happens in the chase: the charge, the sleigh, the avalanche, the leap over the gorge, the rope."""

from __future__ import annotations

import math

from studio.brush import Frame, Item, Pen, glide, glow, mix
from studio.cake.acting import mitten, on_board
from studio.cake.folk import baker, count, pia
from studio.cake.goat import goat
from studio.cake.heights import SLOPE, slope_height
from studio.cake.paints import INK, JET, MUSTARD, PINK_SKIN, SHADE, SNOW
from studio.cake.props import cabin, cake, sled, sleigh


def _rope(pen: Pen, start: tuple[float, float], stop: tuple[float, float], wave: float, width: float = 3.0) -> None:
    points = [
        (start[0] + (stop[0] - start[0]) * k / 8 + wave * math.sin(k * 0.9), start[1] + (stop[1] - start[1]) * k / 8)
        for k in range(9)
    ]
    pen.limb(points, [width, width], (206, 170, 110))


def charge(frame: Frame) -> None:
    """The goat storms the hall; the Count throws up his arms."""
    pen = frame.pen()
    fright = glide((frame.time - 0.35) / 0.2)
    count(pen.at(60, 172, 1.2, flip=True), frame.time, hx=34 - 8 * fright, hy=-70 - 90 * fright, bow=-0.24 * fright)
    goat(pen.at(-330 + 250 * frame.time, 168, 1.35), frame.time, 2.6, 0.55)
    pia(pen.at(-430 + 200 * frame.time, 168, 1.2), frame.time, 1.6, wind=0.8, hx=30, hy=-60)
    frame.ink(pen)


def bump(frame: Frame) -> None:
    """The goat hits: the Count flies off in an arc, his hat on its own."""
    since = max(0.0, frame.time - 0.25)
    pen = frame.pen()
    lift = 260 * since - 250 * since * since
    count(pen.at(60 + 230 * since, 168 - lift, 1.2, 1.9 * since), frame.time, hx=40, hy=-110, wind=1.0)
    goat(pen.at(-70 + 240 * min(frame.time, 0.3) + 40 * since, 168, 1.4), frame.time, 2.4 if since < 0.3 else 0.0, 1.0)
    frame.ink(pen)
    for k in range(7):
        star = frame.pen().lit()
        reach = 150 * glide(since / 0.4)
        if 0 < since < 0.55:
            a = k * 0.9
            star.limb(
                [
                    (40 + reach * 0.6 * math.cos(a), 70 + reach * 0.6 * math.sin(a)),
                    (40 + reach * math.cos(a), 70 + reach * math.sin(a)),
                ],
                [7, 2],
                (255, 230, 120),
            )
            frame.ink(star, 0.0)


def saved_cake(frame: Frame) -> None:
    """The cake slides from the table on to the sled, and Pia holds it."""
    slide = glide((frame.time - 0.15) / 0.5)
    pen = frame.pen()
    sled(pen.at(70, 160, 1.5), frame.time)
    cake(
        pen.at(
            -90 + 160 * slide, 100 + 34 * slide - 50 * math.sin(math.pi * slide), 0.8, 0.35 * math.sin(math.pi * slide)
        ),
        frame.time,
    )
    pia(pen.at(170, 164, 1.35, flip=True), frame.time, hx=44, hy=-50, bow=0.25)
    frame.ink(pen)


def count_sleigh(x: float, speed: float = 0.0, size: float = 1.0, whip: bool = True) -> Item:
    """The Count standing in his sleigh on the slope, whipping the air."""

    def paint(frame: Frame) -> None:
        here = x + speed * frame.time
        pen = frame.pen()
        ride = pen.at(
            here,
            slope_height(here) + 16 - 3 * abs(math.sin(frame.time * 8)),
            size,
            math.atan(SLOPE) + 0.02 * math.sin(frame.time * 19),
        )
        swing = math.sin(frame.time * 7)
        count(ride.at(-36, -22, 0.95), frame.time, sit=1.0, hx=34, hy=-92 + 22 * swing, wind=1.0, bow=0.16)
        if whip:
            ride.limb([(0, -106 + 20 * swing), (50, -150 + 40 * swing), (110, -110 - 30 * swing)], [3, 2, 1], INK)
        sleigh(ride, frame.time)
        frame.ink(pen)

    return paint


def out_of_the_gate(frame: Frame) -> None:
    """The sled bursts from the castle gate, small, and comes down towards us."""
    go = frame.time / 1.3
    pen = frame.pen()
    on_board(pen.at(-14 + 190 * go, 74 + 90 * go * go, 0.3 + 0.75 * go, 0.25), frame.time)
    frame.ink(pen)


def cracking(frame: Frame) -> None:
    """A crack runs through the snow field, whose lower part begins to slide."""
    pen = frame.pen()
    run = glide(frame.time / 0.9)
    slip = 60 * max(0.0, frame.time - 0.8) ** 2
    line = [(-300 + 66 * k, -10 + 30 * math.sin(k * 2.1) + 10 * k) for k in range(11)]
    seen = line[: max(2, round(11 * run))]
    pen.polygon([*[(x, y + 8 + slip) for x, y in line], (460, 270), (-460, 270)], mix(SNOW, SHADE, 0.35))
    pen.limb(seen, [3, 10 + slip * 0.4, 4], mix(INK, SHADE, 0.35))
    for k, (x, y) in enumerate(seen[1:]):
        pen.limb([(x, y), (x + 16 * (-1) ** k, y + 40)], [5, 1], mix(INK, SHADE, 0.5))
    frame.ink(pen, 0.1)


def throwing(frame: Frame) -> None:
    """The baker leans from the cabin and throws the rope."""
    throw = glide((frame.time - 0.4) / 0.3)
    pen = frame.pen()
    baker(
        pen.at(-30, 190, 1.5),
        frame.time,
        hx=20 + 66 * throw,
        hy=-130 + 60 * throw,
        gx=40,
        gy=-64,
        bow=-0.15 + 0.5 * throw,
    )
    _rope(pen, (80, 90), (90 + 260 * throw, 90 + 120 * throw), 12 * (1 - throw) + 5, 6)
    frame.ink(pen)


def rope_falls(frame: Frame) -> None:
    """The rope uncoils down the sky below the cabin."""
    fall = glide(frame.time / 0.8)
    pen = frame.pen()
    cabin(pen.at(-30, -210, 1.5), frame.time, 1.0)
    baker(pen.at(34, -64, 0.8), frame.time, hx=40, hy=-30, bow=0.7)
    _rope(pen, (70, -80), (90, -80 + 300 * fall), 16 * math.sin(frame.time * 6), 4)
    frame.ink(pen)


def leap(frame: Frame) -> None:
    """The sled flies over the brink, under the cabin with its rope."""
    t = frame.time
    pen = frame.pen()
    x, y = -230 + 180 * t, 42 - 62 * t + 36 * t * t
    cabin(pen.at(70 + 8 * t, -106, 0.7), t, 1.0)
    _rope(pen, (82 + 8 * t, -42), (90 + 6 * t, 24), 6 * math.sin(t * 5), 2.4)
    on_board(pen.at(x, y, 0.52, -0.2 + 0.22 * t), t, load=t < 0.9)
    if t >= 0.9:
        s = t - 0.9
        cake(pen.at(x - 6 + 40 * s, y - 20 - 90 * s, 0.4, 1.2 * s), t)
    frame.ink(pen)


def the_catch(frame: Frame) -> None:
    """A red mitten closes on the end of the rope."""
    reach = glide(frame.time / 0.45)
    pen = frame.pen()
    swing = 14 * math.sin(frame.time * 5)
    _rope(pen, (-60 + swing, -240), (-6 + swing, 40), 6, 13)
    pen.oval(-4 + swing, 52, 12, 16, (176, 136, 80))
    mitten(pen.at(60 - 62 * reach + swing * reach, 80 - 76 * reach, 1.15))
    frame.ink(pen)


def cake_in_the_air(frame: Frame) -> None:
    """The cake turns slowly against the sky, berries floating beside it."""
    t = frame.time
    pen = frame.pen()
    cake(pen.at(0, 70 - 30 * math.sin(t * 1.8), 1.7, -0.5 + 0.62 * t), t)
    for k in range(9):
        pen.oval(-190 + 46 * k + 12 * math.sin(t * 2 + k), -90 + 50 * math.sin(k * 1.7) - 22 * t, 9, 9, (196, 30, 60))
    frame.ink(pen)
    glow(frame, 0, 0, 260, (90, 240, 180), 0.28)


def reaching_baker(frame: Frame) -> None:
    """Two big hands stretch from below for something that falls."""
    reach = glide(frame.time / 0.7)
    pen = frame.pen()
    for side in (-1, 1):
        half = pen.at(0, 120 - 90 * reach, flip=side < 0)
        half.limb([(150, 300), (110, 150), (70, 50)], [110, 90, 56], MUSTARD)
        half.limb([(84, 70), (70, 30)], [58, 54], SNOW)
        half.curve([(92, 36), (98, 0), (84, -40), (58, -34), (38, 10), (48, 40)], PINK_SKIN)
        for k in range(4):
            half.limb(
                [(84 - 12 * k, -20), (82 - 20 * k, -56 + 3 * k), (70 - 22 * k, -84 + 9 * k)],
                [19, 17, 11],
                mix(PINK_SKIN, JET, 0.05 * k),
            )
    cake(pen.at(10 * math.sin(frame.time * 3), -120 + 66 * reach, 1.0, 0.4 - 0.4 * reach), frame.time)
    frame.ink(pen)


def swallowed(frame: Frame) -> None:
    """The Count brakes at the brink in a standing sleigh."""
    brake = glide(frame.time / 0.7)
    pen = frame.pen()
    ride = pen.at(-330 + 200 * brake, 54, 0.8, -0.14 * math.sin(math.pi * brake))
    count(ride.at(-36, -22, 0.95), frame.time, sit=1.0, hx=30, hy=-150, wind=1.0, bow=-0.3)
    sleigh(ride, frame.time)
    frame.ink(pen)
