"""The simulated benchmark is what its version says, and as hard as the real data are known to be."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from trailergen.evaluation.simulated import editor, films
from trailergen.evaluation.simulated.digest import unchanged
from trailergen.evaluation.simulated.films import CARD, BenchmarkFilm, benchmark_film, benchmark_films
from trailergen.evaluation.simulated.oracle import Ceilings, ceilings
from trailergen.evaluation.simulated.spec import SPECS, BenchmarkSpec
from trailergen.evaluation.simulated.statistics import ascending_share, statistics
from trailergen.evaluation.simulated.version import DIGESTS
from trailergen.ssmp.losses import label_shots
from trailergen.training.simulation.editor import Order

TINY = SPECS["tiny"]


def spec(order: Order) -> BenchmarkSpec:
    return replace(SPECS["a"], order=order)


@pytest.fixture(scope="module")
def some() -> list[BenchmarkFilm]:
    torch.set_num_threads(1)
    return list(benchmark_films(SPECS["a"], "test", 24))


@pytest.fixture(scope="module")
def table(some: list[BenchmarkFilm]) -> dict[str, float]:
    return {row.name: row.simulated for row in statistics(some, ceilings(some[:8], 4))}


@pytest.mark.parametrize("order", DIGESTS)
def test_films_are_those_of_the_version(order: Order) -> None:
    """A failure means that the generator makes other films: raise BENCHMARK_VERSION, and store the new digest."""
    assert unchanged(order)


def test_the_digest_sees_a_small_change(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(editor, "WHIM", editor.WHIM * 1.02)
    assert not unchanged("flat")
    monkeypatch.undo()
    monkeypatch.setattr(films, "RENDER_COSINE", (0.3, 0.81))
    assert not unchanged("flat")


def test_a_film_is_a_function_of_split_and_number() -> None:
    first, again = benchmark_film(TINY, "test", 3), list(benchmark_films(TINY, "test", 4))[3]
    assert torch.equal(first.example().trailer, again.example().trailer)
    assert torch.equal(first.music.features, again.music.features)
    for other in (benchmark_film(TINY, "train", 3), benchmark_film(TINY, "test", 2)):
        assert len(other.scenario.looks) != len(first.scenario.looks) or not np.array_equal(
            other.scenario.looks, first.scenario.looks
        )
    flat = benchmark_film(replace(TINY, order="flat"), "test", 3)
    assert np.array_equal(flat.scenario.looks, first.scenario.looks)
    assert not np.array_equal(flat.trailer.source, first.trailer.source)


def test_the_truth_is_eq_1_with_cards(some: list[BenchmarkFilm]) -> None:
    film = some[0]
    example, case = film.example(), film.case()
    assert torch.equal(example.labels, label_shots(example.trailer, example.film))
    assert list(case.official) == example.labels.tolist()
    assert (film.trailer.source == CARD).any()
    assert case.film.positions == len(film.music.lengths_s)
    assert {len(one.official) - one.film.positions for one in map(BenchmarkFilm.case, some)} != {0}


def test_films_bring_facts_music_and_words(some: list[BenchmarkFilm]) -> None:
    film, example = some[1].case().film, some[1].example()
    assert film.missing(("facts", "music", "captions", "subtitles")) == []
    assert film.facts is not None
    assert film.facts.captions is not None
    assert film.facts.subtitles is not None
    said = film.facts.subtitles.norm(dim=1)
    assert set(said.round().tolist()) == {0.0, 1.0}
    assert torch.allclose(film.facts.captions.norm(dim=1), torch.ones(len(film)))
    assert example.music is not None
    assert len(example.music.energy) == len(example.labels)
    assert example.music.energy.mean().abs() < 1e-5
    assert example.music.lengths_s.sum() == pytest.approx(float(film.music.lengths_s.sum()), rel=1e-3)  # type: ignore[union-attr]


def test_words_share_factors_with_the_picture(some: list[BenchmarkFilm]) -> None:
    story, captions = some[2].scenario.film, some[2].facts.captions
    assert captions is not None
    alike = (captions @ captions.T).numpy()
    same = (story.place[:, None] == story.place) & (story.person[:, None] == story.person)
    apart = ~np.eye(len(same), dtype=bool)
    assert alike[same & apart].mean() > 0.3 > alike[~same].mean()


def test_the_difficulty_is_that_of_the_real_data(table: dict[str, float]) -> None:
    expected = {
        "positions for each film shot, J / I": (0.040, 0.055),
        "positions for each official shot that is not repeated": (1.05, 1.27),
        "F1 of random shots": (0.03, 0.065),
        "ascending pairs of the true sources": (0.77, 0.88),
        "labels of eq. 1 that are right, of shots from the film": (0.53, 0.65),
        "repeated labels": (0.08, 0.2),
        "rank correlation of the music's energy and the shots' movement": (0.3, 0.6),
        "F1 of the perfect sampler": (0.17, 0.32),
        "F1 of the most frequent shots": (0.22, 0.45),
    }
    for name, (low, high) in expected.items():
        assert low < table[name] < high, name


def test_the_flat_order_is_nearly_none() -> None:
    shown = [film.trailer.source for film in benchmark_films(spec("flat"), "test", 16)]
    assert 0.48 < np.mean([ascending_share(source[source != CARD]) for source in shown]) < 0.62


def test_oracles_do_better_than_chance_and_frequency_does_best(some: list[BenchmarkFilm]) -> None:
    known: Ceilings = ceilings(some[8:14], 8)
    assert known.frequent.f1 > known.sampler.f1 > 0.1
    assert known.sampler.aa > 0.6
