"""A digest of the benchmark's films.

Sizes, sources, labels and cards are hashed: they are whole numbers, and the same on every machine. Vectors are not, in
their last bits; of these there are weighted sums, to be compared with a tolerance.
"""

from __future__ import annotations

import hashlib
import math
from dataclasses import replace

import numpy as np
from torch import Tensor

from trailergen.evaluation.simulated.films import BenchmarkFilm, benchmark_films
from trailergen.evaluation.simulated.spec import SPECS
from trailergen.evaluation.simulated.version import DIGESTS
from trailergen.training.simulation.editor import Order

FILMS, TOLERANCE = 3, 1e-3


def digest(order: Order) -> tuple[str, tuple[float, ...]]:
    """The digest of the first films of protocol (a) with this order, of the test split."""
    films = list(benchmark_films(replace(SPECS["a"], order=order), "test", FILMS))
    total = hashlib.sha256()
    for film in films:
        total.update(f"{len(film.scenario.looks)} {len(film.music.lengths_s)}".encode())
        for numbers in (film.trailer.source, film.trailer.labels):
            total.update(numbers.astype("<i8").tobytes())
    sums = np.sum([_sums(film) for film in films], axis=0)
    return total.hexdigest()[:16], tuple(round(float(value), 4) for value in sums)


def unchanged(order: Order) -> bool:
    """True if the films are those of the stored digest."""
    found, stored = digest(order), DIGESTS[order]
    close = all(
        math.isclose(a, b, rel_tol=TOLERANCE, abs_tol=TOLERANCE) for a, b in zip(found[1], stored[1], strict=True)
    )
    return found[0] == stored[0] and close


def _sums(film: BenchmarkFilm) -> list[float]:
    facts, example = film.facts, film.example()
    rows: list[Tensor | None] = [example.film, example.trailer, facts.captions, facts.subtitles]
    rows += [facts.durations_s, facts.motion, facts.brightness, facts.loudness, facts.transient, facts.speech]
    for music in (film.music, film.trailer.music):
        rows += [music.lengths_s, music.energy, music.features]
    return [_weighted(values.double().numpy()) for values in rows if values is not None]


def _weighted(values: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> float:
    """A mean with weights that differ from place to place, so that an exchange of two values is seen."""
    flat = values.ravel()
    return float(np.mean(flat * np.cos(np.arange(len(flat)))) + np.mean(np.abs(flat)))


if __name__ == "__main__":
    for kind in ("ascending", "flat"):
        print(f'    "{kind}": {digest(kind)},')
