"""The benchmark's films: each a function of the version, the split, its number and the spec's sizes.

A film's story is one of ``training/simulation/film.py``, described by one made-up encoder for all films. Its official
trailer is cut to a piece of music by ``editor.py``. Renders of shots in it are far from the film's (cosines of 0.3 to
0.8 with their film shot, from which they differ by the trailer's grade, by themselves, and towards a shot beside in
the film), and title cards are kept in it. The truth that methods learn and are scored by is that of eq. 1, wrong as it
often is; the true source of each shot is kept beside it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import torch
from numpy.typing import NDArray

from trailergen.evaluation.cases import EvaluationCase
from trailergen.evaluation.films import Film
from trailergen.evaluation.simulated.editor import cut_trailer
from trailergen.evaluation.simulated.music import Piece, simulate_piece
from trailergen.evaluation.simulated.spec import SHARE, BenchmarkSpec, Split
from trailergen.evaluation.simulated.version import BENCHMARK_VERSION
from trailergen.evaluation.simulated.words import captions, subtitles
from trailergen.readings.types import Readings
from trailergen.ssmp.channels.channel import ShotFacts
from trailergen.ssmp.losses import label_shots
from trailergen.ssmp.types import Array
from trailergen.training.batches import Example
from trailergen.training.films import FilmFacts, Music
from trailergen.training.simulation.film import FilmShots, shot_lengths, simulate_film
from trailergen.training.simulation.observe import observe
from trailergen.training.simulation.pairs import CARD_SHARE, TRAILER_SHOT_S, SimulatedEncoder, film_looks

RENDER_COSINE = (0.3, 0.8)
CARD = -1
"""The source of a title card."""
SEGMENTS = 0.98
"""Median of the music's segments per official trailer shot; with repeats in eq. 1 there are 1.16 for each shot."""

_SHARE_SPREAD, _SEGMENT_SPREAD = 0.10, 0.15
_BESIDE_BY = (-3, -2, -2, -1, 1, 2, 2, 3)
_ENCODER_SEED = 7
_GRADE, _OWN, _BESIDE = 0.5, 0.7, 0.37
"""What a render differs by: the trailer's grade, itself, the shot beside."""


@dataclass(frozen=True)
class Scenario:
    """All that stands before the official trailer is cut.

    Args:
        spec: sizes and order.
        film: the latent story of I shots.
        looks: (I, D) of mean 0.
        piece: of music.
        lengths_s: (L,) seconds of the official trailer's shots.
        cards: (L,) True at title cards.
    """

    spec: BenchmarkSpec
    film: FilmShots
    looks: Array
    piece: Piece
    lengths_s: Array
    cards: NDArray[np.bool_]

    @property
    def features(self) -> Array:
        """The features of the film's shots, (I, D) unit vectors."""
        return _unit(_cone(self) + self.looks)

    def cut(self, rng: np.random.Generator) -> OfficialTrailer:
        """An official trailer; another draw is another editor of the same kind with the same music."""
        own = self.piece.segments(self.lengths_s, rng)
        energy = own.energy.numpy()[~self.cards]
        source = np.full(len(self.lengths_s), CARD)
        source[~self.cards] = cut_trailer(self.film, self.lengths_s[~self.cards], energy, rng, self.spec.order)
        shown = _rendered(self, source, rng)
        labels = label_shots(torch.from_numpy(shown), torch.from_numpy(self.features)).numpy()
        return OfficialTrailer(shown, source, labels, own)


@dataclass(frozen=True)
class OfficialTrailer:
    """A trailer of L shots: features (L, D), the film shot it was taken from (L,), ``CARD`` for a title card; the
    label that eq. 1 gives it (L,); the music in one segment for each."""

    features: Array
    source: NDArray[np.int64]
    labels: NDArray[np.int64]
    music: Music


@dataclass(frozen=True)
class BenchmarkFilm:
    """A film of I shots with its official trailer, and the music in the J segments that a method is to fill.

    ``readings`` are those that ``facts`` are taken from, for rules that look at more of them.
    """

    scenario: Scenario
    readings: Readings
    facts: FilmFacts
    trailer: OfficialTrailer
    music: Music

    def example(self) -> Example:
        """To learn from, labelled by eq. 1, cards as well."""
        film, trailer = torch.from_numpy(self.scenario.features), torch.from_numpy(self.trailer.features)
        labels = torch.from_numpy(self.trailer.labels)
        return Example(film, trailer, labels, film_facts=self.facts, music=self.trailer.music)

    def case(self) -> EvaluationCase:
        """To make a trailer for. The truth is eq. 1's: all shots of the official trailer, repeats among them."""
        film = Film(
            torch.from_numpy(self.scenario.features), len(self.music.lengths_s), facts=self.facts, music=self.music
        )
        return EvaluationCase(film, self.trailer.labels.tolist())


