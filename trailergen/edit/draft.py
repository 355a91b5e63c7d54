"""A trailer whose positions are measured out and not yet filled."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from trailergen.edit.duplicates import near_duplicates
from trailergen.edit.fit import Appeal
from trailergen.edit.positions import cut_long_positions
from trailergen.edit.scenes import scene_numbers
from trailergen.edit.usable import Usable, usable_shots
from trailergen.plans import Ban, Film, Music
from trailergen.readings.curves import film_curves, liveliness
from trailergen.readings.fades import story
from trailergen.readings.motion import movement
from trailergen.readings.setups import centred_on, shot_embeddings
from trailergen.runtime.memory import remembered
from trailergen.shots.analysis import FilmAnalysis
from trailergen.ssmp.channels.channel import ShotFacts
from trailergen.ssmp.channels.text import ShotLines
from trailergen.ssmp.constraints import Constraints
from trailergen.ssmp.facts import shot_facts
from trailergen.ssmp.positions import Positions
from trailergen.style.build import build_energy
from trailergen.style.material import Material
from trailergen.style.styles import NONE, STYLES, Style
from trailergen.timebase import frame_at

if TYPE_CHECKING:
    from trailergen.readings.types import Readings


@dataclass(frozen=True)
class Level:
    """A stretch ``[start, end)`` of the music, in samples, and its root mean square in dB below full scale."""

    start: int
    end: int
    decibels: float


@dataclass(frozen=True)
class Draft:
    """A trailer with its J positions measured out but not yet filled: the question that the decoder answers.

    Attributes:
        film, music: as the plan will name them.
        boundaries: the J + 1 ends of the music's segments, in samples.
        analysis: of the film, with its I shots.
        features: (I, D), of the shots.
        bans: film frames that must not appear.
        readings: of the shots; without them no style has rules.
        levels: of stretches of the music, as many as are known.
        style: an editor's rules.
        lines: of the film, for who fills the draft by them; None where nobody does, or nothing is known of them.
    """

    film: Film
    music: Music
    boundaries: tuple[int, ...]
    analysis: FilmAnalysis
    features: NDArray[np.float32]
    bans: tuple[Ban, ...]
    readings: Readings | None = None
    levels: tuple[Level, ...] = ()
    style: Style = STYLES[NONE]
    lines: ShotLines | None = None

    @property
    def record_bounds(self) -> list[int]:
        """(J + 1) record frames of the segment boundaries, each rounded from the start, so that nothing drifts."""
        origin, sample_rate = self.music.part.start, self.music.sample_rate
        return [frame_at(Fraction(edge - origin, sample_rate), self.film.rate) for edge in self.boundaries]

    @property
    def count(self) -> int:
        """J, the number of positions."""
        return len(self.boundaries) - 1

    @property
    def positions(self) -> Positions:
        """Lengths and music of the J positions, which the model sees before anything stands there."""
        return Positions(self.lengths_s, self.music_energy)

    @property
    def facts(self) -> ShotFacts:
        """Measurements of the I shots, which the model sees beside their features."""
        return shot_facts(self.analysis, self.readings, self.lines)

    @cached_property
    def usable(self) -> list[Usable]:
        """(I) parts of the shots that may be shown."""
        return usable_shots(self.analysis, scene_numbers(self.features), self.bans)

    @cached_property
    def activity(self) -> NDArray[np.float32]:
        """Movement at each film frame, (frames,)."""
        return film_activity(self.analysis)

    @cached_property
    def appeal(self) -> Appeal | None:
        """Subject and liveliness along the film, by which parts of shots are chosen; None where no rule counts."""
        if self.readings is None or not self.style.has_rules:
            return None
        return film_appeal(self.analysis)

    @property
    def lengths_s(self) -> NDArray[np.float64]:
        """(J,) seconds of each position."""
        return np.diff(self.record_bounds) / float(self.film.rate)

    @property
    def music_energy(self) -> NDArray[np.float64]:
        """(J,) level of the music in each position, in dB: the mean of the stretches in it; NaN if there is none."""
        found = np.full(self.count, np.nan)
        for index, (start, end) in enumerate(pairwise(self.boundaries)):
            shares = [(min(end, part.end) - max(start, part.start), part.decibels) for part in self.levels]
            inside = [(share, decibels) for share, decibels in shares if share > 0]
            if inside:
                weights, values = zip(*inside, strict=True)
                found[index] = np.average(values, weights=weights)
        return found

    @property
    def material(self) -> Material | None:
        """Shots, positions and music as the rules of a style see them; None without readings."""
        if self.readings is None:
            return None
        shots, energy = self.analysis.shots, self.music_energy
        return Material(
            readings=self.readings,
            looks=film_looks(self.analysis),
            start_s=np.array([float(shot.start) for shot in shots]),
            end_s=np.array([float(shot.end) for shot in shots]),
            usable_s=np.array([part.length for part in self.usable]) / float(self.film.rate),
            usable=np.array([part.length > 0 for part in self.usable]) & story(self.analysis),
            at=(np.arange(self.count) + 0.5) / self.count,
            length_s=self.lengths_s,
            music=np.where(np.isfinite(energy), energy, np.nanmean(energy) if np.isfinite(energy).any() else 0.0),
        )

    def with_fitting_positions(self) -> Draft:
        """This draft; where a style has rules, with positions that the film's shots can fill in order."""
        material = self.material
        if material is None or not self.style.has_rules:
            return self
        told = material.usable_s[material.usable & (np.arange(material.shots) < material.readings.guard)]
        return replace(self, boundaries=cut_long_positions(self.boundaries, self.music.sample_rate, told))

    def constraints(self) -> Constraints:
        """The constraints of the decoder (see ssmp/constraints.py), with the energy of the style."""
        return self._constraints

    @cached_property
    def _constraints(self) -> Constraints:
        material = self.material
        return replace(
            self.fitting_constraints(),
            near_duplicates=near_duplicates(self.analysis),
            energy=None if material is None else build_energy(self.style, material),
        )

    def fitting_constraints(self) -> Constraints:
        """Those of the constraints that decide if the film can fill the positions at all."""
        usable = self.usable
        names = sorted({flag for shot in self.analysis.shots for flag in shot.flags})
        return Constraints(
            shots=len(usable),
            positions=self.count,
            length=np.array([part.length for part in usable]),
            needed=np.diff(self.record_bounds),
            extended_length=np.array([part.run_on_end - part.start for part in usable]),
            banned=np.array([part.length == 0 for part in usable]),
            flags={name: np.array([name in shot.flags for shot in self.analysis.shots]) for name in names},
        )


@remembered
def film_looks(analysis: FilmAnalysis) -> NDArray[np.float32]:
    """Looks of the shots (I, D), centred on the film, of unit length."""
    return centred_on(shot_embeddings(analysis.embeddings, len(analysis.shots)), story(analysis))


@remembered
def film_activity(analysis: FilmAnalysis) -> NDArray[np.float32]:
    """Movement at each film frame, (frames,)."""
    return movement(analysis)


@remembered
def film_appeal(analysis: FilmAnalysis) -> Appeal:
    """Subject and liveliness along the film."""
    curves = film_curves(analysis)
    return Appeal(curves.subject, liveliness(analysis, curves), float(analysis.rate))
