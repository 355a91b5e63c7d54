"""Words of simulated films: a caption of every shot, and what is said where somebody speaks, as vectors of texts.

Both share latent factors with the picture, in another space. A caption names kinds of place and person, the shot
scale, the mood, movement and light. What is said is about a topic of the scene, in a tone that goes with the mood, and
about the party of the one who speaks. The kinds, topics and tones mean the same in all films.
"""

from __future__ import annotations

import numpy as np

from trailergen.ssmp.types import Array
from trailergen.training.simulation.film import FilmShots

WORDS = 64
"""E, the length of a text's vector."""
_KINDS, _TOPICS = 60, 80
_CAPTION_NOISE, _LINE_NOISE = 0.8, 0.6
_SPACE_SEED = 23


class _TextSpace:
    """Directions of all there are words for; the same in every film."""

    def __init__(self) -> None:
        rng = np.random.default_rng(_SPACE_SEED)
        self.places, self.people = rng.standard_normal((2, _KINDS, WORDS))
        self.topics = rng.standard_normal((_TOPICS, WORDS))
        self.scales, self.moods, self.tones = rng.standard_normal((3, 3, WORDS))
        self.parties = rng.standard_normal((3, WORDS))
        self.visible = rng.standard_normal((2, WORDS))


def captions(rng: np.random.Generator, film: FilmShots) -> Array:
    """A caption of each shot, (I, WORDS) unit vectors."""
    space = _TextSpace()
    places = rng.integers(0, _KINDS, int(film.place.max()) + 1)
    people = rng.integers(0, _KINDS, int(film.person.max()) + 2)
    said = 0.8 * space.places[places[film.place]] + 0.8 * space.people[people[film.person]]
    said += 0.5 * space.scales[film.scale] + 0.5 * space.moods[film.mood]
    said += 0.4 * np.stack([film.motion, film.brightness], axis=1) @ space.visible
    return _unit(said + _CAPTION_NOISE * rng.standard_normal(said.shape))


def subtitles(rng: np.random.Generator, film: FilmShots) -> Array:
    """The words spoken in each shot, (I, WORDS): unit vectors, rows of zeros where nobody speaks."""
    space = _TextSpace()
    topics = rng.integers(0, _TOPICS, int(film.scene.max()) + 1)
    said = 0.8 * space.topics[topics[film.scene]] + 0.6 * space.tones[film.mood] + 0.5 * space.parties[film.party]
    said = _unit(said + _LINE_NOISE * rng.standard_normal(said.shape))
    said[film.speech <= 0] = 0
    return said


def _unit(vectors: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> Array:
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
