"""Silero VAD, a voice activity detector: the probability of speech in every window of 512 samples.

Its weights come inside the package silero-vad, whose code is neither run nor imported: that changes the number of
torch's threads. A window is a spectrum of four frames and four convolutions over it, all windows at once; only one
recurrent cell goes through them in order.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from trailergen.shots.memo import Memo, Result
from trailergen.weights import find_weights, verified
from trailergen.weights.tensors import read_tensors, unreadable

SILERO = "silero-vad"
"""Name of its weights in the index."""
RATE = 16_000
WINDOW = 512
"""Samples of one window at ``RATE``."""
_CONTEXT = 64  # samples of the window before that belong to the input of the next
_HOP, _UNITS = 128, 128
_CONVOLUTIONS = (("conv1", 1), ("conv2", 2), ("conv3", 2), ("conv4", 1))


class Silero:
    """The network without its recurrent state; computed on the CPU, for it is small.

    Args:
        weights: its tensors by name, as the package's safetensors file has them.

    Raises:
        KeyError: one of its tensors is missing.
        RuntimeError: one has another shape.
    """

    def __init__(self, weights: dict[str, Tensor]) -> None:
        self._weights = weights
        self._cell = nn.LSTM(_UNITS, _UNITS)
        self._cell.load_state_dict({f"{name}_l0": weights[f"lstm_cell.{name}"] for name in _CELL})
        missing = {f"{name}.weight" for name in ("stft_conv", "final_conv", *dict(_CONVOLUTIONS))} - weights.keys()
        if missing:
            raise KeyError(", ".join(sorted(missing)))

    def encode(self, windows: Tensor) -> Tensor:
        """Inputs (m, 128) of the recurrent cell, of windows (m, 576): 64 samples of context and 512 of their own."""
        x = functional.pad(windows[:, None], (0, _CONTEXT), "reflect")
        real, imaginary = functional.conv1d(x, self._weights["stft_conv.weight"], stride=_HOP).chunk(2, dim=1)
        x = (real.square() + imaginary.square()).sqrt()
        for name, stride in _CONVOLUTIONS:
            x = functional.conv1d(x, self._weights[f"{name}.weight"], self._weights[f"{name}.bias"], stride, 1).relu_()
        return x[:, :, 0]

    def decode(self, encoded: Tensor, state: State) -> tuple[Tensor, State]:
        """Probabilities (m,) from the result of ``encode``, and the recurrent state after them."""
        out, state = self._cell(encoded, state)
        weight, bias = self._weights["final_conv.weight"], self._weights["final_conv.bias"]
        return (out.relu() @ weight[0, :, 0] + bias).sigmoid(), state


State = tuple[Tensor, Tensor]
_CELL = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")


class VoiceActivityDetector:
    """The network on one unbroken stretch of sound, from its first sample on, with its recurrent state.

    Args:
        network: it.
        memo: what it found in an analysis that was interrupted.
    """

    def __init__(self, network: Silero, memo: Memo | None = None) -> None:
        self._network, self._memo = network, memo or Memo()
        self._state = torch.zeros(1, _UNITS), torch.zeros(1, _UNITS)
        self._before = np.zeros(_CONTEXT, np.float32)

    @torch.inference_mode()
    def push(self, windows: NDArray[np.float32]) -> NDArray[np.float32]:
        """Probabilities (m,) of the next windows (m, 512), full scale 1."""
        before = np.concatenate((self._before[None], windows[:-1, -_CONTEXT:]))
        self._before = windows[-1, -_CONTEXT:].copy()
        samples = np.hstack((before, windows))

        def decode() -> Result:
            speech, after = self._network.decode(self._network.encode(torch.from_numpy(samples)), self._state)
            return speech.numpy(), *(part.numpy() for part in after)

        speech, hidden, cell = self._memo.result((samples, *(part.numpy() for part in self._state)), decode)
        self._state = torch.from_numpy(hidden), torch.from_numpy(cell)
        return speech


def load_silero() -> Silero:
    """The network with the weights of the package silero-vad.

    Raises:
        WeightsError: the package is not installed, or its file is damaged.
    """
    return read_silero(verified(find_weights(SILERO)))


def read_silero(path: Path) -> Silero:
    """The network with the weights of a file. Raises WeightsError if it holds others."""
    try:
        return Silero(read_tensors(path))
    except (KeyError, RuntimeError) as error:
        raise unreadable(path, f"not those of Silero VAD: {error}") from error
