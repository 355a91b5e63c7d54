"""The climax goes on: the mountain comes down, and a rope hangs over the gorge."""

from __future__ import annotations

from studio.brush import Item, View
from studio.cake import stunts
from studio.cake.acting import face, moving, riders
from studio.cake.air import aurora, powder, snowfall, spray
from studio.cake.faces import Mood, pia_face
from studio.cake.folk import baker
from studio.cake.goat import goat_face
from studio.cake.heights import face_of_the_mountain, gorge, inside_cabin, slope
from studio.cake.paints import CANDLE, NIGHT
from studio.layers import blank, layer, sky
from studio.lettering import black
from studio.shot import Shot, scene

WIND, STORMY = ("blizzard", "runners"), ("blizzard", "avalanche")


FLURRY = snowfall(0.8, 60, 420)


def behind() -> list[Item]:
    """What rushes by behind a face on the slope."""
    return slope(NIGHT, 520.0)[0]


SHOTS: tuple[Shot, ...] = (
    Shot(
        "the snow cracks",
        38,
        "mountain",
        ("avalanche",),
        lambda: [*scene(face_of_the_mountain(NIGHT), stunts.cracking), snowfall(0.6)],
        NIGHT,
        View(0, 0, 1.05),
        View(20, 30, 1.2),
        sounds=("hush",),
        effects=(("crack", 0.1), ("roar", 0.7)),
    ),
    Shot(
        "the goat hears it",
        20,
        "slope",
        ("goat",),
        lambda: [*behind(), face(goat_face, Mood(brow=0.2), Mood(brow=1, wide=1.45, open=0.4), 0.2, y=24), FLURRY],
        NIGHT,
        View(0, 6, 1.0),
        shake=1.6,
        sounds=STORMY,
    ),
    Shot(
        "the baker in the cabin",
        34,
        "cabin",
        ("baker",),
        lambda: scene(
            inside_cabin(CANDLE),
            moving(
                baker,
                lambda t: {
                    "x": 20,
                    "y": 196,
                    "size": 1.7,
                    "bow": 0.1 + 0.15 * min(t, 0.8),
                    "hx": 34,
                    "hy": -52,
                    "angry": 1.0,
                },
            ),
        ),
        CANDLE,
        View(10, 0, 1.05),
        View(20, 10, 1.15),
        sounds=("blizzard", "winch"),
        effects=(("baker shouts", 0.5),),
    ),
    Shot(
        "the avalanche",
        32,
        "mountain",
        ("avalanche",),
        lambda: [
            *scene(face_of_the_mountain(NIGHT), powder(-70, 60, 90, 120, 70), powder(40, 130, 70, 150, 90, 6)),
            snowfall(0.8, 90, 60),
        ],
        NIGHT,
        View(0, 20, 1.1),
        shake=2.2,
        sounds=STORMY,
        effects=(("roar", 0.0),),
    ),
    Shot(
        "the race goes on",
        24,
        "slope",
        ("Pia", "goat", "cake"),
        lambda: [*scene(slope(NIGHT, 640.0), powder(-400, -20, 150, 60, 60), spray(-70, 92, 40), riders(30.0)), FLURRY],
        NIGHT,
        View(-10, 20, 1.15),
        View(10, 20, 1.2),
        1.6,
        again="the race",
        sounds=(*STORMY, "runners"),
    ),
    Shot(
        "Pia looks back",
        22,
        "slope",
        ("Pia",),
        lambda: [
            *behind(),
            powder(-330, -10, 120, 130, 40),
            face(
                pia_face,
                Mood(brow=-0.2, look=0.6, turn=12),
                Mood(brow=1, wide=1.45, look=-0.9, turn=-14, open=0.6),
                0.15,
            ),
            FLURRY,
        ],
        NIGHT,
        View(0, 8, 1.0),
        shake=2.0,
        again="Pia in the wind",
        sounds=STORMY,
        effects=(("pia screams", 0.2),),
    ),
    Shot(
        "the Count and the cloud",
        28,
        "slope",
        ("Count", "sleigh", "avalanche"),
        lambda: [
            *scene(
                slope(NIGHT, 560.0),
                powder(-330, 10, 170, 110, 40),
                spray(-60, 92),
                stunts.count_sleigh(0, 40, 1.1, False),
            ),
            FLURRY,
        ],
        NIGHT,
        View(-20, 10, 1.1),
        shake=2.0,
        again="the Count follows",
        sounds=STORMY,
        effects=(("count shrieks", 0.4),),
    ),
    Shot(
        "the bridge is broken",
        32,
        "gorge",
        ("gorge",),
        lambda: [*scene(gorge(NIGHT)), snowfall(0.7)],
        NIGHT,
        View(60, 10, 1.35),
        View(40, 0, 1.1),
        sounds=STORMY,
        effects=(("whoosh", 0.1),),
    ),
    Shot(
        "the goat's eyes",
        18,
        "slope",
        ("goat",),
        lambda: [*behind(), face(goat_face, Mood(brow=1, wide=1.4, open=0.5), y=10, size=1.5), FLURRY],
        NIGHT,
        View(0, 0, 1.0),
        View(0, 0, 1.1),
        2.0,
        sounds=STORMY,
        effects=(("war bleat", 0.0),),
    ),
    Shot(
        "the throw",
        30,
        "cabin",
        ("baker", "rope"),
        lambda: scene(inside_cabin(CANDLE), stunts.throwing),
        CANDLE,
        View(40, 10, 1.1),
        sounds=("blizzard", "winch"),
        effects=(("whoosh", 0.4), ("baker shouts", 0.5)),
    ),
    Shot(
        "the rope falls",
        24,
        "sky",
        ("rope", "cable car"),
        lambda: [layer(sky(NIGHT, 55), 0.1), aurora(0.6, 150), stunts.rope_falls, snowfall(0.7)],
        NIGHT,
        View(0, 0, 1.0),
        View(0, 10, 1.0),
        sounds=("blizzard",),
        effects=(("whoosh", 0.0),),
    ),
    Shot(
        "the leap",
        46,
        "gorge",
        ("Pia", "goat", "cable car"),
        lambda: [*scene(gorge(NIGHT), stunts.leap), snowfall(0.7)],
        NIGHT,
        View(-40, -20, 1.2),
        View(10, -30, 1.25),
        sounds=("blizzard",),
        effects=(("pia screams", 0.3), ("war bleat", 0.6)),
    ),
    Shot(
        "the catch",
        24,
        "sky",
        ("rope", "Pia"),
        lambda: [layer(sky(NIGHT, 55), 0.1), aurora(0.6, 200), stunts.the_catch, snowfall(0.7)],
        NIGHT,
        View(0, 10, 1.0),
        View(0, 6, 1.1),
        sounds=("blizzard",),
        effects=(("snap", 0.4),),
    ),
    Shot(
        "the brink",
        36,
        "gorge",
        ("Count", "avalanche"),
        lambda: [*scene(gorge(NIGHT), stunts.swallowed, powder(-480, 0, 130, 170, 120, 8)), snowfall(0.8)],
        NIGHT,
        View(-80, 10, 1.25),
        shake=2.4,
        sounds=STORMY,
        effects=(("count yells", 0.2), ("roar", 0.3)),
    ),
    Shot(
        "the cake in the air",
        46,
        "sky",
        ("cake",),
        lambda: [layer(sky(NIGHT, 55), 0.1), aurora(0.8, 230), stunts.cake_in_the_air, snowfall(0.6, 30)],
        NIGHT,
        View(0, 0, 1.0),
        View(0, -6, 1.12),
        sounds=("hush",),
        effects=(("chime", 0.2),),
    ),
    Shot(
        "the baker reaches",
        26,
        "sky",
        ("baker", "cake"),
        lambda: [layer(sky(NIGHT, 55), 0.1), aurora(0.7, 200), stunts.reaching_baker, snowfall(0.6, 40)],
        NIGHT,
        View(0, 0, 1.0),
        View(0, 0, 1.06),
        sounds=("blizzard",),
        effects=(("baker shouts", 0.2),),
    ),
    Shot(
        "white",
        34,
        "sky",
        (),
        lambda: [layer(blank((214, 226, 236), 19, 0.2)), snowfall(1.0, 160, 90)],
        NIGHT,
        sounds=("avalanche",),
        effects=(("roar", 0.0),),
    ),
    Shot("black", 44, "none", (), black, NIGHT, kind="black", transition=("fade", 14, 0), sounds=("hush",)),
)
