"""The convolutions of TransNet V2 in 8 bit integers, several times as fast as single precision where the processor
multiplies bytes (AVX-512 VNNI, AMX).

Weights are quantized channel by channel, activations with the ranges of shots/ranges.py, products are summed in 32
bits; the layers after the convolutions stay in single precision. Probabilities move by about 0.01, at most by 0.04 on
Big Buck Bunny; where that could matter shots/detect.py looks again.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from typing import Any

import torch
from torch import Tensor, nn

from trailergen.shots.exact import folded
from trailergen.shots.ranges import RANGES
from trailergen.shots.transnet import Block, Branch, Stream

_ENGINES = ("x86", "onednn")
_MIDDLE = 128  # the byte that stands for zero where values have a sign


def is_fast(device: str) -> bool:
    """Whether ``device`` is a CPU that multiplies bytes, and torch can make use of it."""
    # torch has changed the name of this question, which is not among those it documents.
    asked = (getattr(torch.cpu, name, None) for name in ("_is_vnni_supported", "_is_avx512_vnni_supported"))
    able = any(ask is not None and ask() for ask in asked)
    # torch means to give up tensors of this kind one day: single precision does the same, more slowly.
    there = hasattr(torch, "quantize_per_channel") and torch.backends.quantized.engine in _ENGINES
    return device == "cpu" and able and there


def quantized_stream(model: nn.Module) -> Stream:
    """A stream of bytes; for a ``TransNetV2`` on the CPU where ``is_fast``."""
    ranges, stacked = iter(RANGES), _stacked(model)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="torch.quantize_per_tensor")  # see is_fast; it is said once
        return Stream(model, [_block(block, ranges) for block in stacked], _enter)


def _stacked(model: Any) -> Any:
    return model.SDDCNN


def _block(block: Any, ranges: Iterator[float]) -> Block:
    cells = [_cell(cell, ranges) for cell in block.DDCNN]
    step = next(ranges) / 255
    return Block(cells, lambda a, b: torch.ops.quantized.add(a, b, step, 0))


def _cell(cell: Any, ranges: Iterator[float]) -> list[Branch]:
    parts = [(part, next(ranges)) for part in folded(cell)]
    step = next(ranges) / 255
    return [_branch(*part, between / 127, step) for part, between in parts]


def _branch(dilation: int, space: Tensor, time: Tensor, bias: Tensor, between: float, step: float) -> Branch:
    ops = torch.ops.quantized
    in_space = ops.conv2d_prepack(_quantized(space), None, [1, 1], [1, 1], [1, 1], 1)
    in_time = ops.conv2d_prepack(_quantized(time), bias, [1, 1], [0, 0], [dilation, 1], 1)
    return Branch(
        lambda x: ops.conv2d(x, in_space, between, _MIDDLE),
        lambda y: ops.conv2d_relu(y, in_time, step, 0),
    )


def _quantized(weight: Tensor) -> Tensor:
    steps = weight.flatten(1).abs().amax(1).clamp_min(1e-9) / 127
    weight = weight.contiguous(memory_format=torch.channels_last)
    return torch.quantize_per_channel(weight, steps, torch.zeros(len(weight), dtype=torch.long), 0, torch.qint8)


def _enter(pictures: Tensor) -> Tensor:
    """Pictures are bytes already."""
    pictures = pictures.contiguous(memory_format=torch.channels_last)
    return torch._make_per_tensor_quantized_tensor(pictures, 1 / 255, 0)
