"""The resolution, in the morning: candles, forgiveness, a slice for the Count, one last joke, the credits."""

from __future__ import annotations

from studio.brush import Frame, View, glide, glow
from studio.cake.acting import crowd, face, mitten, moving, plank
from studio.cake.cards import end_credits
from studio.cake.faces import Mood, baker_face, count_face, pia_face
from studio.cake.folk import baker, count, pia
from studio.cake.goat import goat, goat_face
from studio.cake.paints import FEAST, NIGHT, SNOW
from studio.cake.props import cake, slice_of_cake
from studio.cake.village import party, shop_front, square, valley
from studio.shot import Shot, act, close, scene

FOLK = ((-215, 132), (-170, 128), (-110, 130), (90, 130), (150, 128), (205, 132))


def hug(frame: Frame) -> None:
    """The baker falls on his knees and hugs the goat."""
    kneel = glide(frame.time / 0.8)
    pen = frame.pen()
    goat(pen.at(84, 156, 1.5, flip=True), frame.time, 0.0, 0.08, 0.0, 0.5 * (1 - kneel))
    baker(
        pen.at(-130 + 52 * kneel, 156 + 26 * kneel, 1.4),
        frame.time,
        0.8 * (frame.time < 0.6),
        hx=62,
        hy=-56,
        gx=58,
        gy=-70,
        bow=0.22 * kneel,
    )
    frame.ink(pen)


def lighting(frame: Frame) -> None:
    """A mitten with a burning match goes along the candles."""
    pen = frame.pen()
    cake(pen.at(-20, 150, 2.2), frame.time, float(frame.time > 0.9))
    x = 120 - 110 * glide(frame.time / 0.9) + 30 * max(0, frame.time - 1)
    pen.limb([(x + 8, -50), (x - 12, -72)], [5, 4], (196, 150, 96))
    pen.lit().curve([(x - 18, -70), (x - 14, -92), (x - 6, -72)], (255, 226, 120))
    mitten(pen.at(x + 36, -30, 0.8))
    frame.ink(pen)
    glow(frame, x - 12, -80, 130, (255, 200, 110), 0.5)
    if frame.time > 0.9:
        glow(frame, -20, -60, 260, (255, 210, 120), 0.55)


def outsider(frame: Frame) -> None:
    """The Count alone in a heap of snow, a spoon in his hand."""
    pen = frame.pen()
    count(pen.at(0, 168, 1.3), frame.time, sit=1.0, hx=26, hy=-56, wind=0.0, bow=0.18)
    pen.limb([(34, 96), (44, 66)], [4, 4], (206, 214, 222))
    pen.oval(46, 60, 7, 9, (206, 214, 222))
    pen.curve([(-130, 190), (-96, 128), (-34, 112), (24, 118), (84, 146), (130, 190)], SNOW)
    frame.ink(pen)


def sharing(frame: Frame) -> None:
    """Pia brings the Count a slice."""
    give = glide((frame.time - 0.5) / 0.7)
    pen = frame.pen()
    count(pen.at(110, 168, 1.3, flip=True), frame.time, sit=1.0, hx=30 + 16 * give, hy=-62, wind=0.0, bow=0.12)
    pia(pen.at(-70 + 24 * give, 168, 1.6), frame.time, 0.8 * (frame.time < 0.7), hx=40, hy=-50, bow=0.12 * give)
    slice_of_cake(pen.at(10 + 24 * give, 88, 0.9))
    pen.curve([(30, 190), (72, 134), (122, 116), (184, 130), (236, 190)], SNOW)
    frame.ink(pen)


