"""Channels of a trailer's positions, known before they are filled: their time, their length, the music.

The paper's model sees the same placeholder at every masked position. An editor sees more: where in the trailer a
position is, how long it lasts, and how strong the music is there. These channels are added to a position's token
whether it is masked or filled (``ModelConfig.position_dim``); without them the model is the paper's.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trailergen.ssmp.channels.channel import rank
from trailergen.ssmp.types import Array

_CYCLES = (0.5, 1.0, 2.0, 4.0)
TIME_CHANNELS = 1 + 2 * len(_CYCLES)
LENGTH, ENERGY = TIME_CHANNELS, TIME_CHANNELS + 1
"""Columns that a trailer may lack: all positions equally long, no music."""
POSITION_DIM = TIME_CHANNELS + 2


@dataclass(frozen=True)
class Positions:
    """Facts about J positions.

    Args:
        lengths: (J,) length of each, in any unit.
        energy: (J,) of the music in each, in any unit: only its order counts. None where not known.
    """

    lengths: NDArray[np.floating] | NDArray[np.integer]
    energy: NDArray[np.floating] | None = None


def position_channels(known: Positions) -> Array:
    """Channels (J, POSITION_DIM) of a trailer's positions, within [-1, 1]; 0 where the energy is not known (NaN)."""
    lengths = np.asarray(known.lengths, np.float64)
    ends = np.cumsum(lengths)
    share = (ends - lengths / 2) / max(float(ends[-1]), 1e-9)
    phase = 2 * np.pi * share[:, None] * np.array(_CYCLES)
    heard = np.zeros(len(lengths)) if known.energy is None else rank(np.asarray(known.energy, np.float64))
    columns = [2 * share[:, None] - 1, np.sin(phase), np.cos(phase), rank(lengths)[:, None], heard[:, None]]
    return np.hstack(columns).astype(np.float32)
