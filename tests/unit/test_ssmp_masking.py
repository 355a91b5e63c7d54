"""Masks against eq. 2, schedules against eq. 6 worked out by hand."""

import pytest
import torch

from trailergen.ssmp.masking import Linear, Pace, Random, SelfPaced, sample_mask


@pytest.mark.parametrize("ratio", [0.1, 0.35, 0.8])
def test_each_position_is_hidden_with_the_ratio(ratio: float) -> None:
    masked = sample_mask(torch.ones(2000, 60, dtype=torch.bool), ratio, torch.Generator().manual_seed(0))
    five_sigma = 5 * (ratio * (1 - ratio) / masked.numel()) ** 0.5
    assert masked.float().mean() == pytest.approx(ratio, abs=five_sigma + (1 - ratio) ** 60)
    by_position = masked.float().mean(dim=0)
    assert (by_position - ratio).abs().max() < 0.06
    neighbours = (masked[:, 1:] & masked[:, :-1]).float().mean()
    assert neighbours == pytest.approx(ratio**2, abs=0.01)


def test_padding_is_never_hidden_and_a_trailer_never_goes_without() -> None:
    valid = torch.arange(20) < torch.randint(1, 21, (500, 1), generator=torch.Generator().manual_seed(1))
    generator = torch.Generator().manual_seed(2)
    for ratio in (0.0, 0.05, 1.0):
        masked = sample_mask(valid, ratio, generator)
        assert not (masked & ~valid).any()
        assert masked.any(dim=1).all()
    assert torch.equal(masked, valid)  # t = 1 hides all
    assert (sample_mask(valid, 0.0, generator).sum(dim=1) == 1).all()
    assert not sample_mask(torch.zeros(2, 3, dtype=torch.bool), 1.0, generator).any()


def test_self_paced_trace_by_hand() -> None:
    schedule = SelfPaced()
    pace = schedule.start()
    assert pace == Pace(1, 0.1, 0.0)
    # b_2 = .98 * .5 = .49; sigma(-.1) = .47502081; t = .1 * .1 + .9 (.1 + .9 * .47502081)
    pace = schedule.next(pace, 0.5)
    assert (pace.step, pace.momentum, pace.ratio) == (2, pytest.approx(0.49), pytest.approx(0.484767, abs=1e-6))
    # b_3 = .02 * .49; sigma(-4.902) = .00737688; the adjusted ratio .144452 is lower: kept
    pace = schedule.next(pace, 0.0)
    assert (pace.momentum, pace.ratio) == (pytest.approx(0.0098), pytest.approx(0.484767, abs=1e-6))
    # b_4 = .98 + .02 * .0098; sigma(4.80196) = .99185299; t = .0484767 + .9 (.1 + .9 * .99185299)
    pace = schedule.next(pace, 1.0)
    assert (pace.momentum, pace.ratio) == (pytest.approx(0.980196), pytest.approx(0.941877, abs=1e-6))


def test_without_the_constraint_the_ratio_falls_again() -> None:
    schedule = SelfPaced(monotone=False)
    pace = schedule.next(schedule.next(schedule.start(), 0.5), 0.0)
    assert pace.ratio == pytest.approx(0.144452, abs=1e-6)


def test_linear_schedules_reach_both_ends() -> None:
    for schedule, expected in (
        (Linear(4), [0.1, 0.4, 0.7, 1.0, 1.0]),
        (Linear(4, 1.0, 0.1), [1.0, 0.7, 0.4, 0.1, 0.1]),
    ):
        pace, ratios = schedule.start(), []
        for _ in expected:
            ratios.append(pace.ratio)
            pace = schedule.next(pace, 0.9)
        assert ratios == pytest.approx(expected)


def test_random_schedule_is_uniform_and_resumes() -> None:
    schedule = Random(seed=5)
    paces = [schedule.start()]
    for _ in range(3000):
        paces.append(schedule.next(paces[-1], 0.0))
    ratios = torch.tensor([pace.ratio for pace in paces])
    assert ratios.min() >= 0.1 and ratios.max() <= 1.0
    assert ratios.mean() == pytest.approx(0.55, abs=0.03)
    assert ratios.std() == pytest.approx(0.9 / 12**0.5, abs=0.02)
    assert schedule.next(paces[1000], 0.0) == paces[1001]
    assert Random(seed=6).start() != paces[0]
