"""The hidden editing grammar by which simulated trailers are cut.

It stands in for an editor: regular enough to be learned, not so simple that a rule of thumb does as well. A trailer
is drawn from a Markov random field over its positions: every shot is chosen in view of those around it, and they in
view of it.

*Taste*, what a position likes whatever stands beside it. A trailer has five parts:

=============  =====  ==============================================================
opening         14 %  wide, calm, bright shots: where are we
introduction    22 %  faces, the most important first
rising          34 %  loud or moving shots
climax          24 %  much motion and sound
button           6 %  a quiet close shot
=============  =====  ==============================================================

Each part has its own stretches of the film, fitted so that over the whole trailer the shots come from the sixths of
the film in the shares counted in official trailers (``SIXTHS``; IPOT, Wang et al. 2024).

*Cuts*, what two neighbours ask of each other: another place, similar light, the same person.

*Strands*, what a shot asks of the last but one and the next but one: two strands of the film run through the
trailer, cut against each other, so that every second shot continues the scene, or comes from nearby in the film,
forward rather than back.

Everywhere: no shot twice, no camera setup twice, no shot shorter than its position.

Which strands an editor picks cannot be foreseen from the film, but it can be told from the shots that are already
there, on either side alike: so context on both sides pays, and so does taking back a first choice. ``oracle.py``
measures by how much.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trailergen.ssmp.tokens import Array

SIXTHS = np.array([0.169, 0.190, 0.260, 0.198, 0.133, 0.049])
AIM = np.array([0.148, 0.185, 0.336, 0.211, 0.101, 0.019])
"""What tastes have to aim at for trailers to come out with ``SIXTHS``: strands blur it, and films are loudest late."""

CALM, TALK, ACTION = range(3)
WIDE, MEDIUM, CLOSE = range(3)
NOBODY = -1
NOTHING = -1

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
_NEARBY = 0.03
"""How far in the film a strand goes on, as a share of the film (standard deviation)."""
_WHIM = 0.35
"""Scale of the Gumbel noise on every choice: what no model can learn."""
_COOLING = np.geomspace(4.0, 1.0, 10)
"""The noise of each sweep over the trailer, as a multiple of ``_WHIM``."""


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
    """The trailer's shots (J,), all different, for positions of ``lengths_s`` (J,) seconds, J <= I.

    Gibbs sampling: each position in turn is chosen anew in view of all others, with less and less noise.
    """
    trailer = np.full(len(lengths_s), NOTHING)
    tastes = taste(film, lengths_s)
    for noise in _COOLING * _WHIM:
        for position in rng.permutation(len(trailer)).tolist():
            trailer[position] = NOTHING
            wish = tastes[position] + context(film, trailer, position)
            trailer[position] = np.argmax(wish + noise * rng.gumbel(size=len(wish)))
    return trailer


def taste(film: FilmShots, lengths_s: Array) -> NDArray[np.float64]:
    """How much each position (J,) likes each shot, whatever stands beside it. (J, I)."""
    close, wide = film.scale == CLOSE, film.scale == WIDE
    energy = (film.motion + film.loudness) / 2
    fame = np.where(film.person == NOBODY, -1.0, 1 / (1 + np.maximum(film.person, 0)))
    by_part = np.stack(
        [
            2.0 * wide + 1.0 * (film.mood == CALM) + 0.5 * film.brightness,
            2.0 * close + 1.5 * fame - 0.5 * energy,
            1.5 * energy + 0.5 * fame,
            2.5 * energy,
            2.0 * close + 1.5 * fame - 1.5 * energy,
        ]
    )
    sixth = np.minimum((_middle(film) * 6).astype(np.int64), 5)
    by_part = 1.6 * by_part + 1.5 * np.log(stretches())[:, sixth]
    # A shot too short for its position is a last resort.
    too_short = film.duration_s < np.asarray(lengths_s)[:, None]
    return by_part[parts_of(len(lengths_s))] - 1e6 * too_short


def context(film: FilmShots, trailer: NDArray[np.int64], position: int) -> NDArray[np.float64]:
    """How much the shots of ``trailer`` (J,), ``NOTHING`` where there is none, want each shot at a position. (I,)."""
    middle = _middle(film)
    wish = np.zeros(len(film.scene))
    for offset in (-2, -1, 1, 2):
        where = position + offset
        if not 0 <= where < len(trailer) or (other := int(trailer[where])) == NOTHING:
            continue
        if abs(offset) == 1:
            wish -= 3.0 * (film.place == film.place[other])
            wish -= 0.7 * np.abs(film.brightness - film.brightness[other])
            wish += 1.5 * ((film.person == film.person[other]) & (film.person != NOBODY))
        else:
            distance = (middle - middle[other]) / _NEARBY
            wish += 3.0 * (film.scene == film.scene[other]) - np.minimum(distance**2 / 2, 3.0)
            wish += 1.5 * (distance * offset < 0)
    taken = np.delete(trailer, position)
    taken = taken[taken != NOTHING]
    wish -= 8.0 * np.isin(film.setup, film.setup[taken])
    wish[taken] = -np.inf
    return wish


def parts_of(positions: int) -> NDArray[np.int64]:
    """Which part each of ``positions`` belongs to, (J,); each part gets its share to the nearest position."""
    ends = np.cumsum(PART_SHARES)
    return np.searchsorted(ends, (np.arange(positions) + 0.5) / positions).clip(max=BUTTON)


def stretches() -> NDArray[np.float64]:
    """Share (5, 6) of each part's shots by sixth of the film, fitted to ``AIM`` by iterative scaling."""
    joint = _STRETCHES.copy()
    for _ in range(100):
        joint *= (PART_SHARES / joint.sum(axis=1))[:, None]
        joint *= AIM / joint.sum(axis=0) * joint.sum()
    return joint / joint.sum(axis=1, keepdims=True)


def _middle(film: FilmShots) -> NDArray[np.float64]:
    """The middle of each shot as a share of the film, (I,)."""
    ends = film.start_s.astype(np.float64) + film.duration_s
    return (ends - film.duration_s / 2) / ends[-1]
