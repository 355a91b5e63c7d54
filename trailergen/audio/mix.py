"""The trailer's sound: stems on one timeline of samples, as long as the picture, and their sum."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from trailergen.audio.accents import accents_of, drop_levels
from trailergen.audio.ducking import presence
from trailergen.audio.loudness import gain_to
from trailergen.audio.stems.registry import stems_of
from trailergen.audio.stems.stem import Sound, Sources, silence
from trailergen.media.probe import FilmInfo
from trailergen.plans import SAMPLE_RATE, Plan, sequence_samples

CEILING = -1.0
"""Greatest true peak of a trailer, in dBTP, as EBU R128 s2 asks of streams."""
_PEAK = 10 ** (CEILING / 20)


@dataclass(frozen=True)
class Mix:
    """The stems of a trailer by name, each (samples, 2) float32 at 48 kHz, all as they are in its sound.

    ``samples`` is the sequence's length rounded to a sample.
    """

    stems: Mapping[str, Sound]

    def __getitem__(self, name: str) -> Sound:
        return self.stems[name]

    def sum(self) -> Sound:
        """The trailer's sound, (samples, 2)."""
        first, *others = self.stems.values()
        total = first.copy()
        for stem in others:
            total += stem
        return total

    def scaled(self, gain: float | Sound) -> Mix:
        """All of them multiplied by the same factor, or by the same at each sample, (samples, 1)."""
        return Mix({name: sound * np.asarray(gain, np.float32) for name, sound in self.stems.items()})


def mix(plan: Plan, music: Path, film: FilmInfo) -> Mix:
    """The sound of the whole trailer: the music, and of the film what the plan wants of it.

    Under the lines the music falls by the plan's depth, and the clips' own sound makes way altogether; before the
    button of a plan with accents both are silent for a moment. The whole gets the plan's loudness by plain gain, as
    far as a true peak of -1 dBTP lets it, or farther where the plan asks for a limiter (see limiter.py); where the
    plan names none it is only turned down if its peak is over -1 dBFS.
    Raises:
        InputError: the film or the music cannot be read, or the music ends more than a frame before its planned part.
    """
    mixed = _unscaled(plan, music, film)
    return mixed.scaled(_gain(mixed.sum(), plan.sound.loudness, plan.sound.limit))


def mix_gain(plan: Plan, music: Path, film: FilmInfo) -> float:
    """The factor by which ``mix`` brings the sum of a plan's stems to its loudness, were there no limiter.

    Raises:
        InputError: as ``mix``.
    """
    return float(_gain(_unscaled(plan, music, film).sum(), plan.sound.loudness, limit=False))


def _unscaled(plan: Plan, music: Path, film: FilmInfo) -> Mix:
    """The stems as they lie in the trailer, each making way where something is said."""
    sources, samples = Sources(music, film), sequence_samples(plan)
    said, depth = _said(plan, samples), plan.sound.ducking.depth
    dropped = _curve(drop_levels(accents_of(plan)), samples)
    stems: dict[str, Sound] = {}
    for stem, facts in stems_of(plan).items():
        sound = silence(samples) if facts is None else stem.sound(facts, sources)
        if said is not None and stem.gives_way:
            sound = sound * stem.gives_way(said, depth)
        if dropped is not None and stem.gives_way:
            sound = sound * np.power(np.float32(10), dropped / np.float32(20))
        stems[stem.name] = sound
    return Mix(stems)


def mix_facts(plan: Plan) -> str:
    """Everything in a plan that ``mix`` depends on, as text: two plans that have the same sound alike."""
    facts = {stem.name: None if known is None else asdict(known) for stem, known in stems_of(plan).items()}
    limited = ["limit"] if plan.sound.limit else []
    return json.dumps([facts, presence(plan), plan.sound.ducking.depth, plan.sound.loudness, *limited], default=str)


def _said(plan: Plan, samples: int) -> Sound | None:
    """The presence of speech at each sample, (samples, 1); None where nothing is said."""
    return _curve(presence(plan), samples)


def _curve(points: Sequence[tuple[int, float]], samples: int) -> Sound | None:
    """Points joined by straight lines, at each sample (samples, 1); None where there are none."""
    if not points:
        return None
    at, values = (np.array(column) for column in zip(*points, strict=True))
    return np.interp(np.arange(samples), at, values).astype(np.float32)[:, None]


def _gain(sound: Sound, loudness: float | None, limit: bool) -> float | Sound:
    if loudness is not None and limit:
        from trailergen.audio.limiter import limited_to

        return limited_to(sound, SAMPLE_RATE, loudness, CEILING)
    if loudness is not None:
        return gain_to(sound, SAMPLE_RATE, loudness, CEILING)
    peak = float(np.abs(sound).max(initial=0))
    return _PEAK / peak if peak > _PEAK else 1.0
