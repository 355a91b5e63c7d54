"""Whether a rendered clip shows the film frames its plan names, with their neighbours as decoys."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from trailergen.media.frames import read_frames
from trailergen.media.probe import FilmInfo
from trailergen.plans import Plan

Grey = NDArray[np.int16]
# Neighbours that differ by less (mean grey levels) cannot be told apart after an encode.
_ALIKE = 0.5


def check_clips(plan: Plan, pictures: Sequence[Grey], film: FilmInfo) -> int:
    """Compare the first, middle and last picture of every clip with the planned film frame, which must be nearer than
    the one before and the one after it. Returns how many decoys could be told apart."""
    decoys = 0
    for position in plan.positions:
        for offset in (0, len(position.record) // 2, len(position.record) - 1):
            at = position.source.start + offset
            first = max(0, at - 1)
            frames = read_frames(film, plan.film.rate, first, at + 2)
            near = [frame.to_ndarray(format="gray").astype(np.int16) for frame in frames]
            planned, shown = near[at - first], pictures[position.record.start + offset]
            distance = np.abs(shown - planned).mean()
            assert distance < 4, (position.id, offset, distance)
            for decoy in near:
                if np.abs(decoy - planned).mean() > _ALIKE:
                    decoys += 1
                    assert distance < np.abs(shown - decoy).mean(), (position.id, offset)
    return decoys
