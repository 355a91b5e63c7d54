"""TGT: the trailer as a translation of the film, shot by shot, after Argaw et al. (2024).

Published ("Towards automated movie trailer generation", CVPR 2024; of the paper abstract, introduction and captions
could be read, the rest is second hand): CLIP features; a trailerness encoder, whose scores are added to the shots'
tokens beside their places; a context encoder over the film; an autoregressive decoder that regresses the feature of the
next shot until it predicts an end. Losses of reconstruction, of trailerness, and a KL divergence.
The paper compares with a TGT of its own, as no code is public, and says of it no more than that its trailers are as
long as its own.

Here: an encoder reads the film; a decoder with causal attention looks at it and at the trailer so far, and predicts the
feature of the next shot. As in eq. 3 its cosines with the film's shots, through a softmax, are the probabilities of
the shots. It learns by cross-entropy with the true trailer so far before it (teacher forcing), and makes trailers
from the first position to the last, always with the most probable shot not used yet: a wrong choice is never taken
back, and what follows leans on it.

Approximated, and why:

* SSMP's loss and output, eq. 3 and cross-entropy, take the place of regression, so that the two differ in the order of
  decoding and not in the loss as well. It probably does better so: Table 6 has SSMP itself at .1211 with squared error
  and at .1996 with cross-entropy.
* No trailerness encoder, its loss and the KL divergence: their targets and weights could not be read.
* No end is predicted: it is stopped at J positions. No shot is shown twice.
* It reads the same tokens as SSMP, learns from the same batches for as many steps with the same optimizer, and has
  blocks of the same kind and size: half of SSMP's layers in the encoder, the rest in the decoder, where each attends to
  the film first and to the trailer so far second, the reverse of the usual Transformer's.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from trailergen.evaluation.films import Film
from trailergen.evaluation.methods import NetworkMethod
from trailergen.ssmp.losses import cross_entropy_loss
from trailergen.ssmp.model import Block, ModelConfig, cosine, rotary
from trailergen.training.batches import Batch, Example, collate


class CrossAttention(nn.Module):
    """Cross-attention from the trailer so far to the film, with a residual; pre-norm as in ``Block``."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.heads = config.heads
        self.norm = nn.RMSNorm(config.width, eps=config.eps)
        self.query = nn.Linear(config.width, config.width, bias=False)
        self.key_value = nn.Linear(config.width, 2 * config.width, bias=False)
        self.out = nn.Linear(config.width, config.width, bias=False)

    def forward(self, trailer: Tensor, film: Tensor, keys: Tensor) -> Tensor:
        """(B, J, width) and (B, I, width) to (B, J, width); ``keys`` (B, 1, 1, I) is False on padding."""

        def split(vectors: Tensor) -> Tensor:
            return vectors.view(*vectors.shape[:2], self.heads, -1).transpose(1, 2)

        key, value = self.key_value(film).chunk(2, dim=-1)
        query = split(self.query(self.norm(trailer)))
        mixed = F.scaled_dot_product_attention(query, split(key), split(value), attn_mask=keys)
        added: Tensor = self.out(mixed.transpose(1, 2).flatten(2))
        return trailer + added


class Translator(nn.Module):
    """The encoder-decoder."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.config = config
        self.start = nn.Parameter(torch.empty(config.feature_dim).normal_(std=0.02))
        self.in_proj = nn.Linear(config.feature_dim, config.width, bias=False)
        self.encoder = nn.ModuleList(Block(config) for _ in range(config.layers // 2))
        self.film_norm = nn.RMSNorm(config.width, eps=config.eps)
        self.cross_attentions = nn.ModuleList(CrossAttention(config) for _ in range(config.layers - config.layers // 2))
        self.decoder = nn.ModuleList(Block(config) for _ in self.cross_attentions)
        self.out_proj = nn.Linear(config.width, config.feature_dim, bias=False)

    def encode(self, film: Tensor, valid: Tensor) -> Tensor:
        """The encoder: films (B, I, D), ``valid`` (B, I) False on padding, to (B, I, width)."""
        hidden = self.in_proj(film)
        for block in self.encoder:
            hidden = block(hidden, self._rotation(film), valid[:, None, None, :])
        encoded: Tensor = self.film_norm(hidden)
        return encoded

    def decode(self, so_far: Tensor, encoded: Tensor, valid: Tensor) -> Tensor:
        """The decoder: predicted features (B, J + 1, D) of each position and the next, from J shots (B, J, D)."""
        start = self.start.expand(len(so_far), 1, -1)
        shown = torch.cat((start, so_far), dim=1)
        hidden = self.in_proj(shown)
        past = torch.ones(shown.shape[1], shown.shape[1], dtype=torch.bool, device=shown.device).tril()
        for cross_attention, block in zip(self.cross_attentions, self.decoder, strict=True):
            hidden = block(cross_attention(hidden, encoded, valid[:, None, None, :]), self._rotation(shown), past)
        predicted: Tensor = self.out_proj(hidden)
        return predicted

    def logits(self, predicted: Tensor, film: Tensor) -> Tensor:
        """Scaled cosines (B, J, I), as ``SSMP.logits``."""
        return self.config.logit_scale * cosine(predicted, film)

    def _rotation(self, sequence: Tensor) -> tuple[Tensor, Tensor]:
        places = torch.arange(sequence.shape[1], device=sequence.device)[None]
        return rotary(places, self.config.width // self.config.heads, self.config.rope_base)


class TGT(NetworkMethod[Translator]):
    """Autoregression as a ``Method``."""

    @staticmethod
    def build(config: ModelConfig) -> Translator:
        """The encoder-decoder."""
        return Translator(config)

    @staticmethod
    def loss(network: Translator, examples: Sequence[Example]) -> Tensor:
        """See ``next_shot_loss``."""
        return next_shot_loss(network, collate(examples, torch.device("cpu")))

    @torch.inference_mode()
    def trailer(self, film: Film, seed: int) -> list[int]:
        """See ``Method``; the seed changes nothing."""
        films, valid = film.features[None], torch.ones(1, len(film), dtype=torch.bool)
        encoded = self.network.encode(films, valid)
        shots: list[int] = []
        for _ in range(min(film.positions, len(film))):
            predicted = self.network.decode(films[:, shots], encoded, valid)[:, -1:]
            scores = self.network.logits(predicted, films)[0, 0]
            scores[shots] = -torch.inf
            shots.append(int(scores.argmax()))
        return shots


def next_shot_loss(network: Translator, batch: Batch) -> Tensor:
    """Cross-entropy of every labelled position given the true shots before it; sum over positions, mean over films."""
    encoded = network.encode(batch.film, batch.film_valid)
    predicted = network.decode(batch.trailer[:, :-1], encoded, batch.film_valid)
    logits = network.logits(predicted, batch.film)
    return cross_entropy_loss(logits, batch.labels, batch.trailer_valid, 1.0, batch.film_valid)
