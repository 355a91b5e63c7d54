"""Simulated pairs have the statistics they claim, and the editor does what the grammar says."""

import numpy as np
import pytest
from scipy.stats import spearmanr

from trailergen.evaluation.oracle import best_in_context, oracle_accuracy
from trailergen.ssmp.channels.channel import ShotFacts
from trailergen.training.simulation.editor import (
    EMPTY,
    GAP,
    INTRODUCTION,
    OPENING,
    SIXTHS,
    TURN,
    Order,
    context_potentials,
    place_in_story,
    sample_trailer,
    shares_of,
    unary_potentials,
)
from trailergen.training.simulation.film import (
    ACT_STARTS,
    AFTERMATH,
    CALM,
    CLOSE,
    FILM_SHOT_S,
    PREPARATION,
    WIDE,
    simulate_film,
)
from trailergen.training.simulation.pairs import (
    RENDER_COSINE,
    TRAILER_SHOT_S,
    SimulatedEncoder,
    SimulatedPair,
    Story,
    simulate_pair,
    simulate_pairs,
    simulate_story,
)


def stories_of(order: Order, count: int) -> list[Story]:
    sizes = ((80, 16), (150, 30), (240, 40))
    return [simulate_story(np.random.default_rng((3, n)), *sizes[n % 3], order) for n in range(count)]


@pytest.fixture(scope="module")
def stories() -> list[Story]:
    return stories_of("ascending", 90)


@pytest.fixture(scope="module")
def flat_stories() -> list[Story]:
    return stories_of("flat", 40)


def ascending(shots: np.ndarray) -> float:
    """Share of all pairs of shots that come in film order."""
    first, second = np.triu_indices(len(shots), 1)
    return float((shots[second] > shots[first]).mean())


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
    together = [np.corrcoef(pair.facts.measured["motion"], pair.facts.measured["loudness"])[0, 1] for pair in pairs]
    assert np.median(together) > 0.3


def test_films_of_one_encoder_share_its_cone_and_its_dimension() -> None:
    encoder = SimulatedEncoder.draw(np.random.default_rng(0), dimension=96)
    first, second = (pair.features for pair in simulate_pairs(3, 2, (60, 90), encoder=encoder))
    assert first.shape[1] == second.shape[1] == 96
    means = [features.mean(axis=0) / np.linalg.norm(features.mean(axis=0)) for features in (first, second)]
    assert float(means[0] @ means[1]) > 0.9


def test_shares_by_sixth_of_the_film_are_those_of_official_trailers(
    stories: list[Story], flat_stories: list[Story]
) -> None:
    places = np.concatenate([story.film.middle[story.shots] for story in stories])
    found = np.histogram(places, bins=6, range=(0, 1))[0] / len(places)
    np.testing.assert_allclose(found, SIXTHS, atol=0.035)
    flat = np.concatenate([story.film.middle[story.shots] for story in flat_stories])
    np.testing.assert_allclose(np.histogram(flat, bins=6, range=(0, 1))[0] / len(flat), SIXTHS, atol=0.06)


def test_film_order_is_kept_but_for_swaps_or_hardly_at_all(stories: list[Story], flat_stories: list[Story]) -> None:
    assert np.mean([ascending(story.shots) for story in stories]) == pytest.approx(0.82, abs=0.04)
    assert np.mean([ascending(story.shots) for story in flat_stories]) == pytest.approx(0.54, abs=0.05)


def test_acts_have_their_shares_of_the_trailer_and_it_turns_at_half_time(stories: list[Story]) -> None:
    acts = np.concatenate([story.film.act[story.shots] for story in stories])
    shares = np.bincount(acts, minlength=5) / len(acts)
    np.testing.assert_allclose(shares[:4], [0.17, 0.27, 0.13, 0.43], atol=0.07)
    assert shares[:PREPARATION].sum() == pytest.approx(0.475, abs=0.06)
    # Before the turn the trailer shows what was before the film's turn, and afterwards what came after it.
    sides = [(story.shots >= story.film.turn) == (shares_of(story.lengths_s) >= TURN) for story in stories]
    assert np.concatenate(sides).mean() > 0.8


