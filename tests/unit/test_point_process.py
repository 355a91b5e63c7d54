"""The self-correcting point process and the graph of shots, on cases small enough to be computed by hand."""

from itertools import permutations

import numpy as np
import pytest

from trailergen.evaluation.baselines import shot_graph
from trailergen.evaluation.baselines.self_correcting import Cuts, SelfCorrecting, fit_process, held
from trailergen.evaluation.baselines.shot_graph import NODES, cheapest_path, fitting


def cuts(lengths: list[float], marks: list[float]) -> Cuts:
    return Cuts(np.array(lengths), np.array(marks))


def test_the_intensity_grows_with_time_and_falls_at_a_cut_by_what_the_shot_relieves() -> None:
    process = SelfCorrecting(mu=0.5, alpha=0.25, beta=0.5)
    trailer = cuts([2.0, 4.0], [2.0, 4.0])
    assert process.intensity(trailer, 0.0) == pytest.approx(np.exp(0.5 - 1))
    assert process.intensity(trailer, 1.999) == pytest.approx(np.exp(0.5 + 0.25 * 1.999 - 1))
    assert process.intensity(trailer, 2.0) == pytest.approx(np.exp(0.5 + 0.5 - 1 - 2))
    assert process.intensity(trailer, 6.0) == pytest.approx(np.exp(0.5 + 1.5 - 1 - 2))


def test_the_log_likelihood_is_that_computed_by_hand() -> None:
    process = SelfCorrecting(mu=0.5, alpha=0.25, beta=0.5)
    # The first shot begins at exp(-0.5), the cut after 2 s comes at exp(0); the second begins at exp(-2), lasts 4 s.
    by_hand = 0.0 - np.exp(-0.5) * (np.exp(0.5) - 1) / 0.25 - np.exp(-2.0) * (np.exp(1.0) - 1) / 0.25
    assert process.log_likelihood(cuts([2.0, 4.0], [2.0, 4.0])) == pytest.approx(by_hand)
    # Without growth and relief it is a Poisson process: (n - 1) log rate - rate T.
    steady = SelfCorrecting(np.log(0.4), 0.0, 0.0)
    assert steady.log_likelihood(cuts([1.0, 3.0, 2.0], [5.0, -1.0, 0.0])) == pytest.approx(2 * np.log(0.4) - 0.4 * 6)


def test_the_integral_agrees_with_a_sum_over_the_intensity() -> None:
    process, trailer = SelfCorrecting(0.1, 0.6, 0.9), cuts([1.5, 0.5, 2.0], [1.0, 0.2, 1.5])
    times = (np.arange(40_000) + 0.5) / 10_000
    total = sum(process.intensity(trailer, time) for time in times) / 10_000
    expected = process.expected(process.starts(trailer), trailer.lengths_s).sum()
    assert expected == pytest.approx(total, rel=1e-4)
    assert held(0.0, np.array([3.0])) == pytest.approx([3.0])


def simulated(process: SelfCorrecting, seed: int, shots: int = 120) -> Cuts:
    """Cuts drawn from the process: each next one where an exponential number is used up by the integral."""
    rng = np.random.default_rng(seed)
    marks, lengths, start = rng.uniform(0, 2, shots), np.zeros(shots), process.mu
    for k in range(shots):
        start -= float(process.relief(marks[k]))
        lengths[k] = np.log1p(process.alpha * rng.exponential() * np.exp(-start)) / process.alpha
        start += process.alpha * lengths[k]
    return Cuts(lengths, marks)


def test_a_fit_finds_the_process_that_made_the_cuts() -> None:
    truth = SelfCorrecting(mu=0.3, alpha=1.0, beta=2.0)
    trailers = [simulated(truth, seed) for seed in range(12)]
    found = fit_process(trailers)
    assert found.alpha == pytest.approx(1.0, rel=0.15)
    assert found.beta == pytest.approx(2.0, rel=0.15)
    likelihood = sum(found.log_likelihood(trailer) for trailer in trailers)
    for worse in (SelfCorrecting(0.3, 1.0, 1.5), SelfCorrecting(0.3, 0.8, 2.0)):
        assert likelihood > sum(worse.log_likelihood(trailer) for trailer in trailers)


def test_a_fit_of_one_uncut_trailer_stays_finite_and_of_none_is_refused() -> None:
    found = fit_process([cuts([30.0], [0.0])])
    assert np.isfinite([found.mu, found.alpha, found.beta]).all()
    with pytest.raises(ValueError, match="no trailers"):
        fit_process([])


def cost(path: tuple[int, ...], rates: np.ndarray, keeps: np.ndarray) -> float:
    steps = [rates[0] * keeps[path[0]]]
    steps += [rates[at] * keeps[path[at - 1]] * keeps[path[at]] for at in range(1, len(path))]
    return float(sum(steps))


@pytest.mark.parametrize("nodes", [0, NODES])
def test_the_path_is_the_cheapest_of_all_that_show_no_shot_twice(nodes: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shot_graph, "NODES", nodes)
    rng = np.random.default_rng(3)
    excess = []
    for _ in range(40):
        positions, shots = int(rng.integers(1, 6)), 7
        rates, keeps = rng.uniform(0.2, 3, positions), np.exp(-rng.uniform(0, 2, shots))
        allowed = fitting(rng.uniform(0.5, 3, shots), rng.uniform(0.5, 3, positions))
        found = cheapest_path(rates, keeps, allowed, np.zeros((positions, shots))).tolist()
        assert len(set(found)) == positions
        assert allowed[range(positions), found].all()
        paths = (path for path in permutations(range(shots), positions) if allowed[range(positions), path].all())
        best = min(cost(path, rates, keeps) for path in paths)
        excess.append(cost(tuple(found), rates, keeps) / best - 1)
    # Exactly, of small graphs; without looking at all nodes nearly always, and never far from it.
    assert max(excess) < (1e-9 if nodes else 0.02)
    assert sum(one > 1e-9 for one in excess) <= 2


def test_what_stands_around_a_shot_decides_where_it_stands() -> None:
    keeps = np.array([0.1, 0.9, 0.2])
    every, none = np.ones((3, 3), bool), np.zeros((3, 3))
    # 0.1 + 0.1 * 0.2 + 0.2 * 0.9 = 0.30; 0.2 + 0.02 + 0.09 = 0.31 with the first two exchanged.
    assert cheapest_path(np.ones(3), keeps, every, none).tolist() == [0, 2, 1]
    # Where the first position costs nothing the cheapest stands between the others.
    assert cheapest_path(np.array([0.0, 1.0, 1.0]), keeps, every, none)[1] == 0
    assert cheapest_path(np.ones(3), np.ones(3), every, np.array([[0, 9.0, 9], [9, 0, 9], [9, 9, 0]])).tolist() == [
        0,
        1,
        2,
    ]


def test_long_positions_take_long_shots_as_far_as_there_are_any() -> None:
    assert fitting(np.array([1.0, 4.0, 2.0]), np.array([3.0, 1.5])).tolist() == [
        [False, True, False],
        [False, True, True],
    ]
    # Two positions of 3 s and one such shot: the second is content with 2 s.
    assert fitting(np.array([1.0, 4.0, 2.0]), np.array([3.0, 3.0])).sum(axis=1).tolist() == [1, 2]
