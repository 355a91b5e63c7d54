"""The version of the simulated benchmark, and a digest by which a test sees that its films are still the same.

Figures of two versions are not comparable. A change of what the generator makes needs a new number here, and the new
digest, which this prints:

    python -m trailergen.evaluation.simulated.digest
"""

from __future__ import annotations

from collections.abc import Mapping

BENCHMARK_VERSION = 1
"""A part of every film's seed."""

DIGESTS: Mapping[str, tuple[str, tuple[float, ...]]] = {
    "ascending": (
        "96800db374effd66",
        (
            0.1417,
            0.1439,
            0.3005,
            0.1003,
            25.9188,
            2.4357,
            2.4677,
            2.3734,
            2.5456,
            0.7409,
            6.4484,
            2.6271,
            3.3822,
            6.4553,
            2.3115,
            3.4002,
        ),
    ),
    "flat": (
        "a6a0a1e64d1fa586",
        (
            0.1417,
            0.1445,
            0.3005,
            0.1003,
            25.9188,
            2.4357,
            2.4677,
            2.3734,
            2.5456,
            0.7409,
            6.4484,
            2.6271,
            3.3822,
            6.4553,
            2.3115,
            3.4002,
        ),
    ),
}
"""Of the first films of each kind of order: a hash of all that is whole numbers, and means of what is not."""
