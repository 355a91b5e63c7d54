"""The film itself: its shots in order, and how their pictures are painted one after another."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

from studio import figures as fig
from studio import places as at
from studio.brush import HEIGHT, WIDTH, Colour, Frame, Item, Pen, View, glide, glow, mix, noise
from studio.places import Place
from studio.scenery import (
    DAWN,
    DAY,
    DUSK,
    FOUL,
    GOLD,
    GREY,
    NIGHT,
    STARS,
    STORM,
    Light,
    beam,
    blank,
    bolt,
    layer,
    mist,
    motes,
    rain,
    shine,
    sky,
    swell_height,
    water,
)

RATE = 24


@dataclass(frozen=True)
class Shot:
    """One shot: what it shows, its length in frames, and how it begins.

    ``transition`` is the kind and the frames it takes before and after the first frame of this shot.
    ``again`` names an earlier shot with the same framing. ``sounds`` are beds and ``effects`` single sounds
    with their time in seconds after the cut (see sound.py). ``build`` makes the things to paint, back to front.
    """

    name: str
    frames: int
    place: str
    figures: tuple[str, ...]
    build: Callable[[], list[Item]]
    light: Light
    start: View = View()
    end: View | None = None
    shake: float = 0.0
    kind: Literal["picture", "logo", "title", "black", "credits"] = "picture"
    transition: tuple[Literal["cut", "dissolve", "fade"], int, int] = ("cut", 0, 0)
    again: str | None = None
    sounds: tuple[str, ...] = ()
    effects: tuple[tuple[str, float], ...] = ()


Drawing = Callable[..., None]


def act(
    draw: Drawing, x: float, y: float, size: float = 1.0, speed: float = 0.0, rise: float = 0.0, flip: bool = False, **how: float
) -> Item:
    """Put a figure at a world point, moving ``speed`` right and ``rise`` up, in world units per second."""

    def paint(frame: Frame) -> None:
        pen = frame.pen()
        draw(pen.at(x + speed * frame.time, y - rise * frame.time, size, flip=flip), frame.time, **how)
        frame.ink(pen)

    return paint


def scene(place: Place, *actors: Item) -> list[Item]:
    """The place with the actors between its back and its front."""
    return [*place[0], *actors, *place[1]]


def afloat(size: float, x: float, speed: float = 0.0, sail: float = 0.0, big: float = 34.0) -> Item:
    """The boat on the third row of a stormy sea, following its waves."""

    def paint(frame: Frame) -> None:
        here = x + speed * frame.time
        rise, swell_size = 0.0, big * 0.95
        rise = float(swell_height(here, frame.time, 3, swell_size))
        ahead = float(swell_height(here + 30, frame.time, 3, swell_size))
        pen = frame.pen()
        fig.boat(pen.at(here, 98 - rise, size, turn=-math.atan2(ahead - rise, 30) * 0.9), frame.time, sail, True, 0.6)
        frame.ink(pen)

    return paint


def walker(lamp: bool, x: float, speed: float, size: float) -> Item:
    """The keeper walking along the cliff path with his lantern."""

    def paint(frame: Frame) -> None:
        here = x + speed * frame.time
        y = at.path_height(here) + 6
        pen = frame.pen()
        fig.keeper(pen.at(here, y, size), frame.time, 0.9, lamp)
        frame.ink(pen)
        glow(frame, here + 35 * size, y - 38 * size, 120, (255, 196, 104), 0.75)

    return paint


@lru_cache(maxsize=64)
def _letters(text: str, size: int, spacing: float) -> Image.Image:
    font = ImageFont.load_default(size * 2)
    advance = [font.getlength(letter) + spacing * 2 for letter in text]
    picture = Image.new("L", (int(sum(advance)) + 8, size * 3))
    draw, x = ImageDraw.Draw(picture), 4.0
    for letter, width in zip(text, advance, strict=True):
        draw.text((x, size * 0.4), letter, font=font, fill=255)
        x += width
    return picture.reduce(2)


def words(text: str, y: float, size: int, colour: Colour, spacing: float = 2.0, roll: float = 0.0, appear: float = 0.0) -> Item:
    """A centred line of text at picture height ``y``, rolling up, fading in over ``appear`` seconds."""

    def paint(frame: Frame) -> None:
        mask = _letters(text, size, spacing)
        strength = glide(frame.time / appear) if appear else 1.0
        top = y - roll * frame.time
        if -60 < top < HEIGHT and strength > 0:
            shift = top - math.floor(top)
            moved = mask.transform(mask.size, Image.Transform.AFFINE, (1, 0, 0, 0, 1, -shift), Image.Resampling.BILINEAR)
            if strength < 1:
                moved = moved.point([round(k * strength) for k in range(256)])
            frame.image.paste(colour, ((WIDTH - mask.width) // 2, math.floor(top)), moved)

    return paint


def logo() -> list[Item]:
    """The card of the production company."""

    def emblem(frame: Frame) -> None:
        pen = Pen()
        pen.oval(320, 148, 92, 92, (214, 164, 72))
        pen.oval(320, 148, 87, 87, (20, 32, 62))
        pen.oval(320, 148, 82, 82, (238, 176, 92))
        pen.curve([(238, 168), (280, 150), (330, 166), (400, 152), (398, 182), (370, 214), (320, 230), (270, 214)], (46, 64, 92))
        fig.fox_sitting(pen.at(306, 192, 1.15), 0.0)
        fig.lantern(pen.at(372, 118, 1.6), 0.0)
        frame.ink(pen)

    name = [words("LANTERN & FOX", 258, 24, (240, 214, 160), 6.0), words("P I C T U R E S", 296, 12, (170, 176, 200), 3.0)]
    return [layer(blank((24, 38, 74), 3, 0.5), 0.0), emblem, *name]


def black() -> list[Item]:
    """Nothing."""
    return []


CREDITS = (
    ("THE KEEPER'S LIGHT", 26), ("", 10), ("the keeper", 12), ("OLD JORIS", 19), ("the girl of the boat", 12), ("MARA", 19),
    ("the fox", 12), ("HIMSELF", 19), ("the whale", 12), ("A WHALE", 19), ("", 14), ("drawn by", 12), ("POLYGONS AND NOISE", 19),
    ("played by", 12), ("SINES AND ENVELOPES", 19), ("", 14), ("made for trailergen", 12), ("NO FOX GOT WET", 19),
)  # fmt: skip


def credits() -> list[Item]:
    """The rolling end credits."""

    def sleeper(frame: Frame) -> None:
        pen = Pen(light=(110, 110, 150))
        fig.fox_curled(pen.at(90, 320, 1.0), frame.time)
        frame.ink(pen)

    items: list[Item] = [layer(blank((16, 20, 40), 31, 0.5), 0.0), sleeper]
    y = 70.0
    for text, size in CREDITS:
        if text:
            items.append(words(text, y, size, (236, 220, 180) if size > 12 else (150, 156, 186), 3.0, roll=56))
        y += size * 2 if size > 12 else size * 1.9
    return items


def cloud_bank(frame: Frame) -> None:
    """A storm cloud growing over the sea."""
    pen = frame.pen()
    rng = np.random.default_rng(12)
    for k in range(120):
        angle, reach = rng.uniform(0, 2 * math.pi), rng.uniform(0, 1) ** 0.5
        grow = 0.62 + 0.13 * frame.time
        x = 60 + math.cos(angle) * reach * 250 * grow - 12 * frame.time
        y = -70 + math.sin(angle) * reach * 74 * grow
        roll = 6 * math.sin(frame.time * 1.4 + k)
        tone = mix((24, 26, 38), (124, 128, 142), max(0.0, min(1.0, (-y - 20) / 120)) * rng.uniform(0.6, 1))
        pen.lit().oval(x, y + roll, rng.uniform(26, 52) * grow, rng.uniform(18, 34) * grow, tone)
    frame.ink(pen, 0.5)


def crowd(frame: Frame) -> None:
    """People under umbrellas hurrying along the street."""
    for k, (x, speed, coat) in enumerate(((-260, 46, (60, 70, 110)), (-60, -34, (110, 50, 56)), (120, 40, (70, 90, 80)), (300, -52, (90, 80, 60)))):
        pen = frame.pen()
        here, phase = pen.at(x + speed * frame.time, 146 + k * 7, 0.75 + k * 0.06, flip=speed < 0), frame.time * 7 + k
        for leg in (0.0, math.pi):
            here.limb([(0, -36), (9 * math.sin(phase + leg), -18), (15 * math.sin(phase + leg), -1)], [9, 8, 7], fig.INK)
        here.curve([(-14, -24), (-9, -70), (9, -70), (14, -24), (0, -20)], coat)
        here.oval(1, -80, 8, 9, fig.SKIN)
        here.limb([(6, -60), (12, -80), (10, -112)], [5, 2, 2], fig.INK)
        here.curve([(-36, -100), (-24, -124), (10, -136), (42, -122), (54, -98), (30, -106), (8, -100), (-14, -106)], mix(coat, (230, 60, 60), 0.4))
        frame.ink(pen)


def butterfly(frame: Frame) -> None:
    """A butterfly in front of the fox."""
    pen = frame.pen()
    wing = abs(math.sin(frame.time * 13))
    here = pen.at(-30 + 118 * frame.time, 40 + 14 * math.sin(frame.time * 4))
    for side in (-1, 1):
        here.oval(side * 6 * wing, -3, 7 * wing + 0.6, 7, (90, 120, 220))
        here.oval(side * 4 * wing, 5, 5 * wing + 0.6, 5, (140, 180, 250))
    here.limb([(0, -7), (0, 7)], [1.6, 1.2], fig.INK)
    frame.ink(pen)


def cliff_pair(frame: Frame) -> None:
    """Keeper and fox sitting on the cliff, watching the sun go down."""
    pen = frame.pen()
    man = pen.at(-84, 62, 0.95)
    breath = math.sin(frame.time * 1.7)
    man.limb([(6, -14), (34, -14), (38, 10)], [16, 14, 11], fig.SOCK)
    man.curve([(-24, 2), (-20, -30), (-10, -56 - breath), (12, -56 - breath), (20, -24), (18, 2)], fig.OIL)
    man.curve([(-24, 2), (-20, -30), (-10, -56), (-4, -30), (-8, 2)], fig.OIL_DARK)
    head = man.at(3, -68 - breath)
    head.oval(2, 0, 10, 11, fig.SKIN)
    head.curve([(-6, 4), (8, 4), (13, 6), (10, 18), (2, 20)], fig.HAIR)
    head.curve([(-22, 4), (-12, -5), (-8, -16), (6, -18), (12, -7), (20, -4), (6, -4), (-8, -3)], fig.OIL)
    man.limb([(8, -44), (28, -34), (52, -40)], [12, 10, 8], fig.OIL)
    fig.fox_sitting(pen.at(-26, 64, 0.82), frame.time)
    frame.ink(pen)


def basket(frame: Frame) -> None:
    """The fox asleep in his basket."""
    pen = frame.pen()
    pen.oval(-60, 138, 64, 16, (120, 78, 44))
    fig.fox_curled(pen.at(-60, 138, 1.1), frame.time)
    for k in range(11):
        pen.limb([(-124 + k * 12.6, 136), (-118 + k * 12, 156)], [8, 7], mix((150, 100, 56), (110, 70, 40), k % 2))
    pen.limb([(-124, 138), (-60, 148), (4, 138)], [7, 8, 7], (170, 116, 66))
    frame.ink(pen)


def polishing(frame: Frame) -> None:
    """The keeper rubbing the lens."""
    pen = frame.pen()
    fig.keeper(pen.at(-96, 112, 1.5), frame.time, 0.0, lamp=False)
    hand = (-50 + 14 * math.sin(frame.time * 6), -20 + 10 * math.cos(frame.time * 6))
    pen.limb([(-88, 2), (-66, 6), hand], [20, 16, 11], fig.OIL_DARK)
    pen.oval(*hand, 8, 8, fig.SKIN)
    pen.curve([(hand[0] - 4, hand[1] - 10), (hand[0] + 14, hand[1] - 6), (hand[0] + 12, hand[1] + 14), (hand[0] - 2, hand[1] + 10)], (230, 230, 236))
    frame.ink(pen)


def placing(frame: Frame) -> None:
    """A hand lifts the crystal into the lens."""
    done = glide(frame.time / 1.0)
    x, y = 110 - 96 * done, 110 - 110 * done
    pen = frame.pen()
    pen.limb([(x + 150, y + 150), (x + 60, y + 70), (x + 14, y + 30)], [60, 40, 24], fig.OIL)
    pen.limb([(x + 26, y + 40), (x + 8, y + 24), (x - 8, y + 12)], [24, 18, 9], fig.SKIN)
    fig.crystal(pen.at(x, y), frame.time, 0.9)
    pen.limb([(x + 24, y + 36), (x + 14, y + 14), (x + 4, y + 4)], [16, 12, 8], fig.SKIN)
    frame.ink(pen)
    glow(frame, x, y, 90, (150, 220, 255), 0.7)


def carrying(frame: Frame) -> None:
    """The fox running with the crystal in his mouth."""
    pen = frame.pen()
    x = -150 + 230 * frame.time
    fig.fox(pen.at(x, 128, 1.0), frame.time, 2.6)
    fig.crystal(pen.at(x + 72, 88), frame.time, 0.4)
    frame.ink(pen)
    glow(frame, x + 72, 88, 80, (150, 220, 255), 0.8)


def glowing_crystal(frame: Frame) -> None:
    """The crystal, close."""
    pen = frame.pen()
    fig.crystal(pen.at(0, -4 + 4 * math.sin(frame.time * 2)), frame.time, 2.6)
    frame.ink(pen)
    glow(frame, 0, 0, 230, (120, 200, 255), 0.62 + 0.1 * math.sin(frame.time * 3))


def gutter(time: float) -> float:
    """The lamp's brightness while it dies."""
    return max(0.0, 0.85 * (1 - glide((time - 0.5) / 1.5)) * (1 + 0.12 * math.sin(time * 21)))


