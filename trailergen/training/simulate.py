"""Simulated films and trailers: pairs to learn from, whose every statistic is known.

A film is a chain of scenes. Places and people recur, the leads more often than the others; a scene has one
place, two or three of the people and one mood; its pictures come from a few camera setups, so that
shot and reverse shot are near-duplicates of earlier ones. A shot's feature vector is the sum of its latent
factors (place, person, scale, setup, light, movement) with weights, dimension, spectrum and cone of a made-up
encoder. It is drawn anew for every film, so that nothing learned here can depend on one encoder, unless one is given.

The trailer is cut by the hidden grammar of ``grammar.py``. Its renders differ from the film's, and title
cards without a source stand between them.

Where the numbers come from:

* mean shot length: films 7.2 s, trailers 1.55 s, the medians over 20,342 and 418 measured films;
* where trailer shots come from in the film: the share by sixths that IPOT counted in official trailers,
  in ``grammar.py``;
* renders: 0.70 to 0.98, the correlations of the shots of a real trailer with their film, measured by hand;
* the rest (scenes of 4 to 14 shots, cast, moods) is invented, and varied.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trailergen.ssmp.tokens import Array, ShotFacts
from trailergen.training.grammar import ACTION, CALM, CLOSE, MEDIUM, NOBODY, TALK, WIDE, FilmShots, cut_trailer

FILM_SHOT_S = 7.2
TRAILER_SHOT_S = 1.55
RENDER_COSINE = (0.70, 0.98)
CARD_SHARE = (0.05, 0.20)
"""Title cards per trailer shot taken from the film."""

_DIMENSIONS = (64, 128, 256, 512, 1024)
# Least and most weight of place, person, scale, mood, light and movement, setup, and of nothing in particular.
_WEIGHTS = np.array([[0.5, 0.5, 0.2, 0.2, 0.1, 0.4, 0.1], [0.9, 0.9, 0.5, 0.5, 0.3, 0.8, 0.4]])
# (calm, talk, action): chance of each mood at the start and the end of a film; what it looks and sounds like.
_MOODS_EARLY, _MOODS_LATE = np.array([0.35, 0.50, 0.15]), np.array([0.20, 0.35, 0.45])
_LENGTH = np.array([1.3, 1.1, 0.55])
_MOTION = np.array([-0.5, -0.4, 1.2])
_LOUDNESS = np.array([-0.9, 0.0, 1.0])


@dataclass(frozen=True)
class SimulatedPair:
    """A film of I shots and its trailer of J shots.

    Args:
        features: (I, D) film shots, of unit length.
        facts: their times and measurements.
        trailer_features: (J, D) trailer shots, title cards among them, of unit length.
        trailer_durations_s: (J,) seconds.
        labels: (J,) the film shot each trailer shot was taken from; -1 for a title card.
    """

    features: Array
    facts: ShotFacts
    trailer_features: Array
    trailer_durations_s: Array
    labels: NDArray[np.int64]


@dataclass(frozen=True)
class SimulatedEncoder:
    """A made-up encoder: what its features have in common from film to film.

    Args:
        spectrum: (D,) scale of each dimension.
        weights: (7,) how much place, person, scale, mood, light and movement, setup and the shot's own look count.
        scales, moods, visible: (3, D), (3, D), (2, D) what these look like.
        cone: (D,) what all its features lean to.
    """

    spectrum: NDArray[np.float64]
    weights: Array
    scales: Array
    moods: Array
    visible: Array
    cone: Array

    @classmethod
    def draw(cls, rng: np.random.Generator, dimension: int | None = None) -> SimulatedEncoder:
        """An encoder of ``dimension`` dimensions, by default any of those in use."""
        dimension = int(rng.choice(_DIMENSIONS)) if dimension is None else dimension
        spectrum = np.asarray(np.arange(1, dimension + 1) ** -rng.uniform(0.0, 0.5), np.float64)
        spectrum /= np.sqrt((spectrum**2).mean())
        weights = rng.uniform(_WEIGHTS[0], _WEIGHTS[1]).astype(np.float32)
        scales, moods, visible, cone = (_directions(rng, spectrum, count) for count in (3, 3, 2, 1))
        return cls(spectrum, weights, scales, moods, visible, rng.uniform(0.3, 3.0) * cone[0])

    def directions(self, rng: np.random.Generator, count: int) -> Array:
        """``count`` things it has no name for, (count, D)."""
        return _directions(rng, self.spectrum, count)


def simulate_pairs(
    seed: int,
    count: int,
    shots: tuple[int, int] = (40, 600),
    positions: tuple[int, int] = (8, 80),
    encoder: SimulatedEncoder | None = None,
) -> Iterator[SimulatedPair]:
    """``count`` pairs, their sizes log-uniform between the bounds; each depends on (seed, its number) only.

    A trailer takes at most a third of its film's shots. Without an ``encoder`` each film has its own.
    """
    for number in range(count):
        rng = np.random.default_rng((seed, number))
        film_shots = _log_uniform(rng, shots)
        yield simulate_pair(rng, film_shots, min(_log_uniform(rng, positions), film_shots // 3), encoder)


def simulate_pair(
    rng: np.random.Generator, shots: int, positions: int, encoder: SimulatedEncoder | None = None
) -> SimulatedPair:
    """A film of ``shots`` shots and a trailer with ``positions`` of them, and title cards besides."""
    film = simulate_film(rng, shots)
    lengths = _shot_lengths(rng, TRAILER_SHOT_S, 0.2, 0.5, np.ones(positions))
    labels = cut_trailer(film, lengths, rng)
    cards = np.sort(rng.integers(0, positions + 1, round(rng.uniform(*CARD_SHARE) * positions)))
    labels = np.insert(labels, cards, -1)
    durations = np.insert(lengths, cards, rng.uniform(1.5, 4.0, len(cards)).astype(np.float32))
    features, trailer = _encode(rng, film, labels, encoder or SimulatedEncoder.draw(rng))
    facts = ShotFacts(film.start_s, film.duration_s, film.motion, film.brightness, film.loudness)
    return SimulatedPair(features, facts, trailer, durations, labels)


def _log_uniform(rng: np.random.Generator, bounds: tuple[int, int]) -> int:
    return round(float(np.exp(rng.uniform(*np.log(bounds)))))


def _shot_lengths(
    rng: np.random.Generator, median_mean: float, spread_of_means: float, spread: float, factor: NDArray[np.float64]
) -> Array:
    """Lognormal lengths whose mean over the film is itself lognormal around ``median_mean`` seconds."""
    lengths = factor * rng.lognormal(0.0, spread, len(factor))
    mean = median_mean * rng.lognormal(0.0, spread_of_means)
    # Never shorter than the few frames a cut needs to be seen at all.
    return np.maximum(lengths * mean / lengths.mean(), 0.25).astype(np.float32)


def simulate_film(rng: np.random.Generator, shots: int) -> FilmShots:
    """The latent story of a film of ``shots`` shots: its scenes one after the other."""
    scene_length = np.clip(shots / 25, 4, 14) * rng.uniform(0.7, 1.3)
    cast = _popularity(3 + min(shots // 60, 9) + int(rng.integers(0, 3)))
    places = range(max(3, round(0.6 * shots / scene_length)))
    scenes: list[NDArray[np.int64]] = []
    done, place = 0, -1
    while done < shots:
        share = done / shots
        mood = int(rng.choice(3, p=(1 - share) * _MOODS_EARLY + share * _MOODS_LATE))
        # A scene ends where the place changes.
        place = int(rng.choice([other for other in places if other != place]))
        present = rng.choice(len(cast), size=min(len(cast), int(rng.integers(2, 4))), replace=False, p=cast)
        length = max(2, int(rng.poisson(scene_length)))
        scenes.append(_scene(rng, length, len(scenes), place, mood, present))
        done += length
    scene_of, place_of, mood_of, scale, person, setup = np.concatenate(scenes)[:shots].T
    duration = _shot_lengths(rng, FILM_SHOT_S, 0.35, 0.8, _LENGTH[mood_of])
    light = rng.normal(0, 1, len(places))[place_of] + 0.5 * rng.normal(0, 1, len(scenes))[scene_of]
    return FilmShots(
        scene=scene_of,
        place=place_of,
        mood=mood_of,
        scale=scale,
        person=person,
        setup=setup,
        start_s=(np.cumsum(duration) - duration).astype(np.float32),
        duration_s=duration,
        motion=(_MOTION[mood_of] - 0.3 * (scale == CLOSE) + rng.normal(0, 0.5, shots)).astype(np.float32),
        brightness=(light + rng.normal(0, 0.3, shots)).astype(np.float32),
        loudness=(_LOUDNESS[mood_of] + rng.normal(0, 0.5, shots)).astype(np.float32),
    )


def _popularity(count: int) -> NDArray[np.float64]:
    """Zipf's law: the leads, number 0 first, are seen most."""
    weights = 1 / np.arange(1, count + 1)
    return weights / weights.sum()