SHOTS: tuple[Shot, ...] = (
    Shot(
        "the valley next morning",
        61,
        "valley",
        ("village", "castle"),
        lambda: scene(valley(FEAST)),
        FEAST,
        View(10, -6, 1.1),
        View(-10, 26, 1.3),
        transition=("fade", 0, 16),
        sounds=("mountain", "birds"),
        effects=(("bells", 0.8),),
    ),
    Shot(
        "the feast",
        59,
        "square",
        ("people", "cake"),
        lambda: [
            *scene(square(FEAST), crowd(FOLK, 0.72, 1.0, 2)),
            act(baker, -50, 134, 0.74, hx=24, hy=-120, gx=-20, gy=-118),
            act(pia, 54, 132, 0.85, flip=True, hx=20, hy=-70),
            party(FEAST),
            act(cake, 0, 128, 0.72, burning=1),
        ],
        FEAST,
        View(-30, 20, 1.1),
        View(0, 40, 1.3),
        sounds=("murmur",),
        effects=(("cheer", 0.3), ("oompah", 0.6)),
    ),
    Shot(
        "forgive me",
        51,
        "shop front",
        ("baker", "goat"),
        lambda: close(shop_front(FEAST), hug),
        FEAST,
        View(-10, 44, 1.2),
        View(0, 50, 1.35),
        sounds=("murmur",),
        effects=(("baker sobs", 0.2), ("soft bleat", 1.2)),
    ),
    Shot(
        "a happy goat",
        38,
        "shop front",
        ("goat",),
        lambda: [
            *close(shop_front(FEAST, 5)),
            face(goat_face, Mood(brow=0.5, smile=0.2), Mood(smile=1, brow=0.2, wide=0.9), 0.6, y=24),
        ],
        FEAST,
        View(40, 6, 1.0),
        View(40, 8, 1.04),
        again="the goat smells it",
        sounds=("murmur",),
        effects=(("bleat", 0.6),),
    ),
    Shot(
        "the baker weeps for joy",
        40,
        "shop front",
        ("baker",),
        lambda: [
            *close(shop_front(FEAST, 5)),
            face(
                baker_face,
                Mood(brow=0.9, smile=0.5, look=0.3, turn=8),
                Mood(brow=0.7, smile=1, wide=0.8, open=0.3, turn=8),
                0.6,
            ),
        ],
        FEAST,
        View(60, 10, 1.0),
        View(60, 10, 1.04),
        sounds=("murmur",),
        effects=(("baker laughs", 0.5),),
    ),
    Shot(
        "the candles are lit",
        41,
        "square",
        ("cake", "Pia"),
        lambda: [*close(square(FEAST, 6)), plank, lighting],
        FEAST,
        View(0, 0, 1.0),
        View(0, -8, 1.06),
        sounds=("murmur",),
        effects=(("match", 0.6), ("chime", 0.9)),
    ),
    Shot(
        "Pia by candle light",
        40,
        "square",
        ("Pia",),
        lambda: [
            *close(square(FEAST, 4)),
            face(pia_face, Mood(smile=0.7, look=-0.3), Mood(smile=1, open=0.3, brow=0.3, look=0.4), 0.6),
        ],
        FEAST,
        View(-60, 12, 0.98),
        View(-54, 12, 1.02),
        sounds=("murmur",),
        effects=(("pia laughs", 0.6),),
    ),
    Shot(
        "outside",
        41,
        "square",
        ("Count",),
        lambda: scene(square(FEAST), outsider),
        FEAST,
        View(10, 50, 1.3),
        View(10, 54, 1.4),
        sounds=("hush",),
        effects=(("count weeps", 0.6),),
    ),
    Shot(
        "a slice for the Count",
        51,
        "square",
        ("Pia", "Count"),
        lambda: scene(square(FEAST), sharing),
        FEAST,
        View(10, 54, 1.3),
        View(20, 54, 1.4),
        sounds=("murmur",),
        effects=(("pia talks", 0.5), ("snow steps", 0.0)),
    ),
    Shot(
        "the Count smiles",
        42,
        "square",
        ("Count",),
        lambda: [
            *close(square(FEAST, 5)),
            face(count_face, Mood(brow=1, smile=-0.4, look=-0.4), Mood(brow=0.6, smile=1, wide=1.2), 0.7),
        ],
        FEAST,
        View(40, -4, 1.0),
        View(40, 0, 1.05),
        again="the Count",
        sounds=("murmur",),
        effects=(("count weeps", 0.2), ("cheer", 0.9)),
    ),
    Shot(
        "an empty plate",
        37,
        "square",
        ("baker", "plate"),
        lambda: [
            *scene(square(FEAST), crowd(FOLK, 0.72, 0.0, 2)),
            moving(
                baker,
                lambda t: {
                    "x": -40,
                    "y": 134,
                    "size": 0.74,
                    "hx": 24,
                    "hy": -50 - 50 * glide((t - 0.7) / 0.3),
                    "gx": 22,
                    "gy": -50 - 50 * glide((t - 0.7) / 0.3),
                },
            ),
            party(FEAST),
            act(lambda p, t: p.oval(0, 0, 42, 5, (214, 222, 230)), 0, 126),
        ],
        FEAST,
        View(0, 40, 1.3),
        View(0, 50, 1.45),
        sounds=("hush",),
        effects=(("baker shouts", 0.8),),
    ),
    Shot(
        "who was it",
        60,
        "shop front",
        ("goat", "candle"),
        lambda: [
            *close(shop_front(FEAST, 5)),
            face(
                lambda p, t, m: goat_face(p, t, m, 1.0 if t < 1.3 else 0.2, 1.0, True),
                Mood(smile=0.6, look=-0.8),
                Mood(smile=1, look=0.9, open=0.7, wide=0.8),
                1.4,
                y=24,
            ),
        ],
        FEAST,
        View(40, 6, 1.0),
        View(40, 10, 1.12),
        sounds=("hush",),
        effects=(("munch", 0.1), ("burp", 1.4)),
    ),
    Shot(
        "credits",
        192,
        "card",
        ("goat",),
        end_credits,
        NIGHT,
        kind="credits",
        transition=("fade", 10, 12),
        sounds=("hush",),
        effects=(("munch", 2.0), ("munch", 6.0), ("jingle", 8.0)),
    ),
)