def flare(time: float) -> float:
    """The lamp's brightness while it comes back."""
    return 0.1 + 0.9 * glide(time / 1.7)


def steady(time: float) -> float:
    """The brightness of the burning lamp."""
    return 0.72 + 0.03 * math.sin(time * 9)


def night_lamp(frame: Frame) -> None:
    """The keeper's lantern far off among the trees."""
    pen = frame.pen()
    x = -120 + 30 * frame.time
    fig.keeper(pen.at(x, 128, 0.55), frame.time, 0.8)
    frame.ink(pen)
    glow(frame, x + 20, 102, 110, (255, 190, 96), 0.85)


def meeting(frame: Frame) -> None:
    """Keeper and fox face to face, by lantern light."""
    pen = frame.pen()
    fig.keeper(pen.at(-96, 136, 1.25), frame.time, 0.0)
    fig.fox(pen.at(96 - 8 * frame.time, 136, 1.0, flip=True), frame.time, 0.0)
    frame.ink(pen)
    glow(frame, -52, 78, 210, (255, 190, 96), 0.8)


def rummaging(frame: Frame) -> None:
    """The keeper searching the attic, his lantern going ahead."""
    pen = frame.pen()
    x = -210 + 80 * frame.time
    fig.keeper(pen.at(x, 132, 1.35), frame.time, 0.8)
    frame.ink(pen)
    glow(frame, x + 48, 70, 230, (255, 186, 96), 0.8)