def _scene(
    rng: np.random.Generator, length: int, scene: int, place: int, mood: int, present: NDArray[np.int64]
) -> NDArray[np.int64]:
    """One scene: rows (scene, place, mood, scale, person, setup), ``length`` of them."""
    rows = []
    for number in range(length):
        if (number == 0 and rng.random() < 0.7) or rng.random() < (0.25 if mood == CALM else 0.08):
            scale, person, angle = WIDE, NOBODY, 0
        else:
            # Talk goes back and forth between two faces; other scenes look at whoever is there.
            turn = number % 2 if mood == TALK else int(rng.integers(0, len(present)))
            scale = CLOSE if rng.random() < (0.7 if mood == TALK else 0.35) else MEDIUM
            person = int(present[turn])
            angle = 1 + turn + len(present) * (int(rng.integers(0, 4)) if mood == ACTION else scale)
        # A setup belongs to its scene: the same angle in another scene is another picture.
        rows.append((scene, place, mood, scale, person, 1000 * scene + angle))
    return np.array(rows, np.int64)


def _encode(
    rng: np.random.Generator, film: FilmShots, labels: NDArray[np.int64], encoder: SimulatedEncoder
) -> tuple[Array, Array]:
    """Feature vectors of the film (I, D) and the trailer (J, D)."""
    # How much a face or a place counts depends on how near the camera is.
    near = np.array([0.0, 0.6, 1.0], np.float32)[film.scale][:, None]
    visible = np.stack([film.motion, film.brightness], axis=1)
    setups, setup = np.unique(film.setup, return_inverse=True)
    parts = (
        (1.2 - near) * encoder.directions(rng, int(film.place.max()) + 1)[film.place],
        near * encoder.directions(rng, int(film.person.max()) + 2)[film.person],
        encoder.scales[film.scale],
        encoder.moods[film.mood],
        visible @ encoder.visible,
        encoder.directions(rng, len(setups))[setup],
        encoder.directions(rng, len(film.scene)),
    )
    look = sum(weight * part for weight, part in zip(encoder.weights, parts, strict=True))
    spread = np.asarray(look - np.mean(look, axis=0), np.float32)
    size = float(np.sqrt((spread**2).sum(axis=1).mean()))

    source = spread[np.maximum(labels, 0)]
    length = np.linalg.norm(source, axis=1, keepdims=True)
    # A grade shared by the whole trailer, and each shot's own differences.
    other = encoder.directions(rng, 1) + encoder.directions(rng, len(labels))
    other -= source * (other * source).sum(axis=1, keepdims=True) / np.maximum(length, 1e-6) ** 2
    other *= length / np.linalg.norm(other, axis=1, keepdims=True)
    cosine = rng.uniform(*RENDER_COSINE, (len(labels), 1)).astype(np.float32)
    rendered = cosine * source + np.sqrt(1 - cosine**2) * other
    card = size * (encoder.directions(rng, 1) + 0.5 * encoder.directions(rng, len(labels)))
    trailer = np.where((labels < 0)[:, None], card, rendered)

    cone = size * encoder.cone
    return _unit(cone + spread), _unit(cone + trailer)


def _directions(rng: np.random.Generator, spectrum: NDArray[np.float64], count: int) -> Array:
    """``count`` vectors (count, D) whose dimensions have the scales of ``spectrum``, of length near 1."""
    gauss = rng.standard_normal((count, len(spectrum)), np.float32)
    return (gauss * (spectrum / np.sqrt(len(spectrum)))).astype(np.float32)


def _unit(vectors: Array) -> Array:
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
