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

Need = Literal["facts", "music", "captions", "subtitles"]
"""Anything but features that a method cannot do without."""
NEEDED_WORDS: dict[Need, str] = {
    "facts": "the length, movement and sound of each shot",
    "music": "the segments of the music",
    "captions": "a caption of each shot",
    "subtitles": "the words spoken in each shot",
}


@dataclass(frozen=True)
class Music:
    """The music of a trailer, cut into its J segments.

    Args:
        lengths_s: (J,) seconds.
        energy: (J,) of mean 0 and standard deviation 1 over the track.
        features: (J, M), one vector per segment; of ours the mean and deviation of each Mel band, of published ones
            an encoder's. On simulated films they are made from energy, a section of the piece, and noise.
    """

    lengths_s: Tensor
    energy: Tensor
    features: Tensor


@dataclass(frozen=True)
class FilmFacts:
    """Facts about the I shots of a film besides its features, all float32.

    Args:
        durations_s: (I,) seconds.
        motion, brightness, loudness, transient: (I,) in units that only compare shots of one film, around 0.
        speech: (I,) share of each shot in which somebody speaks.
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
    def of(cls, facts: ShotFacts) -> FilmFacts | None:
        """From facts with readings, without any words; None where the film was not read."""
        seen = facts.readings
        if seen is None:
            return None
        return cls(
            durations_s=_tensor(facts.duration_s),
            motion=_standard(seen.motion),
            brightness=_standard(seen.brightness),
            loudness=_standard(seen.loudness),
            transient=_standard(seen.transient),
            speech=_tensor(seen.speech),
        )


def missing(needs: Iterable[Need], facts: FilmFacts | None, music: Music | None) -> list[Need]:
    """Those of ``needs`` that are not known, in the order of ``NEEDED_WORDS``."""
    known: set[Need] = set()
    if facts is not None:
        known |= {"facts"}
        known |= {"captions"} if facts.captions is not None else set()
        known |= {"subtitles"} if facts.subtitles is not None else set()
    if music is not None:
        known |= {"music"}
    wanted = set(needs) - known
    return [need for need in NEEDED_WORDS if need in wanted]


def _tensor(values: Array) -> Tensor:
    return torch.from_numpy(np.asarray(values, np.float32))


def _standard(values: Array) -> Tensor:
    """With mean 0 and standard deviation 1; all 0 where they are equal."""
    centred = np.asarray(values, np.float64) - np.mean(values)
    return torch.from_numpy((centred / max(float(centred.std()), 1e-6)).astype(np.float32))
