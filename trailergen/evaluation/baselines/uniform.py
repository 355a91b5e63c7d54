"""Uniform choice: shots at even distances, in film order."""

from __future__ import annotations

from trailergen.evaluation.films import Film
from trailergen.evaluation.methods import Method


def uniform_trailer(shots: int, positions: int) -> list[int]:
    """The middle shot of each of ``positions`` equal stretches of the film; no shot twice."""
    count = min(shots, positions)
    return [(2 * position + 1) * shots // (2 * count) for position in range(count)]


class UniformChoice(Method):
    """``uniform_trailer`` as a ``Method``."""

    def trailer(self, film: Film, seed: int) -> list[int]:
        """See ``Method``; the seed changes nothing."""
        return uniform_trailer(len(film), film.positions)
