"""Motion: of each picture, at each film frame, in each shot."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from trailergen.media.frames import film_frames
from trailergen.readings.types import Floats
from trailergen.shots.analysis import FilmAnalysis
from trailergen.shots.statistics import COLUMNS

_MOTION = COLUMNS.index("motion")


def movement(analysis: FilmAnalysis) -> Floats:
    """Movement at each film frame, (frames,): that of the picture it shows, black ones being still."""
    return along_film(analysis, picture_motion(analysis))


def shot_motion(analysis: FilmAnalysis) -> Floats:
    """Mean movement inside each shot, (I,)."""
    motion = analysis.statistics[:, _MOTION]
    # The first picture of a shot differs from the one before it by the cut, not by movement.
    moving = [motion[shot.first + 1 : shot.last] for shot in analysis.shots]
    return np.array([part.mean() if len(part) else 0.0 for part in moving], np.float32)


def picture_motion(analysis: FilmAnalysis) -> Floats:
    """Movement of each picture since the one before it, (n,), luma 0 to 255; 0 for the first of a shot."""
    motion = analysis.statistics[:, _MOTION].copy()
    motion[[shot.first for shot in analysis.shots]] = 0
    return motion


def along_film(analysis: FilmAnalysis, pictures: NDArray[np.float32]) -> Floats:
    """A number of each picture (n,) as one of each film frame, (frames,); 0 where no picture is shown."""
    shown_from = np.array(film_frames(analysis.times.tolist(), analysis.time_base, analysis.rate))
    lengths = np.diff(np.append(shown_from, analysis.frames))
    filled = np.repeat(pictures, np.maximum(lengths, 0))[: analysis.frames]
    return np.pad(filled, (0, analysis.frames - len(filled)))
