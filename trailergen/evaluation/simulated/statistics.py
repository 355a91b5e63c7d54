"""Statistics of the benchmark's films beside what is known of the real data.

The real figures are the paper's (section 4.1, Tables 1 and 7), IPOT's (Wang et al. 2024), or inferred from theirs;
where nothing is known, there is none.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trailergen.evaluation.baselines.random import random_trailer
from trailergen.evaluation.metrics import mean_scores, score
from trailergen.evaluation.simulated.films import CARD, BenchmarkFilm
from trailergen.evaluation.simulated.oracle import Ceilings


@dataclass(frozen=True)
class Statistic:
    """One statistic: its name, the simulated value, and the real one in words; empty where it is not known."""

    name: str
    simulated: float
    real: str = ""


REAL: Mapping[str, str] = {
    "film shots, I": "1,909 (paper)",
    "trailer shots": "at least 88 (IPOT)",
    "positions, J": "",
    "positions for each film shot, J / I": "0.046",
    "positions for each official shot that is not repeated": "1.15 to 1.16 (R/P of Test-74)",
    "F1 of random shots": "about 0.046",
    "F1 of random shots, R = 1": "",
    "F1 of random shots, R = 2": "",
    "ascending pairs of the true sources": "0.82 (Big Buck Bunny, by hand)",
    "ascending pairs of eq. 1's labels": "",
    "labels of eq. 1 that are right, of shots from the film": "",
    "wrong labels within two shots of the right one": "",
    "repeated labels": "0.10 to 0.35 (inferred)",
    "title cards": "",
    "rank correlation of the music's energy and the shots' movement": "",
    "F1 of the perfect sampler": "more than 0.162 and 0.237 (SSMP, Test-8 and Test-74)",
    "its F1 at R = 1 over that at R = 0": "2.41 and 1.86 (SSMP, Test-8 and Test-74)",
    "its F1 at R = 2 over that at R = 0": "3.90 and 2.62 (SSMP, Test-8 and Test-74)",
    "F1 of the most frequent shots": "",
}
"""The statistics, in the order of the table, and the real values with their source."""


def statistics(films: Sequence[BenchmarkFilm], known: Ceilings) -> list[Statistic]:
    """All statistics over films; ``known`` are the ceilings of the same films."""
    rows = [_of_one(film, np.random.default_rng((2, number))) for number, film in enumerate(films)]
    means = {name: float(np.nanmean([row[name] for row in rows])) for name in rows[0]}
    sampler = known.sampler
    means["F1 of the perfect sampler"] = sampler.f1
    means["its F1 at R = 1 over that at R = 0"] = sampler.f1_at_1 / sampler.f1 if sampler.f1 else math.nan
    means["its F1 at R = 2 over that at R = 0"] = sampler.f1_at_2 / sampler.f1 if sampler.f1 else math.nan
    means["F1 of the most frequent shots"] = known.frequent.f1
    return [Statistic(name, means[name], real) for name, real in REAL.items()]


def ascending_share(shots: NDArray[np.int64]) -> float:
    """Share of the pairs of different shots, (L,), that come in film order; NaN where there is none."""
    first, second = np.triu_indices(len(shots), 1)
    steps = shots[second] - shots[first]
    return float((steps > 0).sum() / (steps != 0).sum()) if (steps != 0).any() else math.nan


def _of_one(film: BenchmarkFilm, rng: np.random.Generator) -> dict[str, float]:
    # Imported here: scipy.stats is slow to load, and only this needs it.
    from scipy.stats import spearmanr

    trailer, story = film.trailer, film.scenario.film
    shots, positions, official = len(story.scene), len(film.music.lengths_s), trailer.labels.tolist()
    shown = trailer.source != CARD
    source, labels = trailer.source[shown], trailer.labels[shown]
    wrong = np.abs(labels - source)[labels != source]
    chance = mean_scores([score(random_trailer(shots, positions, rng), official) for _ in range(10)])
    return {
        "film shots, I": shots,
        "trailer shots": len(official),
        "positions, J": positions,
        "positions for each film shot, J / I": positions / shots,
        "positions for each official shot that is not repeated": positions / len(set(official)),
        "F1 of random shots": chance.f1,
        "F1 of random shots, R = 1": chance.f1_at_1,
        "F1 of random shots, R = 2": chance.f1_at_2,
        "ascending pairs of the true sources": ascending_share(source),
        "ascending pairs of eq. 1's labels": ascending_share(trailer.labels),
        "labels of eq. 1 that are right, of shots from the film": float((labels == source).mean()),
        "wrong labels within two shots of the right one": float((wrong <= 2).mean()) if len(wrong) else math.nan,
        "repeated labels": 1 - len(set(official)) / len(official),
        "title cards": float((~shown).mean()),
        "rank correlation of the music's energy and the shots' movement": float(
            spearmanr(trailer.music.energy.numpy()[shown], story.motion[source]).statistic
        ),
    }