def at_table(frame: Frame) -> None:
    """The keeper bent over his table."""
    pen = frame.pen()
    fig.keeper(pen.at(20, 130, 1.25), frame.time, 0.0, lamp=False)
    pen.box(40, 72, 130, 8, (128, 84, 54))
    pen.box(52, 80, 8, 54, (96, 60, 40))
    pen.box(150, 80, 8, 54, (96, 60, 40))
    pen.polygon([(62, 72), (70, 66), (140, 66), (148, 72)], (236, 216, 170))
    reach = 84 + 16 * math.sin(frame.time * 2.4)
    pen.limb([(26, 42), (52, 60), (reach, 64)], [16, 13, 9], fig.OIL)
    pen.oval(reach, 64, 5.5, 5, fig.SKIN)
    pen.limb([(reach, 63), (reach + 5, 46)], [2, 2.4], (70, 50, 120))
    frame.ink(pen)


def loading(frame: Frame) -> None:
    """Mara carrying a sack along the quay."""
    pen = frame.pen()
    x = -260 + 34 * frame.time
    fig.girl(pen.at(x, 128, 0.9), frame.time, 0.8)
    pen.curve([(x - 4, 62), (x + 14, 58), (x + 24, 70), (x + 20, 88), (x, 88)], (206, 176, 122))
    frame.ink(pen)


