"""The ceilings of the benchmark: the scores of those who know story, music and editor, but not the editor's whim.

The *perfect sampler* gives the trailer that another editor of the same kind cuts from the same film to the same music:
a perfect imitation scores so. The *most frequent shots* in many such trailers are the best that can be done for F1,
in the order of their mean places; no trailer looks like that. Both are labelled by eq. 1, as the truth is.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from trailergen.evaluation.metrics import Scores, mean_scores, score
from trailergen.evaluation.simulated.films import BenchmarkFilm

DRAWS = 24
"""Other trailers of each film."""


@dataclass(frozen=True)
class Ceilings:
    """Mean scores of the two oracles."""

    sampler: Scores
    frequent: Scores


def ceilings(films: Iterable[BenchmarkFilm], draws: int = DRAWS, seed: int = 0) -> Ceilings:
    """The ceilings over films, from so many other trailers of each."""
    sampler, frequent = list[Scores](), list[Scores]()
    for number, film in enumerate(films):
        case = film.case()
        rng = np.random.default_rng((seed, number))
        drawn = [film.scenario.cut(rng).labels for _ in range(draws)]
        sampler.append(mean_scores([score(other.tolist(), case.official) for other in drawn]))
        places = [np.arange(len(labels)) / len(labels) for labels in drawn]
        labels, place = np.concatenate(drawn), np.concatenate(places)
        counts = np.bincount(labels, minlength=len(case.film))
        usual = np.argsort(-counts, kind="stable")[: case.film.positions]
        means = np.bincount(labels, place, len(counts))[usual] / np.maximum(counts[usual], 1)
        frequent.append(score(usual[np.argsort(means, kind="stable")].tolist(), case.official))
    return Ceilings(mean_scores(sampler), mean_scores(frequent))
