"""The rules, one function each: the gain of a position by a shot, or of a shot by the one before it.

Every rule gives numbers between about -1 and 1 (``act`` and ``order`` reach further down: what they forbid is worse
than anything is good), so that a weight of 1 makes it count as much as one nat of the model's opinion. The
numbers of an editor behind them are in docs/film-sense.md. ``POSITION`` rules give (J, I), or (1, I) where they are the
same everywhere; ``PAIR`` rules give a number for each pair of numbers of shots, arrays that are broadcast against each
other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from trailergen.style.material import Floats, Ints, Material
from trailergen.style.parties import parties

_TURN_AT = 0.45
"""Share of the clips after which the film's lasting turn comes."""
_DRIFT = 0.06
_WORST = 8.0
_PRESENT, _EMPTY, _FULL = 0.5, 0.03, 0.3
"""Presence of a subject under which a picture is emptier and emptier, size of a mere speck, and size that is enough."""
_INTRODUCED = 0.5
_CROWD = 0.15
"""Share of a repeated set-up that each further clip about one party counts."""
_SWAP_S = 20.0
_SCENE_SHOTS = 3
_ALIKE, _NEAR, _SAME = 0.35, 0.4, 0.6
_UNGUARDED, _LAST_ACT = 0.8, 0.65
"""From where on a film without a last fade is taken for its ending, and the earliest last act."""
_DECIDED, _HELD_BACK = 0.08, 0.6
"""Share of the film, before its ending, in which the climax is decided, and the weight of holding that back."""


@dataclass(frozen=True)
class Rule:
    """A rule: ``why`` is the reason that the storyboard gives for a clip that gains by it."""

    why: str


@dataclass(frozen=True)
class Term(Rule):
    """A rule of a position and its shot."""

    measure: Callable[[Material], Floats]


@dataclass(frozen=True)
class PairTerm(Rule):
    """A rule of two neighbours: the gain of shots directly before others."""

    measure: Callable[[Material, Ints, Ints], Floats]


def worth(m: Material) -> Floats:
    """Somebody is seen: a subject that stands out, is large enough and moves, the film's own people, no fine clutter.
    A picture with nobody in it is worth less than any other. (1, I)."""
    r = m.readings
    subject = m.rank(r.subject) + 0.5 * m.rank(np.minimum(r.size, _FULL))
    seen = subject + 0.7 * m.rank(r.motion) + 0.5 * m.rank(r.typicality) - 0.5 * m.rank(r.clutter)
    nobody = np.clip(1 - r.subject / _PRESENT, 0, 1) + 1.0 * (r.size < _EMPTY)
    return (m.rank(seen) - 2.0 * nobody)[None]


def act(m: Material) -> Floats:
    """The trailer goes through the film as the film does: its beginning first, its turn after 45 % of the clips,
    its last act at the end. A squared distance in units of 6 % of the film."""
    target = film_target(m)
    return np.maximum(-0.5 * ((m.share - target[:, None]) / _DRIFT) ** 2, -_WORST)


def film_target(m: Material) -> Floats:
    """The part of the film (J,) in which each position looks for its shot, as a share of the film."""
    first, last = float(m.share[m.open[0]]), withheld(m)
    turn = min(max(m.readings.turn, 0), m.shots - 1)
    middle = float(np.clip(m.share[turn], first + 0.3 * (last - first), first + 0.6 * (last - first)))
    result: Floats = np.interp(m.at, (0.0, _TURN_AT, 1.0), (first, middle, last))
    return result


def ending(m: Material) -> float:
    """The share of the film at which what must not be given away begins: at the last fade, or, in a film without one,
    at its last fifth or the last act that begins shortly before."""
    last = float(m.share[m.open[-1]])
    if 0 < m.readings.guard < m.shots:
        return min(float(m.share[m.readings.guard - 1]), last)
    starts = m.share[np.flatnonzero(np.diff(m.readings.act)) + 1]
    late = starts[(starts > _LAST_ACT * last) & (starts < _UNGUARDED * last)]
    return float(late[-1]) if late.size else _UNGUARDED * last


def withheld(m: Material) -> float:
    """The share of the film at which its climax is about to be decided."""
    return ending(m) - _DECIDED * float(m.share[m.open[-1]])


def guard(m: Material) -> Floats:
    """Nothing after the film's last fade before the credits; in a film without one, nothing of its ending. The decision
    of the climax just before is held back, too, if less strictly. (1, I)."""
    return (-_HELD_BACK * (m.share > withheld(m)) - (1 - _HELD_BACK) * (m.share > ending(m)))[None]


def opening(m: Material) -> Floats:
    """The trailer opens wide, bright and calm, on the film's own place."""
    r = m.readings
    calm = m.rank(r.brightness) - m.rank(r.closeness) - 0.5 * m.rank(r.motion) + 0.5 * m.rank(r.sharpness)
    fall = np.maximum(1 - m.at / (2.5 / m.positions), 0)
    return fall[:, None] * m.rank(calm)