def reunion(frame: Frame) -> None:
    """Mara and the keeper on the quay, the fox between them."""
    pen = frame.pen()
    near = glide(frame.time / 2.5)
    fig.keeper(pen.at(-300 + 40 * near, 134, 0.9), frame.time, 0.7 * (1 - near), lamp=False)
    fig.girl(pen.at(-140 - 30 * near, 134, 0.95, flip=True), frame.time, 0.8 * (1 - near))
    fig.fox_sitting(pen.at(-214, 146, 0.5), frame.time)
    frame.ink(pen)


def before(place: Place, *actors: Item) -> list[Item]:
    """The whole place with the actors in front of it."""
    return [*place[0], *place[1], *actors]


def close(place: Place, *actors: Item) -> list[Item]:
    """A close-up: the actors before a place that is passed over lightly (its front is left out)."""
    return [*place[0], *actors]


V = View
SHOTS: tuple[Shot, ...] = (
    Shot("logo", 72, "card", ("fox", "lantern"), logo, DAY, kind="logo", effects=(("chime", 0.4),)),
    Shot("title", 92, "sea", (), lambda: [layer(sky(DAWN, 6), 0.12), water(DAWN, 30), words("THE KEEPER'S LIGHT", 120, 38, (255, 246, 226), 7, appear=1.2),
         words("a very short film", 178, 18, (255, 250, 240), 3, appear=2.2)], DAWN, V(-40, 0, 1.0), V(20, -6, 1.04), kind="title",
         transition=("fade", 12, 12), sounds=("waves",)),
    Shot("coast at dawn", 112, "coast", ("lighthouse", "gulls"), lambda: scene(at.coast(DAWN), act(fig.gull, -60, -60, 0.5, 34, 4), act(fig.gull, 40, -20, 0.35, 28, 2)), DAWN,
         V(-80, 6, 1.02), V(20, 0, 1.06), transition=("dissolve", 12, 12), sounds=("waves", "gulls")),
    Shot("harbour", 84, "harbour", ("boats", "gulls"), lambda: scene(at.harbour(DAY), act(fig.gull, -40, -90, 0.5, 50, 3), act(fig.gull, 120, -60, 0.4, -44, -2, True)), DAY,
         V(110, 24, 1.0), V(30, 24, 1.0), sounds=("harbour", "gulls")),
    Shot("loading", 56, "harbour", ("girl",), lambda: before(at.harbour(DAY), loading), DAY, V(-222, 84, 2.0), V(-206, 84, 2.0), sounds=("harbour",), effects=(("steps", 0.0),)),
    Shot("fox in the forest", 78, "forest", ("fox",), lambda: scene(at.forest(DAY, sunlit=True), act(fig.fox, -190, 134, 0.9, 84, 0, pace=1.3)), DAY, V(-40, 34, 1.12), V(30, 34, 1.12), sounds=("birds",)),
    Shot("fox, close", 38, "forest", ("fox",), lambda: close(at.forest(DAY, close=True), act(fig.fox_face, -10, 20, 1.15)), DAY, V(0, 0, 1.0), V(0, 2, 1.07), sounds=("birds",)),
    Shot("meadow", 64, "meadow", ("fox", "butterfly"), lambda: scene(at.meadow(GOLD), act(fig.fox, -130, 134, 1.0, 110, 0, pace=2.0), butterfly), GOLD, V(-90, 36, 1.15), V(110, 36, 1.15), sounds=("birds",)),
    Shot("polishing the lens", 74, "lamp room", ("keeper", "lens"), lambda: scene(at.lamp_room(DAY, spin=0.2), polishing), DAY, V(-20, -10, 1.05), V(-30, -4, 1.3), sounds=("room", "gulls"), effects=(("squeak", 0.3), ("squeak", 1.4))),
    Shot("keeper, close", 40, "lamp room", ("keeper",), lambda: close(at.sea(DAY), act(fig.keeper_face, 10, 24, 1.05)), DAY, V(0, 0, 1.0), V(6, 0, 1.04), sounds=("room",)),
    Shot("at the table", 70, "attic", ("keeper",), lambda: scene(at.attic(DAWN), at_table), DAWN, V(20, 10, 1.05), V(40, 14, 1.2), sounds=("room",), effects=(("scratch", 0.4), ("scratch", 1.4))),
    Shot("the chart", 52, "chart", ("hand", "map"), lambda: scene(at.chart(DAY)), DAY, V(-20, 10, 1.05), V(10, 0, 1.15), sounds=("room",), effects=(("scratch", 0.0), ("scratch", 0.7), ("scratch", 1.4))),
    Shot("the boat leaves", 104, "coast", ("fox", "boat", "lighthouse"), lambda: scene(at.coast(DUSK), act(fig.boat, 90, 116, 0.7, 16, 3), act(fig.fox_sitting, -28, 56, 0.7)), DUSK, V(20, 30, 1.15),
         transition=("dissolve", 8, 8), sounds=("waves",)),
    Shot("Mara at sea", 48, "sea", ("girl",), lambda: close(at.sea(DUSK, 1.4), act(fig.girl_face, 0, 30, 1.0, gale=0.35)), DUSK, V(0, 0, 1.0), V(-10, 0, 1.03), sounds=("waves", "wind")),
    Shot("the fox still watches", 42, "coast", ("fox", "boat", "lighthouse"), lambda: scene(at.coast(DUSK), act(fig.boat, 190, 98, 0.5, 12, 2), act(fig.fox_sitting, -28, 56, 0.7)), DUSK, V(20, 30, 1.15),
         again="the boat leaves", sounds=("waves",)),
    Shot("the lamp burns", 48, "lamp room", ("lens",), lambda: scene(at.lamp_room(DUSK, steady, 1.6)), DUSK, V(0, -10, 1.9), V(0, -10, 1.7), sounds=("room", "hum")),
    Shot("the cloud", 74, "sea", ("storm cloud", "gulls"), lambda: scene(at.sea(GREY, 1.6), cloud_bank, act(fig.gull, 40, 10, 0.5, -70, -4, True), act(fig.gull, 120, -10, 0.4, -64, -2, True)), GREY, V(0, -10, 1.0), V(0, -10, 1.1), sounds=("wind",), effects=(("thunder", 1.2),)),
    Shot("wind in the harbour", 42, "harbour", ("boats",), lambda: scene(at.harbour(GREY, 2.4), mist((200, 204, 206), 0.3, 0.1, 90)), GREY, V(-60, 40, 1.45), V(-40, 40, 1.45), 1.0, sounds=("harbour", "wind")),
    Shot("the bell", 42, "belfry", ("bell",), lambda: scene(at.belfry(GREY), act(fig.bell, 0, -112, 1.25)), GREY, V(0, -4, 1.05), V(0, -4, 1.12), sounds=("wind",), effects=(("bell", 0.1), ("bell", 1.0))),
    Shot("rain in the town", 80, "town", ("people",), lambda: scene(at.town(FOUL), crowd, rain(0.4)), FOUL, V(-60, 10, 1.05), V(20, 0, 1.05), sounds=("rain", "town"), effects=(("steps", 0.0), ("steps", 1.6))),
    Shot("the lamp dies", 62, "lamp room", ("lens",), lambda: scene(at.lamp_room(FOUL, gutter, 0.9), rain(0.14)), FOUL, V(0, -10, 1.25), V(0, -10, 1.1), sounds=("rain", "room"), effects=(("fizzle", 0.6),)),
    Shot("keeper, shocked", 28, "lamp room", ("keeper",), lambda: close(at.sea(FOUL), act(fig.keeper_face, -14, 20, 1.25, worry=1.0)), replace(FOUL, ambient=(150, 160, 200)), V(), V(0, 0, 1.06), sounds=("rain",)),
    Shot("dark coast", 60, "coast", ("lighthouse",), lambda: scene(at.coast(FOUL, speed=2.2), rain(0.3)), FOUL, V(-110, 10, 1.25), V(-90, 0, 1.15), sounds=("rain", "waves"), effects=(("thunder", 0.6),)),
    Shot("boat in the storm", 56, "sea", ("boat", "girl"), lambda: scene(at.storm_sea(STORM), afloat(0.85, -20, 12), rain(0.32)), STORM, V(0, 20, 1.1), None, 1.5, sounds=("storm",), effects=(("crash", 0.8),)),
    Shot("Mara in the storm", 30, "sea", ("girl",), lambda: close(at.storm_sea(STORM), act(fig.girl_face, -20, 26, 1.1, gale=1.0), rain(0.4)), STORM, V(), None, 2.0, sounds=("storm",)),
    Shot("down the stairs", 64, "stairs", ("keeper", "lantern"), lambda: scene(at.stairs(FOUL, -1.0)), replace(FOUL, ambient=(150, 146, 170)), V(0, 0, 1.0), V(0, 0, 1.15), sounds=("room",), effects=(("steps", 0.0), ("steps", 1.3))),
    Shot("searching the attic", 56, "attic", ("keeper", "lantern"), lambda: scene(at.attic(FOUL), rummaging), FOUL, V(-70, 20, 1.2), V(20, 20, 1.2), sounds=("rain", "room"), effects=(("steps", 0.2),)),
    Shot("on the cliff path", 66, "cliff path", ("keeper", "lantern"), lambda: scene(at.cliff_path(FOUL), walker(True, -150, 60, 0.9), rain(0.34)), FOUL, V(-60, 40, 1.1), V(50, 30, 1.1), sounds=("rain", "wind"), effects=(("steps", 0.0), ("steps", 1.3))),
    Shot("lantern in the forest", 82, "forest", ("keeper", "lantern"), lambda: scene(at.forest(NIGHT, fog=0.5), night_lamp), NIGHT, V(-40, 20, 1.0), V(30, 20, 1.08), sounds=("night",), effects=(("owl", 0.6), ("owl", 2.3))),
    Shot("eyes in the dark", 26, "forest", ("fox",), lambda: close(at.forest(NIGHT, close=True), act(fig.fox_face, 20, 26, 1.5, shine=1.0)), replace(NIGHT, ambient=(58, 66, 104)), V(20, 10, 1.0), V(20, 10, 1.08), sounds=("night",)),
    Shot("the meeting", 58, "forest", ("fox", "keeper", "lantern"), lambda: scene(at.forest(NIGHT, fog=0.3, close=True), meeting), NIGHT, V(0, 46, 1.4), V(10, 46, 1.5), sounds=("night",)),
    Shot("fox runs", 36, "forest", ("fox",), lambda: scene(at.forest(NIGHT, fog=0.4), act(fig.fox, -130, 138, 1.25, 200, 0, pace=2.6)), NIGHT, V(-110, 50, 1.3), V(150, 50, 1.3), sounds=("night", "wind"), effects=(("patter", 0.0),)),
    Shot("the cave", 84, "cave", ("fox", "crystals"), lambda: scene(at.cave(), act(fig.fox, -230, 136, 0.8, 62, 0, pace=1.0)), replace(NIGHT, ambient=(150, 170, 230)), V(-50, 10, 1.05), V(20, 20, 1.15), transition=("dissolve", 10, 10), sounds=("cave",), effects=(("drip", 0.5), ("drip", 1.7), ("chime", 2.2))),
    Shot("the crystal", 38, "cave", ("crystal",), lambda: [layer(blank((24, 34, 72), 61, 0.9, 1.3), 0.4), motes((190, 230, 255), 40, 18), glowing_crystal], DAY, V(0, 0, 1.0), V(0, 0, 1.12), sounds=("cave",), effects=(("chime", 0.1),)),
    Shot("fox by crystal light", 34, "cave", ("fox",), lambda: [layer(blank((18, 26, 60), 64, 0.9, 1.3), 0.4), act(fig.fox_face, -30, 20, 1.1), shine(170, 150, 330, (90, 180, 255), 0.6)], replace(NIGHT, ambient=(150, 176, 236)), V(), V(-8, 0, 1.03), sounds=("cave",)),
    Shot("boat in the storm, later", 44, "sea", ("boat", "girl"), lambda: scene(at.storm_sea(STORM, 42), afloat(0.85, 50, 14, big=42), rain(0.36), bolt(-170, -150, 0.5, 3)), STORM, V(0, 20, 1.1), None, 2.0, again="boat in the storm", sounds=("storm",), effects=(("crash", 0.3), ("thunder", 0.8))),
    Shot("the whale", 68, "underwater", ("whale",), lambda: scene(at.underwater(), act(fig.whale, -120, 0, 1.1, 62, 6)), replace(NIGHT, ambient=(200, 226, 240)), V(-20, 0, 1.0), V(20, -6, 1.0), sounds=("deep",), effects=(("whale", 0.3),)),
    Shot("Mara in the storm, later", 20, "sea", ("girl",), lambda: close(at.storm_sea(STORM), act(fig.girl_face, -14, 28, 1.1, gale=1.3), rain(0.46)), STORM, V(), None, 2.5, again="Mara in the storm", sounds=("storm",)),
    Shot("over the town", 36, "town", ("clock tower",), lambda: scene(at.town(FOUL), bolt(-70, -190, 0.35, 5), rain(0.42)), FOUL, V(50, -110, 1.5), V(50, -116, 1.5), 0.6, sounds=("rain",), effects=(("thunder", 0.5),)),
    Shot("fox with the crystal", 34, "meadow", ("fox", "crystal"), lambda: scene(at.meadow(FOUL), carrying, rain(0.26)), FOUL, V(-90, 46, 1.25), V(170, 46, 1.25), sounds=("rain",), effects=(("patter", 0.0),)),
    Shot("up the stairs", 36, "stairs", ("keeper", "lantern"), lambda: scene(at.stairs(FOUL, 2.2)), replace(FOUL, ambient=(150, 146, 170)), V(20, 10, 1.5), V(10, 0, 1.35), 1.0, sounds=("room",), effects=(("steps", 0.0), ("steps", 0.7))),
    Shot("alarm", 17, "belfry", ("bell",), lambda: scene(at.belfry(FOUL), act(fig.bell, 0, -118, 1.5, vigour=1.5), rain(0.3)), FOUL, V(0, 0, 1.3), None, 1.0, sounds=("rain",), effects=(("bell", 0.05),)),
    Shot("the crystal in the lens", 32, "lamp room", ("hand", "crystal", "lens"), lambda: scene(at.lamp_room(FOUL, spin=0.1), placing), FOUL, V(20, 0, 1.9), V(10, 0, 2.1), sounds=("rain", "room"), effects=(("chime", 0.9),)),
    Shot("the lamp returns", 46, "lamp room", ("lens",), lambda: scene(at.lamp_room(FOUL, flare, 1.4)), FOUL, V(0, -10, 1.0), V(0, -10, 1.12), sounds=("room", "hum"), effects=(("rise", 0.0),)),
    Shot("the light over the sea", 96, "coast", ("lighthouse",), lambda: scene(at.coast(STARS, True, 1.8), beam(-150, -130, -1.2, 0.75), rain(0.16)), STARS, V(0, 0, 1.02), V(30, 0, 1.0), sounds=("waves", "hum")),
    Shot("the boat sees it", 48, "sea", ("boat", "girl"), lambda: scene(at.storm_sea(STARS, 22, 9), beam(-330, -60, -0.5, 0.3, 0.85), afloat(1.3, -40, 14, 0.7, 22)), STARS, V(0, 26, 1.25), V(10, 26, 1.3), sounds=("waves", "wind")),
    Shot("calm morning", 104, "coast", ("lighthouse", "boat", "gulls"), lambda: scene(at.coast(GOLD), act(fig.boat, 300, 108, 0.75, -24, 0, True), act(fig.gull, 160, -30, 0.5, -30, 4, True)), GOLD, V(70, 14, 1.1), V(40, 20, 1.14), transition=("dissolve", 12, 12), sounds=("waves", "gulls")),
    Shot("home", 80, "harbour", ("girl", "keeper", "fox"), lambda: before(at.harbour(GOLD), reunion), GOLD, V(-190, 70, 1.5), V(-200, 76, 1.7), sounds=("harbour", "gulls"), effects=(("bell", 0.6),)),
    Shot("fox asleep", 60, "attic", ("fox",), lambda: scene(at.attic(DAY), basket), DAY, V(-60, 50, 1.5), V(-60, 66, 1.75), sounds=("room", "birds")),
    Shot("sunset", 132, "coast", ("keeper", "fox"), lambda: scene(at.coast(DUSK), cliff_pair, act(fig.gull, 60, -20, 0.4, 16, 3)), DUSK, V(-20, 20, 1.5), V(20, 4, 1.15), sounds=("waves",)),
    Shot("black", 36, "black", (), black, DAY, kind="black", transition=("fade", 30, 0)),
    Shot("credits", 176, "card", ("fox",), credits, DAY, kind="credits", sounds=("waves",)),
)  # fmt: skip


