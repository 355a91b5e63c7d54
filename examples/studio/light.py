"""The light of the times of day, and colours seen in it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from studio.brush import Colour


@dataclass(frozen=True)
class Light:
    """The light of a time of day: sky from top to horizon, ambient colour, clouds (0 to 1), sun, water."""

    sky: tuple[Colour, ...]
    ambient: Colour
    cloud: Colour
    cover: float
    water: tuple[Colour, Colour]
    sun: tuple[float, float, float, Colour] | None = None
    stars: bool = False

    @property
    def haze(self) -> Colour:
        """The colour of distance."""
        return self.sky[-1]

    @property
    def dark(self) -> bool:
        """Whether windows and lamps are lit."""
        return sum(self.ambient) < 460


DAWN = Light(
    ((64, 84, 140), (168, 138, 168), (246, 178, 140), (255, 220, 170)),
    (244, 214, 206),
    (255, 206, 190),
    0.42,
    ((52, 78, 116), (246, 190, 160)),
    (150, 42, 20, (255, 236, 190)),
)


DAY = Light(
    ((58, 132, 206), (126, 190, 228), (214, 234, 232)),
    (255, 252, 244),
    (255, 255, 252),
    0.46,
    ((28, 96, 138), (140, 206, 212)),
    (-210, -120, 15, (255, 250, 220)),
)


DUSK = Light(
    ((50, 38, 92), (138, 62, 112), (236, 112, 84), (255, 190, 108)),
    (240, 170, 146),
    (214, 84, 92),
    0.48,
    ((58, 40, 84), (250, 150, 96)),
    (110, 38, 26, (255, 214, 130)),
)


NIGHT = Light(
    ((6, 10, 30), (14, 26, 60), (40, 60, 100)),
    (92, 110, 160),
    (40, 54, 88),
    0.4,
    ((8, 16, 40), (70, 98, 140)),
    (190, -110, 17, (226, 232, 240)),
    stars=True,
)


STARS = replace(NIGHT, sun=None)


FOUL = replace(NIGHT, sun=None, stars=False, cover=0.72, cloud=(22, 30, 52))


STORM = Light(
    ((20, 24, 34), (46, 54, 66), (98, 108, 112)), (126, 136, 148), (28, 32, 42), 0.72, ((14, 28, 38), (104, 126, 132))
)


GREY = Light(
    ((104, 118, 134), (146, 156, 166), (196, 198, 194)),
    (196, 200, 204),
    (88, 96, 110),
    0.66,
    ((60, 78, 90), (170, 182, 184)),
)


GOLD = Light(
    ((70, 104, 166), (188, 160, 170), (255, 204, 130), (255, 232, 170)),
    (255, 220, 176),
    (255, 190, 130),
    0.44,
    ((60, 88, 120), (255, 210, 140)),
    (40, 40, 30, (255, 246, 200)),
)


def tinted(colour: Colour, light: Light) -> Colour:
    """A colour of a thing as it looks in that light."""
    r, g, b = (c * a // 255 for c, a in zip(colour, light.ambient, strict=True))
    return r, g, b
