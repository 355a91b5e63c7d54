"""The trailer's sound: one timeline of samples, as long as the picture."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from trailergen.errors import InputError
from trailergen.media.audio import read_audio, read_spans
from trailergen.media.probe import FilmInfo
from trailergen.plan import SAMPLE_RATE, Plan, sequence_samples
from trailergen.render.loudness import gain_to
from trailergen.timebase import round_half_up

CHANNELS: Final = 2
CEILING = -1.0
"""Greatest true peak of a trailer, in dBTP, as EBU R128 s2 asks of streams."""
_PEAK = 10 ** (CEILING / 20)
_EDGE = SAMPLE_RATE * 5 // 1000
_LOUD = 10 ** (-40 / 20)
_FILM_LEVEL = {"low": 10 ** (-15 / 20), "full": 1.0}
"""What the film's sound is multiplied by: -15 dB under the music, or as it is."""


def soundtrack(plan: Plan, music: Path, film: FilmInfo) -> NDArray[np.float32]:
    """The sound of the whole trailer: the music, and of the clips what the plan wants of them.

    The planned part of the music starts with the first frame. It ends with the planned fade (equal power), or
    as it is; music cut into at full volume rises, or falls, over 5 ms instead of clicking. What is missing to the last
    frame is silence. The whole gets the plan's loudness by plain gain, as far as a true peak of -1 dBTP lets it;
    where the plan names none it is only turned down if its peak is over -1 dBFS. Nothing is ever limited.

    Returns:
        (samples, 2) float32 at 48 kHz, ``samples`` being the sequence's length rounded to a sample.

    Raises:
        InputError: the film or the music cannot be read, or the music ends more than a frame before its planned part.
    """
    sound = music_track(plan, music) + film_track(plan, film)
    if plan.sound.loudness is not None:
        return sound * np.float32(gain_to(sound, SAMPLE_RATE, plan.sound.loudness, CEILING))
    peak = float(np.abs(sound).max(initial=0))
    return sound * np.float32(_PEAK / peak) if peak > _PEAK else sound


def film_track(plan: Plan, film: FilmInfo) -> NDArray[np.float32]:
    """The clips' own sound, each sample at its picture, at the plan's level; (samples, 2) at 48 kHz.

    Every clip rises and falls over 5 ms, so that no cut clicks. Silence where the plan wants none, or there is none.

    Raises:
        InputError: the film cannot be read.
    """
    sound = np.zeros((sequence_samples(plan), CHANNELS), np.float32)
    if plan.sound.film not in _FILM_LEVEL or not film.has_audio:
        return sound
    origin, rate = film.origin * film.time_base, plan.film.rate
    spans = [(origin + clip.source.start / rate, origin + clip.source.end / rate) for clip in plan.positions]
    heard = read_spans(film.path, SAMPLE_RATE, CHANNELS, spans)
    for position, samples in zip(plan.positions, heard, strict=True):
        start, end = (round_half_up(at / rate * SAMPLE_RATE) for at in (position.record.start, position.record.end))
        part = samples[: end - start] * np.float32(_FILM_LEVEL[plan.sound.film])
        edge = min(_EDGE, len(part) // 2)
        slope = np.linspace(0, 1, edge, dtype=np.float32)[:, None]
        part[:edge] *= slope
        part[len(part) - edge :] *= slope[::-1]
        sound[start : start + len(part)] = part
    return sound


def music_track(plan: Plan, music: Path) -> NDArray[np.float32]:
    """The planned part of the music; (samples, 2) at 48 kHz. Raises InputError as ``soundtrack``."""
    length = sequence_samples(plan)
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
    return sound


def _samples(count: int, plan: Plan) -> int:
    """Samples of the music as samples of the timeline."""
    return round_half_up(Fraction(count * SAMPLE_RATE, plan.music.sample_rate))


def _soften(edge: NDArray[np.float32]) -> None:
    """Let the first samples rise from zero, in place, where the very first is loud enough to click."""
    if len(edge) and np.abs(edge[0]).max() > _LOUD:
        edge *= np.linspace(0, 1, len(edge), dtype=np.float32)[:, None]
