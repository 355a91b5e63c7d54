"""Simulated pairs have the statistics they claim, and the grammar does what it says."""

import numpy as np
import pytest

from trailergen.ssmp.tokens import ShotFacts
from trailergen.training.grammar import (
    CALM,
    CLIMAX,
    CLOSE,
    INTRODUCTION,
    NOBODY,
    OPENING,
    PART_SHARES,
    RISING,
    SIXTHS,
    WIDE,
    cut_around,
    cut_trailer,
    parts_of,
    rounds,
    stretches,
)
from trailergen.training.oracle import foresee, foresight
from trailergen.training.simulate import (
    FILM_SHOT_S,
    RENDER_COSINE,
    TRAILER_SHOT_S,
    SimulatedPair,
    simulate_film,
    simulate_pair,
    simulate_pairs,
)


@pytest.fixture(scope="module")
def pairs() -> list[SimulatedPair]:
    return list(simulate_pairs(11, 60, shots=(60, 300)))


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
    # The leads take whole runs of shots with them, so it takes more trailers than elsewhere to see the shares.
    pairs = list(simulate_pairs(12, 150, shots=(60, 300)))
    np.testing.assert_allclose(PART_SHARES @ stretches(), SIXTHS / SIXTHS.sum(), atol=1e-3)
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
    assert 0.5 < forward.mean() < 0.8


def test_parts_share_the_positions_out() -> None:
    assert parts_of(50).tolist() == [0] * 7 + [1] * 11 + [2] * 17 + [3] * 12 + [4] * 3
    assert (np.bincount(parts_of(8), minlength=5) > 0)[:4].all()


def test_leads_come_first_and_bridges_last() -> None:
    when = rounds(parts_of(50)).tolist()
    assert when[:7] == [0] * 7
    assert when[7:18] == [0, 2] * 5 + [0]
    assert when[18:35] == [0, 2, 1, 2] * 4 + [0]
    assert when[35:47] == [0, 0, 2, 2, 2, 2] * 2
    assert when[47:] == [2] * 3


def test_the_grammar_keeps_its_rules() -> None:
    wide, faces, answered, same_place, setups, strand, returns = [], [], [], [], [], [], []
    for seed in range(25):
        rng = np.random.default_rng(seed)
        film = simulate_film(rng, 240)
        trailer = cut_trailer(film, np.full(50, 1.0, np.float32), rng)
        parts = parts_of(50)
        wide.append(film.scale[trailer[parts == OPENING]] == WIDE)
        faces.append(film.scale[trailer[parts == INTRODUCTION][0::2]] == CLOSE)
        first, second = trailer[parts == INTRODUCTION][:-1][0::2], trailer[parts == INTRODUCTION][1::2]
        answered.append(
            (film.scene[first] == film.scene[second])
            & (film.person[first] != film.person[second])
            & (film.person[second] != NOBODY)
        )
        others = (parts[1:] != INTRODUCTION) & (parts[:-1] != INTRODUCTION)
        same_place.append((film.place[trailer[1:]] == film.place[trailer[:-1]])[others])
        setups.append(len(set(film.setup[trailer].tolist())))
        climax = trailer[parts == CLIMAX]
        strand.append((film.scene[climax[2:]] == film.scene[climax[:-2]])[[0, 1, 2, 3, 6, 7, 8, 9]])
        rising = trailer[parts == RISING]
        returns.append(film.scene[rising[2::4]] == film.scene[rising[0:-2:4]])
        assert film.motion[climax].mean() > film.motion[trailer[parts == OPENING]].mean()
    assert np.concatenate(wide).mean() > 0.6
    assert np.concatenate(faces).mean() > 0.7
    assert np.concatenate(answered).mean() > 0.7
    assert np.concatenate(same_place).mean() < 0.1
    assert np.mean(setups) > 47
    assert np.concatenate(strand).mean() > 0.5
    assert np.concatenate(returns).mean() > 0.7


def test_known_shots_stay_and_weigh_what_the_grammar_makes_of_them() -> None:
    rng = np.random.default_rng(3)
    film = simulate_film(rng, 60)
    lengths = np.full(12, 1.0, np.float32)
    trailer = cut_trailer(film, lengths, rng)
    other = rng.permutation(60)[:12]
    own = {position: int(trailer[position]) for position in range(12)}
    same, weight = cut_around(film, lengths, own, rng)
    np.testing.assert_array_equal(same, trailer)
    strange, small = cut_around(film, lengths, dict(enumerate(other.tolist())), rng)
    np.testing.assert_array_equal(strange, other)
    assert small < weight - 100
    assert cut_around(film, lengths, {}, rng)[1] == 0


def test_context_is_worth_much_to_who_knows_the_grammar() -> None:
    found = foresight(seed=5, films=10, shots=80, positions=16, asked=4, draws=25)
    assert found.alone + 0.15 < found.neighbours
    assert found.alone + 0.3 < found.others


def test_foresight_is_a_distribution_over_shots_that_are_not_taken() -> None:
    rng = np.random.default_rng(1)
    film = simulate_film(rng, 50)
    lengths = np.full(10, 1.0, np.float32)
    trailer = cut_trailer(film, lengths, rng)
    known = [0, 1, 2, 4, 5, 6, 7, 8, 9]
    chances = foresee(film, lengths, trailer, 3, known, draws=30, rng=rng)
    assert chances.shape == (50,)
    assert chances.sum() == pytest.approx(1)
    assert chances[trailer[known]].sum() == 0


def test_shots_too_short_are_the_last_resort() -> None:
    rng = np.random.default_rng(0)
    film = simulate_film(rng, 60)
    longest = np.sort(film.duration_s)[-20:]
    trailer = cut_trailer(film, np.full(20, longest[0], np.float32), rng)
    assert set(trailer.tolist()) == set(np.flatnonzero(film.duration_s >= longest[0]).tolist())
    assert (film.mood == CALM).any()
