"""The editor by whom simulated trailers are cut: a hidden grammar, and the film's own story.

It stands in for an editor who goes by the rules that viewers were found to reward: regular enough to be learned, not
so simple that a rule of thumb does as well. A trailer is drawn from a Markov random field over its positions: every
shot is chosen in view of those around it, and they in view of it. Its log-probability is a sum of *unary
potentials* of positions and shots, whatever stands beside them, and of *context potentials* of neighbouring shots; both
are in nats, so that a difference of 1 makes one shot e times as likely as another.

Unary potentials:

* *order*: the trailer tells the story in film order, but for swaps. A position looks for shots around the place in
  the story where official trailers are at that share of their time (``SIXTHS``; IPOT, Wang et al. 2024), which gives
  the acts 17, 27, 13 and 43 % of the positions, and the film's turn comes at ``TURN``;
* *the ending stays secret*: hardly ever a shot after the film's last big fade;
* *something to see*: a plain subject, neither a speck nor cut off, leads before others, sharp, not cluttered;
* *opening*, *introductions*, *button*: first wide, bright, calm and early; then the leads' faces in the light; last a
  face, tight and still, from shortly before the fade;
* *calm to climax, with the music*: movement, sound and blows grow along the trailer, and with the energy of the
  position's segment of the music; long shots go to long positions.

Context potentials:

* *cause and effect*: a shot is followed by one of the next ``GAP`` of the film;
* *cuts*: neighbours differ in size, person or colour;
* *parties*: neighbours show one party and then the other, and no party has three shots in a row;
* *nothing twice*: no shot, no camera set-up.

No shot is shorter than its position. Which of many fitting shots an editor takes cannot be foreseen from the film, but
much can be told from the shots that are already there, on either side alike: so context on both sides pays, and so
does taking back a first choice. ``evaluation/oracle.py`` measures by how much.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from trailergen.ssmp.types import Array
from trailergen.training.simulation.film import CLOSE, MEDIUM, NOBODY, WIDE, FilmShots, Ints

Floats = NDArray[np.float64]
Order = Literal["ascending", "flat"]
"""Closeness to the film's order: ascending pairs of shots are .82, or .54, of all pairs."""

SIXTHS = np.array([0.169, 0.190, 0.260, 0.198, 0.133, 0.049])
TURN = 0.46
"""The trailer's share at which the film's lasting turn of place and light is to be seen."""
GAP = 3
EMPTY = -1

OPENING, INTRODUCTION = 0.06, 0.20
"""Shares of the trailer at which the opening and the introductions end."""

_LAST = 0.93
"""Share of the usual film at which its last fade stands: the end of what a trailer shows."""
_SOUGHT: Mapping[Order, Floats] = {
    "ascending": np.array([0.28, 0.22, 0.30, 0.10, 0.055, 0.045]),
    "flat": np.array([0.20, 0.18, 0.31, 0.17, 0.085, 0.055]),
}
"""Weight of shots of each sixth of the film, fitted so that trailers come out with ``SIXTHS``."""
_DRIFT = 0.28
"""Standard deviation of a shot's place in the story around what its position looks for."""
_FOLLOW = 1.1
"""Weight of the music's energy, of standard deviation 1, against the shot's own."""
_LINKED = 0.15
"""Odds, per shot of the film, that a cut shows cause and effect rather than anything else."""
COOLING = np.concatenate([np.geomspace(3.0, 1.0, 7), np.ones(6)])
"""Temperature of each sweep over the trailer."""
_NEVER = -1e6


def sample_trailer(
    film: FilmShots,
    lengths_s: Array,
    music: Array,
    rng: np.random.Generator,
    order: Order = "ascending",
    appeal: Floats | None = None,
) -> Ints:
    """The trailer's shots (J,), all different.

    Gibbs sampling: each position in turn is chosen anew in view of all others, with less and less noise.

    Args:
        film: of I shots, at least J.
        lengths_s: (J,) seconds of each position.
        music: (J,) energy of the music there, of mean 0 and standard deviation 1.
        rng: of the draws.
        order: closeness to the film's order.
        appeal: (I,) what else speaks for each shot at any position, in nats.
    """
    trailer = np.full(len(lengths_s), EMPTY)
    unary = unary_potentials(film, lengths_s, music, order)
    if appeal is not None:
        unary += appeal
    for temperature in COOLING:
        for position in rng.permutation(len(trailer)).tolist():
            trailer[position] = EMPTY
            potential = unary[position] + context_potentials(film, trailer, position)
            trailer[position] = np.argmax(potential + temperature * rng.gumbel(size=len(potential)))
    return trailer


def shares_of(lengths_s: Array) -> Floats:
    """The middle of each position as a share of the trailer's time, (J,)."""
    ends = np.cumsum(lengths_s, dtype=np.float64)
    shares: Floats = (ends - np.asarray(lengths_s) / 2) / ends[-1]
    return shares


def place_in_story(share: Floats) -> Floats:
    """The places in the usual film, as shares of it, that official trailers show at these shares of their time."""
    reached = np.concatenate(([0.0], np.cumsum(SIXTHS)))
    places: Floats = np.interp(share, reached, [0, 1 / 6, 2 / 6, 3 / 6, 4 / 6, 5 / 6, _LAST])
    return places


