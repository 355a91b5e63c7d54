"""A short film under a long track: fewer clips, then a shorter trailer, and a word about it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from analyses import analysis, picture
from test_revise import FILM, draft

from trailergen.edit.draft import Draft
from trailergen.edit.fewer import fit_to_film, with_fewer_positions
from trailergen.errors import PlanError
from trailergen.plans import Ban, span
from trailergen.ssmp.constraints import relax_constraints


def short_film(shots: int, seconds_each: int, positions: tuple[int, ...]) -> Draft:
    """So many shots, for positions of so many frames."""
    made = analysis([[picture(seed)] * seconds_each for seed in range(shots)])
    film = FILM.model_copy(update={"frames": made.frames})
    return replace(draft(positions), film=film, analysis=made, features=np.eye(shots, 32, dtype=np.float32))


def cut(asked: Draft, seconds: float) -> Draft:
    """The same music for so many seconds, cut every half second."""
    edges = np.append(np.arange(0, seconds - 0.25, 0.5), seconds) * 24000
    music = asked.music.model_copy(update={"part": span(0, round(seconds * 24000))})
    return replace(asked, music=music, boundaries=tuple(edges.astype(int).tolist()))


def fitted(asked: Draft) -> tuple[Draft, list[str]]:
    said: list[str] = []
    made = fit_to_film(asked, lambda seconds: cut(asked, seconds), said.append)
    return made, said


def test_what_the_film_can_fill_stays_as_it_is() -> None:
    asked = draft()
    made, said = fitted(asked)
    assert made is asked and said == []


def test_neighbouring_positions_are_joined_the_shortest_first() -> None:
    asked = short_film(3, 2, (12, 24, 10, 8, 30))
    made, said = fitted(asked)
    assert made.record_bounds == [0, 36, 54, 84]
    relax_constraints(made.constraints())
    assert said == ["the film has too few shots for 5 clips: the trailer has 3, 1.2 s long on the mean"]


def test_one_long_shot_makes_one_long_clip() -> None:
    made, said = fitted(short_film(1, 8, (40, 40, 40)))
    assert made.record_bounds == [0, 120]
    assert said == ["the film has too few shots for 3 clips: the trailer has 1, 5.0 s long"]


@pytest.mark.parametrize(("shots", "seconds_each"), [(4, 2), (2, 2), (3, 1), (1, 3)])
def test_a_trailer_is_no_longer_than_the_film_can_make_it(shots: int, seconds_each: int) -> None:
    asked = short_film(shots, seconds_each, (24,) * 40)
    made, said = fitted(asked)
    relax_constraints(made.constraints())
    assert 48 <= made.record_bounds[-1] <= shots * seconds_each * 24
    assert said == [
        f"the film's shots are too few or too short for 40.0 s: the trailer lasts {made.record_bounds[-1] / 24:.1f} s"
    ]


def test_where_nothing_helps_the_filling_says_why() -> None:
    asked = short_film(2, 1, (24,) * 6)
    asked = replace(asked, bans=(Ban(range=span(0, 48), why="--ban 0-2"),))
    made, said = fitted(asked)
    assert made is asked and said == []
    with pytest.raises(PlanError, match="too few shots"):
        relax_constraints(made.constraints())
    assert with_fewer_positions(asked) is None
