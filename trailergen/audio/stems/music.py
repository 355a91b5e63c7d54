"""The music under a trailer."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np

from trailergen.audio.stems.stem import CHANNELS, Sound, Sources, Stem, milliseconds, silence
from trailergen.errors import InputError
from trailergen.media.audio import read_audio
from trailergen.plans import SAMPLE_RATE, Plan, sequence_samples
from trailergen.timebase import round_half_up

_EDGE = milliseconds(5)
_LOUD = 10 ** (-40 / 20)


@dataclass(frozen=True)
class MusicFacts:
    """The planned part ``[start, end)`` of a track in its samples, ``fade`` of them at the end, and the trailer's
    length in samples and rate of frames."""

    sha256: str
    rate: int
    start: int
    end: int
    fade: int
    samples: int
    frame_rate: Fraction

    @classmethod
    def of(cls, plan: Plan) -> MusicFacts:
        """Those of a plan."""
        music, part = plan.music, plan.music.part
        return cls(
            music.sha256,
            music.sample_rate,
            part.start,
            part.end,
            music.fade_out,
            sequence_samples(plan),
            plan.sequence.rate,
        )


def music_sound(facts: MusicFacts, sources: Sources) -> Sound:
    """See ``planned_music``."""
    return planned_music(facts, sources.music)


def planned_music(facts: MusicFacts, music: Path) -> Sound:
    """The planned part of the music from the first frame on; (samples, 2) at 48 kHz.

    It ends with the planned fade (equal power), or as it is; music cut into at full volume rises, or falls, over 5 ms
    instead of clicking. Past its end is silence.

    Raises:
        InputError: the music cannot be read, or ends more than a frame before its planned part.
    """
    start, end, fade = (
        round_half_up(Fraction(count * SAMPLE_RATE, facts.rate)) for count in (facts.start, facts.end, facts.fade)
    )
    sound = silence(facts.samples)
    heard = read_audio(music, SAMPLE_RATE, CHANNELS)[start : min(end, start + facts.samples)]
    if len(heard) < min(facts.samples, end - start) - SAMPLE_RATE / facts.frame_rate:
        raise InputError(
            f"{music} ends before the part that the plan uses", hint="give the music the plan was made with"
        )
    sound[: len(heard)] = heard
    _soften(sound[:_EDGE])
    fade = min(fade, len(heard))
    if fade:
        sound[len(heard) - fade : len(heard)] *= np.cos(np.linspace(0, np.pi / 2, fade, dtype=np.float32))[:, None]
    else:
        _soften(sound[: len(heard)][: -_EDGE - 1 : -1])
    return sound


def _soften(edge: Sound) -> None:
    """Let the first samples rise from zero, in place, where the very first is loud enough to click."""
    if len(edge) and np.abs(edge[0]).max() > _LOUD:
        edge *= np.linspace(0, 1, len(edge), dtype=np.float32)[:, None]


def _ducked(said: Sound, depth: float) -> Sound:
    factor: Sound = np.power(np.float32(10), said * np.float32(-depth / 20))
    return factor


MUSIC = Stem("music", MusicFacts.of, music_sound, _ducked)
