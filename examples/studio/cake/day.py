"""The set-up, in the morning: the village, the baker, Pia, the goat, the guest from the castle, the cake."""

from __future__ import annotations

import math

from studio.brush import View
from studio.cake.acting import face, kneading, moving, plank, strollers
from studio.cake.cards import logo, poster, title
from studio.cake.faces import Mood, baker_face, count_face, pia_face
from studio.cake.folk import baker, count, pia
from studio.cake.goat import goat, goat_face
from studio.cake.paints import JET, LAMPLIT, MORNING, SHADE, SNOW
from studio.cake.props import cabin, cake, sled
from studio.cake.village import bakery, shop_front, square, valley
from studio.layers import blank, layer
from studio.shot import Shot, act, close, scene
from studio.weather import motes

FLOUR = motes((255, 250, 236), 26, 5)

SHOTS: tuple[Shot, ...] = (
    Shot("logo", 60, "card", ("goat",), logo, MORNING, kind="logo"),
    Shot(
        "title", 84, "valley", (), lambda: [*scene(valley(MORNING, 0, False)), *title()], MORNING,
        View(0, -46, 1.2), View(0, -30, 1.2), kind="title", transition=("fade", 12, 12), sounds=("mountain",), effects=(("bells", 0.6),),
    ),
    Shot(
        "the valley in the morning", 78, "valley", ("village", "castle"), lambda: scene(valley(MORNING)), MORNING,
        View(0, -10, 1.02), View(0, 24, 1.3), transition=("dissolve", 9, 9), sounds=("mountain", "birds"),
    ),
    Shot(
        "the square in the morning", 66, "square", ("people",), lambda: scene(square(MORNING), strollers), MORNING,
        View(-90, 10, 1.15), View(50, 10, 1.15), sounds=("murmur",), effects=(("snow steps", 0.3), ("jingle", 1.4)),
    ),
    Shot(
        "the cable car passes", 44, "sky", ("cable car",),
        lambda: [layer(blank((142, 206, 222), 3, 0.3)), act(cabin, -190, -60, 1.5, 120, 14)], MORNING,
        sounds=("winch",),
    ),
    Shot(
        "the baker at work", 58, "bakery", ("baker",),
        lambda: scene(
            bakery(LAMPLIT),
            moving(baker, lambda t: {"x": 60, "y": 150, "size": 1.15, "hx": 30 + 7 * math.sin(t * 6), "hy": -46 + 6 * math.sin(t * 6), "gx": 46 - 7 * math.sin(t * 6), "gy": -46}),
            FLOUR,
        ), LAMPLIT, View(0, 20, 1.15), View(20, 20, 1.25), sounds=("hearth",), effects=(("baker talks", 0.8),),
    ),
    Shot(
        "dough", 32, "bakery", ("baker",), lambda: [*close(bakery(LAMPLIT, True, 6)), plank, kneading, FLOUR], LAMPLIT, View(0, 20, 1.0), View(0, 24, 1.06),
        sounds=("hearth",), effects=(("thud", 0.5),),
    ),
    Shot(
        "the baker smiles", 44, "bakery", ("baker",),
        lambda: [*close(bakery(LAMPLIT, True, 5)), face(baker_face, Mood(smile=0.4, look=0.5), Mood(smile=1, brow=0.3, wide=0.8, look=-0.4), 0.6), FLOUR],
        LAMPLIT, View(0, 10, 0.95), View(0, 10, 1.0), sounds=("hearth",), effects=(("baker laughs", 0.8),),
    ),
    Shot(
        "Pia crosses the square", 54, "square", ("Pia", "sled"),
        lambda: scene(
            square(MORNING),
            moving(sled, lambda t: {"x": -190 + 84 * t, "y": 152, "size": 0.8}),
            moving(pia, lambda t: {"x": -110 + 84 * t, "y": 154, "size": 1.05, "pace": 1.1, "hx": -16, "hy": -30}),
        ), MORNING, View(-60, 50, 1.5), View(60, 50, 1.5), sounds=("murmur",), effects=(("snow steps", 0.1), ("pia talks", 1.0)),
    ),
    Shot(
        "Pia", 42, "square", ("Pia",),
        lambda: [*close(square(MORNING, 4)), face(pia_face, Mood(smile=0.3, look=0.6, turn=10), Mood(smile=1, wide=1.1, look=0.8, turn=14, open=0.15), 0.7)],
        MORNING, View(-60, 12, 0.98), View(-50, 12, 1.02), sounds=("murmur",), effects=(("pia laughs", 0.9),),
    ),
    Shot(
        "the goat on the roof", 50, "roof", ("goat",),
        lambda: [
            layer(blank((150, 208, 222), 8, 0.35)),
            act(lambda p, t: (p.polygon([(-420, 220), (0, 40), (420, 220)], SNOW), p.polygon([(0, 40), (420, 220), (300, 220)], SHADE), p.box(120, 0, 50, 110, (150, 90, 76)), p.box(112, -8, 66, 14, SNOW)) and None, 0, 0),
            moving(goat, lambda t: {"x": -20, "y": 50, "size": 1.5, "chew": 1.0, "head": 0.25 + 0.25 * math.sin(t * 2)}),
        ], MORNING, View(0, 0, 1.0), View(0, -6, 1.1), sounds=("mountain", "birds"), effects=(("soft bleat", 0.6), ("munch", 1.0)),
    ),
    Shot(
        "the goat chews", 40, "roof", ("goat",),
        lambda: [layer(blank((150, 208, 222), 8, 0.35)), face(goat_face, Mood(smile=0.5, look=-0.6), Mood(smile=0.8, look=0.8), 0.8, y=20, chew=1.0)],
        MORNING, View(0, 10, 0.96), View(0, 10, 1.0), sounds=("mountain",), effects=(("munch", 0.1),),
    ),
    Shot(
        "a roll for the goat", 62, "shop front", ("Pia", "goat"),
        lambda: close(
            shop_front(MORNING),
            moving(pia, lambda t: {"x": -60, "y": 168, "size": 1.7, "hx": 26 + 6 * math.sin(t * 3), "hy": -34, "bow": 0.14}),
            moving(goat, lambda t: {"x": 74, "y": 168, "size": 1.45, "flip": 1, "chew": 1.0, "head": 0.30 + 0.08 * math.sin(t * 5)}),
        ), MORNING, View(0, 40, 1.15), View(0, 44, 1.25), sounds=("murmur",), effects=(("soft bleat", 0.3), ("pia laughs", 1.2), ("munch", 1.4)),
    ),
    Shot(
        "the guest steps out", 56, "station", ("Count", "cable car"),
        lambda: scene(
            square(MORNING),
            act(lambda p, t: (p.limb([(-480, -120), (480, -90)], [3, 3], JET), None)[1], 0, 0),
            act(cabin, -20, -105, 2.0),
            moving(count, lambda t: {"x": 10 + 46 * t, "y": 160, "size": 1.1, "pace": 0.7, "hx": 20, "hy": -64}),
        ), MORNING, View(40, 20, 1.15), View(60, 20, 1.2), sounds=("winch", "murmur"), effects=(("steps", 0.4),),
    ),
    Shot(
        "boots", 28, "square", ("Count",),
        lambda: [layer(blank((232, 240, 246), 9, 0.1)), moving(count, lambda t: {"x": -120 + 110 * t, "y": 130, "size": 3.4, "pace": 0.8})],
        MORNING, View(-20, 20, 1.0), sounds=("hush",), effects=(("snow steps", 0.0),),
    ),
    Shot(
        "the Count", 46, "square", ("Count",),
        lambda: [*close(square(MORNING, 5)), face(count_face, Mood(brow=-0.3, look=-0.7, turn=-8), Mood(brow=-0.7, smile=0.7, look=0.8, turn=10), 0.8)],
        MORNING, View(40, -4, 0.98), View(40, 0, 1.06), sounds=("murmur",), effects=(("sniff", 0.3), ("count purrs", 1.0)),
    ),
    Shot("the poster", 34, "poster", ("poster",), poster, MORNING, View(0, 0, 1.0), View(0, -8, 1.08), sounds=("hush",)),
    Shot(
        "at the window", 46, "shop front", ("Count",),
        lambda: close(shop_front(MORNING), moving(count, lambda t: {"x": -150 + 26 * min(t, 1.2), "y": 172, "size": 1.5, "bow": 0.22 * min(t, 1), "pace": 0.6 if t < 1.2 else 0})),
        MORNING, View(-60, 20, 1.15), View(-70, 14, 1.3), sounds=("murmur",), effects=(("count laughs", 1.0),),
    ),
    Shot(
        "the last berry", 62, "bakery", ("baker", "Pia", "cake"),
        lambda: scene(
            bakery(LAMPLIT),
            moving(baker, lambda t: {"x": 130, "y": 150, "size": 1.15, "flip": 1, "hx": 44, "hy": -78 + 14 * min(t, 1.5), "gx": 30, "gy": -60}),
            moving(pia, lambda t: {"x": -46, "y": 148, "size": 1.25, "hx": 16, "hy": -56 - 8 * abs(math.sin(t * 5)) * (t > 1.3)}),
            act(cake, 52, 92, 0.95), FLOUR,
        ), LAMPLIT, View(40, 24, 1.35), View(46, 20, 1.5), sounds=("hearth",), effects=(("baker talks", 0.3), ("pia laughs", 1.6)),
    ),
    Shot(
        "the cake", 46, "bakery", ("cake",),
        lambda: [*close(bakery(LAMPLIT, True, 6)), plank, moving(cake, lambda t: {"y": 84, "size": 2.0 + 0.05 * math.sin(t * 4), "turn": 0.02 * math.sin(t * 3)}), FLOUR],
        LAMPLIT, View(0, 0, 1.0), View(0, -10, 1.12), sounds=("hearth",), effects=(("chime", 0.2),),
    ),
    Shot(
        "Pia marvels", 36, "bakery", ("Pia",),
        lambda: [*close(bakery(LAMPLIT, True, 5)), face(pia_face, Mood(smile=0.5), Mood(smile=0.8, wide=1.35, brow=0.6, open=0.35), 0.5)],
        LAMPLIT, View(0, 10, 1.0), View(0, 10, 1.06), sounds=("hearth",), effects=(("pia sighs", 0.5),),
    ),
    Shot(
        "the goat smells it", 34, "shop front", ("goat",),
        lambda: [*close(shop_front(MORNING, 5)), face(goat_face, Mood(look=-0.4, nod=5), Mood(wide=1.3, smile=1, brow=0.4, nod=6, look=-0.9), 0.6, y=24)],
        MORNING, View(40, 6, 1.0), View(34, 6, 1.05), sounds=("murmur",), effects=(("sniff", 0.2), ("sniff", 0.7)),
    ),
    Shot(
        "no goats", 52, "shop front", ("baker", "goat"),
        lambda: close(
            shop_front(MORNING),
            moving(baker, lambda t: {"x": 180, "y": 170, "size": 1.35, "flip": 1, "hx": 44, "hy": -88 + 14 * math.sin(t * 9), "bow": 0.12, "angry": 1.0}),
            moving(goat, lambda t: {"x": 20 - 30 * min(t, 1.4), "y": 170, "size": 1.3, "pace": 0.6 if t < 1.4 else 0.0, "head": 0.3, "sad": min(t, 1.0)}),
        ), MORNING, View(90, 36, 1.15), sounds=("murmur",), effects=(("baker scolds", 0.2), ("soft bleat", 1.5)),
    ),
    Shot(
        "the goat is sad", 34, "shop front", ("goat",),
        lambda: [*close(shop_front(MORNING, 5)), face(goat_face, Mood(brow=0.5, look=0.3), Mood(brow=1, smile=-0.8, wide=0.8, look=0.6), 0.5, y=24)],
        MORNING, View(40, 6, 1.0), View(40, 10, 1.03), again="the goat smells it", sounds=("hush",), effects=(("soft bleat", 0.5),),
    ),
)
