"""The SSMP model: a Transformer encoder over ``[film; trailer]`` (supplement 6, eq. 9-12) and eq. 3.

Where the paper is silent, or its words and equations differ:

* The feed-forward is called "gated" in the text; eq. 11 has no gate. The equation is followed.
* Linears have no bias, as in LLaDA, to which the paper refers for the block. Paper size is then 33.6 M parameters.
* There is no normalisation after the last block, since eq. 9 has none; the cosine of eq. 3 ignores scale anyway.
* There are no projections around the blocks when ``width == feature_dim`` (the paper's case).
* RoPE counts along the concatenated sequence, film first: film shot ``i`` is at ``i``, trailer position ``j`` at
  ``I + j`` with ``I`` the film's own number of shots, however much padding a batch adds.
* Eq. 3 has no temperature: ``logit_scale = 1`` is the equation as printed.
* Masked positions all hold one placeholder, and nothing else is known of them: ``position_dim = 0``. A model that is
  told more of its positions (their time, their music) is an extension.
* Nothing is said about the first weights. Masked positions all hold the same placeholder, so a head can find a
  neighbour by its rotary distance alone, and only if queries and keys have something constant in common. Small models
  hardly ever come to that by themselves; ``local_attention_init`` begins there. It is off by default.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

_LOCAL_GAIN = 2.5
"""Factor on queries and keys of a head that begins as local: a third of its attention then goes to its position."""


@dataclass(frozen=True)
class ModelConfig:
    """Size and constants of an SSMP model. The defaults are the paper's (section 4.1).

    Args:
        feature_dim: D, the length of a shot's feature vector.
        width: size of the hidden representation.
        layers: number of blocks, L.
        heads: attention heads per block; ``width / heads`` must be even (RoPE turns pairs).
        ffn: inner size of the feed-forward, eq. 11.
        rope_base: base of the rotary frequencies.
        eps: epsilon of eq. 12.
        logit_scale: factor on the cosines of eq. 3 before the softmax.
        local_attention_init: add a token-type embedding (film, trailer), as BERT does, and begin with heads that attend
            to the neighbouring positions, head 0 one back, head 1 one on, head 2 two back and so on.
        position_dim: P, the number of channels of each trailer position, which are added to its token, masked or
            filled, by a linear projection (``positions.py``); 0 is the paper, where nothing is known of a masked
            position but its number.

    Raises:
        ValueError: a size that is not positive (``position_dim``: negative), or ``width`` that
            cannot be shared out among the heads in pairs.
    """

    feature_dim: int = 1024
    width: int = 1024
    layers: int = 4
    heads: int = 4
    ffn: int = 2048
    rope_base: float = 10000.0
    eps: float = 1e-6
    logit_scale: float = 1.0
    local_attention_init: bool = False
    position_dim: int = 0

    def __post_init__(self) -> None:
        for name in ("feature_dim", "width", "layers", "heads", "ffn", "rope_base", "eps", "logit_scale"):
            if not getattr(self, name) > 0:
                raise ValueError(f"{name} must be positive, not {getattr(self, name)}")
        if self.position_dim < 0:
            raise ValueError(f"position_dim must not be negative, it is {self.position_dim}")
        if self.width % (2 * self.heads):
            raise ValueError(f"width {self.width} is not a multiple of twice the {self.heads} heads")


class SSMP(nn.Module):
    """Predicts the features of trailer positions from the film and the positions already filled."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.config = config
        projected = config.width != config.feature_dim
        self.mask_placeholder = nn.Parameter(torch.empty(config.feature_dim).normal_(std=0.02))
        self.in_proj = nn.Linear(config.feature_dim, config.width, bias=False) if projected else nn.Identity()
        blocks = [Block(config) for _ in range(config.layers)]
        self.blocks = nn.ModuleList(blocks)
        self.out_proj = nn.Linear(config.width, config.feature_dim, bias=False) if projected else nn.Identity()
        self.token_type_embedding: nn.Parameter | None = None
        if config.local_attention_init:
            # As long as a feature vector is: film, trailer.
            self.token_type_embedding = nn.Parameter(torch.empty(2, config.width).normal_(std=config.width**-0.5))
            for block in blocks:
                block.init_local_attention(config.rope_base)
        # Zeros: the model begins as one that knows nothing of positions, whose weights are drawn as ever.
        self.position_proj = nn.Linear(config.position_dim, config.width, bias=False) if config.position_dim else None
        if self.position_proj is not None:
            nn.init.zeros_(self.position_proj.weight)

    def forward(
        self,
        film: Tensor,
        trailer: Tensor,
        masked: Tensor,
        film_valid: Tensor | None = None,
        trailer_valid: Tensor | None = None,
        positions: Tensor | None = None,
    ) -> Tensor:
        """Predict ``f([M; V^t])``, read at the trailer positions (section 3.1).

        Args:
            film: (B, I, D) shot features M.
            trailer: (B, J, D) trailer features V; what stands at masked positions is not looked at.
            masked: (B, J) bool, positions that hold the placeholder MP (eq. 2).
            film_valid: (B, I) bool, False on padding, which must be at the end. None: no padding.
            trailer_valid: (B, J) bool, likewise.
            positions: (B, J, P) channels of the positions; None: nothing is known of them, as if all were zero.

        Returns:
            (B, J, D) predicted features. Rows of padding hold no meaning; padding changes no other row.

        Raises:
            ValueError: there are ``positions``, and the model has no use for them.
        """
        shots = film.shape[1]
        hidden = self._embedded(film, trailer, masked, positions)
        rotation = self._rotation(film, trailer, film_valid)
        keys = _attended(film, trailer, film_valid, trailer_valid)
        for block in self.blocks:
            hidden = block(hidden, rotation, keys)
        predicted: Tensor = self.out_proj(hidden[:, shots:])
        return predicted

    def _embedded(self, film: Tensor, trailer: Tensor, masked: Tensor, positions: Tensor | None) -> Tensor:
        """The first block's input (B, I + J, width)."""
        shots, length = film.shape[1], trailer.shape[1]
        trailer = torch.where(masked[..., None], self.mask_placeholder.to(trailer.dtype), trailer)
        # Under autocast ``in_proj`` gives bfloat16; sums over the blocks want the precision of the input.
        hidden: Tensor = self.in_proj(torch.cat((film, trailer), dim=1)).to(film.dtype)
        if self.token_type_embedding is not None:
            film_type, trailer_type = self.token_type_embedding
            hidden = hidden + torch.cat((film_type.expand(shots, -1), trailer_type.expand(length, -1)))
        if positions is not None:
            if self.position_proj is None:
                raise ValueError("a model of position_dim 0 knows nothing of positions")
            told = hidden[:, shots:] + self.position_proj(positions).to(film.dtype)
            hidden = torch.cat((hidden[:, :shots], told), dim=1)
        return hidden

    def _rotation(self, film: Tensor, trailer: Tensor, film_valid: Tensor | None) -> tuple[Tensor, Tensor]:
        """Rotary embedding of the concatenated sequence, the trailer's positions directly after the film's own."""
        (batch, shots), length = film.shape[:2], trailer.shape[1]
        of_film = torch.arange(shots, device=film.device).expand(batch, shots)
        film_length = shots if film_valid is None else film_valid.sum(dim=1, keepdim=True)
        of_trailer = (torch.arange(length, device=film.device) + film_length).expand(batch, length)
        head_size = self.config.width // self.config.heads
        return rotary(torch.cat((of_film, of_trailer), dim=1), head_size, self.config.rope_base)

    def scores(self, predicted: Tensor, film: Tensor) -> Tensor:
        """Cosine of predicted features (B, J, D) with film shots (B, I, D): (B, J, I), first line of eq. 3."""
        return cosine(predicted, film)

    def logits(self, predicted: Tensor, film: Tensor) -> Tensor:
        """Logits (B, J, I) of eq. 3: ``logit_scale`` times the cosines."""
        return self.config.logit_scale * cosine(predicted, film)

    def probabilities(self, predicted: Tensor, film: Tensor, film_valid: Tensor | None = None) -> Tensor:
        """P of eq. 3, (B, J, I), over the film's shots; padding has probability 0."""
        logits = self.logits(predicted, film)
        if film_valid is not None:
            logits = logits.masked_fill(~film_valid[:, None, :], float("-inf"))
        return logits.softmax(dim=-1)


