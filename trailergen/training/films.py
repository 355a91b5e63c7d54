"""Facts about a film and about a trailer's music, for the methods that look at more than features."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import torch
from torch import Tensor

from trailergen.ssmp.channels.channel import ShotFacts
from trailergen.ssmp.types import Array

Need = Literal["facts", "music", "energy", "captions", "subtitles"]
"""Anything but features that a method cannot do without."""
NEEDED_WORDS: dict[Need, str] = {
    "facts": "the length, movement and sound of each shot",
    "music": "the segments of the music",
    "energy": "the energy of the music",
    "captions": "a caption of each shot",
    "subtitles": "the words spoken in each shot",
}


@dataclass(frozen=True)
class Music:
    """The music of a trailer, cut into its J segments.

    Args:
        lengths_s: (J,) seconds; all 1 where not known.
        energy: (J,) of mean 0 and standard deviation 1 over the track; NaN where not known.
        features: (J, M), one vector per segment; of ours the mean and deviation of each Mel band, of published ones
            an encoder's. On simulated films they are made from energy, a section of the piece, and noise.
        chroma: (J, 12) the pitch classes of each segment, rows of unit length, or of zeros where there is no pitch;
            None where not known.
    """

    lengths_s: Tensor
    energy: Tensor
    features: Tensor
    chroma: Tensor | None = None

    def taken(self, kept: Tensor) -> Music:
        """Some of the segments: those where ``kept`` (J,) is True."""
        chroma = None if self.chroma is None else self.chroma[kept]
        return Music(self.lengths_s[kept], self.energy[kept], self.features[kept], chroma)


@dataclass(frozen=True)
class FilmFacts:
    """Facts about the I shots of a film besides its features, all float32.

    Args:
        durations_s: (I,) seconds.
        motion, brightness, loudness, transient: (I,) in units that only compare shots of one film, around 0; NaN where
            not known.
        speech: (I,) share of each shot in which somebody speaks; NaN where not known.
        captions: (I, E) unit vectors of a caption of each shot, in a space of texts; None where there are none.
        subtitles: (I, E) unit vectors of the words spoken in each shot, in the same space, rows of zeros where nothing
            is said; None where there are none.
    """

    durations_s: Tensor
    motion: Tensor
    brightness: Tensor
    loudness: Tensor
    transient: Tensor
    speech: Tensor
    captions: Tensor | None = None
    subtitles: Tensor | None = None

    @classmethod
    def of(cls, facts: ShotFacts) -> FilmFacts:
        """From facts: of the readings where there are some, else of what was measured; without any words."""
        seen = facts.readings
        known = {**facts.measured, **({} if seen is None else vars(seen))}

        def row(name: str) -> Tensor:
            return _standard(known[name]) if name in known else torch.full((len(facts.duration_s),), torch.nan)

        speech = _tensor(seen.speech) if seen is not None else row("speech")
        return cls(
            _tensor(facts.duration_s), row("motion"), row("brightness"), row("loudness"), row("transient"), speech
        )

    @property
    def complete(self) -> bool:
        """True if nothing but words is unknown."""
        rows = (self.motion, self.brightness, self.loudness, self.transient, self.speech)
        return all(bool(torch.isfinite(row).all()) for row in rows)


def missing(needs: Iterable[Need], facts: FilmFacts | None, music: Music | None) -> list[Need]:
    """Those of ``needs`` that are not known, in the order of ``NEEDED_WORDS``."""
    known: set[Need] = set()
    if facts is not None:
        known |= {"facts"} if facts.complete else set()
        known |= {"captions"} if facts.captions is not None else set()
        known |= {"subtitles"} if facts.subtitles is not None else set()
    if music is not None:
        known |= {"music"}
        known |= {"energy"} if bool(torch.isfinite(music.energy).all()) else set()
    wanted = set(needs) - known
    return [need for need in NEEDED_WORDS if need in wanted]


def _tensor(values: Array) -> Tensor:
    return torch.from_numpy(np.asarray(values, np.float32))


def _standard(values: Array) -> Tensor:
    """With mean 0 and standard deviation 1; all 0 where they are equal."""
    centred = np.asarray(values, np.float64) - np.mean(values)
    return torch.from_numpy((centred / max(float(centred.std()), 1e-6)).astype(np.float32))
