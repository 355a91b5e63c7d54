"""Simulated films: a story in acts, told in scenes, with two parties in conflict.

A film has four acts and an aftermath. At the third act, the preparation, it turns for good: other places, less
light, another colour. The last big fade to black stands before the aftermath: from that shot on, the ``guard``,
everything gives the ending away. Places and people recur, the leads more often than others; everybody belongs to one
of two parties, and scenes cut from the one to the other. A scene has one place, one mood and two or three people,
and its pictures come from a few camera set-ups, so that shot and reverse shot are near-duplicates of earlier ones.

Drawn here is the truth about a film; ``observe.py`` has its measurements.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trailergen.ssmp.types import Array

Ints = NDArray[np.int64]

CALM, TALK, ACTION = range(3)
WIDE, MEDIUM, CLOSE = range(3)
NOBODY = -1
SET_UP, CONFLICT, PREPARATION, CONFRONTATION, AFTERMATH = range(5)

FILM_SHOT_S = 7.2
"""Mean shot length: the median over 20,342 measured films."""

ACT_STARTS = np.array([0.0, 0.17, 0.385, 0.47, 0.93])
"""Beginnings of the acts in the usual film, as shares of it. With the editor's shares of positions (``editor.py``)
this gives official trailers' shares by sixth of the film."""

_ACT_SPREAD = np.array([0.0, 0.025, 0.03, 0.02, 0.025])
# (calm, talk, action) by act; what each looks and sounds like.
_MOODS = np.array([[0.50, 0.42, 0.08], [0.25, 0.45, 0.30], [0.35, 0.50, 0.15], [0.12, 0.28, 0.60], [0.60, 0.38, 0.02]])
_LENGTH = np.array([1.3, 1.1, 0.55])
_MOTION = np.array([-0.5, -0.4, 1.2])
_LOUDNESS = np.array([-0.9, 0.0, 1.0])
_SPEECH = np.array([0.1, 0.75, 0.15])
_TRANSIENT = np.array([-0.6, -0.3, 0.9])
# By scale, wide to close: how large the subject is, and how much of the picture is detail.
_SIZE = np.array([0.06, 0.22, 0.48])
_CLUTTER = np.array([0.7, 0.0, -0.6])
_DEAD = 0.12
"""Share of shots in which there is nothing to see: a speck, murk, a subject that leaves."""


@dataclass(frozen=True)
class FilmShots:
    """The latent story of a film, all arrays (I,) but ``hue``: known to the editor and to no encoder.

    Args:
        scene, place, person, setup: labels, from 0; ``person`` is ``NOBODY`` or a number, the leads first.
        party: 0 or 1, the person's; -1 for ``NOBODY``.
        act: ``SET_UP`` to ``AFTERMATH``, non-decreasing.
        mood, scale: one of the constants above.
        subject: presence of something to look at, 0 to 1.
        size: share of the picture it covers.
        hue: (I, 2) dominant colour, around 0.
        clutter, sharpness, motion, brightness, loudness, transient: around 0, of standard deviation near 1.
        speech: share of the shot in which somebody speaks.
        start_s, duration_s: seconds in the film.
    """

    scene: Ints
    place: Ints
    person: Ints
    setup: Ints
    party: Ints
    act: Ints
    mood: Ints
    scale: Ints
    subject: Array
    size: Array
    hue: Array
    clutter: Array
    sharpness: Array
    motion: Array
    brightness: Array
    loudness: Array
    transient: Array
    speech: Array
    start_s: Array
    duration_s: Array

    @property
    def turn(self) -> int:
        """The first shot of the preparation."""
        return int(np.searchsorted(self.act, PREPARATION))

    @property
    def guard(self) -> int:
        """The first shot after the last big fade."""
        return int(np.searchsorted(self.act, AFTERMATH))

    @property
    def middle(self) -> NDArray[np.float64]:
        """The middle of each shot as a share of the film, (I,)."""
        ends = self.start_s.astype(np.float64) + self.duration_s
        return (ends - self.duration_s / 2) / ends[-1]

    @property
    def story(self) -> NDArray[np.float64]:
        """``middle`` as it would be if this film's acts began where those of the usual film do, (I,)."""
        ends = float(self.start_s[-1] + self.duration_s[-1])
        first = np.minimum(np.searchsorted(self.act, range(5)), len(self.act) - 1)
        # Very short films may lack an act; its bounds must then still rise.
        starts = np.maximum.accumulate(self.start_s[first] / ends + 1e-6 * np.arange(5))
        return np.interp(self.middle, [*starts, 1.0], [*ACT_STARTS, 1.0])


