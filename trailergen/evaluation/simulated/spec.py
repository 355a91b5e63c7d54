"""Sizes of the benchmark's films, and its two kinds of order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from trailergen.training.simulation.editor import Order

Split = Literal["train", "test"]
SHARE = 0.045
"""Mean share of trailer shots to film shots, J / I (1,909 and 88 or more in CMTD)."""


@dataclass(frozen=True)
class BenchmarkSpec:
    """A variant of the benchmark.

    Args:
        shots: bounds of a film's number of shots I, log-uniform between.
        width: D, the length of the features, of one made-up encoder for all films.
        order: closeness of official trailers to the film's order.
    """

    shots: tuple[int, int]
    width: int
    order: Order = "ascending"


SPECS: Mapping[str, BenchmarkSpec] = {
    "tiny": BenchmarkSpec((60, 90), 32),
    "a": BenchmarkSpec((300, 500), 256),
    "b": BenchmarkSpec((900, 1100), 256),
    "full": BenchmarkSpec((1000, 2500), 256),
}
"""By protocol: (a) some hours of a CPU, (b) minutes of a GPU; ``full`` are the real sizes."""