def introduce(m: Material) -> Floats:
    """The parties are introduced early and in light, by the first good shots of each."""
    r = m.readings
    first = np.zeros(m.shots)
    who = parties(m.looks, r.subject)
    for party in range(int(who.max(initial=-1)) + 1):
        shown = [shot for shot in np.flatnonzero(who == party) if m.usable[shot]]
        first[shown[:3]] = 1.0
    faces = m.rank(r.subject) + 0.5 * m.rank(r.closeness) + 0.7 * m.rank(r.brightness) + 0.3 * m.rank(r.typicality)
    early = np.clip(3 * (1 - m.at / _INTRODUCED), 0, 1)
    return early[:, None] * (0.6 * first + 0.6 * m.rank(faces))


def climax(m: Material) -> Floats:
    """Calm first, then more and more motion and noise, the tightest faces where it is fiercest."""
    r = m.readings
    fierce = m.rank(m.rank(r.motion) + 0.5 * m.rank(r.transient) + 0.5 * m.rank(r.closeness))
    return (2 * m.at - 1)[:, None] * fierce


def music(m: Material) -> Floats:
    """The shot moves and sounds as much as the music does."""
    lively = m.rank(m.rank(m.readings.motion) + 0.5 * m.rank(m.readings.loudness))
    return m.beat[:, None] * lively


def length(m: Material) -> Floats:
    """Long shots in long positions, short ones in short."""
    slot = 2 * (m.length_s - m.length_s.min()) / max(float(np.ptp(m.length_s)), 1e-9) - 1
    return slot[:, None] * m.rank(m.usable_s)


def button(m: Material) -> Floats:
    """The last clip: somebody the film is about, close and still."""
    r = m.readings
    who = parties(m.looks, r.subject)
    known = np.bincount(who[m.usable & (who >= 0)], minlength=m.shots + 1)
    close = m.rank(r.closeness) + m.rank(r.subject) + m.rank(np.where(who >= 0, known[who], 0)) - 0.7 * m.rank(r.motion)
    last = np.zeros(m.positions)
    last[-1] = 1.0
    return last[:, None] * m.rank(close)


def alternate(m: Material, before: Ints, after: Ints) -> Floats:
    """Parties take turns."""
    who = parties(m.looks, m.readings.subject)
    return -1.0 * ((who[before] == who[after]) & (who[before] >= 0))


def order(m: Material, before: Ints, after: Ints) -> Floats:
    """The order of the film, but for swaps within 20 s."""
    back = (m.start_s[before] - m.start_s[after]) / _SWAP_S
    return np.where(back <= 0, 0.0, -np.minimum(1 + np.maximum(back - 1, 0), 4.0))


def scene(m: Material, before: Ints, after: Ints) -> Floats:
    """Cause and effect side by side: shots at most three apart in the film follow each other."""
    ahead = after - before
    return np.where((ahead > 0) & (ahead <= _SCENE_SHOTS), 1.0, 0.0)


def differ(m: Material, before: Ints, after: Ints) -> Floats:
    """Neighbours show something else."""
    return -np.clip((m.alike[before, after] - _ALIKE) / (_SAME - _ALIKE), 0, 1).astype(np.float64)


def repeated(m: Material, one: Ints, other: Ints) -> Floats:
    """Likeness of any two clips, wherever they stand: 1 for one set-up, up to 0.5 for a view much alike, a
    little for one party; 0 of a shot to itself."""
    near = 0.5 * np.clip((m.alike[one, other] - _NEAR) / (_SAME - _NEAR), 0, 1).astype(np.float64)
    who, setup = parties(m.looks, m.readings.subject), m.readings.setup
    crowd = _CROWD * ((who[one] == who[other]) & (who[one] >= 0))
    same = np.where(setup[one] == setup[other], 1.0, np.maximum(near, crowd))
    return np.where(one == other, 0.0, same)


POSITION: Mapping[str, Term] = {
    "worth": Term("somebody is seen", worth),
    "act": Term("its place in the story", act),
    "guard": Term("gives nothing away", guard),
    "opening": Term("opens wide and calm", opening),
    "introduce": Term("introduces somebody in light", introduce),
    "climax": Term("rises to the climax", climax),
    "music": Term("moves as the music does", music),
    "length": Term("as long as its position", length),
    "button": Term("a face to end on", button),
}
PAIR: Mapping[str, PairTerm] = {
    "order": PairTerm("the order of the film", order),
    "scene": PairTerm("follows from the clip before", scene),
    "differ": PairTerm("another view than its neighbours", differ),
    "alternate": PairTerm("another party than its neighbours", alternate),
}
WHOLE = ("run", "repeat")
"""Of the whole trailer, in ssmp/energy.py: three clips about one party in a row, one set-up twice."""
