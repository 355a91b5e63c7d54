"""The type of a stem, and steps that several share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from trailergen.media.probe import FilmInfo
from trailergen.plans import SAMPLE_RATE, Plan

CHANNELS: Final = 2

Sound = NDArray[np.float32]


@dataclass(frozen=True)
class Sources:
    """The files of a plan as they are here."""

    music: Path
    film: FilmInfo


@dataclass(frozen=True)
class Stem:
    """One of the sounds that a trailer's is the sum of.

    ``facts`` picks from a plan everything that the stem depends on, as a frozen dataclass, None where the stem is
    silent. ``sound`` makes it from these facts and the files alone, (samples, 2) at 48 kHz on the trailer's timeline:
    so facts name the sound in the cache, and none can be forgotten. ``gives_way`` is the factor under lines, from how
    much is said (samples, 1), 0 to 1, and the plan's depth in dB; None for a stem that does not.
    """

    name: str
    facts: Callable[[Plan], Any]
    sound: Callable[[Any, Sources], Sound]
    gives_way: Callable[[Sound, float], Sound] | None = None
    seldom: bool = False


def silence(samples: int) -> Sound:
    """(samples, 2) of it."""
    return np.zeros((samples, CHANNELS), np.float32)


def slope(part: Sound, rise: int, fall: int) -> None:
    """Let a piece rise from zero and fall back to it over some samples, in place."""
    rise, fall = min(rise, len(part) // 2), min(fall, len(part) // 2)
    part[:rise] *= np.linspace(0, 1, rise, dtype=np.float32)[:, None]
    part[len(part) - fall :] *= np.linspace(1, 0, fall, dtype=np.float32)[:, None]


def milliseconds(count: int) -> int:
    """As samples at 48 kHz."""
    return SAMPLE_RATE * count // 1000
