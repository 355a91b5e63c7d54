"""From a film's picture to the trailer's: cut out, scaled to cover, turned upright, cropped at the centre."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from trailergen.media.probe import FilmInfo
from trailergen.plans import Crop
from trailergen.timebase import round_half_up


@dataclass(frozen=True)
class Framing:
    """The steps in their order: cut ``cut`` out, scale it to ``scaled``, mirror it if ``mirrored``, turn it by
    ``rotation`` degrees clockwise, cut ``size`` out at ``offset``.

    All are (width, height), (x, y) or both, in pixels of the upright picture: of the film's ``whole`` for ``cut``,
    of the scaled one for the rest. Cutting comes first, so that scaling mixes nothing of a bar into the picture.
    """

    whole: tuple[int, int]
    cut: tuple[int, int, int, int]
    scaled: tuple[int, int]
    rotation: int
    mirrored: bool
    offset: tuple[int, int]
    size: tuple[int, int]

    def unturned(self, size: tuple[int, int]) -> tuple[int, int]:
        """An upright size as it lies in the film's own orientation."""
        return size[::-1] if self.rotation in (90, 270) else size

    def unturned_cut(self) -> tuple[int, int, int, int] | None:
        """The part to cut out of the film's picture as it is stored: (x, y, width, height); None for all of it."""
        x, y, width, height = self.cut
        if (width, height) == self.whole:
            return None
        right, below = self.whole[0] - x - width, self.whole[1] - y - height
        x, y = {0: (x, y), 90: (y, right), 180: (right, below), 270: (below, x)}[self.rotation]
        width, height = self.unturned((width, height))
        return self.unturned(self.whole)[0] - x - width if self.mirrored else x, y, width, height

    def within(self, size: tuple[int, int]) -> tuple[tuple[int, int], tuple[int, int]]:
        """For who scales first: the size of the film's whole upright picture at which the part that is shown has
        ``size``, and where this part then begins, to the nearest pixel."""
        sides, starts = [], []
        for side in (0, 1):
            film_pixels = Fraction(self.cut[side + 2], self.scaled[side])
            shown = self.size[side] * film_pixels
            side_length = max(size[side], round_half_up(self.whole[side] * size[side] / shown))
            start = round_half_up((self.cut[side] + self.offset[side] * film_pixels) * size[side] / shown)
            sides.append(side_length)
            starts.append(min(start, side_length - size[side]))
        return (sides[0], sides[1]), (starts[0], starts[1])


def frame_picture(film: FilmInfo, width: int, height: int, crop: Crop | None = None) -> Framing:
    """The framing of a film, or of the part ``crop`` of it, in a picture of ``width`` x ``height`` square pixels.

    A picture that is only odd by a row or a column loses it and is not scaled, so it stays sharp.
    """
    coded = (film.width, film.height)
    whole = coded[::-1] if film.rotation in (90, 270) else coded
    shown = (film.display_width, film.display_height)
    # Of the film's pixels to those of the picture as shown, which may be stretched, and is even.
    x_ratio, y_ratio = (
        Fraction(1) if film.pixel_aspect == 1 else Fraction(own, seen) for own, seen in zip(whole, shown, strict=True)
    )
    if crop is None:
        cut, area = (0, 0, *whole), (Fraction(shown[0]), Fraction(shown[1]))
    else:
        x, cut_width = _outer(crop.x * x_ratio, (crop.x + crop.width) * x_ratio, whole[0])
        y, cut_height = _outer(crop.y * y_ratio, (crop.y + crop.height) * y_ratio, whole[1])
        cut, area = (x, y, cut_width, cut_height), (cut_width / x_ratio, cut_height / y_ratio)
    if film.pixel_aspect == 1 and cut[2] - width in (0, 1) and cut[3] - height in (0, 1):
        scaled = cut[2:]
    else:
        factor = max(width / area[0], height / area[1])
        scaled = (round_half_up(area[0] * factor), round_half_up(area[1] * factor))
    # Even offsets keep luma and subsampled chroma together.
    offset = ((scaled[0] - width) // 4 * 2, (scaled[1] - height) // 4 * 2)
    return Framing(whole, cut, scaled, film.rotation, film.mirrored, offset, (width, height))


def _outer(start: Fraction, end: Fraction, whole: int) -> tuple[int, int]:
    """The even numbers around, as start and length, inside the picture."""
    first = int(start // 2) * 2
    return first, min(-int(-end // 2) * 2, whole) - first
