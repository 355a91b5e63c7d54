"""PPBVAM: a point process-based visual attractiveness model (Xu et al. 2015).

The article ("Trailer generation via a point process-based visual attractiveness model", IJCAI 2015): shots attract as
far as viewers look at the same spot, which an eye tracker measures as the variance of their fixations. Within a shot
attractiveness is lost with time, and a cut restores it: a self-correcting point process (see ``self_correcting.py``)
learned from trailers models that course. The saliency of the music places the cuts. A graph holds the shots that could
stand between each two cuts, its edges as long as attractiveness is lost, and its shortest path is the trailer that
attracts most. Abstract and introduction could be read; the article's own parameters could not.

Here, for J segments of music of l_j seconds:

    attractiveness  a_i, twice the standing (0 to 1) in the film of w . x_i, where x_i are the standings of shot i's
                    motion, brightness and distinctness, and w maximises the likelihood of what trailers show of their
                    films: sum over shots k of a trailer of
                    w . x_k - log sum over the film's shots i of exp(w . x_i), less |w|^2 / 2
    process         mu, alpha, beta of the trailers' cuts with the shots' a as marks, by maximum likelihood; cutting
                    to shot i makes the log-intensity fall by r_i = beta a_i. Time is counted in mean shots of a
                    trailer, and marks are of mean 1 over it, as trailers differ in pace and the process has but one
    edges           from shot i at j - 1 to shot k at j the loss while k is shown,
                    exp(m - r_i + alpha l_{j-1} - r_k) (exp(alpha l_j) - 1) / alpha,
                    where m is the log-intensity before a cut in a steady trailer of these lengths: the history before
                    shot i is taken to be at its mean, as a path's edges can only know their two ends
    trailer         the shortest path, exactly

Inputs: the shots' motion, brightness and features, and the lengths of the music's segments, which are cut at its
onsets already. It learns six numbers from trailers whose music is known. The seed changes nothing.

Approximated, and why: fixations need viewers, so attractiveness is what trailers prefer in three visual measures, the
distinctness of a shot being the distance of its feature from the film's mean. That no shot is shown twice is not in
what could be read: each shot is a candidate of one position only, by rounds of exact assignment of shots to positions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Self

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from trailergen.evaluation.baselines.affect import standing
from trailergen.evaluation.baselines.self_correcting import Cuts, SelfCorrecting, fit_process, held
from trailergen.evaluation.baselines.shot_graph import disjoint_candidates, shortest_path
from trailergen.evaluation.films import Film
from trailergen.evaluation.methods import Method
from trailergen.ssmp.losses import NO_LABEL
from trailergen.training.batches import Example
from trailergen.training.films import FilmFacts, Need, missing

Floats = NDArray[np.float64]

CANDIDATES = 12
"""Of each position, at most."""
TRAITS = 3
_TIE = 1e-6


def traits(facts: FilmFacts, features: Tensor) -> Floats:
    """Standings (I, 3) of the shots in motion, brightness and distinctness."""
    rows = features.double().numpy()
    apart = np.linalg.norm(rows - rows.mean(axis=0), axis=1)
    return np.stack([standing(v) for v in (facts.motion.numpy(), facts.brightness.numpy(), apart)], axis=1)


def attractiveness(seen: Floats, weights: Floats) -> Floats:
    """Attractiveness (I,) of shots of these traits (I, 3), 0 to 2; all 1 where they are alike."""
    return 2 * standing(np.round(seen @ weights, 9))


def fit_weights(films: Sequence[Floats], shown: Sequence[NDArray[np.int64]]) -> Floats:
    """The weights (3,) of the traits (I, 3) by which trailers choose ``shown`` of the shots of their films.

    Penalised maximum likelihood of a softmax over each film's shots (conditional logit, McFadden 1974).
    """
    from scipy.optimize import minimize
    from scipy.special import logsumexp, softmax

    def cost(weights: Floats) -> tuple[float, Floats]:
        value, slope = float(weights @ weights) / 2, weights.copy()
        for seen, shots in zip(films, shown, strict=True):
            levels = seen @ weights
            value += len(shots) * float(logsumexp(levels)) - float(levels[shots].sum())
            slope += len(shots) * (softmax(levels) @ seen) - seen[shots].sum(axis=0)
        return value, slope

    found: Floats = minimize(cost, np.zeros(TRAITS), jac=True, method="L-BFGS-B").x
    return found


def most_attractive(process: SelfCorrecting, marks: Floats, lengths_s: Floats) -> list[int]:
    """The trailer of least loss: the shot of each of J segments, distinct.

    Args:
        process: of the cuts.
        marks: (I,) attractiveness, with I >= J.
        lengths_s: (J,) of the segments.
    """
    relief, lengths = process.relief(marks), _in_shots(lengths_s)
    # In a steady trailer one cut is expected in every shot of mean length and relief.
    level = process.beta - float(np.log(held(process.alpha, np.ones(1))[0]))
    alone = process.expected(level - relief, lengths[:, None])
    along = (np.arange(len(marks)) + 0.5) / len(marks) - ((np.arange(len(alone)) + 0.5) / len(alone))[:, None]
    candidates = disjoint_candidates(alone / alone.mean() + _TIE * along**2, CANDIDATES)
    later = _TIE * np.arange(candidates.shape[1])

    def edges(position: int) -> Floats:
        before, after = (relief[candidates[at]] for at in (position, position + 1))
        starts = level - before[:, None] + process.alpha * lengths[position] - after
        return process.expected(starts, lengths[position + 1]) + later

    path = shortest_path(alone[0][candidates[0]] + later, edges, len(lengths))
    return [int(shot) for shot in candidates[np.arange(len(path)), path]]


def _in_shots(lengths_s: Floats) -> Floats:
    """Lengths in units of their mean."""
    return lengths_s / max(float(lengths_s.mean()), 1e-6)


class PPBVAM(Method):
    """The attractiveness model as a ``Method``; not fitted, it holds all shots for alike."""

    learns: ClassVar[bool] = True
    needs: ClassVar[frozenset[Need]] = frozenset({"facts", "music"})

    def __init__(self) -> None:
        self.weights: Floats = np.zeros(TRAITS)
        self.process = SelfCorrecting(0.0, 1.0, 1.0)

    def fit(self, examples: Sequence[Example], seed: int) -> None:
        """Learn attractiveness and the process from the examples that have facts and music; the seed changes nothing.

        Raises:
            ValueError: none has.
        """
        films, shown, lengths = [], [], []
        for example in examples:
            facts, music = example.film_facts, example.music
            if facts is None or music is None or missing(self.needs, facts, music):
                continue
            films.append(traits(facts, example.film))
            shown.append(example.labels.numpy())
            lengths.append(music.lengths_s.double().numpy())
        if not films:
            raise ValueError("no example has facts and music")
        self.weights = fit_weights(films, [labels[labels != NO_LABEL] for labels in shown])
        trailers = []
        for seen, labels, seconds in zip(films, shown, lengths, strict=True):
            # A card attracts as a mean shot does.
            marks = np.append(attractiveness(seen, self.weights), 1.0)[np.where(labels == NO_LABEL, -1, labels)]
            trailers.append(Cuts(_in_shots(seconds), marks / max(float(marks.mean()), 1e-6)))
        self.process = fit_process(trailers)

    def state(self) -> tuple[Mapping[str, Any], Mapping[str, Tensor]]:
        """The six numbers."""
        process = self.process
        numbers = [process.mu, process.alpha, process.beta]
        return {}, {"weights": torch.tensor(self.weights), "process": torch.tensor(numbers, dtype=torch.float64)}

    @classmethod
    def restored(cls, config: Mapping[str, Any], tensors: Mapping[str, Tensor]) -> Self:
        """The fitted method of a ``state``."""
        method = cls()
        if tensors["weights"].shape != (TRAITS,) or tensors["process"].shape != (3,):
            raise ValueError("these are not the numbers of a PPBVAM")
        method.weights = tensors["weights"].double().numpy()
        method.process = SelfCorrecting(*tensors["process"].tolist())
        return method

    def trailer(self, film: Film, seed: int) -> list[int]:
        """See ``Method``; the seed changes nothing."""
        film.require(self.needs, "PPBVAM")
        if film.facts is None or film.music is None:
            raise AssertionError("they are required")
        positions = min(film.positions, len(film), len(film.music.lengths_s))
        marks = attractiveness(traits(film.facts, film.features), self.weights)
        return most_attractive(self.process, marks, film.music.lengths_s[:positions].double().numpy())
