"""Constraints: what is excluded, in which order they give way, and the messages when nothing helps."""

import numpy as np
import pytest

from trailergen.errors import PlanError
from trailergen.ssmp.constraints import Constraints, relax_constraints
from trailergen.ssmp.decoders.state import DecodingState, softmax


def frames(*values: int) -> np.ndarray:
    return np.array(values, np.int64)


def marked(count: int, *shots: int) -> np.ndarray:
    mask = np.zeros(count, np.bool_)
    mask[list(shots)] = True
    return mask


def test_nothing_is_relaxed_when_nothing_must_be() -> None:
    relaxed = relax_constraints(
        Constraints(5, 2, frames(9, 5, 8, 5, 5), frames(8, 4), frames(14, 13, 13, 10, 5), flags={"card": marked(5, 0)})
    )
    assert relaxed.available.tolist() == [False, True, True, True, True]
    assert relaxed.length.tolist() == [9, 5, 8, 5, 5]


def test_length_gives_way_before_flags() -> None:
    # Only shot 0 is 10 frames long, and it is a card. Shots 3 and 4 are the longest pair of neighbours.
    length, extended = frames(12, 4, 5, 7, 6, 2), frames(12, 16, 20, 13, 8, 2)
    relaxed = relax_constraints(Constraints(6, 2, length, frames(10, 3), extended, flags={"card": marked(6, 0)}))
    assert relaxed.available.tolist() == [False, True, True, True, False, True]
    assert relaxed.length.tolist() == [12, 4, 5, 10, 6, 2]


def test_flags_come_back_one_by_one_but_never_black() -> None:
    flags = {"black": marked(5, 0), "credits": marked(5, 1), "card": marked(5, 2)}
    relaxed = relax_constraints(Constraints(5, 3, flags=flags))
    assert relaxed.available.tolist() == [False, False, True, True, True]
    relaxed = relax_constraints(Constraints(5, 4, flags=flags))
    assert relaxed.available.tolist() == [False, True, True, True, True]
    with pytest.raises(PlanError, match="too few shots") as raised:
        relax_constraints(Constraints(5, 5, flags=flags))
    assert raised.value.why == "5 positions are to be filled, 4 of the 5 shots can be used"
    assert raised.value.exit_code == 6


def test_banned_shots_never_return_not_even_inside_an_extended_clip() -> None:
    length, extended = frames(6, 6, 6, 6), frames(24, 18, 12, 6)
    joined = relax_constraints(Constraints(4, 1, length, frames(10), extended, banned=marked(4, 1)))
    assert joined.available.tolist() == [True, False, True, False]
    assert joined.length[2] == 10
    with pytest.raises(PlanError, match="too few long shots") as raised:
        relax_constraints(Constraints(4, 1, length, frames(10), extended, banned=marked(4, 1, 3)))
    assert raised.value.why == (
        "1 positions need a shot of at least 10 frames, 0 of the 2 shots that can be used are that long"
    )


def test_a_long_shot_is_not_wasted_on_extending_another() -> None:
    # 1 could run on into 2, but that gains nothing: 2 is long enough by itself.
    relaxed = relax_constraints(Constraints(4, 2, frames(3, 8, 10, 4), frames(10, 10), frames(11, 18, 14, 4)))
    assert relaxed.available.tolist() == [True, False, True, True]
    assert relaxed.length.tolist() == [10, 8, 10, 4]


def test_clips_run_on_only_as_far_as_allowed() -> None:
    with pytest.raises(PlanError, match="too few long shots"):
        relax_constraints(Constraints(3, 1, frames(5, 5, 5), frames(9), frames(8, 5, 5)))
    with pytest.raises(PlanError, match="too few long shots"):
        relax_constraints(Constraints(3, 1, frames(5, 5, 5), frames(9)))


@pytest.mark.parametrize(
    ("pins", "message"),
    [
        ({0: 1}, "is banned"),
        ({0: 9}, "shot 9 cannot be pinned"),
        ({5: 2}, r"positions\[5\]"),
        ({1: 3}, "cannot be pinned"),
    ],
)
def test_impossible_pins(pins: dict[int, int], message: str) -> None:
    length, extended = frames(6, 6, 6, 6, 6), frames(6, 6, 6, 6, 6)
    with pytest.raises(PlanError, match=message):
        relax_constraints(Constraints(5, 2, length, frames(6, 7), extended, banned=marked(5, 1), pins=pins))


def test_a_pinned_shot_may_run_on_and_uses_up_what_it_runs_over() -> None:
    relaxed = relax_constraints(
        Constraints(4, 2, frames(6, 6, 6, 6), frames(11, 6), frames(24, 18, 12, 6), pins={0: 1})
    )
    assert relaxed.available.tolist() == [True, False, False, True]


def test_a_pin_overrules_flags() -> None:
    relaxed = relax_constraints(Constraints(3, 2, flags={"black": marked(3, 0)}, pins={1: 0}))
    assert relaxed.free.tolist() == [True, False]
    assert DecodingState(relaxed).shots.tolist() == [-1, 0]


def test_short_positions_leave_long_shots_to_those_that_need_them() -> None:
    state = DecodingState(relax_constraints(Constraints(4, 3, frames(5, 9, 5, 9), frames(4, 8, 8))))
    assert state.allowed(np.arange(3)).tolist() == [
        [True, False, True, False],
        [False, True, False, True],
        [False, True, False, True],
    ]
    state.fill(1, 3)
    state.fill(0, 0)
    assert state.allowed(np.array([2])).tolist() == [[False, True, False, False]]
    state.mask(1)
    assert state.allowed(np.array([2])).tolist() == [[False, True, False, True]]


def test_a_long_shot_given_back_may_be_taken_again() -> None:
    state = DecodingState(relax_constraints(Constraints(3, 2, frames(5, 9, 9), frames(4, 8))))
    state.fill(0, 1)
    assert state.allowed(np.array([1])).tolist() == [[False, False, True]]
    state.mask(0)
    assert state.allowed(np.array([0])).tolist() == [[True, True, True]]


def test_the_veto_holds_until_it_would_leave_nothing() -> None:
    alike = np.eye(4, dtype=np.bool_)
    alike[0, 1] = alike[1, 0] = True
    state = DecodingState(relax_constraints(Constraints(4, 4, near_duplicates=alike)))
    state.fill(0, 0)
    assert state.allowed(np.array([1])).tolist() == [[False, False, True, True]]
    state.fill(1, 2)
    state.fill(2, 3)
    assert state.allowed(np.array([3])).tolist() == [[False, True, False, False]]
    state.mask(0)
    assert state.allowed(np.array([3])).tolist() == [[True, True, False, False]]


def test_softmax_excludes_before_it_normalises() -> None:
    logits = np.log(np.array([[1.0, 2.0, 5.0], [1.0, 1.0, 1.0]]))
    allowed = np.array([[True, True, False], [False, False, False]])
    np.testing.assert_allclose(softmax(logits, allowed), [[1 / 3, 2 / 3, 0], [0, 0, 0]])
