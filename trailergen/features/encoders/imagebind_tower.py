"""The vision tower of ImageBind (Girdhar et al., CVPR 2023), a ViT-H/14 over two frames, for inference.

Two frames become one layer of patches (a convolution of 2 x 14 x 14); a class token goes before them and learned
positions are added; a LayerNorm; 32 blocks that norm, attend and add, norm, think and add; a LayerNorm; the class token
through a linear map, made unit length. All LayerNorms have epsilon 1e-6, the MLPs the exact GELU. Written from the
published architecture; the tests compare it with the same built of PyTorch's own layers.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import nn
from torch.nn import functional

_EPSILON = 1e-6


@dataclass(frozen=True)
class TowerConfig:
    """Size of a tower; the defaults are those of ``imagebind_huge``.

    ``dim`` of a token, ``mlp`` inside a block, ``out`` of the result; ``size`` of a picture and of a ``patch`` in
    pixels; ``frames`` of an input.
    """

    dim: int = 1280
    blocks: int = 32
    heads: int = 16
    mlp: int = 5120
    out: int = 1024
    size: int = 224
    patch: int = 14
    frames: int = 2


class VisionTower(nn.Module):
    """Clips to unit vectors; see the module."""

    def __init__(self, config: TowerConfig) -> None:
        super().__init__()
        self.config = config
        kernel = (config.frames, config.patch, config.patch)
        self.stem = nn.Conv3d(3, config.dim, kernel, stride=kernel, bias=False)
        self.class_token = nn.Parameter(torch.zeros(1, 1, config.dim))
        self.positions = nn.Parameter(torch.zeros(1, 1 + (config.size // config.patch) ** 2, config.dim))
        self.norm_in = nn.LayerNorm(config.dim, eps=_EPSILON)
        self.blocks = nn.ModuleList(_Block(config) for _ in range(config.blocks))
        self.norm_out = nn.LayerNorm(config.dim, eps=_EPSILON)
        self.head = nn.Linear(config.dim, config.out, bias=False)

    def forward(self, clips: torch.Tensor) -> torch.Tensor:
        """Unit vectors (n, out) of clips (n, 3, frames, size, size)."""
        patches = self.stem(clips).flatten(2).transpose(1, 2)
        tokens = torch.cat([self.class_token.expand(len(patches), -1, -1), patches], dim=1) + self.positions
        tokens = self.norm_in(tokens)
        for block in self.blocks:
            tokens = block(tokens)
        return functional.normalize(self.head(self.norm_out(tokens[:, 0])), dim=-1)


class _Block(nn.Module):
    def __init__(self, config: TowerConfig) -> None:
        super().__init__()
        self.heads = config.heads
        self.norm_1 = nn.LayerNorm(config.dim, eps=_EPSILON)
        self.query_key_value = nn.Linear(config.dim, 3 * config.dim)
        self.gather = nn.Linear(config.dim, config.dim)
        self.norm_2 = nn.LayerNorm(config.dim, eps=_EPSILON)
        self.widen = nn.Linear(config.dim, config.mlp)
        self.narrow = nn.Linear(config.mlp, config.dim)

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        tokens = tokens + self._attend(self.norm_1(tokens))
        return tokens + self.narrow(functional.gelu(self.widen(self.norm_2(tokens))))

    def _attend(self, tokens: torch.Tensor) -> torch.Tensor:
        batch, length, dim = tokens.shape
        parts = self.query_key_value(tokens).view(batch, length, 3, self.heads, dim // self.heads)
        query, key, value = parts.permute(2, 0, 3, 1, 4)
        seen = functional.scaled_dot_product_attention(query, key, value)
        return self.gather(seen.transpose(1, 2).reshape(batch, length, dim))
