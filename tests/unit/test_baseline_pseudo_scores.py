"""Scores without labels, computed by hand."""

import numpy as np

from trailergen.evaluation.baselines.pseudo_scores import alignment, pseudo_scores, spread, to_unit_range


def test_alignment_is_the_least_cost_of_a_captions_half_over_the_shots_own() -> None:
    plan = np.array([[0.4, 0.0], [0.3, 0.1], [0.2, 0.3], [0.1, 0.6]])
    cost = np.array([[1.0, 9.0], [2.0, 9.0], [0.1, 3.0], [0.1, 1.5]])
    # Caption 0 sends most to shots 0 and 1 (costs 1, 2), caption 1 to shots 3 and 2 (1.5, 3): others do not count.
    np.testing.assert_allclose(alignment(plan, cost), [1.0, 0.5, 0.5, 1.0])


def test_spread_is_the_mean_distance_within_a_window_of_half_the_film() -> None:
    places = np.array([[0.0], [1.0], [3.0], [10.0]])
    # Windows of 3 shots, that keep within the film: 0-2, 0-2, 1-3, 1-3. The shot itself adds nothing to a sum of 2.
    np.testing.assert_allclose(spread(places), [(1 + 3) / 2, (1 + 2) / 2, (2 + 7) / 2, (9 + 7) / 2])


def test_scores_are_high_for_aligned_typical_shots() -> None:
    places = np.array([[0.0], [1.0], [3.0], [10.0]])
    plan = np.array([[0.4], [0.3], [0.2], [0.1]])
    cost = np.array([[1.0], [2.0], [1.0], [1.0]])
    aligned = np.array([1.0, 0.5, 0.0, 0.0])
    away = np.array([0.5, 0.0, 3.0, 6.5]) / 6.5
    expected = (aligned - away + 1) / 2
    expected = (expected - expected.min()) / (expected.max() - expected.min())
    np.testing.assert_allclose(pseudo_scores(places, plan, cost), expected, rtol=1e-6)
    without = 1 - away
    np.testing.assert_allclose(pseudo_scores(places, None, None), (without - without.min()) / np.ptp(without))


def test_a_film_of_one_shot_or_of_equal_ones_has_scores() -> None:
    assert pseudo_scores(np.ones((1, 3)), np.ones((1, 1)), np.ones((1, 1))).tolist() == [0.0]
    assert np.isfinite(pseudo_scores(np.ones((5, 3)), np.full((5, 2), 0.1), np.zeros((5, 2)))).all()
    assert to_unit_range(np.array([2.0, 2.0])).tolist() == [0.0, 0.0]