def unary_potentials(film: FilmShots, lengths_s: Array, music: Array, order: Order = "ascending") -> Floats:
    """The potentials (J, I) of each shot at each position, whatever stands beside it, in nats."""
    share = shares_of(lengths_s)[:, None]
    potential = _order(film, share, order) + _worth(film) + _parts(film, share) + _energy(film, share, music[:, None])
    shorter = _rank(film.duration_s) - _rank(lengths_s)[:, None]
    potential -= 0.5 * np.abs(shorter)
    # The ending, and shots too short for their position, are last resorts.
    potential -= 5.0 * (np.arange(len(film.act)) >= film.guard)
    potential += _NEVER * (film.duration_s < np.asarray(lengths_s)[:, None])
    return potential


def context_potentials(film: FilmShots, trailer: Ints, position: int) -> Floats:
    """The potentials (I,) of shots at a position in view of ``trailer`` (J,), ``EMPTY`` where it has none, in nats."""
    shots = len(film.scene)
    potential = np.zeros(shots)
    number = np.arange(shots)

    def at(place: int) -> int:
        return int(trailer[place]) if 0 <= place < len(trailer) else EMPTY

    for offset in (-1, 1):
        other = at(position + offset)
        if other == EMPTY:
            continue
        later = (number - other) * -offset
        # In a longer film there are more other shots to choose from; cause and effect is as frequent all the same.
        potential += np.log(_LINKED * shots) * ((later > 0) & (later <= GAP))
        same_size = film.scale == film.scale[other]
        potential -= 0.5 * same_size
        potential -= 1.5 * (same_size & (film.person == film.person[other]))
        potential -= 0.5 * (((film.hue - film.hue[other]) ** 2).sum(axis=1) < 0.25)
        both = (film.party >= 0) & (film.party[other] >= 0)
        potential += 0.8 * (both & (film.party != film.party[other]))
    for first, second in ((-2, -1), (-1, 1), (1, 2)):
        one, two = at(position + first), at(position + second)
        if EMPTY not in (one, two) and film.party[one] == film.party[two] >= 0:
            potential -= 4.0 * (film.party == film.party[one])
    taken = np.concatenate((trailer[:position], trailer[position + 1 :]))
    taken = taken[taken != EMPTY]
    shown = np.zeros(shots, np.bool_)
    shown[film.setup[taken]] = True
    potential -= 30.0 * shown[film.setup]
    potential[taken] = -np.inf
    return potential


def _order(film: FilmShots, share: Floats, order: Order) -> Floats:
    sixth = np.minimum((film.middle * 6).astype(np.int64), 5)
    potential = np.log(_SOUGHT[order])[sixth] + np.zeros_like(share)
    if order == "flat":  # any place will do for any position
        return potential
    potential -= 0.5 * ((film.story - place_in_story(share)) / _DRIFT) ** 2
    return potential - 1.5 * ((np.arange(len(film.act)) >= film.turn) != (share >= TURN))


def _worth(film: FilmShots) -> Floats:
    """The worth of showing each shot at all, (I,)."""
    fame = np.where(film.person == NOBODY, 0.0, 1 / (1 + np.maximum(film.person, 0)))
    fills = (film.size >= 0.10) & (film.size <= 0.70)
    worth = 2.0 * film.subject + 0.8 * fills + 0.6 * fame + 0.3 * film.sharpness - 0.4 * film.clutter
    return np.asarray(worth, np.float64)


def _parts(film: FilmShots, share: Floats) -> Floats:
    """The potentials of the opening, the introductions and the button, (J, I)."""
    opening = 2.5 * (film.scale == WIDE) + 0.8 * film.brightness - 1.0 * film.motion
    fame = np.where(film.person == NOBODY, -1.0, 1 / (1 + np.maximum(film.person, 0)))
    introduction = 1.0 * (film.scale != WIDE) + 1.0 * fame + 0.5 * film.brightness - 0.3 * film.motion
    button = 2.0 * (film.scale == CLOSE) + 0.8 * (film.scale == MEDIUM) - 1.0 * film.motion + 1.5 * film.subject
    last = np.arange(len(share))[:, None] == len(share) - 1
    first = (share < OPENING) | (np.arange(len(share))[:, None] == 0)
    potential = np.where(first, opening, 0.0) + np.where(last, button, 0.0)
    return potential + np.where(~first & ~last & (share < INTRODUCTION), introduction, 0.0)


def _energy(film: FilmShots, share: Floats, music: Floats | Array) -> Floats:
    """Movement, sound and blows, against the trailer's course and the music's, (J, I)."""
    energy = np.asarray(0.45 * film.motion + 0.35 * film.loudness + 0.25 * film.transient, np.float64)
    # Confrontations are loud throughout: what counts is what stands out of its act.
    energy -= (np.bincount(film.act, energy) / np.maximum(np.bincount(film.act), 1))[film.act]
    potential: Floats = (1.2 * (share - 0.45) + _FOLLOW * music) * energy
    return potential


def _rank(values: Array) -> Floats:
    """Rank from 0 to 1, (n,)."""
    return np.argsort(np.argsort(values)) / max(1, len(values) - 1)
