"""How far the grammar's choices can be foreseen: the best any model of simulated trailers can do.

The oracle knows the film's latent story and the grammar, and guesses the shot of one position of a trailer from
others. What it gains from them is what context is worth; a model, which knows neither, can gain less or more, as it
may need the neighbours to tell what the oracle knows without them.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trailergen.ssmp.tokens import Array
from trailergen.training.grammar import FilmShots, cut_around, cut_trailer
from trailergen.training.simulate import simulate_film


@dataclass(frozen=True)
class Foresight:
    """Share of positions the oracle guesses right, knowing nothing but the film, the two neighbours (one at the
    ends), or all other positions of the trailer."""

    alone: float
    neighbours: float
    others: float


def foresee(
    film: FilmShots,
    lengths_s: Array,
    trailer: NDArray[np.int64],
    position: int,
    known: Collection[int],
    draws: int,
    rng: np.random.Generator,
) -> NDArray[np.float64]:
    """The probability of each film shot (I,) to stand at a position of ``trailer`` (J,), given the ``known`` ones.

    Estimated from ``draws`` trailers that have the known shots, weighted by how well these fit the rest.
    """
    given = {other: int(trailer[other]) for other in known}
    cut = [cut_around(film, lengths_s, given, rng) for _ in range(draws)]
    log_weights = np.array([weight for _, weight in cut])
    weights = np.exp(log_weights - log_weights.max())
    chosen = [int(other[position]) for other, _ in cut]
    return np.bincount(chosen, weights, len(film.scene)) / weights.sum()


def foresight(seed: int, films: int, shots: int, positions: int, asked: int, draws: int) -> Foresight:
    """The oracle's accuracy over simulated films of ``shots`` shots.

    Args:
        seed: of the films, their trailers and the oracle's draws.
        films: how many.
        shots, positions: size of each film and its trailer.
        asked: positions to guess per trailer, uniformly chosen.
        draws: trailers drawn for each guess.
    """
    right: list[Sequence[bool]] = []
    for number in range(films):
        rng = np.random.default_rng((seed, number))
        film = simulate_film(rng, shots)
        lengths = np.full(positions, 1.0, np.float32)
        trailer = cut_trailer(film, lengths, rng)
        for position in rng.choice(positions, asked, replace=False).tolist():
            others = set(range(positions)) - {position}
            near = others & {position - 1, position + 1}
            right.append(
                [
                    bool(foresee(film, lengths, trailer, position, known, draws, rng).argmax() == trailer[position])
                    for known in (set(), near, others)
                ]
            )
    return Foresight(*np.mean(right, axis=0).tolist())