Pixels = npt.NDArray[np.uint8]


@lru_cache(maxsize=1)
def _vignette() -> npt.NDArray[np.float32]:
    y, x = np.mgrid[-1 : 1 : HEIGHT * 1j, -1 : 1 : WIDTH * 1j]
    return (1.03 - 0.26 * np.clip(np.hypot(x, y * 0.8) - 0.35, 0, 2) ** 1.6)[..., None].astype(np.float32)


class Camera:
    """Paints the pictures of one shot. Things are built when the first picture is asked for."""

    def __init__(self, shot: Shot) -> None:
        self.shot = shot
        self.items: list[Item] | None = None

    def picture(self, index: int) -> npt.NDArray[np.float32]:
        """Picture ``index`` of the shot as float32 (360, 640, 3), 0 to 255; before and after the shot too."""
        if self.items is None:
            self.items = self.shot.build()
        time = index / RATE
        view = self.shot.start
        if self.shot.end is not None:
            view = view.to(self.shot.end, index / self.shot.frames)
        if self.shot.shake:
            wobble = self.shot.shake
            x = math.sin(time * 11) + 0.6 * math.sin(time * 17.7)
            y = math.sin(time * 13.1) + 0.6 * math.sin(time * 19.3)
            view = View(view.x + wobble * x, view.y + wobble * y, view.zoom)
        frame = Frame(view, time, self.shot.light.ambient)
        for item in self.items:
            item(frame)
        if self.shot.kind in ("picture", "title"):
            return frame.pixels() * _vignette()
        return frame.pixels()