def test_nothing_from_after_the_last_fade_but_rarely(stories: list[Story]) -> None:
    behind = np.concatenate([story.shots >= story.film.guard for story in stories])
    assert behind.mean() < 0.005
    assert np.mean([(story.film.act == AFTERMATH).mean() for story in stories]) > 0.04


def test_cause_and_effect_stay_together_and_in_order(stories: list[Story]) -> None:
    steps = np.concatenate([np.diff(story.shots) for story in stories])
    assert 0.3 < (np.abs(steps) <= GAP).mean() < 0.6
    # A random choice of as many shots, in film order, has far fewer such neighbours.
    assert (np.abs(steps) <= GAP).mean() > 1.5 * 0.2
    near = steps[np.abs(steps) <= GAP]
    assert (near > 0).mean() > 0.95


def test_no_setup_twice(stories: list[Story]) -> None:
    assert all(len(set(story.film.setup[story.shots].tolist())) == len(story.shots) for story in stories)


def test_neighbours_differ_and_parties_alternate(stories: list[Story]) -> None:
    alike, foreseen, turns, runs, parties = [], [], [], [], []
    for story in stories:
        film, shots = story.film, story.shots
        size, person, party = film.scale[shots], film.person[shots], film.party[shots]
        alike.append(((size[1:] == size[:-1]) & (person[1:] == person[:-1])).mean())
        # Of two shots of the trailer at random.
        foreseen.append(((size[:, None] == size) & (person[:, None] == person)).mean() - 1 / len(shots))
        both = (party[1:] >= 0) & (party[:-1] >= 0)
        turns.append((party[1:] != party[:-1])[both])
        parties.append((party[:, None] != party)[(party[:, None] >= 0) & (party >= 0)])
        runs.append(((party[2:] == party[1:-1]) & (party[1:-1] == party[:-2]) & (party[2:] >= 0)).mean())
    assert np.mean(alike) < 0.25 * np.mean(foreseen)
    assert np.concatenate(turns).mean() > np.concatenate(parties).mean() + 0.2
    assert np.mean(runs) < 0.01


def test_movement_and_sound_follow_the_music_and_rise(stories: list[Story]) -> None:
    followed = [spearmanr(story.music, story.film.motion[story.shots])[0] for story in stories]
    assert np.mean(followed) >= 0.3
    rises = []
    for story in stories:
        share, loud = shares_of(story.lengths_s), story.film.loudness[story.shots]
        rises.append(loud[(share > 0.6) & (share < 0.95)].mean() - loud[share < 0.3].mean())
    assert np.mean(rises) > 0.4
    # At the same place of the trailer a louder segment gets a more moving shot.
    story = stories[1]
    loud, quiet = (
        unary_potentials(story.film, story.lengths_s, np.full(30, level, np.float32)) for level in (1.5, -1.5)
    )
    favoured = (loud - quiet)[10]
    assert spearmanr(favoured, story.film.motion)[0] > 0.5


def test_opening_introductions_and_button(stories: list[Story]) -> None:
    opening, introduced, button, rest = [], [], [], []
    for story in stories:
        film, shots, share = story.film, story.shots, shares_of(story.lengths_s)
        opening.append((film.scale[shots[0]] == WIDE, film.brightness[shots[0]], film.motion[shots[0]]))
        early = (share > OPENING) & (share < INTRODUCTION)
        introduced.append((film.person[shots[early]] == 0).mean())
        button.append((film.scale[shots[-1]] == CLOSE, film.motion[shots[-1]] - film.motion[shots[-4:-1]].mean()))
        rest.append((np.mean(film.scale[shots] == WIDE), film.brightness[shots].mean(), film.motion[shots].mean()))
    first, all_of_it, last = (np.mean(rows, axis=0) for rows in (opening, rest, button))
    assert first[0] > 2 * all_of_it[0]
    assert first[1] > all_of_it[1] + 0.2
    assert first[2] < all_of_it[2]
    assert np.mean(introduced) > 0.25
    assert last[0] > 0.6
    assert last[1] < -0.3


