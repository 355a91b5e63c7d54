"""Layers that several baselines are made of, for one film at a time: sequences are (T, width), without padding.

The originals whose code is public drop units at random and normalise after each sublayer. Here nothing is dropped, as
in SSMP, and deep encoders normalise before each sublayer: with the learning rates of the common budget the others do
not train reliably.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from trailergen.ssmp.model import ModelConfig


def sinusoids(count: int, width: int) -> Tensor:
    """Sinusoidal encodings (count, width) of the places 0 to count - 1 (Vaswani et al. 2017); ``width`` is even."""
    frequencies = 10000.0 ** (-torch.arange(0, width, 2) / width)
    angles = torch.arange(count)[:, None] * frequencies
    return torch.stack((angles.sin(), angles.cos()), dim=2).flatten(1)


def encoder(config: ModelConfig, layers: int) -> nn.TransformerEncoder:
    """A Transformer encoder of the configuration's width, heads and feed-forward."""
    layer = nn.TransformerEncoderLayer(
        config.width, config.heads, config.ffn, dropout=0.0, batch_first=True, norm_first=True
    )
    return nn.TransformerEncoder(layer, layers, norm=nn.LayerNorm(config.width), enable_nested_tensor=False)


class Attention(nn.Module):
    """``x = LayerNorm(x + attention(x to y))``, and with a feed-forward ``LayerNorm(x + feed_forward(x))`` after it."""

    def __init__(self, width: int, heads: int, feed_forward: bool = False) -> None:
        super().__init__()
        self.attention = nn.MultiheadAttention(width, heads, batch_first=True)
        self.norm = nn.LayerNorm(width)
        self.feed_forward: nn.Module | None = None
        if feed_forward:
            self.feed_forward = nn.Sequential(nn.Linear(width, width), nn.ReLU(), nn.Linear(width, width))
            self.feed_forward_norm = nn.LayerNorm(width)

    def forward(self, sequence: Tensor, looked_at: Tensor) -> Tensor:
        """(T, width) looking at (S, width): (T, width)."""
        added, _ = self.attention(sequence, looked_at, looked_at, need_weights=False)
        found: Tensor = self.norm(sequence + added)
        if self.feed_forward is not None:
            found = self.feed_forward_norm(found + self.feed_forward(found))
        return found
