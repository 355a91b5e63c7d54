"""The trailer's sound: one timeline of samples, as long as the picture."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from trailergen.errors import InputError
from trailergen.media.audio import read_audio
from trailergen.plan import Plan
from trailergen.render.loudness import gain_to
from trailergen.timebase import round_half_up

SAMPLE_RATE = 48_000
CHANNELS: Final = 2
CEILING = -1.0
"""Greatest true peak of a trailer, in dBTP, as EBU R128 s2 asks of streams."""
_PEAK = 10 ** (CEILING / 20)
_EDGE = SAMPLE_RATE * 5 // 1000
_LOUD = 10 ** (-40 / 20)


def soundtrack(plan: Plan, music: Path) -> NDArray[np.float32]:
    """The sound of the whole trailer.

    The planned part of the music starts with the first frame. It ends with the planned fade (equal power), or
    as it is; music cut into at full volume rises, or falls, over 5 ms instead of clicking. What is missing to the last
    frame is silence. The whole gets the plan's loudness by plain gain, as far as a true peak of -1 dBTP lets it;
    where the plan names none it is only turned down if its peak is over -1 dBFS. Nothing is ever limited.

    Returns:
        (samples, 2) float32 at 48 kHz, ``samples`` being the sequence's length rounded to a sample.

    Raises:
        InputError: the music cannot be read, or ends more than a frame before its planned part does.
    """
    length = round_half_up(plan.sequence.frames / plan.sequence.rate * SAMPLE_RATE)
    part = plan.music.part
    start, end = (_samples(at, plan) for at in (part.start, part.end))
    sound = np.zeros((length, CHANNELS), np.float32)
    heard = read_audio(music, SAMPLE_RATE, CHANNELS)[start : min(end, start + length)]
    if len(heard) < min(length, end - start) - SAMPLE_RATE / plan.sequence.rate:
        raise InputError(
            f"{music} ends before the part that the plan uses", hint="give the music the plan was made with"
        )
    sound[: len(heard)] = heard
    _soften(sound[:_EDGE])
    fade = min(_samples(plan.music.fade_out, plan), len(heard))
    if fade:
        sound[len(heard) - fade : len(heard)] *= np.cos(np.linspace(0, np.pi / 2, fade, dtype=np.float32))[:, None]
    else:
        _soften(sound[: len(heard)][: -_EDGE - 1 : -1])
    if plan.sound.loudness is not None:
        return sound * np.float32(gain_to(sound, SAMPLE_RATE, plan.sound.loudness, CEILING))
    peak = float(np.abs(sound).max(initial=0))
    return sound * np.float32(_PEAK / peak) if peak > _PEAK else sound


def _samples(count: int, plan: Plan) -> int:
    """Samples of the music as samples of the timeline."""
    return round_half_up(Fraction(count * SAMPLE_RATE, plan.music.sample_rate))


def _soften(edge: NDArray[np.float32]) -> None:
    """Let the first samples rise from zero, in place, where the very first is loud enough to click."""
    if len(edge) and np.abs(edge[0]).max() > _LOUD:
        edge *= np.linspace(0, 1, len(edge), dtype=np.float32)[:, None]
