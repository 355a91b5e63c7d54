"""The accents: a hit and a riser, made here of sines and noise, as loud as the music lets them be."""

from __future__ import annotations

import math
from dataclasses import dataclass
from io import BytesIO
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from trailergen.audio.accents import Accents, accents_of
from trailergen.audio.loudness import integrated_loudness
from trailergen.audio.stems.music import MusicFacts, planned_music
from trailergen.audio.stems.stem import CHANNELS, Sound, Sources, Stem, milliseconds, silence, slope
from trailergen.plans import SAMPLE_RATE, Plan, sequence_samples

_OVER_MUSIC = {"hit": 3.0, "riser": -2.0}
"""Loudness beside that of the music, in LU: of the hit's first second, and of the riser's last."""
_BESIDE_SILENCE = -17.0
_SEED = 1


@dataclass(frozen=True)
class AccentsFacts:
    """The places of the accents, and the music that they are matched with."""

    accents: Accents
    music: MusicFacts
    samples: int

    @classmethod
    def of(cls, plan: Plan) -> AccentsFacts | None:
        """Those of a plan; None where it wants none."""
        accents = accents_of(plan)
        return None if accents is None else cls(accents, MusicFacts.of(plan), sequence_samples(plan))


def accents_sound(facts: AccentsFacts, sources: Sources) -> Sound:
    """See ``matched_accents``."""
    return matched_accents(facts, sources.music)


def matched_accents(facts: AccentsFacts, path: Path) -> Sound:
    """The accents at their places, matched with the music in ``path``, (samples, 2) at 48 kHz.

    Raises InputError if the music cannot be read.
    """
    sound = silence(facts.samples)
    found = integrated_loudness(planned_music(facts.music, path), SAMPLE_RATE)
    music = _BESIDE_SILENCE if math.isinf(found) else found
    for name, place, made, judged in (
        ("hit", facts.accents.hit, hit, slice(0, SAMPLE_RATE)),
        ("riser", facts.accents.riser, riser, slice(-SAMPLE_RATE, None)),
    ):
        if place is not None:
            start, end = place
            part = np.repeat(made(end - start)[:, None], CHANNELS, axis=1)
            heard = integrated_loudness(part[judged], SAMPLE_RATE)
            sound[start:end] += part * np.float32(10 ** ((music + _OVER_MUSIC[name] - heard) / 20))
    return sound


def whole_samples(plan: Plan) -> int:
    """Samples at 48 kHz of which no picture of a trailer has none."""
    return math.ceil(plan.sequence.frames / plan.sequence.rate * SAMPLE_RATE)


def accents_wav(plan: Plan, music: Path) -> bytes | None:
    """The accents of a plan as a file for whoever mixes it again: 32-bit float WAV at 48 kHz from the trailer's first
    frame to its last, matched with the music as it is in its file; None where there is neither hit nor riser.

    Raises InputError if the music cannot be read.
    """
    facts = AccentsFacts.of(plan)
    if facts is None or (facts.accents.hit is None and facts.accents.riser is None):
        return None
    from scipy.io import wavfile  # 0.1 s

    sound, file = matched_accents(facts, music), BytesIO()
    wavfile.write(file, SAMPLE_RATE, np.pad(sound, ((0, whole_samples(plan) - len(sound)), (0, 0))))
    return file.getvalue()


def hit(samples: int) -> NDArray[np.float32]:
    """A blow and its echo in the deep: a sine that falls from 114 to 42 Hz, its octave, a knock above them and a burst
    of noise, saturated together.

    Saturation brings its peak to 8 dB over its loudness, so that it is not the hit that says how loud a trailer may be,
    and makes overtones that small loudspeakers have, too.
    """
    time = np.arange(samples) / SAMPLE_RATE
    phase, knock = _phase(42 + 72 * np.exp(-time / 0.06)), _phase(160 + 240 * np.exp(-time / 0.05))
    body = (np.sin(phase) + 0.35 * np.sin(2 * phase)) * np.exp(-time / 0.5) + 0.6 * np.sin(knock) * np.exp(-time / 0.15)
    burst = _noise(samples, 0) * np.exp(-time / 0.02) + 0.3 * _noise(samples, 1) * np.exp(-time / 0.3)
    return _ended(np.tanh(2 * (body + 0.5 * burst)))


def riser(samples: int) -> NDArray[np.float32]:
    """Noise that opens up and a tone that climbs two octaves, both growing by 30 dB up to the cut, where they end."""
    share = np.arange(samples) / max(samples, 1)
    pitch = 110 * 4**share
    tone = np.sin(2 * np.pi * np.cumsum(pitch) / SAMPLE_RATE)
    swell = 10 ** (30 * (share - 1) / 20)
    return _ended((0.5 * tone + _opening(_noise(samples, 2), share)) * swell)


def _phase(pitch: NDArray[np.float64]) -> NDArray[np.float64]:
    """The phase of a tone of this pitch in Hz at each sample."""
    phase: NDArray[np.float64] = 2 * np.pi * np.cumsum(pitch) / SAMPLE_RATE
    return phase


def _opening(noise: NDArray[np.float64], share: NDArray[np.float64]) -> NDArray[np.float64]:
    """Noise through a low-pass that opens from 200 Hz to 8 kHz: bands, each let in at its time."""
    from scipy.signal import butter, sosfilt  # half a second, for plans with accents only

    edges = np.geomspace(200, 8000, 7)
    found = np.zeros_like(noise)
    for number, (low, high) in enumerate(pairwise(edges)):
        band = sosfilt(butter(2, [low, high], "bandpass", fs=SAMPLE_RATE, output="sos"), noise)
        found += band * np.clip(share * len(edges) - number, 0, 1)
    return found


def _noise(samples: int, number: int) -> NDArray[np.float64]:
    return np.random.default_rng([_SEED, number]).normal(0, 0.5, samples)


def _ended(sound: NDArray[np.float64]) -> NDArray[np.float32]:
    """With edges that do not click."""
    part = sound.astype(np.float32)[:, None]
    slope(part, milliseconds(2), milliseconds(15))
    return part[:, 0]


ACCENTS = Stem("accents", AccentsFacts.of, accents_sound, seldom=True)
