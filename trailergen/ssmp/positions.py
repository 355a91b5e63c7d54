"""What a model may know of a trailer's positions before anything stands there: their time, their length, the music.

The paper's model sees the same placeholder at every masked position. An editor sees more: where in the trailer a
position is, how long it lasts, and how strong the music is there. These channels are added to a position's token
whether it is masked or filled (``ModelConfig.position_dim``); without them the model is the paper's.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from trailergen.ssmp.tokens import Array, rank

_CYCLES = (0.5, 1.0, 2.0, 4.0)
PLACE_CHANNELS = 1 + 2 * len(_CYCLES)
LENGTH, ENERGY = PLACE_CHANNELS, PLACE_CHANNELS + 1
"""Columns that a trailer may lack: all positions equally long, no music."""
POSITION_DIM = PLACE_CHANNELS + 2


def position_channels(lengths_s: NDArray[np.floating], energy: NDArray[np.floating] | None = None) -> Array:
    """Channels (J, POSITION_DIM) of a trailer's positions, within [-1, 1].

    Args:
        lengths_s: (J,) length of each position, in any unit.
        energy: (J,) energy of the music in each, in any unit: only its order counts. None or NaN where not known.
    """
    lengths = np.asarray(lengths_s, np.float64)
    ends = np.cumsum(lengths)
    share = (ends - lengths / 2) / max(float(ends[-1]), 1e-9)
    phase = 2 * np.pi * share[:, None] * np.array(_CYCLES)
    heard = np.zeros(len(lengths)) if energy is None else rank(np.asarray(energy, np.float64))
    columns = [2 * share[:, None] - 1, np.sin(phase), np.cos(phase), rank(lengths)[:, None], heard[:, None]]
    return np.hstack(columns).astype(np.float32)
