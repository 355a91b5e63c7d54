"""The sound of a film from its shots: a bed under every shot, single effects where things happen, a room for these."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

import numpy as np

from studio.projector import starts
from studio.shot import RATE as FRAME_RATE
from studio.shot import Shot
from studio.synth import RATE, Samples, echoing, place

Sounds: TypeAlias = Callable[[str], Samples]


def soundtrack(shots: Sequence[Shot], bed: Sounds, effect: Sounds) -> Samples:
    """The sound of a film, (samples, 2), exactly as long as its pictures, peaks below -1 dBFS.

    ``bed`` gives the loop of a bed, (samples, 2), ``effect`` a single sound, mono or stereo, by the names in the shots.
    """
    begin = starts(shots)
    per_frame = RATE // FRAME_RATE
    total = begin[-1] * per_frame
    beds, effects = np.zeros((total, 2)), np.zeros((total, 2))
    edge = round(0.04 * RATE)
    for number, shot in enumerate(shots):
        start, stop = begin[number] * per_frame, begin[number + 1] * per_frame
        first, last = max(0, start - edge), min(total, stop + edge)
        moment = np.arange(first, last)
        # Beds of neighbouring shots cross over during 80 ms around the cut.
        level = np.clip((moment - start + edge) / (2 * edge), 0, 1) * np.clip((stop + edge - moment) / (2 * edge), 0, 1)
        for name in shot.sounds:
            loop = bed(name)
            beds[first:last] += loop[moment % len(loop)] * level[:, None]
        for name, at in shot.effects:
            place(effects, effect(name), begin[number] / FRAME_RATE + at, 0.8)
    track = 0.5 * beds + echoing(effects, 1.3, 0.35, 50)
    return np.asarray(0.82 * np.tanh(track / 0.82))
