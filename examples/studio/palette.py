"""The colours of the figures."""

from __future__ import annotations

from studio.brush import Colour

FUR, FUR_DARK, SOCK, CREAM = (216, 104, 42), (176, 74, 30), (58, 36, 34), (248, 228, 198)


OIL, OIL_DARK, HAIR, SKIN = (238, 186, 44), (190, 136, 30), (226, 224, 216), (226, 170, 136)


SCARF, COAT, BRASS, WOOD = (200, 40, 52), (52, 74, 112), (212, 164, 72), (112, 72, 46)


INK: Colour = (26, 24, 32)
