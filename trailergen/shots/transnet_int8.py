"""The convolutions of TransNet V2 in int8, several times as fast as float32 where the processor multiplies int8
(AVX-512 VNNI, AMX).

Weights are quantized channel by channel, activations with the ranges of shots/transnet_ranges.py, products are summed
in int32; the layers after the convolutions stay in float32. On Big Buck Bunny probabilities move by 0.0005 in the
mean and by 0.12 at most; where that could matter shots/detect.py computes them again in float32.

The operators are those that torch.compile puts into the models it quantizes: they take and give plain uint8 tensors.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from trailergen.shots.transnet import BlockOps, BranchOps, TransNetStream
from trailergen.shots.transnet_float32 import folded
from trailergen.shots.transnet_ranges import RANGES

_ZERO_POINT = 128  # of values that have a sign
_BATCH = 64  # pictures for which the weights are laid out; others are right, too


def supports_int8(device: str) -> bool:
    """True if ``device`` is a CPU that multiplies int8, and torch can make use of it."""
    # torch has changed the name of this question, which is not among those it documents, nor are the operators.
    asked = (getattr(torch.cpu, name, None) for name in ("_is_vnni_supported", "_is_avx512_vnni_supported"))
    able = any(ask is not None and ask() for ask in asked)
    named = all(hasattr(torch.ops.onednn, name) for name in ("qconv_prepack", "qconv2d_pointwise"))
    # A torch without oneDNN knows the operators' names all the same.
    there = named and bool(torch.backends.mkldnn.is_available())  # type: ignore[no-untyped-call]
    return device == "cpu" and able and there


def int8_stream(model: nn.Module) -> TransNetStream:
    """A stream in int8, for a ``TransNetV2`` on the CPU where ``supports_int8``."""
    ranges, stacked = iter(RANGES), _stacked(model)
    scale, blocks = 1 / 255, []
    for block in stacked:
        made = _block(block, scale, ranges)
        scale = made.scale
        blocks.append(made)
    return TransNetStream(model, blocks, lambda pictures: pictures)  # which are uint8 already


def _stacked(model: Any) -> Any:
    return model.SDDCNN


def _block(block: Any, scale: float, ranges: Iterator[float]) -> BlockOps:
    """A block whose input has ``scale``."""
    cells, scales = [], [scale]
    for cell in block.DDCNN:
        branches, after = _cell(cell, scales[-1], ranges)
        cells.append(branches)
        scales.append(after)
    merged = next(ranges) / 255
    channels = block.DDCNN[-1].bn.num_features
    first, second = (_halved(channels, after, merged) for after in scales[1:])
    return BlockOps(cells, lambda a, b: _saturated_sum(first(a), second(b)), _ZERO_POINT, merged)


def _cell(cell: Any, scale: float, ranges: Iterator[float]) -> tuple[list[BranchOps], float]:
    """The branches of a cell whose input has ``scale``, and the scale of their output."""
    parts = [(part, next(ranges) / 127) for part in folded(cell)]
    after = next(ranges) / 255
    return [_branch(*part, scale, between, after) for part, between in parts], after


def _branch(
    dilation: int, space: Tensor, time: Tensor, bias: Tensor, scale: float, between: float, after: float
) -> BranchOps:
    """A branch; the scales are those of its input, of the values between space and time, and of its output."""
    in_space = _convolution(space, None, (scale, 0), (between, _ZERO_POINT), _Geometry(padding=1))
    in_time = _convolution(time, bias, (between, _ZERO_POINT), (after, 0), _Geometry(dilation=(dilation, 1)), "relu")
    return BranchOps(in_space, in_time)


def _halved(channels: int, scale: float, after: float) -> Callable[[Tensor], Tensor]:
    """Means of squares of 2x2, as a convolution of every channel with itself."""
    quarter = torch.full((channels, 1, 2, 2), 0.25)
    return _convolution(quarter, None, (scale, 0), (after, 0), _Geometry(stride=2, groups=channels))


def _saturated_sum(a: Tensor, b: Tensor) -> Tensor:
    """The sum of uint8 values, at most 255."""
    return a + torch.minimum(b, 255 - a)


@dataclass(frozen=True)
class _Geometry:
    """The arguments of a convolution, as ``torch.nn.functional.conv2d`` names them; the same in both directions but for
    ``dilation``."""

    stride: int = 1
    padding: int = 0
    dilation: tuple[int, int] = (1, 1)
    groups: int = 1

    @property
    def arguments(self) -> tuple[list[int], list[int], list[int], int]:
        """In the order and form of the operators."""
        return [self.stride] * 2, [self.padding] * 2, list(self.dilation), self.groups


def _convolution(
    weight: Tensor,
    bias: Tensor | None,
    before: tuple[float, int],
    after: tuple[float, int],
    geometry: _Geometry,
    activation: str = "none",
) -> Callable[[Tensor], Tensor]:
    """A convolution of uint8 (n, h, w, c), by float weights as ``torch.nn.functional.conv2d`` has them; ``before`` and
    ``after`` are scale and zero point of its input and output."""
    scales = weight.flatten(1).abs().amax(1).clamp_min(1e-9) / 127
    whole = torch.round(weight / scales.view(-1, 1, 1, 1)).to(torch.int8)
    zeros = torch.zeros(len(weight), dtype=torch.int32)
    shape = geometry.arguments
    size = [_BATCH, weight.shape[1] * geometry.groups, 27, 48]
    packed = torch.ops.onednn.qconv_prepack(whole, scales, *before, *shape, size)

    def convolve(x: Tensor) -> Tensor:
        found: Tensor = torch.ops.onednn.qconv2d_pointwise(
            x.permute(0, 3, 1, 2), *before, packed, scales, zeros, bias, *shape, *after, torch.uint8, activation, [], ""
        )
        return found.permute(0, 2, 3, 1)

    return convolve
