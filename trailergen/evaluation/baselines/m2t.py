"""M2T: the shots that differ most from the rest of the film (movie2trailer, Rehusevych 2019).

"movie2trailer: Unsupervised trailer generation using anomaly detection", a bachelor thesis of the Ukrainian Catholic
University, Lviv, of which no more than the first pages could be read: an anomaly detector scores what is unusual in a
film, and that is shown. The paper counts it among the methods that select shots and then rank them.

Approximated, and why: detectors and inputs of the thesis could not be read. Here one detector looks at the shots'
features, by the robust Mahalanobis distance: the film's shots in their first 8 principal components, the middle and the
spread of which are estimated from the half of the shots nearest to the middle and then again from those found near (10
concentration steps, Rousseeuw and Van Driessen 1999), so that the anomalies do not hide themselves by widening the
spread they are measured by. The J of highest score are shown in film order, that is not ranked. By Table 1 of the
paper (R / P = 0.82) M2T shows fewer shots than official trailers.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from trailergen.evaluation.films import Film
from trailergen.evaluation.methods import Method

COMPONENTS = 8
"""Principal components looked at: few, or every shot of a short film is as far away as any other."""
_STEPS = 10
_RIDGE = 1e-3


def anomalies(film: NDArray[np.floating]) -> NDArray[np.float64]:
    """Robust squared Mahalanobis distance of each shot (I,) from the bulk of the film, from its features (I, D)."""
    centred = np.asarray(film, np.float64) - film.mean(axis=0)
    left, spread, _ = np.linalg.svd(centred, full_matrices=False)
    shots = (left * spread)[:, :COMPONENTS]
    bulk = (len(shots) + 1) // 2
    distance = (shots - np.median(shots, axis=0)) ** 2 @ np.ones(shots.shape[1])
    for _ in range(_STEPS):
        inner = shots[np.argsort(distance, kind="stable")[:bulk]]
        middle = inner.mean(axis=0)
        covariance = (inner - middle).T @ (inner - middle) / bulk
        # Few shots, or equal ones, leave directions without any spread.
        covariance += (_RIDGE * np.trace(covariance) / len(covariance) + 1e-12) * np.eye(len(covariance))
        away = shots - middle
        distance = (away * np.linalg.solve(covariance, away.T).T).sum(axis=1)
    return distance


class M2T(Method):
    """Anomaly detection as a ``Method``: it looks at each film alone."""

    def trailer(self, film: Film, seed: int) -> list[int]:
        """See ``Method``; the seed changes nothing."""
        return strongest(anomalies(film.features.numpy()), film.positions)


def strongest(scores: NDArray[np.floating], positions: int) -> list[int]:
    """The ``positions`` shots of highest score (I,), in film order; of equal ones the earlier."""
    return sorted(int(shot) for shot in np.argsort(-scores, kind="stable")[:positions])
