"""The hidden editing grammar by which simulated trailers are cut.

It stands in for an editor: regular enough to be learned, not so simple that a rule of thumb does as well. A
trailer has five parts, each with its share of the positions and its own taste:

=============  =====  ==========================================================================
opening         14 %  wide, calm, bright shots in film order: where are we
introduction    22 %  faces, the most important first, in pairs: a close shot of A, then B, in
                      the same scene, looking back
rising          34 %  every other shot is loud or moving; the one between two of them *bridges*:
                      it shows the person of the shot before, in a scene next to that of the shot
                      after
climax          24 %  much motion and sound, out of order: two strands of the film cut against
                      each other, so that every shot continues the scene of the last but one
button           6 %  a quiet close shot in the place where the trailer began
=============  =====  ==========================================================================

Everywhere: no place twice in a row (but in pairs), no camera setup twice, no shot shorter than its
position. The anchors are chosen first and what leans on them afterwards, so many a choice answers to what
*follows* it as much as to what precedes: context on both sides pays, and so does taking back a first choice.

Each position aims at a moment of its part's stretch of the film. The stretches are fitted so that over the
whole trailer the shots come from the sixths of the film in the shares counted in official trailers
(``SIXTHS``; IPOT, Wang et al. 2024).
"""

from __future__ import annotations

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
_WHIM = 0.15
"""Standard scale of the Gumbel noise on every choice: what no model can learn."""


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
    count = len(lengths_s)
    parts = parts_of(count)
    moments = _moments(parts, rng)
    share = (film.start_s + film.duration_s / 2) / (film.start_s[-1] + film.duration_s[-1])
    taste = _taste(film)
    trailer = np.full(count, -1)
    used = np.zeros(len(film.scene), bool)
    for position in _order(parts):
        wish = taste[parts[position]] - ((share - moments[position]) / _LOOSENESS) ** 2 / 2
        wish = wish + _context(film, parts, trailer, position)
        wish = wish + _WHIM * rng.gumbel(size=len(wish))
        wish = wish - 8.0 * np.isin(film.setup, film.setup[trailer[trailer >= 0]])
        # A shot too short for its position is a last resort.
        wish = np.where(film.duration_s < lengths_s[position], wish - 1e6, wish)
        trailer[position] = np.argmax(np.where(used, -np.inf, wish))
        used[trailer[position]] = True
    return trailer


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


def _moments(parts: NDArray[np.int64], rng: np.random.Generator) -> NDArray[np.float64]:
    """The moment of the film, as a share of it, that each position aims at. (J,)."""
    moments = np.empty(len(parts))
    edges = np.linspace(0, 1, 7)
    for part, shares in enumerate(stretches()):
        where = np.flatnonzero(parts == part)
        quantiles = (np.arange(len(where)) + rng.uniform(0.4, 0.6, len(where))) / max(len(where), 1)
        if part == CLIMAX:
            # Two strands: the later half of the stretch first, then back to the earlier one, and so on.
            half = len(where) - len(where) // 2
            strands = np.empty(len(where))
            strands[0::2], strands[1::2] = quantiles[-half:], quantiles[: len(where) // 2]
            quantiles = strands
        moments[where] = np.interp(quantiles, np.concatenate([[0], np.cumsum(shares)]), edges)
    return moments


def _place_in_part(parts: NDArray[np.int64], position: int) -> int:
    return position - int(np.argmax(parts == parts[position]))


def _order(parts: NDArray[np.int64]) -> list[int]:
    """The anchors first; then the answers of the introduction, the bridges and the button."""

    def leans(position: int) -> bool:
        return parts[position] == BUTTON or (
            parts[position] in (INTRODUCTION, RISING) and _place_in_part(parts, position) % 2 == 1
        )

    return sorted(range(len(parts)), key=lambda position: (leans(position), position))


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
) -> NDArray[np.float64]:
    """What the neighbours already chosen ask of this position. (I,)."""
    part, turn = parts[position], _place_in_part(parts, position)
    wish = np.zeros(len(film.scene))

    def at(offset: int) -> int | None:
        where = position + offset
        return int(trailer[where]) if 0 <= where < len(trailer) and trailer[where] >= 0 else None

    before, after = at(-1), at(1)
    answers = part == INTRODUCTION and turn % 2 == 1 and before is not None
    if answers:
        facing = (film.scene == film.scene[before]) & (film.person != film.person[before]) & (film.person != NOBODY)
        wish += 5.0 * facing
    if part == RISING and turn % 2 == 1:
        # Bridges need not be loud: what counts is whom they show and what they lead to.
        wish -= 1.5 * (film.motion + film.loudness) / 2
        if before is not None and film.person[before] != NOBODY:
            wish += 2.5 * (film.person == film.person[before])
        if after is not None:
            wish += 4.0 * (np.abs(film.scene - film.scene[after]) == 1)
    if part == CLIMAX and (strand := at(-2)) is not None and parts[position - 2] == CLIMAX:
        wish += 2.5 * (film.scene == film.scene[strand])
    if part == BUTTON and (first := trailer[0]) >= 0:
        wish += 3.0 * (film.place == film.place[first])
    for neighbour in (None if answers else before, after):
        if neighbour is not None:
            wish -= 3.0 * (film.place == film.place[neighbour])
    return wish
