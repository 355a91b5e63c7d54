"""Closed captions inside the pictures: bytes of CEA-608 as decoders hand them over, gathered in the one decode.

Each picture comes with triples of ATSC A/53 part 4, table 6.9: a byte of marks, and two of data. Fillings are left out.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

TRIPLE = 3
"""Bytes of a triple."""
_VALID, _TYPE = 0x04, 0x03
_FIRST_FIELD, _SECOND_FIELD = 0, 1
_SECOND_CONTROLS = (0x15, 0x1D)
"""First byte of what commands captions of the second field; what else is sent there tells about programmes."""


@dataclass(frozen=True)
class ClosedCaptions:
    """Pairs of bytes of the first field, n of them, in the order in which they are shown.

    Attributes:
        at: (n,) int64, timestamps after the first picture of the pictures they come with, in the film's time base.
        pairs: (n, 2) uint8, with their parity.
        second: captions lie in the second field, too.
        digital: captions of CEA-708 are there, too.
    """

    at: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))
    pairs: NDArray[np.uint8] = field(default_factory=lambda: np.zeros((0, 2), np.uint8))
    second: bool = False
    digital: bool = False


class CaptionGatherer:
    """Takes the triples of one picture after the other."""

    def __init__(self) -> None:
        self._at: list[int] = []
        self._pairs = bytearray()
        self._second = self._digital = False

    def push(self, at: int, triples: bytes) -> None:
        """Take those of the picture at a timestamp after the first picture's."""
        for start in range(0, len(triples) - TRIPLE + 1, TRIPLE):
            marks, first, second = triples[start : start + TRIPLE]
            kind = marks & _TYPE
            if not marks & _VALID or not (first & 0x7F or second & 0x7F):
                continue
            if kind == _FIRST_FIELD:
                self._at.append(at)
                self._pairs += bytes((first, second))
            elif kind == _SECOND_FIELD:
                self._second |= first & 0x7F in _SECOND_CONTROLS
            else:
                self._digital = True

    def finish(self) -> ClosedCaptions:
        """All that was taken."""
        pairs = np.frombuffer(bytes(self._pairs), np.uint8).reshape(-1, 2)
        return ClosedCaptions(np.array(self._at, np.int64), pairs, self._second, self._digital)
