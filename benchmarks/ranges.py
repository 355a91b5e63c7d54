"""Measures the values between TransNet V2's convolutions: the table of trailergen/shots/transnet_ranges.py.

    python benchmarks/ranges.py FILM ...

128 frames of every minute are looked at; a range is what one value in 10,000 of a stretch exceeds, the largest of all
stretches.
"""

from __future__ import annotations

import argparse
from contextlib import closing
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from trailergen.media.container import open_media
from trailergen.media.probe import probe_film
from trailergen.shots.decode import film_batches
from trailergen.shots.detect import load_transnet
from trailergen.shots.transnet import BlockOps, BranchOps, TransNetStream
from trailergen.shots.transnet_float32 import float32_blocks, to_float

_BATCHES, _EVERY = 2, 24  # of 64 frames


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("film", type=Path, nargs="+")
    model = load_transnet("cpu")
    ranges: list[float] = []
    blocks = _watched(float32_blocks(model), ranges)
    for path in parser.parse_args().film:
        film = probe_film(path)
        stretch: list[np.ndarray] = []
        with open_media(path) as container:
            for number, batch in enumerate(film_batches(container, film)):
                if number % _EVERY < _BATCHES:
                    stretch.extend(batch.thumbs)
                elif stretch:
                    with closing(TransNetStream(model, blocks, to_float)) as network:
                        network.push(torch.from_numpy(np.stack(stretch)), last=True)
                    stretch = []
    print("RANGES = (" + ", ".join(f"{value:.2f}" for value in ranges) + ")")


def _watched(blocks: list[BlockOps], ranges: list[float]) -> list[BlockOps]:
    """The same blocks, which keep the ranges of what they compute, in the order of shots/transnet_ranges.py."""

    def keep(index: int, found: Tensor) -> Tensor:
        sizes = found.abs().flatten()[:: max(1, found.numel() // 1_000_000)]
        ranges[index] = max(ranges[index], float(torch.quantile(sizes, 0.9999)))
        return found

    def room() -> int:
        ranges.append(0.0)
        return len(ranges) - 1

    def after(work, index):  # type: ignore[no-untyped-def]
        return lambda *given: keep(index, work(*given))

    watched = []
    for block in blocks:
        cells = []
        for cell in block.cells:
            between = [room() for _ in cell]
            output = room()
            cells.append(
                [
                    BranchOps(after(part.space, at), after(part.time, output))
                    for part, at in zip(cell, between, strict=True)
                ]
            )
        watched.append(BlockOps(cells, after(block.merge, room())))
    return watched


if __name__ == "__main__":
    main()
