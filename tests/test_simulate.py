"""Simulated pairs have the statistics they claim, and the grammar does what it says."""

import numpy as np
import pytest

from trailergen.ssmp.tokens import ShotFacts
from trailergen.training.grammar import (
    AIM,
    CALM,
    CLIMAX,
    CLOSE,
    INTRODUCTION,
    NOTHING,
    OPENING,
    PART_SHARES,
    SIXTHS,
    WIDE,
    context,
    cut_trailer,
    parts_of,
    stretches,
)
from trailergen.training.oracle import foresight
from trailergen.training.simulate import (
    FILM_SHOT_S,
    RENDER_COSINE,
    TRAILER_SHOT_S,
    SimulatedEncoder,
    SimulatedPair,
    simulate_film,
    simulate_pair,
    simulate_pairs,
)


@pytest.fixture(scope="module")
def pairs() -> list[SimulatedPair]:
    return list(simulate_pairs(12, 60, shots=(60, 300)))


def centred(pair: SimulatedPair) -> tuple[np.ndarray, np.ndarray]:
    mean = pair.features.mean(axis=0)
    film, trailer = pair.features - mean, pair.trailer_features - mean
    return film / np.linalg.norm(film, axis=1, keepdims=True), trailer / np.linalg.norm(trailer, axis=1, keepdims=True)


def middle_share(facts: ShotFacts) -> np.ndarray:
    return (facts.start_s + facts.duration_s / 2) / (facts.start_s[-1] + facts.duration_s[-1])


def test_same_seed_same_pair_and_pairs_do_not_depend_on_each_other() -> None:
    short, long = list(simulate_pairs(3, 2, (40, 80))), list(simulate_pairs(3, 4, (40, 80)))
    np.testing.assert_array_equal(short[1].features, long[1].features)
    np.testing.assert_array_equal(short[1].trailer_features, long[1].trailer_features)
    assert not np.array_equal(short[0].facts.duration_s[:40], long[1].facts.duration_s[:40])


def test_sizes_are_as_asked() -> None:
    pair = simulate_pair(np.random.default_rng(0), shots=77, positions=13)
    assert len(pair.features) == len(pair.facts.start_s) == 77
    assert (pair.labels >= 0).sum() == 13
    assert len(pair.trailer_features) == len(pair.labels) == len(pair.trailer_durations_s)
    np.testing.assert_allclose(np.linalg.norm(pair.features, axis=1), 1, atol=1e-5)
    np.testing.assert_allclose(np.linalg.norm(pair.trailer_features, axis=1), 1, atol=1e-5)


def test_no_shot_twice_and_every_number_is_of_the_film(pairs: list[SimulatedPair]) -> None:
    for pair in pairs:
        shown = pair.labels[pair.labels >= 0]
        assert len(set(shown.tolist())) == len(shown)
        assert shown.max() < len(pair.features)


def test_shot_lengths(pairs: list[SimulatedPair]) -> None:
    films = [pair.facts.duration_s.mean() for pair in pairs]
    trailers = [pair.trailer_durations_s[pair.labels >= 0].mean() for pair in pairs]
    assert np.median(films) == pytest.approx(FILM_SHOT_S, rel=0.15)
    assert np.median(trailers) == pytest.approx(TRAILER_SHOT_S, rel=0.15)


def test_trailer_shots_fit_their_positions_almost_always(pairs: list[SimulatedPair]) -> None:
    fits = [
        pair.facts.duration_s[pair.labels[shown]] >= pair.trailer_durations_s[shown]
        for pair in pairs
        for shown in [pair.labels >= 0]
    ]
    assert np.concatenate(fits).mean() > 0.99


def test_shares_by_sixth_of_the_film() -> None:
    # Strands take whole runs of shots with them, so it takes more trailers than elsewhere to see the shares.
    pairs = list(simulate_pairs(12, 150, shots=(60, 300)))
    np.testing.assert_allclose(PART_SHARES @ stretches(), AIM, atol=1e-3)
    shares = np.concatenate([middle_share(pair.facts)[pair.labels[pair.labels >= 0]] for pair in pairs])
    found = np.histogram(shares, bins=6, range=(0, 1))[0] / len(shares)
    np.testing.assert_allclose(found, SIXTHS, atol=0.035)


def test_renders_resemble_their_shot_and_cards_none(pairs: list[SimulatedPair]) -> None:
    renders, cards, found = [], [], []
    for pair in pairs:
        film, trailer = centred(pair)
        similarity = trailer @ film.T
        shown = pair.labels >= 0
        renders.append(similarity[shown, pair.labels[shown]])
        cards.append(similarity[~shown].max(axis=1))
        found.append(similarity[shown].argmax(axis=1) == pair.labels[shown])
    low, high = RENDER_COSINE
    assert np.quantile(np.concatenate(renders), [0.02, 0.98]) == pytest.approx([low, high], abs=0.05)
    assert np.quantile(np.concatenate(cards), 0.9) < 0.5 < low
    # Near-duplicates make some labels of eq. 1 wrong, as in real films.
    assert 0.93 < np.concatenate(found).mean() < 1


