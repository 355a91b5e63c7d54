"""Made-up films with music and words, in which it can be told what a trailer shows and in what order."""

import torch

from trailergen.evaluation.films import Film
from trailergen.ssmp.model import ModelConfig
from trailergen.training.batches import Example
from trailergen.training.films import FilmFacts, Music

MODEL = ModelConfig(feature_dim=8, width=16, layers=2, heads=2, ffn=32, logit_scale=10.0)
SEGMENTS, TEXT = 3, 6
"""Lengths of the vectors of music and of words."""


def facts_of(captions: torch.Tensor, subtitles: torch.Tensor | None = None) -> FilmFacts:
    """Shots of one second each, all alike but for their words."""
    same = torch.zeros(len(captions))
    return FilmFacts(torch.ones(len(captions)), same, same, same, same, same, captions, subtitles)


def music_of(energy: torch.Tensor, generator: torch.Generator) -> Music:
    """Segments of one second each."""
    noise = torch.randn(len(energy), SEGMENTS - 1, generator=generator)
    return Music(torch.ones(len(energy)), energy, torch.cat((energy[:, None], noise), dim=1))


def scored_films(count: int, seed: int = 0, shots: int = 14, positions: int = 5) -> list[Example]:
    """Trailers show the shots whose first number is large; their second is the energy of the music under them."""
    generator = torch.Generator().manual_seed(seed)
    made = []
    for _ in range(count):
        film = 0.3 * torch.randn(shots, 8, generator=generator)
        labels = torch.randperm(shots, generator=generator)[:positions]
        energy = torch.linspace(-1.4, 1.4, positions)[torch.randperm(positions, generator=generator)]
        film[labels, 0] += 2.0
        film[labels, 1] = energy
        words = torch.randn(shots, TEXT, generator=generator)
        words = words / words.norm(dim=1, keepdim=True)
        music = music_of(energy, generator)
        made.append(Example(film, film[labels], labels, film_facts=facts_of(words, words), music=music))
    return made


def film_of(example: Example, positions: int | None = None) -> Film:
    """What a method is given of an example; with more positions the music goes on as it began."""
    music = example.music
    count = len(example.labels) if positions is None else positions
    if music is not None:
        places = torch.arange(count) % len(music.energy)
        music = Music(music.lengths_s[places], music.energy[places], music.features[places])
    return Film(example.film, count, example.film_facts, music)
