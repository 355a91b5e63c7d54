"""MMSC: shots chosen by trailerness and sorted by emotion onto the music's energy (Zhu et al. 2025).

"Weakly-Supervised Movie Trailer Generation Driven by Multi-Modal Semantic Consistency", IJCAI 2025; of the paper the
abstract could be read, of the authors' public code (Dixin-Lab/MMSC) all there is: network, pseudo-scores and
generation, but not the training.

Inputs: vectors of the film's I shots and of its category labels and plot keywords (ImageBind, 1024 numbers), and of
the music's J segments (CLAP, 512, by the network's sizes). All are brought to unit length.

Network, 512 wide from V^ on:

    V' = shots attend to the words (residual, LayerNorm, feed-forward of one width), or V where there are no words
    V'', A'' = encoders of two layers and four heads over V' and over the segments, without positions
    V^, A^ = two linear layers with a GELU between, from each
    F = V^ attends to A^ (as above)
    trailerness, emotion = sigmoid(linear(GELU(linear F))), two heads

Pseudo-scores from a film and its trailer, that take the place of labels:

    trailerness_i = max_j cos(shot i, trailer shot j), brought to [0, 1] over the film
    emotion_i = mean MFCC 0 of the music under the trailer shot of greatest cosine, brought to [0, 1] over the track

Output: the J shots of greatest trailerness, the one of least emotion at the segment of least energy and so on.

Approximated, and why:

* The code of the training is not public, and the paper's text could not be read. Here both heads are regressed on the
  pseudo-scores by squared error, which are added, with the width, heads, layers (half in each encoder), steps, films a
  step, optimizer and learning rate of the common budget, without dropout (published: 0.2, and a network that is called
  1500, presumably for its epochs); the encoders normalise before their sublayers (``layers.py``).
* The method lays narration over the trailer, chosen from the subtitles. That is left out: methods choose shots here.
* Labels and keywords of films are not among what a film is given as. The words spoken in it stand in: the mean
  vectors of its subtitles in 16 equal stretches, for which the original does not use them. Without words shots go on
  unchanged, as in the published code.
* The energy that the film's music comes with takes the place of MFCC 0, which also tells how loud it is. The music's
  features are what the film brings, standardised over the track; features of shots are compared, but not read, at
  unit length; shots, segments and words each have an input layer to the common width.
* Of trailer shots that are as near the first gives emotion, where the original takes the mean.
* A film of fewer shots than segments fills the first segments.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from trailergen.evaluation.baselines.layers import Attention, encoder
from trailergen.evaluation.baselines.learned import FilmLossMethod, Sizes, needed, standardised, stretches, unit_range
from trailergen.evaluation.films import Film
from trailergen.ssmp.model import ModelConfig, cosine
from trailergen.training.batches import Example

_STRETCHES = 16


class FusionNetwork(nn.Module):
    """Shots in view of words and of music, with two heads."""

    def __init__(self, config: ModelConfig, sizes: Sizes) -> None:
        super().__init__()
        width, layers = config.width, max(1, config.layers // 2)
        self.shot_proj = nn.Linear(config.feature_dim, width)
        self.music_proj = nn.Linear(sizes.music, width)
        self.words_proj = nn.Linear(sizes.words, width) if sizes.words else None
        self.to_words = Attention(width, config.heads, feed_forward=True) if sizes.words else None
        self.shot_encoder, self.music_encoder = encoder(config, layers), encoder(config, layers)
        self.shot_out, self.music_out = _two_layers(width, width), _two_layers(width, width)
        self.to_music = Attention(width, config.heads, feed_forward=True)
        self.trailerness, self.emotion = _two_layers(width, 1), _two_layers(width, 1)

    def forward(self, film: Tensor, music: Tensor, words: Tensor | None) -> tuple[Tensor, Tensor]:
        """From (I, D), (J, M) and words (W, E) or None: trailerness (I,) and emotion (I,), between 0 and 1."""
        shots = self.shot_proj(film)
        if words is not None and len(words) and self.words_proj is not None and self.to_words is not None:
            shots = self.to_words(shots, self.words_proj(words))
        shots = self.shot_out(self.shot_encoder(shots))
        segments = self.music_out(self.music_encoder(self.music_proj(music)))
        fused = self.to_music(shots, segments)
        return self.trailerness(fused)[:, 0].sigmoid(), self.emotion(fused)[:, 0].sigmoid()


def _two_layers(width: int, out: int) -> nn.Sequential:
    return nn.Sequential(nn.Linear(width, width), nn.GELU(), nn.Linear(width, out))


class MMSC(FilmLossMethod[FusionNetwork]):
    """Trailerness and emotion as a ``Method``."""

    needs = frozenset({"music", "energy"})
    uses = frozenset({"subtitles"})
    words = "subtitles"

    @staticmethod
    def build(config: ModelConfig, sizes: Sizes) -> FusionNetwork:
        """The encoders and their fusion."""
        return FusionNetwork(config, sizes)

    @staticmethod
    def film_loss(network: FusionNetwork, example: Example) -> Tensor:
        """Squared error of trailerness, and of emotion."""
        music, words = needed(example.music), spoken(MMSC.words_of(example.film_facts))
        trailerness, emotion = network(example.film, standardised(music), words)
        as_shown, as_heard = pseudo_scores(example.film, example.trailer, music.energy)
        return F.mse_loss(trailerness, as_shown) + F.mse_loss(emotion, as_heard)

    def choose(self, network: FusionNetwork, film: Film) -> list[int]:
        """See ``FilmMethod``."""
        music, words = needed(film.music), spoken(self.words_of(film.facts))
        trailerness, emotion = network(film.features, standardised(music), words)
        shots = trailerness.topk(min(film.positions, len(film))).indices
        return sort_onto(shots, emotion[shots], music.energy[: len(shots)])


def spoken(words: Tensor | None) -> Tensor | None:
    """What is said in stretches of the film (W, E), from the words of its shots."""
    return None if words is None else stretches(words, _STRETCHES)


def pseudo_scores(film: Tensor, trailer: Tensor, energy: Tensor) -> tuple[Tensor, Tensor]:
    """Trailerness (I,) and emotion (I,) of a film (I, D) from its trailer (J, D) and the energy (J,) of its music."""
    likeness, nearest = cosine(film, trailer).max(dim=1)
    return unit_range(likeness), unit_range(energy)[nearest]


def sort_onto(shots: Tensor, emotion: Tensor, energy: Tensor) -> list[int]:
    """The shots (n,) in the order of segments, that of n-th least emotion at the segment of n-th least energy."""
    placed = torch.empty_like(shots)
    placed[energy.argsort(stable=True)] = shots[emotion.argsort(stable=True)]
    found: list[int] = placed.tolist()
    return found
