"""How far the grammar's choices can be foreseen: the best any model of simulated trailers can do.

The oracle knows the film's latent story and the grammar, and guesses the shot of one position of a trailer. What it
gains from the other positions is what context is worth.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from trailergen.training.grammar import NOTHING, context, cut_trailer, taste
from trailergen.training.simulate import simulate_film


@dataclass(frozen=True)
class Foresight:
    """Share of positions the oracle guesses right, knowing nothing but the film, or all other positions as well."""

    alone: float
    others: float


def foresight(seed: int, films: int, shots: int, positions: int, draws: int) -> Foresight:
    """The oracle's accuracy over simulated films of ``shots`` shots.

    With all others known the guess is the shot the grammar likes best there. With nothing known it is the one that
    stands there most often in ``draws`` other trailers of the film.
    """
    alone, others = [], []
    for number in range(films):
        rng = np.random.default_rng((seed, number))
        film = simulate_film(rng, shots)
        lengths = np.full(positions, 1.0, np.float32)
        trailer, *drawn = (cut_trailer(film, lengths, rng) for _ in range(1 + draws))
        tastes = taste(film, lengths)
        for position in range(positions):
            usual = np.bincount([other[position] for other in drawn]).argmax()
            alone.append(usual == trailer[position])
            rest = trailer.copy()
            rest[position] = NOTHING
            others.append((tastes[position] + context(film, rest, position)).argmax() == trailer[position])
    return Foresight(float(np.mean(alone)), float(np.mean(others)))
