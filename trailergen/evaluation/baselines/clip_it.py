"""CLIP-It: a summary of a film in the light of its captions (Narasimhan et al. 2021).

"CLIP-It! Language-Guided Video Summarization", NeurIPS 2021. Of the paper the abstract could be read, and two public
reimplementations: srpkdyy/CLIP-It, a network without training, and the one of modelscope, with a supervised training.
The losses are second hand, as later work on summaries tells them. A summariser: it does not order shots.

Inputs: vectors of the video's frames and of seven generated captions, both by CLIP.

Network: frames attend to the captions (4 heads), then a frame-scoring Transformer of encoder and decoder (6 layers
and 8 heads each). In modelscope's a head on the encoder's outputs gives one score s_i between 0 and 1 and the decoder
reads the frames; in srpkdyy's the decoder's outputs are the score. In neither are the frames made again.

Training: with labels of frames by

    L = a L_class + b L_diversity + c L_reconstruction

and without any by the last two, over the set X of the frames chosen:

    L_class = cross-entropy of s_i and the labels, weighted by class        (modelscope's: squared error)
    L_diversity = mean over pairs i /= j of X of cos(x_i, x_j)
    L_reconstruction = mean over i of X of |x_i - x^_i|^2

No public code has the last two; a, b, c, the weights and the square could not be verified.

Output: the 0/1 knapsack of the scores over shots, 15 % of the video.

Here it learns by diversity and reconstruction, b = c = 1, without labels: those of summaries (TVSum, SumMe) are none
of this project's, and labels of trailers make another method of a summariser (see the two of VASNet). Further
approximated, and why:

* The encoder's outputs give the score, and the decoder makes the frames again from places alone and from what the
  encoder says of a shot as far as its score goes.
* A choice of X has no gradient: pairs and frames count by their scores instead, s_i s_j and s_i, brought to sum 1.
  So the loss is the same at every scale of the scores, and nothing in it says how many shots are chosen: it is least
  where the scores stand on few shots that are unlike each other and easily made again. Their ranks mean more than
  their sizes, of which the knapsack adds up. Errors are in units of the mean squared length of the film's vectors.
* Shots take the place of frames, and the mean of their captions in each of seven equal stretches of the film that of
  seven captions of the whole video; of real films the words spoken around a shot stand for its caption, where no
  captioner is asked for. The shots attend to the seven; the reimplementations make them one vector first.
* Width, heads, layers (half in the encoder, half in the decoder), steps, films a step, optimizer and learning rate are
  those of the common budget; no dropout. Films are shown as they are: shots in a random basis have no space in common
  with captions.
* The summary is as long as the trailer (``knapsack.py``).
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from trailergen.evaluation.baselines.knapsack import SUMMARY_USES, summary
from trailergen.evaluation.baselines.layers import encoder, sinusoids
from trailergen.evaluation.baselines.learned import FilmLossMethod, Sizes, needed, stretches
from trailergen.evaluation.films import Film
from trailergen.ssmp.model import ModelConfig
from trailergen.training.batches import Example

_CAPTIONS = 7


class GuidedNetwork(nn.Module):
    """Language-guided attention and the frame-scoring Transformer."""

    def __init__(self, config: ModelConfig, sizes: Sizes) -> None:
        super().__init__()
        width, layers = config.width, config.layers // 2
        self.shot_proj = nn.Linear(config.feature_dim, width)
        self.caption_proj = nn.Linear(sizes.words, width)
        self.language = nn.MultiheadAttention(width, config.heads, batch_first=True)
        self.encoder = encoder(config, max(1, config.layers - layers))
        self.score = nn.Sequential(nn.Linear(width, width), nn.ReLU(), nn.Linear(width, 1))
        layer = nn.TransformerDecoderLayer(
            width, config.heads, config.ffn, dropout=0.0, batch_first=True, norm_first=True
        )
        self.decoder = nn.TransformerDecoder(layer, max(1, layers), norm=nn.LayerNorm(width))
        self.out_proj = nn.Linear(width, config.feature_dim)

    def encode(self, film: Tensor, captions: Tensor) -> tuple[Tensor, Tensor]:
        """From shots (I, D) and at most 7 captions (E long): the encoder's outputs (I, width) and the scores (I,)."""
        hidden = self.shot_proj(film)
        if len(captions):
            words = self.caption_proj(captions)
            hidden = hidden + self.language(hidden, words, words, need_weights=False)[0]
        hidden = self.encoder(hidden + sinusoids(*hidden.shape).to(hidden))
        return hidden, self.score(hidden)[:, 0].sigmoid()

    def decode(self, encoded: Tensor, scores: Tensor) -> Tensor:
        """The shots made again (I, D), from the places of all and the encoder's words on those with a score."""
        places = sinusoids(*encoded.shape).to(encoded)[None]
        again: Tensor = self.out_proj(self.decoder(places, (encoded * scores[:, None])[None])[0])
        return again


class CLIPIt(FilmLossMethod[GuidedNetwork]):
    """Language-guided summarisation without labels as a ``Method``."""

    needs = frozenset({"captions"})
    uses = SUMMARY_USES
    words = "captions"
    augmented = False

    @staticmethod
    def build(config: ModelConfig, sizes: Sizes) -> GuidedNetwork:
        """The guided attention and the Transformer."""
        return GuidedNetwork(config, sizes)

    @staticmethod
    def film_loss(network: GuidedNetwork, example: Example) -> Tensor:
        """Diversity and reconstruction; the trailer is not looked at."""
        captions = stretches(needed(CLIPIt.words_of(example.film_facts)), _CAPTIONS)
        encoded, scores = network.encode(example.film, captions)
        again = network.decode(encoded, scores)
        error = (again - example.film).square().sum(dim=1) / example.film.square().sum(dim=1).mean().clamp(min=1e-6)
        return diversity_loss(example.film, scores) + (scores / scores.sum() * error).sum()

    def choose(self, network: GuidedNetwork, film: Film) -> list[int]:
        """See ``FilmMethod``."""
        captions = stretches(needed(self.words_of(film.facts)), _CAPTIONS)
        return summary(network.encode(film.features, captions)[1].numpy(), film)


def diversity_loss(film: Tensor, scores: Tensor) -> Tensor:
    """Mean cosine of two shots of a film (I, D), a pair counting by the product of its scores (I,); 0 for one shot."""
    if len(film) < 2:
        return scores.new_zeros(())
    directions = F.normalize(film, dim=1)
    pairs = scores[:, None] * scores * (1 - torch.eye(len(scores)))
    return (pairs * (directions @ directions.mT)).sum() / pairs.sum()
