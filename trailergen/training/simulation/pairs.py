"""Simulated films and trailers: pairs to learn from, whose every statistic is known.

The film is one of ``film.py``. A shot's feature vector is the sum of its latent factors (place, person, scale, set-up,
light, movement) with weights, dimension, spectrum and cone of a made-up encoder. It is drawn anew for every film, so
that nothing learned here can depend on one encoder, unless one is given. Its readings are those
of ``observe.py``.

The trailer is cut by the editor of ``editor.py`` to a piece of music: its course mostly rises, with a breath before
the turn and a quiet end. The trailer's renders differ from the film's, and title cards without a source stand between
them.

Where the numbers come from:

* mean shot length: films 7.2 s, trailers 1.55 s, the medians over 20,342 and 418 measured films;
* where trailer shots come from in the film: the share by sixths that IPOT counted in official trailers,
  in ``editor.py``;
* renders: 0.70 to 0.98, the correlations of the shots of a real trailer with their film, measured by hand;
* the rest (scenes of 4 to 14 shots, cast, moods) is invented, and varied.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trailergen.ssmp.channels.channel import ShotFacts
from trailergen.ssmp.types import Array
from trailergen.training.simulation.editor import TURN, Order, sample_trailer, shares_of
from trailergen.training.simulation.film import FilmShots, shot_lengths, simulate_film
from trailergen.training.simulation.observe import observe

TRAILER_SHOT_S = 1.55
RENDER_COSINE = (0.70, 0.98)
CARD_SHARE = (0.05, 0.20)
"""Title cards per trailer shot taken from the film."""

_DIMENSIONS = (64, 128, 256, 512, 1024)
# Least and most weight of place, person, scale, mood, light and movement, setup, and of nothing in particular.
_WEIGHTS = np.array([[0.5, 0.5, 0.2, 0.2, 0.1, 0.4, 0.1], [0.9, 0.9, 0.5, 0.5, 0.3, 0.8, 0.4]])


@dataclass(frozen=True)
class Story:
    """The truth about a simulated pair, for whoever may know it (``evaluation/oracle.py``).

    Args:
        film: the latent story of its I shots.
        lengths_s: (J,) seconds of the trailer's positions, title cards not among them.
        music: (J,) energy of the music at each position, of mean 0 and standard deviation 1.
        shots: (J,) the film shot at each.
        order: of the editor.
    """

    film: FilmShots
    lengths_s: Array
    music: Array
    shots: NDArray[np.int64]
    order: Order = "ascending"


@dataclass(frozen=True)
class SimulatedPair:
    """A film of I shots and its trailer of J shots.

    Args:
        features: (I, D) film shots, of unit length.
        facts: their times, measurements and readings.
        trailer_features: (J, D) trailer shots, title cards among them, of unit length.
        trailer_durations_s: (J,) seconds.
        labels: (J,) the film shot each trailer shot was taken from; -1 for a title card.
        story: the truth about it; its positions are those without a title card.
    """

    features: Array
    facts: ShotFacts
    trailer_features: Array
    trailer_durations_s: Array
    labels: NDArray[np.int64]
    story: Story


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
    order: Order = "ascending",
) -> Iterator[SimulatedPair]:
    """``count`` pairs, their sizes log-uniform between the bounds; each depends on (seed, its number) only.

    A trailer takes at most a third of its film's shots. Without an ``encoder`` each film has its own.
    """
    for number in range(count):
        yield numbered_pair(seed, number, shots, positions, encoder, order)


def numbered_pair(
    seed: int,
    number: int,
    shots: tuple[int, int] = (40, 600),
    positions: tuple[int, int] = (8, 80),
    encoder: SimulatedEncoder | None = None,
    order: Order = "ascending",
) -> SimulatedPair:
    """One pair of ``simulate_pairs``."""
    rng = np.random.default_rng((seed, number))
    film_shots = log_uniform(rng, shots)
    return simulate_pair(rng, film_shots, min(log_uniform(rng, positions), film_shots // 3), encoder, order)


def simulate_pair(
    rng: np.random.Generator,
    shots: int,
    positions: int,
    encoder: SimulatedEncoder | None = None,
    order: Order = "ascending",
) -> SimulatedPair:
    """A film of ``shots`` shots and a trailer with ``positions`` of them, and title cards besides."""
    return encode_story(rng, simulate_story(rng, shots, positions, order), encoder)


def encode_story(rng: np.random.Generator, story: Story, encoder: SimulatedEncoder | None = None) -> SimulatedPair:
    """The pair of a story, as an encoder and readers see it; by default the encoder is drawn."""
    film, positions = story.film, len(story.shots)
    cards = np.sort(rng.integers(0, positions + 1, round(rng.uniform(*CARD_SHARE) * positions)))
    labels = np.insert(story.shots, cards, -1)
    durations = np.insert(story.lengths_s, cards, rng.uniform(1.5, 4.0, len(cards)).astype(np.float32))
    features, trailer = _encode(rng, film, labels, encoder or SimulatedEncoder.draw(rng))
    seen = observe(rng, film)
    measured = {"motion": seen.motion, "brightness": seen.brightness, "loudness": seen.loudness}
    facts = ShotFacts(film.start_s, film.duration_s, measured, seen)
    return SimulatedPair(features, facts, trailer, durations, labels, story)


def simulate_story(rng: np.random.Generator, shots: int, positions: int, order: Order = "ascending") -> Story:
    """A film, a piece of music and how the editor cuts the one to the other, before anything is encoded."""
    film = simulate_film(rng, shots)
    lengths = shot_lengths(rng, TRAILER_SHOT_S, 0.2, 0.5, np.ones(positions))
    music = simulate_music(rng, lengths)
    return Story(film, lengths, music, sample_trailer(film, lengths, music, rng, order), order)


def simulate_music(rng: np.random.Generator, lengths_s: Array) -> Array:
    """Energy of a piece of music at each position (J,), of mean 0 and standard deviation 1.

    It mostly rises, takes a breath before the trailer's turn, ends quietly or not, and wavers in between.
    """
    share = shares_of(lengths_s)
    course = rng.uniform(-0.5, 3.0) * share - rng.uniform(0.0, 2.0) * (np.abs(share - TURN + 0.03) < 0.05)
    course -= rng.uniform(0.0, 2.0) * (share > 0.95)
    wavers = rng.normal(0, 0.6, len(share))
    for position in range(1, len(share)):
        wavers[position] += 0.6 * wavers[position - 1]
    energy = course + wavers
    return ((energy - energy.mean()) / max(float(energy.std()), 1e-6)).astype(np.float32)


def log_uniform(rng: np.random.Generator, bounds: tuple[int, int]) -> int:
    """A whole number between bounds, its logarithm evenly spread."""
    return round(float(np.exp(rng.uniform(*np.log(bounds)))))


def film_looks(rng: np.random.Generator, film: FilmShots, encoder: SimulatedEncoder) -> Array:
    """The look of each shot (I, D): the sum of its latent factors as the encoder sees them, of mean 0 over the film."""
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
    return np.asarray(look - np.mean(look, axis=0), np.float32)


def _encode(
    rng: np.random.Generator, film: FilmShots, labels: NDArray[np.int64], encoder: SimulatedEncoder
) -> tuple[Array, Array]:
    """Feature vectors of the film (I, D) and the trailer (J, D)."""
    spread = film_looks(rng, film, encoder)
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
