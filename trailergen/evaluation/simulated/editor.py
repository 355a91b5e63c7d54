"""The editor of the benchmark's official trailers: that of ``training/simulation/editor.py`` with a taste and a whim.

To the potentials there, these are added:

* *taste*: scenes that move, are loud and dark; it is the same for all films and to be seen in the features, so that it
  can be learned. It is of scenes: which of a scene's shots is taken, is mostly whim;
* *whim*: drawn anew for each trailer and shot, so that nobody can foresee it;
* *order* and *music*, which must be stronger where taste pulls to a few scenes: closeness to the place in the story
  that official trailers show at the same share of their time, and movement and sound with the music's energy.

``oracle.py`` measures what is left to be foreseen. Shots of one scene are often chosen side by side, and who finds the
right scene is often a shot or two beside the right one, as on the real data.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from trailergen.ssmp.types import Array
from trailergen.training.simulation.editor import (
    COOLING,
    EMPTY,
    Order,
    context_potentials,
    place_in_story,
    shares_of,
    unary_potentials,
)
from trailergen.training.simulation.film import FilmShots, Ints

TASTE, WHIM, FOLLOW = 5.0, 1.6, 1.0
"""In nats: standard deviations over a film of the first two potentials; weight of the music's energy against a shot's
movement and sound, all of standard deviation 1."""
DRIFT: Mapping[Order, float] = {"ascending": 0.3, "flat": 0.8}
"""Standard deviation of a shot's place in the story around what its position looks for."""


def cut_trailer(film: FilmShots, lengths_s: Array, energy: Array, rng: np.random.Generator, order: Order) -> Ints:
    """The trailer's shots (L,), all different, by Gibbs sampling.

    Args:
        film: of I shots, at least L.
        lengths_s: (L,) seconds of each position.
        energy: (L,) of the music there, of mean 0 and standard deviation 1.
        rng: of whim and sampling.
        order: closeness to the film's order.
    """
    trailer = np.full(len(lengths_s), EMPTY)
    potentials = unary_potentials(film, lengths_s, energy, order)
    potentials += TASTE * _taste(film) + WHIM * rng.standard_normal(len(film.scene))
    places = place_in_story(shares_of(lengths_s))[:, None]
    potentials -= 0.5 * ((film.story - places) / DRIFT[order]) ** 2
    potentials += FOLLOW * np.asarray(energy, np.float64)[:, None] * _standard(film.motion + film.loudness)
    for temperature in COOLING:
        for position in rng.permutation(len(trailer)).tolist():
            trailer[position] = EMPTY
            here = potentials[position] + context_potentials(film, trailer, position)
            trailer[position] = np.argmax(here + temperature * rng.gumbel(size=len(here)))
    return trailer


def _taste(film: FilmShots) -> NDArray[np.float64]:
    """The appeal of each shot's scene to the editor, (I,), of standard deviation 1 over the scenes."""
    appeal = np.asarray(0.6 * film.motion + 0.5 * film.loudness - 0.5 * film.brightness, np.float64)
    scenes = np.bincount(film.scene, appeal) / np.maximum(np.bincount(film.scene), 1)
    return _standard(scenes)[film.scene]


def _standard(values: NDArray[np.floating]) -> NDArray[np.float64]:
    values = np.asarray(values, np.float64) - np.mean(values)
    return np.asarray(values / max(float(values.std()), 1e-6), np.float64)
