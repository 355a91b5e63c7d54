"""The trailer's sound: three stems on one timeline of samples, as long as the picture, and their sum."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from trailergen.audio.ducking import presence
from trailergen.audio.loudness import gain_to
from trailergen.audio.tracks import film_track, line_track, music_track
from trailergen.media.probe import FilmInfo
from trailergen.plans import SAMPLE_RATE, Plan

CEILING = -1.0
"""Greatest true peak of a trailer, in dBTP, as EBU R128 s2 asks of streams."""
_PEAK = 10 ** (CEILING / 20)


@dataclass(frozen=True)
class Stems:
    """What the trailer's sound is the sum of, each (samples, 2) float32 at 48 kHz, all as they are in it.

    ``samples`` is the sequence's length rounded to a sample.
    """

    music: NDArray[np.float32]
    film: NDArray[np.float32]
    lines: NDArray[np.float32]

    def sum(self) -> NDArray[np.float32]:
        """The trailer's sound, (samples, 2)."""
        return self.music + self.film + self.lines

    def scaled(self, gain: float) -> Stems:
        """All of them multiplied by the same factor."""
        return Stems(self.music * np.float32(gain), self.film * np.float32(gain), self.lines * np.float32(gain))


def mix(plan: Plan, music: Path, film: FilmInfo) -> Stems:
    """The sound of the whole trailer: the music, and of the film what the plan wants of it.

    Under the lines the music falls by the plan's depth, and the clips' own sound makes way altogether: two people who
    speak at once cannot be understood. The whole gets the plan's loudness by plain gain, as far as a true peak of
    -1 dBTP lets it; where the plan names none it is only turned down if its peak is over -1 dBFS. Nothing is ever
    limited.

    Raises:
        InputError: the film or the music cannot be read, or the music ends more than a frame before its planned part.
    """
    tracks = Stems(music_track(plan, music), film_track(plan, film), line_track(plan, film))
    if points := presence(plan):
        at, values = (np.array(column) for column in zip(*points, strict=True))
        said = np.interp(np.arange(len(tracks.lines)), at, values).astype(np.float32)[:, None]
        ducked = np.power(np.float32(10), said * np.float32(-plan.sound.ducking.depth / 20))
        tracks = Stems(tracks.music * ducked, tracks.film * (1 - said), tracks.lines)
    return tracks.scaled(_gain(tracks.sum(), plan.sound.loudness))


def _gain(sound: NDArray[np.float32], loudness: float | None) -> float:
    if loudness is not None:
        return gain_to(sound, SAMPLE_RATE, loudness, CEILING)
    peak = float(np.abs(sound).max(initial=0))
    return _PEAK / peak if peak > _PEAK else 1.0
