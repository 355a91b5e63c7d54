"""The climax, by night: the goat charges, the cake flees down the mountain."""

from __future__ import annotations

from studio.brush import Item, View
from studio.cake import stunts
from studio.cake.acting import face, moving, riders
from studio.cake.air import aurora, snowfall, spray
from studio.cake.faces import Mood, count_face, pia_face
from studio.cake.goat import goat_face
from studio.cake.heights import castle, hall, slope
from studio.cake.paints import CANDLE, NIGHT
from studio.layers import layer, sky
from studio.shot import Shot, close, scene
from studio.weather import shine

WIND, STORMY = ("blizzard", "runners"), ("blizzard", "avalanche")


FLURRY = snowfall(0.8, 60, 420)


def behind() -> list[Item]:
    """What rushes by behind a face on the slope."""
    return slope(NIGHT, 520.0)[0]


def behind_pia() -> list[Item]:
    """The open sky, seen from below."""
    return [layer(sky(NIGHT, 59), 0.1), aurora(1.0, 250)]


SHOTS: tuple[Shot, ...] = (
    Shot(
        "the goat charges",
        34,
        "hall",
        ("goat", "Count", "Pia"),
        lambda: scene(hall(CANDLE, False), stunts.charge),
        CANDLE,
        View(-60, 30, 1.15),
        View(0, 30, 1.2),
        sounds=("hall",),
        effects=(("bang", 0.0), ("war bleat", 0.3), ("gallop", 0.1)),
    ),
    Shot(
        "the Count shrieks",
        24,
        "hall",
        ("Count",),
        lambda: [
            *close(hall(CANDLE, False, 5)),
            face(count_face, Mood(brow=0.5, wide=1.1), Mood(brow=1, wide=1.5, open=0.95, smile=-0.4), 0.15),
        ],
        CANDLE,
        View(0, 0, 1.0),
        View(0, 4, 1.1),
        1.5,
        sounds=("hall",),
        effects=(("count shrieks", 0.1),),
    ),
    Shot(
        "horns",
        20,
        "hall",
        ("goat",),
        lambda: [
            layer(sky(NIGHT, 56), 0.1),
            aurora(0.9, 200),
            moving(
                lambda p, t: goat_face(p, t, Mood(brow=-1, wide=0.9, nod=12)),
                lambda t: {"y": 30, "size": 0.7 + 0.75 * t},
            ),
        ],
        CANDLE,
        View(0, 10, 1.0),
        shake=2.0,
        sounds=("hall",),
        effects=(("gallop", 0.0),),
    ),
    Shot(
        "the bump",
        32,
        "hall",
        ("goat", "Count"),
        lambda: scene(hall(CANDLE, False), stunts.bump),
        CANDLE,
        View(40, 30, 1.15),
        View(70, 10, 1.1),
        sounds=("hall",),
        effects=(("bang", 0.25), ("count yells", 0.4)),
    ),
    Shot(
        "Pia saves the cake",
        34,
        "hall",
        ("Pia", "cake", "sled"),
        lambda: scene(hall(CANDLE), stunts.saved_cake),
        CANDLE,
        View(20, 40, 1.3),
        View(50, 46, 1.35),
        sounds=("hall",),
        effects=(("whoosh", 0.1), ("thud", 0.6), ("pia laughs", 0.8)),
    ),
    Shot(
        "out of the gate",
        36,
        "castle",
        ("Pia", "goat", "cake"),
        lambda: [*scene(castle(NIGHT), stunts.out_of_the_gate), snowfall(0.7)],
        NIGHT,
        View(0, 10, 1.05),
        View(30, 26, 1.1),
        sounds=WIND,
        effects=(("bang", 0.0), ("pia laughs", 0.6)),
    ),
    Shot(
        "the Count follows",
        30,
        "slope",
        ("Count", "sleigh"),
        lambda: [*scene(slope(NIGHT, 470.0, 0.0), spray(-60, 92), stunts.count_sleigh(-60, 30, 1.15)), FLURRY],
        NIGHT,
        View(-60, -22, 1.42),
        shake=1.0,
        sounds=WIND,
        effects=(("jingle", 0.0), ("snap", 0.4), ("snap", 0.9)),
    ),
    Shot(
        "the race",
        34,
        "slope",
        ("Pia", "goat", "cake"),
        lambda: [*scene(slope(NIGHT, 520.0), spray(-80, 92), riders(0.0)), FLURRY],
        NIGHT,
        View(0, 0, 1.0),
        View(0, 4, 1.05),
        sounds=WIND,
        effects=(("pia laughs", 0.5),),
    ),
    Shot(
        "Pia in the wind",
        26,
        "slope",
        ("Pia",),
        lambda: [
            *behind_pia(),
            face(
                pia_face,
                Mood(brow=0.2, look=0.6, turn=12, open=0.3, smile=0.6),
                Mood(brow=-0.7, look=0.7, turn=12),
                0.5,
            ),
            FLURRY,
        ],
        NIGHT,
        View(0, 12, 1.25),
        shake=1.6,
        sounds=WIND,
    ),
    Shot(
        "the Count yells",
        28,
        "slope",
        ("Count",),
        lambda: [
            *close(castle(NIGHT, 0.2, 5)),
            shine(0, 40, 420, (255, 150, 90), 0.4),
            face(
                count_face,
                Mood(brow=-0.8, look=0.5, turn=8),
                Mood(brow=-1, open=1, wide=1.2, smile=-0.5, look=0.6, turn=8, nod=7),
                0.2,
            ),
            FLURRY,
        ],
        NIGHT,
        View(0, 0, 1.0),
        View(0, 6, 1.1),
        1.6,
        sounds=WIND,
        effects=(("count yells", 0.15),),
    ),
)
