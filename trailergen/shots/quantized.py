"""The convolutions of TransNet V2 in 8 bit integers, several times as fast as single precision where the processor
multiplies bytes (AVX-512 VNNI, AMX).

Weights are quantized channel by channel, activations with the ranges of shots/ranges.py, products are summed in 32
bits; the layers after the convolutions stay in single precision. On Big Buck Bunny probabilities move by 0.0005 in the
mean and by 0.12 at most; where that could matter shots/detect.py looks again.

The operators are those that torch.compile puts into the models it quantizes: they take and give plain tensors of bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import torch
from torch import Tensor, nn

from trailergen.shots.exact import folded
from trailergen.shots.ranges import RANGES
from trailergen.shots.transnet import Block, Branch, Stream

_MIDDLE = 128  # the byte that stands for zero where values have a sign
_BATCH = 64  # pictures for which the weights are laid out; others are right, too


def is_fast(device: str) -> bool:
    """Whether ``device`` is a CPU that multiplies bytes, and torch can make use of it."""
    # torch has changed the name of this question, which is not among those it documents, nor are the operators.
    asked = (getattr(torch.cpu, name, None) for name in ("_is_vnni_supported", "_is_avx512_vnni_supported"))
    able = any(ask is not None and ask() for ask in asked)
    named = all(hasattr(torch.ops.onednn, name) for name in ("qconv_prepack", "qconv2d_pointwise"))
    # A torch without oneDNN knows the operators' names all the same.
    there = named and bool(torch.backends.mkldnn.is_available())  # type: ignore[no-untyped-call]
    return device == "cpu" and able and there


def quantized_stream(model: nn.Module) -> Stream:
    """A stream of bytes; for a ``TransNetV2`` on the CPU where ``is_fast``."""
    ranges, stacked = iter(RANGES), _stacked(model)
    step, blocks = 1 / 255, []
    for block in stacked:
        made = _block(block, step, ranges)
        step = made.unit
        blocks.append(made)
    return Stream(model, blocks, lambda pictures: pictures)  # which are bytes already


def _stacked(model: Any) -> Any:
    return model.SDDCNN


def _block(block: Any, step: float, ranges: Iterator[float]) -> Block:
    """``step`` is what a one of its input is worth."""
    cells, steps = [], [step]
    for cell in block.DDCNN:
        branches, after = _cell(cell, steps[-1], ranges)
        cells.append(branches)
        steps.append(after)
    unit = next(ranges) / 255
    channels = block.DDCNN[-1].bn.num_features
    first, second = (_halved(channels, after, unit) for after in steps[1:])
    return Block(cells, lambda a, b: _sum(first(a), second(b)), _MIDDLE, unit)


def _cell(cell: Any, step: float, ranges: Iterator[float]) -> tuple[list[Branch], float]:
    """The branches, and what a one of their output is worth; ``step``, of their input."""
    parts = [(part, next(ranges) / 127) for part in folded(cell)]
    after = next(ranges) / 255
    return [_branch(*part, step, between, after) for part, between in parts], after


def _branch(
    dilation: int, space: Tensor, time: Tensor, bias: Tensor, step: float, between: float, after: float
) -> Branch:
    in_space = _convolution(space, None, (step, 0), (between, _MIDDLE), padding=[1, 1])
    in_time = _convolution(time, bias, (between, _MIDDLE), (after, 0), dilation=[dilation, 1], then="relu")
    return Branch(in_space, in_time)


def _halved(channels: int, step: float, after: float) -> Callable[[Tensor], Tensor]:
    """Means of squares of 2x2, as a convolution of every channel with itself."""
    quarter = torch.full((channels, 1, 2, 2), 0.25)
    return _convolution(quarter, None, (step, 0), (after, 0), stride=[2, 2], groups=channels)


def _sum(a: Tensor, b: Tensor) -> Tensor:
    """Of bytes, at most 255."""
    return a + torch.minimum(b, 255 - a)


def _convolution(
    weight: Tensor,
    bias: Tensor | None,
    before: tuple[float, int],
    after: tuple[float, int],
    stride: list[int] | None = None,
    padding: list[int] | None = None,
    dilation: list[int] | None = None,
    groups: int = 1,
    then: str = "none",
) -> Callable[[Tensor], Tensor]:
    """A convolution of bytes (n, h, w, c), by float weights as ``torch.nn.functional.conv2d`` has them; ``before`` and
    ``after``: what a one of its input and output is worth, and the byte that stands for zero."""
    steps = weight.flatten(1).abs().amax(1).clamp_min(1e-9) / 127
    whole = torch.round(weight / steps.view(-1, 1, 1, 1)).to(torch.int8)
    zeros = torch.zeros(len(weight), dtype=torch.int32)
    shape = [stride or [1, 1], padding or [0, 0], dilation or [1, 1], groups]
    size = [_BATCH, weight.shape[1] * groups, 27, 48]
    packed = torch.ops.onednn.qconv_prepack(whole, steps, *before, *shape, size)

    def convolve(x: Tensor) -> Tensor:
        found: Tensor = torch.ops.onednn.qconv2d_pointwise(
            x.permute(0, 3, 1, 2), *before, packed, steps, zeros, bias, *shape, *after, torch.uint8, then, [], ""
        )
        return found.permute(0, 2, 3, 1)

    return convolve
