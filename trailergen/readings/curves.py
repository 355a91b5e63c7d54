"""Readings along the film, frame by frame, to choose the in and out points of clips by."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trailergen.media.frames import film_frames
from trailergen.readings.fades import story
from trailergen.readings.motion import movement
from trailergen.readings.sound import onset_curve
from trailergen.readings.subject import Subjects, picture_subjects
from trailergen.readings.types import Floats
from trailergen.shots.analysis import FilmAnalysis

_SMOOTH_S = 0.15


@dataclass(frozen=True)
class Curves:
    """Numbers of each film frame, (frames,) float32.

    Args:
        movement: mean absolute difference of luma since the picture before, 0 to 255; 0 at a cut.
        subject: presence of a subject, 0 to 1, interpolated between the embedded pictures of the shot.
        onset: decibels by which a sound begins while the frame is shown; 0 if none does.
    """

    movement: Floats
    subject: Floats
    onset: Floats


def film_curves(analysis: FilmAnalysis, subjects: Subjects | None = None) -> Curves:
    """The curves of a film; ``subjects`` are those of its embedded pictures, if they are known."""
    found = subjects or picture_subjects(analysis.embeddings, analysis.pictures, story(analysis))
    return Curves(
        movement(analysis),
        along_film(analysis, found.presence),
        onset_curve(analysis.sound, analysis.frames, analysis.rate),
    )


def liveliness(analysis: FilmAnalysis, curves: Curves) -> Floats:
    """Motion and sound together at each film frame, (frames,): each as a share of what is much for this film (its 95th
    percentile), smoothed over a sixth of a second."""
    from scipy.ndimage import gaussian_filter1d

    width = _SMOOTH_S * float(analysis.rate)
    shares = [gaussian_filter1d(_share_of_much(curve), width) for curve in (curves.movement, curves.onset)]
    return (shares[0] + shares[1]).astype(np.float32)


def peak_times(analysis: FilmAnalysis, curves: Curves) -> Floats:
    """Seconds after each shot's start at which it is liveliest, in the part that is not black, (I,)."""
    lively = liveliness(analysis, curves)
    found = np.zeros(len(analysis.shots), np.float32)
    for shot in analysis.shots:
        inside = lively[shot.fade_trimmed_in : shot.fade_trimmed_out]
        if len(inside):
            found[shot.number] = (shot.fade_trimmed_in - shot.frame_in + int(inside.argmax())) / float(analysis.rate)
    return found


def along_film(analysis: FilmAnalysis, values: Floats) -> Floats:
    """Values (k,) of the embedded pictures at each film frame, (frames,), interpolated within the frame's shot."""
    embeddings = analysis.embeddings
    stamps = analysis.times[embeddings.at].tolist()
    at = np.array(film_frames(stamps, analysis.time_base, analysis.rate))
    curve = np.zeros(analysis.frames, np.float32)
    edges = np.searchsorted(embeddings.shots, np.arange(len(analysis.shots) + 1))
    for shot in analysis.shots:
        first, last = edges[shot.number : shot.number + 2]
        if last > first:
            frames = np.arange(shot.frame_in, min(shot.frame_out, analysis.frames))
            curve[frames] = np.interp(frames, at[first:last], values[first:last])
    return curve


def _share_of_much(curve: NDArray[np.float32]) -> NDArray[np.float64]:
    moving = curve[curve > 0]
    much = float(np.percentile(moving, 95)) if len(moving) else 0.0
    return curve.astype(np.float64) / much if much > 0 else np.zeros(len(curve))