def test_films_have_near_duplicates_and_cones_of_many_widths(pairs: list[SimulatedPair]) -> None:
    twins, widths = [], []
    for pair in pairs:
        film, _ = centred(pair)
        twins.append(np.sort(film @ film.T, axis=1)[:, -2])
        widths.append(np.linalg.norm(pair.features.mean(axis=0)))
    assert 0.1 < (np.concatenate(twins) > 0.9).mean() < 0.6
    assert min(widths) < 0.4
    assert max(widths) > 0.85
    assert len({pair.features.shape[1] for pair in pairs}) == 5


def test_sound_and_movement_go_together(pairs: list[SimulatedPair]) -> None:
    together = [np.corrcoef(pair.facts.motion, pair.facts.loudness)[0, 1] for pair in pairs]
    assert np.median(together) > 0.3


def test_order_is_not_chronological(pairs: list[SimulatedPair]) -> None:
    forward = np.concatenate([np.diff(pair.labels[pair.labels >= 0]) > 0 for pair in pairs])
    assert 0.5 < forward.mean() < 0.7


def test_parts_share_the_positions_out() -> None:
    assert parts_of(50).tolist() == [0] * 7 + [1] * 11 + [2] * 17 + [3] * 12 + [4] * 3
    assert (np.bincount(parts_of(8), minlength=5) > 0)[:4].all()


def test_the_grammar_keeps_its_rules() -> None:
    wide, faces, energy, same_place, same_scene, forward, setups = [], [], [], [], [], [], []
    for seed in range(25):
        rng = np.random.default_rng(seed)
        film = simulate_film(rng, 240)
        trailer = cut_trailer(film, np.full(50, 1.0, np.float32), rng)
        parts = parts_of(50)
        wide.append((film.scale[trailer[parts == OPENING]] == WIDE).mean() / (film.scale == WIDE).mean())
        faces.append((film.scale[trailer[parts == INTRODUCTION]] == CLOSE).mean())
        energy.append(film.motion[trailer[parts == CLIMAX]].mean() - film.motion[trailer[parts == OPENING]].mean())
        same_place.append((film.place[trailer[1:]] == film.place[trailer[:-1]]).mean())
        same_scene.append((film.scene[trailer[2:]] == film.scene[trailer[:-2]]).mean())
        forward.append((trailer[2:] > trailer[:-2]).mean())
        setups.append(len(set(film.setup[trailer].tolist())))
    assert np.mean(wide) > 2  # times as many as in the film
    assert np.mean(faces) > 0.7
    assert np.mean(energy) > 1
    assert np.mean(same_place) < 0.05
    assert np.mean(same_scene) > 0.5
    assert np.mean(forward) > 0.6
    assert np.mean(setups) > 49


def test_context_is_worth_much_on_either_side_and_little_can_be_foreseen_without() -> None:
    found = foresight(seed=5, films=10, shots=80, positions=16, draws=10)
    assert found.alone < 0.2
    assert found.others > 0.7


def test_context_asks_nothing_of_an_empty_trailer_and_no_shot_twice() -> None:
    rng = np.random.default_rng(1)
    film = simulate_film(rng, 50)
    trailer = np.full(10, NOTHING)
    assert not context(film, trailer, 3).any()
    trailer[8] = 20
    wish = context(film, trailer, 3)
    assert wish[20] == -np.inf
    assert np.isfinite(np.delete(wish, 20)).all()


def test_films_of_one_encoder_share_its_cone_and_its_dimension() -> None:
    encoder = SimulatedEncoder.draw(np.random.default_rng(0), dimension=96)
    first, second = (pair.features for pair in simulate_pairs(3, 2, (60, 90), encoder=encoder))
    assert first.shape[1] == second.shape[1] == 96
    means = [features.mean(axis=0) / np.linalg.norm(features.mean(axis=0)) for features in (first, second)]
    assert float(means[0] @ means[1]) > 0.9


def test_shots_too_short_are_the_last_resort() -> None:
    rng = np.random.default_rng(0)
    film = simulate_film(rng, 60)
    longest = np.sort(film.duration_s)[-20:]
    trailer = cut_trailer(film, np.full(20, longest[0], np.float32), rng)
    assert set(trailer.tolist()) == set(np.flatnonzero(film.duration_s >= longest[0]).tolist())
    assert (film.mood == CALM).any()
