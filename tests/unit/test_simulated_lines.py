"""Simulated films with lines: their subtitles, the editor to whom they matter, and the benchmark made of them."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from benchmarks.text import NAMES, WITHHELD, Size, films_of, main  # noqa: E402
from trailergen.ssmp.spaces import GEOMETRY_2, GEOMETRY_3  # noqa: E402
from trailergen.training.simulation.lines import spoken_pair  # noqa: E402
from trailergen.training.simulation.pairs import numbered_pair  # noqa: E402

STARTERS_FIRST = [0, 1, 18, 12, 14, 17, 20, 10, 3, 8, 24, 27, 28, 29, 9, 46]
"""The trailer of a film that the starter was trained on."""
SMALL = Size((0.0,), seeds=1, films=3, test_films=2, steps=2, width=16)


def rank(values: np.ndarray) -> np.ndarray:
    return np.argsort(np.argsort(values, kind="stable"), kind="stable")


def test_lines_are_said_where_somebody_speaks_and_matter_more_or_less() -> None:
    pair, lines = spoken_pair(5, 0, 0.0)
    film, measured = pair.story.film, pair.facts.measured
    assert len(lines.cues) == np.count_nonzero(film.speech)
    assert (lines.matters[film.speech == 0] == 0).all()
    heard = np.sort(lines.matters[lines.matters > 0])
    np.testing.assert_allclose(heard, np.arange(1, len(heard) + 1) / len(heard))
    assert set(measured) == {"motion", "brightness", "loudness", "line", "salience"}
    assert 0 < measured["line"].mean() < 1 and measured["salience"].max() > 0.5


def test_the_words_tell_in_part_what_matters() -> None:
    found = []
    for number in range(12):
        pair, lines = spoken_pair(5, number, 0.0)
        heard = lines.matters > 0
        ranks = rank(lines.matters[heard]), rank(pair.facts.measured["salience"][heard])
        found.append(np.corrcoef(*ranks)[0, 1])
    assert 0.3 < np.mean(found) < 0.65


def test_the_editor_prefers_them_to_the_stated_degree() -> None:
    def shown(preference: float) -> float:
        found = [spoken_pair(6, number, preference) for number in range(16)]
        return float(np.mean([lines.matters[pair.story.shots].mean() for pair, lines in found]))

    plain, some, much = shown(0.0), shown(2.0), shown(4.0)
    assert plain < some < much
    assert much > 1.5 * plain


def test_preference_changes_the_trailer_and_nothing_of_the_film() -> None:
    (one, said), (other, also) = (spoken_pair(5, 3, preference) for preference in (0.0, 4.0))
    np.testing.assert_array_equal(one.story.film.motion, other.story.film.motion)
    np.testing.assert_array_equal(one.story.lengths_s, other.story.lengths_s)
    assert said.cues == also.cues
    assert one.story.shots.tolist() != other.story.shots.tolist()


def test_films_without_lines_are_what_they_were() -> None:
    pair = numbered_pair(1, 0, (40, 60))
    assert pair.story.shots.tolist() == STARTERS_FIRST
    assert "line" not in pair.facts.measured


def test_both_models_see_the_same_films_but_for_the_lines() -> None:
    films = films_of(SMALL, 0.0)
    for one, other in zip(*films.examples.values(), strict=True):
        assert one.labels.tolist() == other.labels.tolist()
        assert (one.film.shape[1], other.film.shape[1]) == (GEOMETRY_2.dim, GEOMETRY_3.dim)
    columns = [GEOMETRY_3.columns(name) for name in ("line", "salience")]
    told, silent = (films.cases[name][0].film.features for name in (GEOMETRY_3.name, WITHHELD))
    assert all(told[:, column].any() and not silent[:, column].any() for column in columns)


def test_the_command_prints_a_table_and_keeps_what_is_finished(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["--preferences", "0", "--seeds", "1", "--films", "3", "--test-films", "2", "--steps", "2", "--width", "16"]
    assert main([*asked, "--work", str(tmp_path)]) == 0
    first = capsys.readouterr()
    assert [f"| {name} |" in first.out for name in (*NAMES.values(), WITHHELD, "the editor")] == [True] * 4
    assert first.err.count(" s\n") == 2
    assert main([*asked, "--work", str(tmp_path)]) == 0
    again = capsys.readouterr()
    assert again.out == first.out and not again.err
