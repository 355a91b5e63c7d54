"""What the trailer's sound is mixed from, each on a timeline of its own: music, the clips' own sound, lines."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from trailergen.audio.levels import CLIP_LEVELS
from trailergen.errors import InputError
from trailergen.media.audio import read_audio, read_spans
from trailergen.media.probe import FilmInfo
from trailergen.plans import SAMPLE_RATE, Plan, sequence_samples
from trailergen.timebase import round_half_up

CHANNELS: Final = 2
_EDGE = SAMPLE_RATE * 5 // 1000
_LINE_START, _LINE_END = SAMPLE_RATE * 10 // 1000, SAMPLE_RATE * 40 // 1000
_LOUD = 10 ** (-40 / 20)


def music_track(plan: Plan, music: Path) -> NDArray[np.float32]:
    """The planned part of the music from the first frame on; (samples, 2) at 48 kHz.

    It ends with the planned fade (equal power), or as it is; music cut into at full volume rises, or falls, over 5 ms
    instead of clicking. What is missing to the last frame is silence.

    Raises:
        InputError: the music cannot be read, or ends more than a frame before its planned part.
    """
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


def film_track(plan: Plan, film: FilmInfo) -> NDArray[np.float32]:
    """The clips' own sound, each sample at its picture, at the plan's level; (samples, 2) at 48 kHz.

    Every clip rises and falls over 5 ms, so that no cut clicks. Silence where the plan wants none, or there is none.

    Raises:
        InputError: the film cannot be read.
    """
    sound = np.zeros((sequence_samples(plan), CHANNELS), np.float32)
    if plan.sound.film not in CLIP_LEVELS or not film.has_audio:
        return sound
    origin, rate = film.origin * film.time_base, plan.film.rate
    spans = [(origin + clip.source.start / rate, origin + clip.source.end / rate) for clip in plan.positions]
    heard = read_spans(film.path, SAMPLE_RATE, CHANNELS, spans, plan.sound.track)
    for position, samples in zip(plan.positions, heard, strict=True):
        start, end = (round_half_up(at / rate * SAMPLE_RATE) for at in (position.record.start, position.record.end))
        part = samples[: end - start] * np.float32(10 ** (CLIP_LEVELS[plan.sound.film] / 20))
        _slope(part, _EDGE, _EDGE)
        sound[start : start + len(part)] = part
    return sound


def line_track(plan: Plan, film: FilmInfo) -> NDArray[np.float32]:
    """The lines of the narration, each sample where the plan says; (samples, 2) at 48 kHz.

    Every line rises over 10 ms and falls over 40 ms, inside its range. Silence where the plan wants none.

    Raises:
        InputError: the film cannot be read.
    """
    sound = np.zeros((sequence_samples(plan), CHANNELS), np.float32)
    lines = plan.narration.lines if plan.narration else []
    if plan.sound.film == "none" or not film.has_audio or not lines:
        return sound
    origin = film.origin * film.time_base
    spans = [
        (origin + Fraction(line.source.start, SAMPLE_RATE), origin + Fraction(line.source.end, SAMPLE_RATE))
        for line in lines
    ]
    heard = read_spans(film.path, SAMPLE_RATE, CHANNELS, spans, plan.sound.track)
    for line, samples in zip(lines, heard, strict=True):
        part = samples * np.float32(10 ** (line.gain / 20))
        _slope(part, _LINE_START, _LINE_END)
        sound[line.record.start : line.record.end] = part
    return sound


def _samples(count: int, plan: Plan) -> int:
    """Samples of the music as samples of the timeline."""
    return round_half_up(Fraction(count * SAMPLE_RATE, plan.music.sample_rate))


def _slope(part: NDArray[np.float32], rise: int, fall: int) -> None:
    """Let a piece rise from zero and fall back to it, in place."""
    rise, fall = min(rise, len(part) // 2), min(fall, len(part) // 2)
    part[:rise] *= np.linspace(0, 1, rise, dtype=np.float32)[:, None]
    part[len(part) - fall :] *= np.linspace(1, 0, fall, dtype=np.float32)[:, None]


def _soften(edge: NDArray[np.float32]) -> None:
    """Let the first samples rise from zero, in place, where the very first is loud enough to click."""
    if len(edge) and np.abs(edge[0]).max() > _LOUD:
        edge *= np.linspace(0, 1, len(edge), dtype=np.float32)[:, None]
