"""Simulated films: their truth is known, and what an editor made of them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from benchmarks.film_sense.ways import EDITOR, Made, compare
from trailergen.evaluation.counts import Clips, Counts, Footage, count
from trailergen.evaluation.metrics import Scores, score
from trailergen.readings.setups import centred_on
from trailergen.ssmp.constraints import Constraints
from trailergen.ssmp.planner import Planner
from trailergen.ssmp.positions import Positions
from trailergen.ssmp.types import Ints
from trailergen.style import terms
from trailergen.style.build import build_energy
from trailergen.style.material import Material
from trailergen.style.styles import Style
from trailergen.training.simulation.pairs import SimulatedPair, numbered_pair

SEED = 2_000_003
"""Of films that neither the starter nor the choice of its training has seen."""
SHOTS, POSITIONS = (60, 120), (20, 40)
_FINE = 1000
"""Lengths are compared in milliseconds."""


def simulated_ways(
    style: Style, planner: Planner, films: int, ablate: bool, draws: int
) -> Iterator[tuple[int, str, Made]]:
    """The trailers of every way for ``films`` simulated films: number of the film, name, trailer."""
    for number in range(films):
        pair = numbered_pair(SEED, number, SHOTS, POSITIONS)
        for name, made in pair_ways(style, planner, pair, ablate, draws):
            yield number, name, made


def pair_ways(
    style: Style, planner: Planner, pair: SimulatedPair, ablate: bool, draws: int
) -> Iterator[tuple[str, Made]]:
    """The trailers of every way, and of the simulated editor, for one film."""
    story, material = pair.story, material_of(pair)
    film, footage = story.film, footage_of(pair, material)
    positions = Positions(story.lengths_s, story.music)

    def fill(one: Style) -> Ints:
        constraints = Constraints(
            shots=material.shots,
            positions=material.positions,
            length=np.floor(_FINE * film.duration_s).astype(np.int64),
            needed=np.floor(_FINE * story.lengths_s).astype(np.int64),
            energy=build_energy(one, material),
        )
        return planner.decode(pair.features, pair.facts, constraints, "scheduled", 0, positions=positions).shots

    def judge(_: str, shots: Ints) -> tuple[Counts, Scores]:
        clips = Clips(shots, film.subject[shots], film.size[shots], film.motion[shots])
        return count(clips, footage, story.music), score(shots.tolist(), story.shots.tolist())

    yield from compare(style, material, ablate, draws, fill, judge, {EDITOR: story.shots})


def material_of(pair: SimulatedPair) -> Material:
    """The rules' view of a simulated film: its readings, not the truth."""
    story, readings = pair.story, pair.facts.readings
    assert readings is not None
    shots, count = len(pair.features), len(story.shots)
    start = pair.facts.start_s.astype(np.float64)
    return Material(
        readings=readings,
        looks=centred_on(pair.features, np.ones(shots, np.bool_)),
        start_s=start,
        end_s=start + pair.facts.duration_s,
        usable_s=pair.facts.duration_s.astype(np.float64),
        usable=np.ones(shots, np.bool_),
        at=(np.arange(count) + 0.5) / count,
        length_s=story.lengths_s.astype(np.float64),
        music=story.music.astype(np.float64),
    )


def footage_of(pair: SimulatedPair, material: Material) -> Footage:
    """The truth about a simulated film; only how fit a shot is to be the last is by its readings."""
    film = pair.story.film
    return Footage(film.setup, film.party, film.guard, (terms.button(material)[-1] + 1) / 2)
