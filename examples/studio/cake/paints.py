"""The colours of the figures and the times of day of the second film."""

from __future__ import annotations

from dataclasses import replace

from studio.brush import Colour
from studio.light import Light

INK: Colour = (30, 22, 36)
SNOW, SHADE = (246, 250, 252), (176, 196, 222)
ROSE, CREAM, BERRY = (242, 150, 170), (252, 240, 214), (196, 30, 60)
LINEN, MUSTARD, MOUSTACHE = (246, 244, 238), (206, 150, 52), (86, 52, 36)
PINK_SKIN, PALE_SKIN, GREEN_SKIN = (240, 178, 148), (250, 206, 176), (196, 204, 172)
CAP, TEAL, TEAL_DARK, COPPER = (214, 44, 48), (30, 140, 138), (20, 92, 98), (192, 92, 36)
PLUM, PLUM_DARK, JET = (102, 44, 122), (60, 24, 78), (34, 28, 44)
FLEECE, FLEECE_DARK, HORN, AMBER = (236, 232, 222), (186, 178, 172), (84, 70, 64), (236, 176, 40)
TIMBER, TIMBER_DARK, RED = (142, 96, 60), (92, 58, 40), (206, 46, 40)

MORNING = Light(
    ((70, 164, 196), (152, 212, 222), (236, 246, 240)),
    (255, 254, 250),
    (255, 255, 255),
    0.40,
    ((60, 130, 160), (190, 230, 236)),
    (170, -130, 17, (255, 252, 226)),
)
EVENING = Light(
    ((34, 84, 104), (96, 140, 130), (228, 196, 120), (250, 222, 150)),
    (226, 206, 176),
    (206, 150, 110),
    0.44,
    ((40, 70, 80), (230, 200, 130)),
    (-150, 34, 20, (255, 240, 190)),
)
GLOAM = Light(
    ((26, 34, 62), (54, 66, 92), (120, 112, 122)), (150, 146, 168), (70, 70, 92), 0.6, ((20, 30, 40), (90, 90, 110))
)
NIGHT = Light(
    ((10, 20, 34), (14, 46, 58), (36, 84, 88)),
    (128, 152, 166),
    (26, 48, 60),
    0.36,
    ((10, 20, 30), (60, 90, 100)),
    stars=True,
)
DEEP = replace(NIGHT, ambient=(74, 92, 108), stars=False, cover=0.6)
LAMPLIT = replace(EVENING, ambient=(255, 232, 196))
CANDLE = replace(NIGHT, ambient=(232, 196, 168))
FEAST = Light(
    ((96, 120, 196), (216, 168, 196), (255, 214, 180), (255, 236, 206)),
    (255, 238, 226),
    (255, 222, 214),
    0.42,
    ((80, 100, 150), (255, 220, 190)),
    (60, 20, 24, (255, 246, 214)),
)
