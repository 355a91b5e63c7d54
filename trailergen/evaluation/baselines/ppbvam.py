"""PPBVAM: a point process-based visual attractiveness model (Xu et al. 2015).

The article ("Trailer generation via a point process-based visual attractiveness model", IJCAI 2015), of which abstract
and introduction could be read: shots attract as far as viewers look at the same spot, which an eye tracker measures as
the variance of their fixations. A self-correcting point process (see ``self_correcting.py``) learned from trailers
models the course of attractiveness. The saliency of the music places the cuts. The shortest path through a graph of
shots is the trailer that attracts most. The article's equations could not be read; those below are ours.

For J segments of music of l_j seconds, in which within a shot attractiveness is lost and a cut restores it:

    attractiveness  a_i, twice the standing (0 to 1) in the film of w . x_i, where x_i are the standings of shot i's
                    motion, brightness and distinctness, and w maximises the likelihood of what trailers show of their
                    films: sum over shots k of a trailer of
                    w . x_k - log sum over the film's shots i of exp(w . x_i), less |w|^2 / 2
    process         mu, alpha, beta of the trailers' cuts with the shots' a as marks, by maximum likelihood; cutting
                    to shot i makes the log-intensity fall by r_i = beta a_i. Time is counted in mean shots of a
                    trailer and marks in means over its shots, as trailers differ in pace and the process has but one;
                    of a trailer that is to be made the mean is that of the film's J greatest a
    edges           from shot i at j - 1 to shot k at j the loss while k is shown,
                    exp(m - r_i + alpha l_{j-1} - r_k) (exp(alpha l_j) - 1) / alpha,
                    where m is the log-intensity before the cut to i. At the first position it is mu; later it is that
                    of a steady trailer, in which one cut is expected in each shot of mean length and mark, as a
                    path's edges know their two ends only
    candidates      of a position: the shots that are as long as it, or, where too few are, the longest
    trailer         the shortest path that shows no shot twice (``shot_graph.py``): exactly where few shots are open,
                    else one that no exchange of two shots, nor of one for another, makes shorter

The loss falls with the attractiveness of every shot. So of shots that are long enough the most attractive are shown,
whatever the process is; mu, alpha, beta and the lengths decide where.

Inputs: the shots' lengths, motion, brightness and features, and the lengths of the music's segments, which are cut at
its onsets already: they take the place of the cuts that the article places by saliency. It learns six numbers from
trailers whose music is known, of which w counts by its direction alone. The seed changes nothing.

Approximated, and why: fixations need viewers, so attractiveness is what trailers prefer in three visual measures, the
distinctness of a shot being the distance of its feature from the film's mean. That no shot is shown twice, or less
than whole segments are filled, is not in what could be read. Trailers have J shots, where IPOT reports 131 to 163 of
1.2 s for PPBVAM, and Table 1 of the paper about half as many again as the official ones have.
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
from trailergen.evaluation.baselines.shot_graph import cheapest_path, fitting
from trailergen.evaluation.films import Film
from trailergen.evaluation.methods import Method
from trailergen.ssmp.losses import NO_LABEL
from trailergen.training.batches import Example
from trailergen.training.films import FilmFacts, Need, missing

Floats = NDArray[np.float64]

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


def most_attractive(process: SelfCorrecting, marks: Floats, lengths_s: Floats, shots_s: Floats) -> list[int]:
    """The trailer of least loss: the shot of each of J segments, distinct.

    Args:
        process: of the cuts.
        marks: (I,) attractiveness of the shots, in any unit, with I >= J.
        lengths_s: (J,) of the segments.
        shots_s: (I,) of the shots.
    """
    positions, lengths = len(lengths_s), _in_shots(lengths_s)
    fits = fitting(shots_s, lengths_s)
    open_shots = np.flatnonzero(_among_the_best(marks, fits).any(axis=0))
    relief = process.relief(_in_mean_marks(marks, np.sort(marks)[-positions:]))[open_shots]
    before = np.full(positions, _steady(process) + process.alpha * np.concatenate(([0.0], lengths[:-1])))
    before[:2] = process.mu + process.alpha * np.concatenate(([0.0], lengths[:-1]))[:2]
    rates = np.log(held(process.alpha, lengths)) + before
    along = (np.arange(len(marks)) + 0.5) / len(marks) - ((np.arange(positions) + 0.5) / positions)[:, None]
    # Everything counts from the most attractive shot on, so that nothing underflows.
    rates -= float(relief.min()) * np.minimum(np.arange(1, positions + 1), 2)
    keeps = np.exp(relief.min() - relief)
    path = cheapest_path(np.exp(rates - rates.max()), keeps, fits[:, open_shots], _TIE * along[:, open_shots] ** 2)
    return [int(shot) for shot in open_shots[path]]


def _steady(process: SelfCorrecting) -> float:
    """The log-intensity before a cut of a steady trailer: in each shot of mean length and mark one cut is expected."""
    return process.beta - float(np.log(held(process.alpha, np.ones(1))[0]))


def _among_the_best(marks: Floats, fits: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The shots that may be shown at each position (J, I): loss falls with the mark, and of the J most attractive that
    fit a position one is always free."""
    positions = len(fits)
    found = np.where(fits, marks, -np.inf)
    return fits & (found >= np.sort(found, axis=1)[:, -positions, None])


def _in_mean_marks(marks: Floats, shown: Floats) -> Floats:
    """Marks in units of the mean of those that a trailer shows."""
    return marks / max(float(shown.mean()), 1e-6)


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
            trailers.append(Cuts(_in_shots(seconds), _in_mean_marks(marks, marks)))
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
        segments, shots = film.music.lengths_s[:positions].double().numpy(), film.facts.durations_s.double().numpy()
        return most_attractive(self.process, marks, segments, shots)
