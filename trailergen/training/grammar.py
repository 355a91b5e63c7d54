"""The hidden editing grammar by which simulated trailers are cut.

It stands in for an editor: regular enough to be learned, not so simple that a rule of thumb does as well. A
trailer has five parts, each with its share of the positions and its own taste:

=============  =====  ==========================================================================
opening         14 %  wide, calm, bright shots in film order, each as light as the last: where are we
introduction    22 %  faces, the most important first, in pairs: a close shot of A, then B, in
                      the same scene, looking back
rising          34 %  every other shot is loud or moving, and two of these make a pair A-b-A: the second
                      returns to the scene of the first. What stands between two of them *bridges*:
                      it shows the person of the shot before, in a scene next to that of the shot after
climax          24 %  much motion and sound, out of order: two strands of the film cut against each
                      other, so that every shot continues the scene of the last but one; after six
                      shots two other strands
button           6 %  a quiet close shot in the place where the trailer began
=============  =====  ==========================================================================

Everywhere: no place twice in a row (but in pairs), no camera setup twice, no shot shorter than its
position.

There are two kinds of positions. *Leads* are chosen first: each aims at a moment that may be anywhere in its stretch
of the film. *Followers* are chosen afterwards, before or behind a lead: near it in the film, by the rules above. So
what cannot be foreseen from the film alone can be told from the neighbours, and a lead from its followers as well as
they from it: context on both sides pays, and so does taking back a first choice. ``oracle.py`` measures by how much.

The stretches are fitted so that over the whole trailer the shots come from the sixths of the film in the shares
counted in official trailers (``SIXTHS``; IPOT, Wang et al. 2024).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trailergen.ssmp.tokens import Array

SIXTHS = np.array([0.169, 0.190, 0.260, 0.198, 0.133, 0.049])

CALM, TALK, ACTION = range(3)
WIDE, MEDIUM, CLOSE = range(3)
NOBODY = -1

OPENING, INTRODUCTION, RISING, CLIMAX, BUTTON = range(5)
PART_SHARES = np.array([0.14, 0.22, 0.34, 0.24, 0.06])

# Where each part would look for shots if nothing held it to SIXTHS.
_STRETCHES = np.array(
    [
        [0.50, 0.25, 0.10, 0.05, 0.05, 0.05],
        [0.30, 0.35, 0.20, 0.10, 0.04, 0.01],
        [0.05, 0.20, 0.40, 0.25, 0.08, 0.02],
        [0.01, 0.04, 0.20, 0.30, 0.30, 0.15],
        [0.25, 0.20, 0.20, 0.15, 0.15, 0.05],
    ]
)
_LOOSENESS = 0.03
"""How far from its moment a position looks for a shot, as a share of the film (standard deviation)."""
_FREE = (0.15, 0.85)
"""Where in its stretch a lead's moment may lie. The wider, the less can be foreseen without the neighbours."""
_WHIM = 0.15
"""Scale of the Gumbel noise on every choice: what no model can learn."""
_PAIR, _STRAND = 4, 6
"""Positions from one pair of the rising part to the next, and of a pair of strands in the climax."""


@dataclass(frozen=True)
class FilmShots:
    """The latent story of a film, all arrays (I,): what the grammar knows and no encoder tells.

    ``scene``, ``place``, ``person`` (``NOBODY`` or a number, the leads first) and ``setup`` are labels, ``mood``
    and ``scale`` one of the constants above, the rest are measurements as in ``ShotFacts``.
    """

    scene: NDArray[np.int64]
    place: NDArray[np.int64]
    mood: NDArray[np.int64]
    scale: NDArray[np.int64]
    person: NDArray[np.int64]
    setup: NDArray[np.int64]
    start_s: Array
    duration_s: Array
    motion: Array
    brightness: Array
    loudness: Array


def cut_trailer(film: FilmShots, lengths_s: Array, rng: np.random.Generator) -> NDArray[np.int64]:
    """The trailer's shots (J,), all different, for positions of ``lengths_s`` (J,) seconds, J <= I."""
    return cut_around(film, lengths_s, {}, rng)[0]


def cut_around(
    film: FilmShots, lengths_s: Array, known: Mapping[int, int], rng: np.random.Generator
) -> tuple[NDArray[np.int64], float]:
    """A trailer (J,) whose ``known`` positions have the shots they are given.

    Also returns the logarithm of its weight: the probability that the grammar would have made the known choices,
    each in view of what was chosen before it. Over many draws the weighted trailers are distributed as the grammar's
    are among those that have the known shots (likelihood weighting).
    """
    parts = parts_of(len(lengths_s))
    when = rounds(parts)
    goal = _goals(parts, when == 0, rng)
    share = (film.start_s + film.duration_s / 2) / (film.start_s[-1] + film.duration_s[-1])
    taste = _taste(film)
    trailer = np.full(len(parts), -1)
    free = np.ones(len(film.scene), bool)
    weight = 0.0
    for position in sorted(range(len(parts)), key=lambda position: (when[position], position)):
        wish, origin = _context(film, parts, trailer, position)
        distance = np.abs(share - (goal[position] if origin is None else share[origin])) / _LOOSENESS
        wish = wish + taste[parts[position]] - distance**2 / 2
        wish = wish - 8.0 * np.isin(film.setup, film.setup[trailer[trailer >= 0]])
        # A shot too short for its position is a last resort.
        wish = np.where(film.duration_s < lengths_s[position], wish - 1e6, wish)
        wish = np.where(free, wish, -np.inf) / _WHIM
        if position in known:
            trailer[position] = known[position]
            weight += float(wish[known[position]] - np.logaddexp.reduce(wish))
        else:
            trailer[position] = np.argmax(wish + rng.gumbel(size=len(wish)))
        free[trailer[position]] = False
    return trailer, weight