def benchmark_film(spec: BenchmarkSpec, split: Split, number: int) -> BenchmarkFilm:
    """Film ``number`` of a split; the two kinds of order differ in the trailer alone."""
    seed = (BENCHMARK_VERSION, int(split == "test"), number)
    rng, trailer_rng = (np.random.default_rng((*seed, part)) for part in (0, 1))
    shots = round(float(np.exp(rng.uniform(*np.log(spec.shots)))))
    film = simulate_film(rng, shots)
    looks = film_looks(rng, film, _encoder(spec.width))
    count = max(4, round(SHARE * shots * rng.lognormal(0.0, _SHARE_SPREAD)))
    cards = np.zeros(count, np.bool_)
    cards[rng.choice(np.arange(1, count), max(1, round(rng.uniform(*CARD_SHARE) * count)), replace=False)] = True
    lengths = shot_lengths(rng, TRAILER_SHOT_S, 0.2, 0.5, np.where(cards, 1.5, 1.0))
    scenario = Scenario(spec, film, looks, simulate_piece(rng), lengths, cards)
    segments = max(4, round(SEGMENTS * count * rng.lognormal(0.0, _SEGMENT_SPREAD)))
    cuts = shot_lengths(rng, 1.0, 0.0, 0.5, np.ones(segments))
    music = scenario.piece.segments(cuts * lengths.sum() / cuts.sum(), rng)
    readings = observe(rng, film)
    return BenchmarkFilm(scenario, readings, _facts(rng, film, readings), scenario.cut(trailer_rng), music)


def benchmark_films(spec: BenchmarkSpec, split: Split, count: int) -> Iterator[BenchmarkFilm]:
    """The first ``count`` films of a split."""
    for number in range(count):
        yield benchmark_film(spec, split, number)


def _facts(rng: np.random.Generator, film: FilmShots, readings: Readings) -> FilmFacts:
    read = FilmFacts.of(ShotFacts(film.start_s, film.duration_s, readings=readings))
    words = (torch.from_numpy(texts(rng, film)) for texts in (captions, subtitles))
    return replace(read, captions=next(words), subtitles=next(words))


@lru_cache
def _encoder(width: int) -> SimulatedEncoder:
    return SimulatedEncoder.draw(np.random.default_rng(_ENCODER_SEED), width)


def _size(looks: Array) -> np.float32:
    return np.float32(np.sqrt((looks**2).sum(axis=1).mean()))


def _cone(scenario: Scenario) -> Array:
    return np.asarray(_size(scenario.looks) * _encoder(scenario.spec.width).cone, np.float32)


def _rendered(scenario: Scenario, source: NDArray[np.int64], rng: np.random.Generator) -> Array:
    """The features of the trailer's shots (L, D), cards among them."""
    encoder, looks = _encoder(scenario.spec.width), scenario.looks
    shown = looks[np.maximum(source, 0)]
    beside = looks[np.clip(source + rng.choice(_BESIDE_BY, len(source)), 0, len(looks) - 1)]
    grade, own = encoder.directions(rng, 1), encoder.directions(rng, len(source))
    other = _GRADE * _unit(grade) + _OWN * _unit(own) + _BESIDE * _unit(beside)
    length = np.linalg.norm(shown, axis=1, keepdims=True)
    along = shown / np.maximum(length, 1e-6)
    other = _unit(other - along * (other * along).sum(axis=1, keepdims=True))
    cosine = rng.uniform(*RENDER_COSINE, (len(source), 1)).astype(np.float32)
    rendered = length * (cosine * along + np.sqrt(1 - cosine**2) * other)
    card = _size(looks) * (encoder.directions(rng, 1) + 0.3 * encoder.directions(rng, len(source)))
    return _unit(_cone(scenario) + np.where((source == CARD)[:, None], card, rendered))


def _unit(vectors: Array) -> Array:
    return (vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)).astype(np.float32)
