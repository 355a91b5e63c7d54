"""Counts on a trailer of what an editor wants of it: no jury, no taste, and comparable between films.

A trailer may do well in all of this and be dull; one that does badly has a fault that everybody sees. The numbers that
are wanted are those of an editor and of blind juries on trailers of one film (``WANTED``).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from itertools import groupby

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

from trailergen.readings.curves import along_film, film_curves
from trailergen.readings.fades import story
from trailergen.readings.subject import picture_subjects
from trailergen.readings.types import Floats
from trailergen.shots.analysis import FilmAnalysis

Ints = NDArray[np.int64]

EMPTY, SPECK = 0.5, 0.03
"""Presence of a subject, and share of the picture it covers, under which a clip is dead: on the film whose shots were
labelled by hand, as many shots lie under the first as were called empty."""
SCENE = 3
"""Most shots of the film between two clips that still are cause and effect."""

WANTED: Mapping[str, str] = {
    "repeated": "0",
    "dead": "at most 1 in 30",
    "spoilers": "0",
    "near": "0.3 to 0.6",
    "music": "0.3 or more",
    "run": "2 or less",
}


@dataclass(frozen=True)
class Footage:
    """Facts about a film's I shots.

    Args:
        setup: (I,) number of the camera set-up.
        party: (I,) number of the party that each is about, negative for nobody.
        guard: the first shot that gives the ending away; I if none does.
        button: (I,) fitness of each to be the last clip, as the share of the usable shots that are less fit.
    """

    setup: Ints
    party: Ints
    guard: int
    button: NDArray[np.float64]


@dataclass(frozen=True)
class Clips:
    """The J clips of a trailer, (J,) each: their film shots, and of the frames that are shown the mean presence of a
    subject, its size, and the movement."""

    shots: Ints
    presence: Floats
    size: Floats
    motion: Floats


@dataclass(frozen=True)
class Counts:
    """The counts on one trailer, or their means over several.

    Args:
        clips: J.
        repeated: pairs of clips of one camera set-up.
        dead: clips with nobody in the picture, or with a speck.
        spoilers: clips from the film's guard on.
        near: share of neighbours of which the second comes at most three shots later in the film.
        ascending: share of neighbours in the film's order.
        music: Spearman's correlation of the music's energy and the clips' movement; NaN where one of them is constant.
        button: percentile of the last clip's fitness to be the last, 0 to 1.
        run: longest run of clips about one party.
    """

    clips: float
    repeated: float
    dead: float
    spoilers: float
    near: float
    ascending: float
    music: float
    button: float
    run: float


COUNTED = tuple(field.name for field in fields(Counts))


def count(clips: Clips, footage: Footage, music: NDArray[np.floating]) -> Counts:
    """Count on a trailer of at least one clip; ``music`` is the energy (J,) at each, NaN where it is not known."""
    shots = clips.shots
    steps = np.diff(shots)
    return Counts(
        clips=len(shots),
        repeated=equal_pairs(footage.setup[shots]),
        dead=int(((clips.presence < EMPTY) | (clips.size < SPECK)).sum()),
        spoilers=int((shots >= footage.guard).sum()),
        near=_share((steps > 0) & (steps <= SCENE)),
        ascending=_share(steps > 0),
        music=rank_correlation(music, clips.motion),
        button=float(footage.button[shots[-1]]),
        run=longest_run(footage.party[shots].tolist()),
    )


def mean_counts(counts: Sequence[Counts]) -> Counts:
    """The mean of each count over trailers, of those in which it is defined."""
    found = np.array([[getattr(one, name) for name in COUNTED] for one in counts])
    known = np.isfinite(found)
    sums = np.where(known, found, 0.0).sum(axis=0)
    return Counts(*(sums / np.where(known.any(axis=0), known.sum(axis=0), np.nan)).tolist())


def equal_pairs(labels: Ints) -> int:
    """Pairs of equal labels."""
    _, several = np.unique(labels, return_counts=True)
    return int((several * (several - 1) // 2).sum())


def longest_run(labels: Sequence[int]) -> int:
    """Length of the longest run of one label that is not negative; 0 if there is none."""
    return max((len(list(run)) for label, run in groupby(labels) if label >= 0), default=0)


def rank_correlation(ours: NDArray[np.floating], theirs: NDArray[np.floating]) -> float:
    """Spearman's rank correlation of two rows (J,), where both are known; NaN if one of them does not vary."""
    known = np.isfinite(ours) & np.isfinite(theirs)
    first, second = (rankdata(values[known]) for values in (ours, theirs))
    if known.sum() < 2 or not np.ptp(first) or not np.ptp(second):
        return math.nan
    return float(np.corrcoef(first, second)[0, 1])


@dataclass(frozen=True)
class FilmFrames:
    """Presence of a subject, its size, and movement in the frames of a film, (frames,) each."""

    presence: Floats
    size: Floats
    motion: Floats

    @classmethod
    def of(cls, analysis: FilmAnalysis) -> FilmFrames:
        """From the pictures of an analysed film that were looked at."""
        found = picture_subjects(analysis.embeddings, analysis.pictures, story(analysis))
        curves = film_curves(analysis, found)
        return cls(curves.subject, along_film(analysis, found.size), curves.movement)

    def clips(self, shots: Sequence[int], sources: Sequence[tuple[int, int]]) -> Clips:
        """Clips of these shots, each of the film frames ``[in, out)`` that it shows."""

        def means(curve: Floats) -> Floats:
            return np.array([curve[first:last].mean() for first, last in sources], np.float32)

        return Clips(np.array(shots, np.int64), means(self.presence), means(self.size), means(self.motion))


def _share(flags: NDArray[np.bool_]) -> float:
    return float(flags.mean()) if len(flags) else math.nan
