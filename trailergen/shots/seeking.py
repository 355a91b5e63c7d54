"""Can single pictures of a film be sought, or is it right only when it is read from its start?"""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from av.video.reformatter import Interpolation, VideoReformatter
from numpy.typing import NDArray

from trailergen.errors import InputError
from trailergen.media.decoding import Damage
from trailergen.media.frames import film_frames, read_frames
from trailergen.media.probe import FilmInfo
from trailergen.shots.pictures import KeyPictures

_TRIES = 6
_SAME = 8.0
"""Mean difference in grey levels up to which two thumbnails show the same picture."""
_TIES = 0.01
"""Share of pictures whose time had to be moved, above which times hang on everything that was read before."""

_LOST = 0.01
"""Share of pictures that are not what was encoded, above which the others hang on what was read before them, too."""


def must_read_in_order(
    film: FilmInfo, rate: Fraction, times: NDArray[np.int64], pictures: KeyPictures, damage: Damage
) -> bool:
    """Compare pictures that were kept while the film was read with the same ones sought.

    Args:
        film: as probed.
        rate: of its film frames.
        times: (n,) timestamps of its pictures after the first.
        pictures: some of them.
        damage: of the reading.

    Returns:
        True where one differs or cannot be had, where the film's clock restarts, or too many are damaged.
    """
    lost = damage.lost + damage.flawed > _LOST * len(times)
    if film.in_order or damage.restarts or lost or damage.ties > _TIES * len(times):
        return True
    shown = np.array(film_frames(times.tolist(), film.time_base, rate))
    seen = [at for at in range(len(pictures.at)) if _is_shown(shown, int(pictures.at[at]))]
    for at in seen[:: max(1, -(-len(seen) // _TRIES))]:
        frame = int(shown[pictures.at[at]])
        try:
            picture = next(read_frames(film, rate, frame, frame + 1))
        except (InputError, StopIteration):
            return True
        height, width = pictures.thumbs.shape[1:3]
        sought = VideoReformatter().reformat(picture, width, height, "rgb24", interpolation=Interpolation.BICUBIC)
        if np.abs(sought.to_ndarray().astype(np.int16) - pictures.thumbs[at]).mean() > _SAME:
            return True
    return False


def _is_shown(frames: NDArray[np.int64], at: int) -> bool:
    """True where a film frame shows this picture: none does of those a variable rate passes over."""
    return at + 1 == len(frames) or bool(frames[at] < frames[at + 1])