class Block(nn.Module):
    """One pre-norm encoder block: eq. 9 with full multi-head self-attention (eq. 10) and feed-forward (eq. 11)."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.heads = config.heads
        self.attention_norm = nn.RMSNorm(config.width, eps=config.eps)
        self.qkv_proj = nn.Linear(config.width, 3 * config.width, bias=False)
        self.attention_out_proj = nn.Linear(config.width, config.width, bias=False)
        self.ffn_norm = nn.RMSNorm(config.width, eps=config.eps)
        self.up_proj = nn.Linear(config.width, config.ffn, bias=False)
        self.down_proj = nn.Linear(config.ffn, config.width, bias=False)

    @torch.no_grad()
    def init_local_attention(self, rope_base: float) -> None:
        """Make each head attend most to one neighbour: one back, one on, two back, two on, and so on.

        Its queries become its keys rotated by that distance, and both longer, so that the attention is sharp.
        """
        query, key, _ = self.qkv_proj.weight.view(3, self.heads, -1, self.qkv_proj.in_features)
        number = torch.arange(self.heads)
        distances = (number // 2 + 1) * torch.where(number % 2 == 0, -1, 1)
        key *= _LOCAL_GAIN
        rotation = rotary(distances[:, None], key.shape[1], rope_base)
        query.copy_(rotate(key.mT[:, None], rotation)[:, 0].mT)

    def forward(self, hidden: Tensor, rotation: tuple[Tensor, Tensor], keys: Tensor | None) -> Tensor:
        """(B, T, width) to (B, T, width); ``keys`` (B, 1, 1, T) is False on padding, which no token attends to."""
        hidden = hidden + self.attend(self.attention_norm(hidden), rotation, keys)
        update: Tensor = self.down_proj(F.silu(self.up_proj(self.ffn_norm(hidden))))
        return hidden + update

    def attend(self, hidden: Tensor, rotation: tuple[Tensor, Tensor], keys: Tensor | None) -> Tensor:
        """Eq. 10, with the output projection of [46] that joins the heads."""
        batch, length, width = hidden.shape
        split = self.qkv_proj(hidden).view(batch, length, 3, self.heads, width // self.heads)
        query, key, value = split.permute(2, 0, 3, 1, 4)
        mixed = F.scaled_dot_product_attention(rotate(query, rotation), rotate(key, rotation), value, attn_mask=keys)
        joined: Tensor = self.attention_out_proj(mixed.transpose(1, 2).reshape(batch, length, width))
        return joined


def _attended(film: Tensor, trailer: Tensor, film_valid: Tensor | None, trailer_valid: Tensor | None) -> Tensor | None:
    """(B, 1, 1, I + J) bool, False on padding; None if there is none."""
    if film_valid is None and trailer_valid is None:
        return None
    if film_valid is None:
        film_valid = torch.ones(film.shape[:2], dtype=torch.bool, device=film.device)
    if trailer_valid is None:
        trailer_valid = torch.ones(trailer.shape[:2], dtype=torch.bool, device=film.device)
    return torch.cat((film_valid, trailer_valid), dim=1)[:, None, None, :]


def rotary(positions: Tensor, head_size: int, base: float) -> tuple[Tensor, Tensor]:
    """Cosines and sines of the rotary embedding, each (B, 1, T, head_size / 2), for positions (B, T).

    Computed in float32 whatever the model runs in: position 2,000 times a frequency does not survive bfloat16.
    """
    frequencies = base ** (-torch.arange(0, head_size, 2, device=positions.device, dtype=torch.float32) / head_size)
    angles = positions[:, None, :, None].float() * frequencies
    return angles.cos(), angles.sin()


def rotate(vectors: Tensor, rotation: tuple[Tensor, Tensor]) -> Tensor:
    """R_theta of eq. 10: turn the pairs (x_d, x_{d + half}) of queries or keys (B, heads, T, head_size)."""
    cos, sin = rotation
    first, second = vectors.float().chunk(2, dim=-1)
    turned = torch.cat((first * cos - second * sin, first * sin + second * cos), dim=-1)
    return turned.to(vectors.dtype)


def cosine(left: Tensor, right: Tensor) -> Tensor:
    """Cosine similarities (..., J, I) of (..., J, D) with (..., I, D), in float32 also under autocast.

    Shots of one scene differ by less than bfloat16 resolves near 1.
    """
    with torch.autocast(device_type=left.device.type, enabled=False):
        return F.normalize(left.float(), dim=-1) @ F.normalize(right.float(), dim=-1).mT