def starts() -> list[int]:
    """The first frame of every shot, and the length of the film."""
    return [int(n) for n in np.concatenate([[0], np.cumsum([shot.frames for shot in SHOTS])])]


class Projector:
    """Gives any picture of the finished film: shots, transitions and grain."""

    def __init__(self) -> None:
        self.begin = starts()
        self.cameras = [Camera(shot) for shot in SHOTS]
        self.grain = (noise(512, 512, 500, 0.25) - 0.5) * 6

    def picture(self, now: int) -> Pixels:
        """Picture ``now`` of the film as uint8 (360, 640, 3)."""
        number = bisect_right(self.begin, now) - 1
        shot, index, left = SHOTS[number], now - self.begin[number], self.begin[number + 1] - now
        image = self.cameras[number].picture(index)
        kind, before, after = shot.transition
        if index < after and kind == "dissolve":
            old = self.cameras[number - 1].picture(SHOTS[number - 1].frames + index)
            image = old + (image - old) * ((before + index + 0.5) / (before + after))
        elif index < after and kind == "fade":
            image = image * ((index + 0.5) / after)
        if number + 1 < len(SHOTS):
            kind, before, after = SHOTS[number + 1].transition
            if left <= before and kind == "dissolve":
                new = self.cameras[number + 1].picture(-left)
                image = image + (new - image) * ((before - left + 0.5) / (before + after))
            elif left <= before and kind == "fade":
                image = image * ((left - 0.5) / before)
        if shot.kind in ("picture", "title"):
            grain = np.roll(self.grain, (now * 197, now * 331), (0, 1))
            image = image + grain[:HEIGHT, np.arange(WIDTH) % 512, None]
        return np.clip(image + 0.5, 0, 255).astype(np.uint8)


def pictures() -> Iterator[Pixels]:
    """All pictures of the film, in order, as uint8 (360, 640, 3)."""
    projector = Projector()
    for now in range(projector.begin[-1]):
        yield projector.picture(now)
