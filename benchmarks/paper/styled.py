"""SSMP with an editor's rules inside its default decoder, on the benchmark's films."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from trailergen.evaluation.metrics import Scores, mean_scores, score
from trailergen.evaluation.simulated.films import BenchmarkFilm
from trailergen.readings.setups import centred_on
from trailergen.ssmp.constraints import Constraints
from trailergen.ssmp.generate import generate
from trailergen.ssmp.model import SSMP
from trailergen.style.build import build_energy
from trailergen.style.material import Material
from trailergen.style.styles import find_style


def evaluate_styled(model: SSMP, films: Sequence[BenchmarkFilm], style: str, seed: int) -> Scores:
    """Mean scores of the default decoder with a style, by its name."""
    found = []
    for film in films:
        case, energy = film.case(), build_energy(find_style(style), material_of(film))
        constraints = Constraints(len(case.film), case.film.positions, energy=energy)
        shots = generate(model, case.film.features, constraints, seed=seed).shots
        found.append(score(shots.tolist(), case.official))
    return mean_scores(found)


def material_of(film: BenchmarkFilm) -> Material:
    """The rules' view of a film: its readings, not the truth."""
    story, positions = film.scenario.film, len(film.music.energy)
    usable = np.ones(len(story.scene), np.bool_)
    start = story.start_s.astype(np.float64)
    return Material(
        readings=film.readings,
        looks=centred_on(film.scenario.features, usable),
        start_s=start,
        end_s=start + story.duration_s,
        usable_s=story.duration_s.astype(np.float64),
        usable=usable,
        at=(np.arange(positions) + 0.5) / positions,
        length_s=film.music.lengths_s.double().numpy(),
        music=film.music.energy.double().numpy(),
    )