def simulate_film(rng: np.random.Generator, shots: int) -> FilmShots:
    """The latent story of a film of ``shots`` shots: its scenes one after the other."""
    scene_length = np.clip(shots / 25, 4, 14) * rng.uniform(0.7, 1.3)
    cast = _popularity(3 + min(shots // 60, 9) + int(rng.integers(0, 3)))
    # The lead and the antagonist stand against each other; the others take sides.
    sides = np.concatenate(([0, 1], rng.integers(0, 2, len(cast) - 2)))
    half = max(3, round(0.3 * shots / scene_length))
    starts = np.maximum.accumulate(ACT_STARTS + _ACT_SPREAD * rng.normal(size=5))
    rows: list[NDArray[np.int64]] = []
    done, place, scene = 0, -1, 0
    while done < shots:
        act = int(np.searchsorted(starts[1:], done / shots, side="right"))
        mood = int(rng.choice(3, p=_MOODS[act]))
        # A scene ends where the place changes; after the turn the film is elsewhere.
        places = range(half) if act < PREPARATION else range(half, 2 * half)
        place = int(rng.choice([other for other in places if other != place]))
        present = _present(rng, cast, sides, act)
        length = max(2, int(rng.poisson(scene_length)))
        rows.append(_scene(rng, length, (scene, place, act, mood), present))
        scene, done = scene + 1, done + length
    return _measured(rng, np.concatenate(rows)[:shots], sides, 2 * half, scene)


def shot_lengths(
    rng: np.random.Generator, median_mean: float, spread_of_means: float, spread: float, factor: NDArray[np.float64]
) -> Array:
    """Lognormal lengths whose mean over the film is itself lognormal around ``median_mean`` seconds."""
    lengths = factor * rng.lognormal(0.0, spread, len(factor))
    mean = median_mean * rng.lognormal(0.0, spread_of_means)
    # Never shorter than the few frames a cut needs to be seen at all.
    return np.maximum(lengths * mean / lengths.mean(), 0.25).astype(np.float32)


def _popularity(count: int) -> NDArray[np.float64]:
    """Zipf's law: the leads, number 0 first, are seen most."""
    weights = 1 / np.arange(1, count + 1)
    return weights / weights.sum()


def _present(rng: np.random.Generator, cast: NDArray[np.float64], sides: Ints, act: int) -> Ints:
    """Two or three people of a scene: of one party while the film sets up, of both from the conflict on."""
    count = min(len(cast), int(rng.integers(2, 4)))
    chosen = rng.choice(len(cast), size=count, replace=False, p=cast)
    if act in (CONFLICT, CONFRONTATION) and len(set(sides[chosen].tolist())) == 1:
        # Somebody of the other party steps in.
        others = np.flatnonzero(sides != sides[chosen[0]])
        chosen[-1] = rng.choice(others, p=cast[others] / cast[others].sum())
    # One party after the other, so that back and forth is from party to party.
    first = sides[chosen] == sides[chosen[0]]
    mixed = [shot for pair in zip(chosen[first], chosen[~first], strict=False) for shot in pair]
    return np.array([*mixed, *(person for person in chosen.tolist() if person not in mixed)])


def _scene(rng: np.random.Generator, length: int, about: tuple[int, int, int, int], present: Ints) -> Ints:
    """One scene: rows (scene, place, act, mood, scale, person, setup), ``length`` of them."""
    scene, _, _, mood = about
    rows = []
    for number in range(length):
        if (number == 0 and rng.random() < 0.7) or rng.random() < (0.25 if mood == CALM else 0.08):
            scale, person, angle = WIDE, NOBODY, int(rng.integers(0, 2))
        else:
            # Talk goes back and forth between two faces; other scenes look at whoever is there.
            turn = number % 2 if mood == TALK else int(rng.integers(0, len(present)))
            scale = int(rng.choice(3, p=(0.05, 0.30, 0.65) if mood == TALK else (0.2, 0.45, 0.35)))
            person = int(present[turn])
            angle = 2 + turn + len(present) * (int(rng.integers(0, 5)) if mood == ACTION else scale)
        # A set-up belongs to its scene: the same angle in another scene is another picture.
        rows.append((*about, scale, person, 1000 * scene + 10 * angle + scale))
    return np.array(rows, np.int64)


def _measured(rng: np.random.Generator, rows: Ints, sides: Ints, places: int, scenes: int) -> FilmShots:
    """The film of these rows, with everything that is not a label."""
    scene, place, act, mood, scale, person, setup = rows.T
    setup = np.unique(setup, return_inverse=True)[1]
    shots = len(rows)

    def noise(spread: float) -> NDArray[np.float64]:
        return rng.normal(0, spread, shots)

    turned = act >= PREPARATION
    duration = shot_lengths(rng, FILM_SHOT_S, 0.35, 0.8, _LENGTH[mood])
    light = rng.normal(0, 0.8, places)[place] + 0.4 * rng.normal(0, 1, scenes)[scene] + np.where(turned, -0.5, 0.4)
    hue = rng.normal(0, 0.8, (places, 2))[place] + np.where(turned[:, None], 1, -1) * rng.normal(0, 0.6, 2)
    dead = rng.random(shots) < _DEAD
    subject = np.where(person == NOBODY, 0.35, 0.75) + noise(0.15) - 0.6 * dead
    size = _SIZE[scale] * np.exp(noise(0.35)) * np.where(person == NOBODY, 0.5, 1) * np.where(dead, 0.2, 1)

    def single(values: NDArray[np.float64]) -> Array:
        return np.asarray(values, np.float32)

    return FilmShots(
        scene=scene,
        place=place,
        person=person,
        setup=setup,
        party=np.where(person == NOBODY, -1, sides[np.maximum(person, 0)]),
        act=act,
        mood=mood,
        scale=scale,
        subject=single(subject.clip(0, 1)),
        size=single(size.clip(0.002, 0.95)),
        hue=single(hue + 0.3 * rng.normal(size=(shots, 2))),
        clutter=single(_CLUTTER[scale] + rng.normal(0, 0.7, places)[place] + noise(0.4)),
        sharpness=single(noise(0.7) - 1.5 * dead),
        motion=single(_MOTION[mood] - 0.3 * (scale == CLOSE) + noise(0.5)),
        brightness=single(light + noise(0.3)),
        loudness=single(_LOUDNESS[mood] + noise(0.5)),
        transient=single(_TRANSIENT[mood] + noise(0.7)),
        speech=single(np.where(rng.random(shots) < _SPEECH[mood], rng.uniform(0.3, 1.0, shots), 0.0)),
        start_s=(np.cumsum(duration) - duration).astype(np.float32),
        duration_s=duration,
    )
