"""Every metric against cases worked out by hand."""

import math

import numpy as np
import pytest

from trailergen.evaluation.baselines.random import random_trailer
from trailergen.evaluation.baselines.uniform import uniform_trailer
from trailergen.evaluation.metrics import (
    Scores,
    Selection,
    levenshtein,
    mean_scores,
    pairwise_agreement,
    positions_agreement,
    score,
    selection,
    selection_single,
)


def test_selection_counts_shots_in_both_trailers() -> None:
    # Two of the four chosen are official, and two of the five official are chosen.
    assert selection([1, 5, 9, 30], [5, 9, 12, 40, 50]) == Selection(2 / 4, 2 / 5, pytest.approx(4 / 9))


def test_selection_within_a_radius_forgives_neighbours_on_both_sides() -> None:
    # Within 1: 11 is near 10, but one official shot near two chosen ones (10, 11) is still one official shot.
    assert selection([10, 11, 20], [10, 30], radius=1) == Selection(pytest.approx(2 / 3), 1 / 2, pytest.approx(4 / 7))
    # Within 2: 20 comes near 22.
    assert selection([20], [22], radius=1).f1 == 0
    assert selection([20], [22], radius=2) == Selection(1, 1, 1)


def test_selection_with_one_numerator_has_the_same_ratio_of_recall_and_precision_at_every_radius() -> None:
    # Within 1, three of the four chosen are near an official shot; of the two official ones both are.
    assert selection_single([10, 11, 20, 31], [10, 30], 1) == Selection(3 / 4, 3 / 2, 1.0)
    assert selection_single([1, 5, 9, 30], [5, 9, 12, 40, 50], 0) == Selection(2 / 4, 2 / 5, pytest.approx(4 / 9))
    assert selection_single([], [1], 1) == Selection(0, 0, 0)


def test_selection_takes_trailers_as_sets() -> None:
    assert selection([3, 3, 3, 7], [7, 3]) == Selection(1, 1, 1)
    assert selection([], [1]) == selection([1], []) == Selection(0, 0, 0)


@pytest.mark.parametrize(
    ("chosen", "official", "edits"),
    [
        ([1, 2, 3], [1, 2, 3], 0),
        ([1, 2, 3], [2, 3], 1),  # take one out
        ([2, 3], [2, 9, 3], 1),  # put one in
        ([1, 2, 3], [1, 8, 3], 1),  # change one
        ([1, 2, 3, 4], [2, 1, 4, 3], 3),  # 1 out, 3 into 1, 3 in at the end
        ([1, 2, 3], [], 3),
        ([], [1, 2], 2),
    ],
)
def test_levenshtein(chosen: list[int], official: list[int], edits: int) -> None:
    assert levenshtein(chosen, official) == edits


def test_pairwise_agreement_judges_the_order_of_shared_shots() -> None:
    # Shared: 7, 4, 9. Officially 4, 7, 9; of the pairs (7,4), (7,9), (4,9) the first is turned round.
    assert pairwise_agreement([7, 1, 4, 9], [4, 7, 2, 9]) == pytest.approx(2 / 3)
    assert pairwise_agreement([3, 2, 1], [1, 2, 3]) == 0
    assert pairwise_agreement([1, 2], [1, 2]) == 1


def test_agreement_of_positions_compares_places_in_the_film_pair_by_pair() -> None:
    # Pairs of three positions: (0,1) earlier and earlier, (0,2) earlier and the same, (1,2) later and later.
    assert positions_agreement([5, 9, 7], [2, 8, 2]) == pytest.approx(2 / 3)
    # The shorter one ends with shot 0: of (0,3), (1,3) and (2,3) all are later and then earlier, there but two.
    assert positions_agreement([5, 9, 7], [4, 8, 2, 3]) == pytest.approx(4 / 6)
    assert positions_agreement([1, 2, 3], [30, 20, 10]) == 0
    assert positions_agreement([4, 4], [9, 9]) == 1
    assert math.isnan(positions_agreement([4], [9]))


def test_pairwise_agreement_takes_the_first_of_repeated_shots() -> None:
    assert pairwise_agreement([1, 2, 1], [2, 1, 2]) == 0


def test_pairwise_agreement_of_fewer_than_two_shared_shots_is_undefined() -> None:
    assert math.isnan(pairwise_agreement([1, 2], [2, 3]))


def test_mean_scores_skips_undefined_agreement_only() -> None:
    defined, undefined = score([1, 2], [1, 2]), score([1, 5], [1, 9])
    assert (defined.aa, math.isnan(undefined.aa)) == (1, True)
    selected = {name: 0.75 for name in Scores.__dataclass_fields__ if name not in ("ld", "aa", "aa_positions")}
    assert mean_scores([defined, undefined]) == Scores(**selected, ld=0.5, aa=1, aa_positions=1)


def test_scores_are_those_of_every_radius() -> None:
    scores = score([10, 11, 20], [10, 30])
    for radius, suffix in ((0, ""), (1, "_at_1"), (2, "_at_2")):
        expected = selection([10, 11, 20], [10, 30], radius)
        found = (getattr(scores, f"{name}{suffix}") for name in ("precision", "recall", "f1"))
        assert tuple(found) == (expected.precision, expected.recall, expected.f1)
    assert (scores.precision, scores.precision_at_1) == (pytest.approx(1 / 3), pytest.approx(2 / 3))


def test_uniform_trailer_takes_the_middle_of_equal_stretches() -> None:
    assert uniform_trailer(12, 3) == [2, 6, 10]
    assert uniform_trailer(2, 5) == [0, 1]


def test_random_trailer_takes_distinct_shots() -> None:
    trailer = random_trailer(30, 10, np.random.default_rng(0))
    assert len(set(trailer)) == 10
    assert set(trailer) <= set(range(30))
    assert sorted(random_trailer(4, 10, np.random.default_rng(0))) == [0, 1, 2, 3]
