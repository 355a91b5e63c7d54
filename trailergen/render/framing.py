"""How a film's picture becomes the trailer's: turned upright, scaled to cover, cropped at the centre."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from trailergen.media.probe import FilmInfo
from trailergen.plan import Crop
from trailergen.timebase import round_half_up


@dataclass(frozen=True)
class Framing:
    """The steps in their order: turn ``rotation`` degrees clockwise, scale to ``scaled``, cut ``size`` out at
    ``offset``. All are (width, height), or (x, y), of the upright picture, in pixels.
    """

    rotation: int
    scaled: tuple[int, int]
    offset: tuple[int, int]
    size: tuple[int, int]

    def unturned(self, size: tuple[int, int]) -> tuple[int, int]:
        """An upright size as it lies in the film's own orientation."""
        return size[::-1] if self.rotation in (90, 270) else size


def frame_picture(film: FilmInfo, width: int, height: int, crop: Crop | None = None) -> Framing:
    """The framing of a film, or of the part ``crop`` of it, in a picture of ``width`` x ``height`` square pixels.

    A picture that is only odd by a row or a column loses it and is not scaled, so it stays sharp.
    """
    coded = (film.width, film.height)
    upright = coded[::-1] if film.rotation in (90, 270) else coded
    whole = (film.display_width, film.display_height)
    if crop is None:
        start, shown = (0, 0), upright if film.pixel_aspect == 1 else whole
    else:
        start, shown = (crop.x, crop.y), (crop.width, crop.height)
    if film.pixel_aspect == 1 and shown[0] - width in (0, 1) and shown[1] - height in (0, 1):
        scaled, factor = upright, Fraction(1)
    else:
        area = whole if crop is None else shown
        factor = max(Fraction(width, area[0]), Fraction(height, area[1]))
        scaled = (round_half_up(whole[0] * factor), round_half_up(whole[1] * factor))
        shown = scaled if crop is None else (round_half_up(shown[0] * factor), round_half_up(shown[1] * factor))
    # Even offsets keep luma and subsampled chroma together.
    offset = (
        min(round_half_up(start[0] * factor / 2) * 2 + (shown[0] - width) // 4 * 2, scaled[0] - width),
        min(round_half_up(start[1] * factor / 2) * 2 + (shown[1] - height) // 4 * 2, scaled[1] - height),
    )
    return Framing(film.rotation, scaled, offset, (width, height))
