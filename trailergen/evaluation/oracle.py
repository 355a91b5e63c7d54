"""The ceiling of all models of simulated trailers: how far the editor's choices can be foreseen.

The oracle knows the film's latent story, the music and the grammar, and guesses shots of a trailer. Its gain from
the other positions is the worth of context.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from trailergen.evaluation.metrics import selection
from trailergen.training.simulation.editor import EMPTY, Order, context_potentials, sample_trailer, unary_potentials
from trailergen.training.simulation.film import Ints
from trailergen.training.simulation.pairs import Story, simulate_story


@dataclass(frozen=True)
class OracleAccuracy:
    """Accuracy of the oracle.

    Args:
        alone: share of positions guessed right by one who knows nothing but film and music.
        others: likewise, knowing all other positions as well.
        frequent: F1 of the shots that are most frequent in other trailers of the film: the ceiling of F1.
        again: F1 of another trailer by the same editor: that of a perfect imitation.
    """

    alone: float
    others: float
    frequent: float
    again: float


def oracle_accuracy(
    seed: int, films: int, shots: int, positions: int, draws: int, order: Order = "ascending"
) -> OracleAccuracy:
    """The oracle's accuracy over simulated films of ``shots`` shots.

    With all others known the guess is the shot the grammar likes best there. With nothing known it is the one that
    stands there most often in ``draws`` other trailers of the film.
    """
    alone: list[bool] = []
    others: list[bool] = []
    frequent: list[float] = []
    again: list[float] = []
    for number in range(films):
        rng = np.random.default_rng((seed, number))
        story = simulate_story(rng, shots, positions, order)
        drawn = np.array([sample_trailer(story.film, story.lengths_s, story.music, rng, order) for _ in range(draws)])
        usual = np.array([np.bincount(column).argmax() for column in drawn.T])
        alone.extend((usual == story.shots).tolist())
        others.extend(best_in_context(story, [j])[j] == story.shots[j] for j in range(positions))
        counts = np.bincount(drawn.ravel(), minlength=shots)
        official = story.shots.tolist()
        frequent.append(selection(np.argsort(-counts, kind="stable")[:positions].tolist(), official).f1)
        again.extend(selection(other.tolist(), official).f1 for other in drawn)
    return OracleAccuracy(
        float(np.mean(alone)), float(np.mean(others)), float(np.mean(frequent)), float(np.mean(again))
    )


def best_in_context(story: Story, hidden: Sequence[int], sweeps: int = 4) -> Ints:
    """The trailer (J,) with the hidden positions filled again in view of the others.

    One hidden position gets the shot that the grammar likes best there, which is the best guess there is. Several
    are filled one after the other, each in view of all, and again, until nothing would change.
    """
    trailer = story.shots.copy()
    trailer[list(hidden)] = EMPTY
    unary = unary_potentials(story.film, story.lengths_s, story.music, story.order)
    for _ in range(sweeps if len(hidden) > 1 else 1):
        before = trailer.copy()
        for position in hidden:
            trailer[position] = EMPTY
            trailer[position] = np.argmax(unary[position] + context_potentials(story.film, trailer, position))
        if np.array_equal(before, trailer):
            break
    return trailer
