"""How a film's picture becomes the trailer's: turned upright, scaled to cover, cropped at the centre."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from trailergen.media.probe import FilmInfo
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


def frame_picture(film: FilmInfo, width: int, height: int) -> Framing:
    """The framing of a film in a picture of ``width`` x ``height`` square pixels.

    A picture that is only odd by a row or a column loses it and is not scaled, so it stays sharp.
    """
    coded = (film.width, film.height)
    upright = coded[::-1] if film.rotation in (90, 270) else coded
    trimmed = film.pixel_aspect == 1 and upright[0] - width in (0, 1) and upright[1] - height in (0, 1)
    if trimmed:
        scaled = upright
    else:
        factor = max(Fraction(width, film.display_width), Fraction(height, film.display_height))
        scaled = (round_half_up(film.display_width * factor), round_half_up(film.display_height * factor))
    # Even offsets keep luma and subsampled chroma together.
    offset = ((scaled[0] - width) // 4 * 2, (scaled[1] - height) // 4 * 2)
    return Framing(film.rotation, scaled, offset, (width, height))
