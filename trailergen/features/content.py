"""Content of a shot: the mean of its pictures' ImageNet embeddings (shots/embeddings.py).

All components are positive, so that any two shots have a cosine above a half: to compare shots, centre them on their
film first (``vectors.centred``). Every analysed film has these features, whatever encoder the plan is made with.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from trailergen.shots.analysis import FilmAnalysis


def shot_contents(analysis: FilmAnalysis) -> NDArray[np.float64]:
    """Mean vector (I, 1280) of each shot's pictures that are not faded, or of all if all are."""
    embeddings, shots = analysis.embeddings, analysis.shots
    # Film frames, by which the analysis tells the part of a shot that is not faded.
    frames = np.rint(analysis.times[embeddings.at] * float(analysis.time_base * analysis.rate))
    lit = np.array(
        [
            shots[shot].fade_trimmed_in <= frame < shots[shot].fade_trimmed_out
            for shot, frame in zip(embeddings.shots, frames, strict=True)
        ]
    )
    some = np.bincount(embeddings.shots, lit, len(shots)) > 0
    weights = (lit | ~some[embeddings.shots]).astype(np.float64)
    sums = np.zeros((len(shots), embeddings.vectors.shape[1]))
    np.add.at(sums, embeddings.shots, embeddings.vectors * weights[:, None])
    return sums / np.bincount(embeddings.shots, weights, len(shots))[:, None]