def test_there_is_something_to_see(stories: list[Story]) -> None:
    seen = np.mean([story.film.subject[story.shots].mean() for story in stories])
    assert seen > np.mean([story.film.subject.mean() for story in stories]) + 0.1
    specks = np.mean([(story.film.size[story.shots] < 0.03).mean() for story in stories])
    assert specks < 0.6 * np.mean([(story.film.size < 0.03).mean() for story in stories])


def test_context_is_worth_much_on_either_side_and_little_can_be_foreseen_without() -> None:
    found = oracle_accuracy(seed=5, films=8, shots=80, positions=16, draws=10)
    assert found.alone < 0.25
    assert found.others > 0.5
    assert found.others > 2.5 * found.alone
    # Whoever picks what is usual beats another trailer by the same editor, and neither knows its whim.
    assert found.again < found.frequent < 0.6


def test_the_oracle_fills_several_gaps_in_view_of_all_others(stories: list[Story]) -> None:
    right = []
    for story in stories[:30]:
        hidden = [3, 4, 9]
        filled = best_in_context(story, hidden)
        kept = np.setdiff1d(np.arange(len(filled)), hidden)
        np.testing.assert_array_equal(filled[kept], story.shots[kept])
        assert len(set(filled.tolist())) == len(filled)
        right += (filled == story.shots)[hidden].tolist()
    assert np.mean(right) > 0.3


def test_context_asks_nothing_of_an_empty_trailer_and_no_shot_twice() -> None:
    rng = np.random.default_rng(1)
    film = simulate_film(rng, 50)
    trailer = np.full(10, EMPTY)
    assert not context_potentials(film, trailer, 3).any()
    trailer[8] = 20
    wish = context_potentials(film, trailer, 3)
    assert wish[20] == -np.inf
    assert np.isfinite(np.delete(wish, 20)).all()


def test_what_two_shots_ask_of_each_other_does_not_depend_on_which_is_asked() -> None:
    # Otherwise there would be no one distribution that the sweeps draw from.
    film = simulate_film(np.random.default_rng(4), 60)
    rng = np.random.default_rng(0)
    for _ in range(50):
        trailer = rng.choice(60, 8, replace=False)
        one, other = rng.choice(8, 2, replace=False)
        new_one, new_other = rng.choice(np.setdiff1d(np.arange(60), trailer), 2, replace=False)

        def change(where: int, to: int, base: np.ndarray, film=film) -> float:  # type: ignore[no-untyped-def]
            rest = base.copy()
            rest[where] = EMPTY
            wish = context_potentials(film, rest, where)
            return float(wish[to] - wish[base[where]])

        first = trailer.copy()
        first[one] = new_one
        second = trailer.copy()
        second[other] = new_other
        there = change(one, new_one, trailer) + change(other, new_other, first)
        back = change(other, new_other, trailer) + change(one, new_one, second)
        assert there == pytest.approx(back, abs=1e-9)


def test_positions_look_where_official_trailers_are() -> None:
    reached = np.concatenate(([0], np.cumsum(SIXTHS)[:-1]))
    np.testing.assert_allclose(place_in_story(reached), np.arange(6) / 6, atol=1e-9)
    film = simulate_film(np.random.default_rng(2), 400)
    starts = film.story[np.searchsorted(film.act, range(5))]
    np.testing.assert_allclose(starts, ACT_STARTS, atol=0.02)
    assert (np.diff(film.story) > 0).all()
    assert film.turn < film.guard < 400


def test_shots_too_short_are_the_last_resort() -> None:
    rng = np.random.default_rng(0)
    film = simulate_film(rng, 60)
    # No camera set-up of which two would be needed.
    _, first = np.unique(film.setup, return_index=True)
    longest = np.sort(film.duration_s[first])[-6:]
    lengths = np.full(6, longest[0], np.float32)
    trailer = sample_trailer(film, lengths, np.zeros(6, np.float32), rng)
    assert (film.duration_s[trailer] >= longest[0]).all()
    assert (film.mood == CALM).any()
