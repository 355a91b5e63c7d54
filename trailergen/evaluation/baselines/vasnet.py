"""VASNet: the importance of each shot from soft self-attention, then the film's order (Fajtl et al. 2018).

One attention over all shots, a residual, and a regressor with one hidden layer that gives every shot an importance
between 0 and 1; trained on which shots the trailer shows. The trailer takes the most important shots in film order:
selection without ranking.

For a fair comparison with SSMP it reads the same tokens, learns from the same batches for as many steps, and is as
wide; being one layer, it is smaller. Departures from the original: the regression is by cross-entropy with the rare
class weighted up instead of squared error, as a trailer shows few of the shots; and no dropout, as for SSMP.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from trailergen.evaluation.baselines.m2t import strongest
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
    """Learned importance as a ``Method``."""

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
