"""VASNet: the importance of each shot from soft self-attention, then the film's order (Fajtl et al. 2018).

"Summarizing Videos with Attention", ACCV 2018 Workshops; the authors' public code (ok1zjf/VASNet) was read. A
summariser: it does not order shots. With x_t the vectors of frames, all without positions:

    e_t,i = s (U x_i)' (V x_t),   alpha_t = softmax e_t,   c_t = sum_i alpha_t,i (C x_i)      s = 0.06; one head
    k_t = LayerNorm(W c_t + x_t)
    y_t = sigmoid(w' LayerNorm(ReLU(F k_t)))                     importance, between 0 and 1

as in the paper; the code sums over the other index, c_t = sum_i alpha_i,t (C x_i), whose weights do not add up to 1.

Training: squared error of y_t and the importance that people gave to the frames of TVSum and SumMe. Published: all
1,024 wide, dropout 0.5, Adam at 5e-5 with L2 1e-5, one video a step, 100 epochs; the one of best F1 on the test videos
is kept. Output: the 0/1 knapsack of the shots' mean importance, 15 % of the video.

Two methods here:

* ``VASNet`` knows no trailers, as the one of the paper's table probably did not: its F1 on Test-74, .0455, is about
  J / I, that of chance; on Test-8 it is .0676 and on Test-2024 .0886, whose chance is not known. Nor has this project
  data with people's importance scores. What stands in for them is how typical a shot is, one less its mean
  distance from the shots around it, brought to [0, 1] over the film: the half of the pseudo-scores of OTVS that needs
  no captions (``pseudo_scores.py``). Trained by squared error; output by knapsack, as long as the trailer and of at
  most J shots (``knapsack.py``).
* ``VASNetLabels`` learns which shots trailers show, and so shows what such labels are worth to F1. Departures: the
  regression is by cross-entropy with the rare class weighted up, as a trailer shows few of the shots; the trailer is
  the most important shots, as many as there are positions.

For a fair comparison with SSMP both read the same tokens, through an input layer, learn from the same batches for as
many steps, and are as wide; being one layer, they are smaller. s is one over the root of the width. No dropout, as for
SSMP.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from trailergen.evaluation.baselines.knapsack import SUMMARY_USES, summary
from trailergen.evaluation.baselines.m2t import strongest
from trailergen.evaluation.baselines.pseudo_scores import spread, to_unit_range
from trailergen.evaluation.films import Film
from trailergen.evaluation.methods import NetworkMethod
from trailergen.ssmp.losses import NO_LABEL
from trailergen.ssmp.model import ModelConfig
from trailergen.training.batches import Batch, Example, collate


class Importance(nn.Module):
    """The network: (B, I, D) shots to (B, I) logits of importance."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.in_proj = nn.Linear(config.feature_dim, config.width)
        self.query, self.key, self.value, self.out = (
            nn.Linear(config.width, config.width, bias=False) for _ in range(4)
        )
        self.attended = nn.LayerNorm(config.width)
        self.hidden = nn.Linear(config.width, config.ffn)
        self.hidden_norm = nn.LayerNorm(config.ffn)
        self.regress = nn.Linear(config.ffn, 1)

    def forward(self, film: Tensor, valid: Tensor | None = None) -> Tensor:
        """``valid`` (B, I) is False on padding, which no shot looks at."""
        shots = self.in_proj(film)
        keys = None if valid is None else valid[:, None, :]
        mixed = F.scaled_dot_product_attention(self.query(shots), self.key(shots), self.value(shots), attn_mask=keys)
        shots = self.attended(shots + self.out(mixed))
        importance: Tensor = self.regress(self.hidden_norm(F.relu(self.hidden(shots))))[..., 0]
        return importance


class VASNet(NetworkMethod[Importance]):
    """Importance learned without labels as a ``Method``."""

    uses = SUMMARY_USES

    @staticmethod
    def build(config: ModelConfig) -> Importance:
        """The attention and its regressor."""
        return Importance(config)

    @staticmethod
    def loss(network: Importance, examples: Sequence[Example]) -> Tensor:
        """See ``typicality_loss``."""
        return typicality_loss(network, collate(examples, torch.device("cpu")))

    @torch.inference_mode()
    def trailer(self, film: Film, seed: int) -> list[int]:
        """See ``Method``; the seed changes nothing."""
        return summary(self.network(film.features[None])[0].sigmoid().numpy(), film)


class VASNetLabels(NetworkMethod[Importance]):
    """Importance learned from trailers as a ``Method``."""

    @staticmethod
    def build(config: ModelConfig) -> Importance:
        """The attention and its regressor."""
        return Importance(config)

    @staticmethod
    def loss(network: Importance, examples: Sequence[Example]) -> Tensor:
        """See ``importance_loss``."""
        return importance_loss(network, collate(examples, torch.device("cpu")))

    @torch.inference_mode()
    def trailer(self, film: Film, seed: int) -> list[int]:
        """See ``Method``; the seed changes nothing."""
        return strongest(self.network(film.features[None])[0].numpy(), film.positions)


def importance_loss(network: nn.Module, batch: Batch) -> Tensor:
    """Binary cross-entropy of "the trailer shows this shot", mean over shots, then over films.

    In every film the shown shots weigh as much as all the others together.
    """
    shown = torch.zeros(batch.film.shape[:2])
    rows, columns = torch.nonzero(batch.labels != NO_LABEL, as_tuple=True)
    shown[rows, batch.labels[rows, columns]] = 1.0
    valid = batch.film_valid.float()
    number, all_shots = shown.sum(dim=1, keepdim=True), valid.sum(dim=1, keepdim=True)
    weight = torch.where(shown > 0, 0.5 / number.clamp(min=1), 0.5 / (all_shots - number).clamp(min=1)) * valid
    losses = F.binary_cross_entropy_with_logits(network(batch.film, batch.film_valid), shown, reduction="none")
    return (losses * weight).sum(dim=1).mean()


def typicality_loss(network: nn.Module, batch: Batch) -> Tensor:
    """Squared error of importance and typicality, mean over shots, then over films."""
    valid = batch.film_valid
    errors = (network(batch.film, valid).sigmoid() - _typicality(batch.film, valid)).square() * valid
    return (errors.sum(dim=1) / valid.sum(dim=1)).mean()


def _typicality(films: Tensor, valid: Tensor) -> Tensor:
    """(B, I) of films (B, I, D), between 0 and 1; 0 on padding."""
    found = torch.zeros(valid.shape)
    for film, known, row in zip(films, valid, found, strict=True):
        shots = F.normalize(film[known], dim=1).double().numpy()
        row[known] = torch.from_numpy(1 - to_unit_range(spread(shots))).float()
    return found