def parts_of(positions: int) -> NDArray[np.int64]:
    """Which part each of ``positions`` belongs to, (J,); each part gets its share to the nearest position."""
    ends = np.cumsum(PART_SHARES)
    return np.searchsorted(ends, (np.arange(positions) + 0.5) / positions).clip(max=BUTTON)


def stretches() -> NDArray[np.float64]:
    """Share (5, 6) of each part's shots by sixth of the film, fitted to ``SIXTHS`` by iterative scaling."""
    joint = _STRETCHES.copy()
    for _ in range(100):
        joint *= (PART_SHARES / joint.sum(axis=1))[:, None]
        joint *= SIXTHS / joint.sum(axis=0) * joint.sum()
    return joint / joint.sum(axis=1, keepdims=True)


def rounds(parts: NDArray[np.int64]) -> NDArray[np.int64]:
    """When each position is chosen, by the part (J,) each belongs to: 0 the leads, then the followers in two rounds,
    the bridges of the rising part after what they stand between. (J,)."""
    turn = np.arange(len(parts)) - np.searchsorted(parts, parts)
    first = [
        parts == OPENING,
        (parts == INTRODUCTION) & (turn % 2 == 0),
        (parts == RISING) & (turn % _PAIR == 0),
        (parts == CLIMAX) & (turn % _STRAND < 2),
    ]
    return np.select([np.any(first, axis=0), (parts == RISING) & (turn % _PAIR == 2)], [0, 1], 2)


def _goals(parts: NDArray[np.int64], lead: NDArray[np.bool_], rng: np.random.Generator) -> NDArray[np.float64]:
    """The moment of the film, as a share of it, that each position aims at if it follows no shot. (J,).

    The leads of a part share its stretch out, each taking a moment well inside its share; those of the climax in any
    order.
    """
    goals = np.empty(len(parts))
    edges = np.linspace(0, 1, 7)
    for part, shares in enumerate(stretches()):
        where = np.flatnonzero(parts == part)
        first = np.flatnonzero(lead[where])
        order = rng.permutation(len(first)) if part == CLIMAX else np.arange(len(first))
        quantiles = np.full(len(where), 0.5)
        quantiles[first] = (order + rng.uniform(*_FREE, len(first))) / max(len(first), 1)
        goals[where] = np.interp(quantiles, np.concatenate([[0], np.cumsum(shares)]), edges)
    return goals


def _taste(film: FilmShots) -> NDArray[np.float64]:
    """What each part likes in a shot, whatever stands beside it. (5, I)."""
    close, wide = film.scale == CLOSE, film.scale == WIDE
    energy = (film.motion + film.loudness) / 2
    fame = np.where(film.person == NOBODY, -1.0, 1 / (1 + np.maximum(film.person, 0)))
    return np.stack(
        [
            2.0 * wide + 1.0 * (film.mood == CALM) + 0.5 * film.brightness,
            2.0 * close + 1.5 * fame - 0.5 * energy,
            1.5 * energy + 0.5 * fame,
            2.5 * energy,
            2.0 * close + 1.5 * fame - 1.5 * energy,
        ]
    )


def _context(
    film: FilmShots, parts: NDArray[np.int64], trailer: NDArray[np.int64], position: int
) -> tuple[NDArray[np.float64], int | None]:
    """What the neighbours already chosen ask of this position (I,), and the shot it follows, if it follows one."""
    part = parts[position]
    turn = position - int(np.searchsorted(parts, part))
    wish = np.zeros(len(film.scene))

    def at(offset: int) -> int | None:
        where = position + offset
        return int(trailer[where]) if 0 <= where < len(trailer) and trailer[where] >= 0 else None

    before, after = at(-1), at(1)
    origin: int | None = None
    answers = part == INTRODUCTION and turn % 2 == 1 and before is not None
    if answers:
        origin = before
        facing = (film.scene == film.scene[before]) & (film.person != film.person[before]) & (film.person != NOBODY)
        wish += 5.0 * facing
    elif part == RISING and turn % _PAIR == 2:
        origin = at(-2)
        wish += 4.0 * (film.scene == film.scene[origin])
    elif part == RISING and turn % 2 == 1:
        # Bridges need not be loud: what counts is whom they show and what they lead to.
        wish -= 1.5 * (film.motion + film.loudness) / 2
        origin = before if after is None else after
        if before is not None and film.person[before] != NOBODY:
            wish += 2.5 * (film.person == film.person[before])
        if after is not None:
            wish += 4.0 * (np.abs(film.scene - film.scene[after]) == 1)
    elif part == CLIMAX and turn % _STRAND >= 2:
        origin = at(-2)
        wish += 4.0 * (film.scene == film.scene[origin])
    elif part == OPENING and before is not None:
        wish -= 1.0 * np.abs(film.brightness - film.brightness[before])
    elif part == BUTTON:
        wish += 3.0 * (film.place == film.place[trailer[0]])
    for neighbour in (None if answers else before, after):
        if neighbour is not None:
            wish -= 3.0 * (film.place == film.place[neighbour])
    return wish, origin
