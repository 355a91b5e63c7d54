"""The picture that stands for a trailer until it plays: a bright one, for most trailers begin in the dark."""

from __future__ import annotations

import io
from collections.abc import Mapping

import numpy as np
from PIL import Image

from trailergen.plans import Plan
from trailergen.report.cards import clip_picture
from trailergen.report.pictures import POSTER_WIDTH
from trailergen.report.stills import Wanted
from trailergen.report.voices import covers

_LIT = 110.0
"""Mean grey level from which on a picture is bright enough: more light says nothing for it."""


def poster_of(plan: Plan, pictures: Mapping[Wanted, bytes]) -> Wanted | None:
    """The clip's picture with the most light and contrast that no card hides; None where there is none.

    Args:
        plan: of the trailer.
        pictures: its thumbnails, as JPEG.
    """
    found = [
        (_appeal(pictures[wanted]), -number, wanted)
        for number, position in enumerate(plan.positions)
        if (wanted := clip_picture(position)) in pictures and not any(cover.hides for cover in covers(plan, position))
    ]
    return (max(found)[2][0], POSTER_WIDTH) if found else None


def _appeal(jpeg: bytes) -> float:
    with Image.open(io.BytesIO(jpeg)) as picture:
        grey = np.asarray(picture.convert("L"), np.float32)
    return min(float(grey.mean()), _LIT) + float(grey.std())
