"""The self-correcting point process and the graph of shots, on cases small enough to be computed by hand."""

from itertools import permutations, product

import numpy as np
import pytest

from trailergen.evaluation.baselines.self_correcting import Cuts, SelfCorrecting, fit_process, held
from trailergen.evaluation.baselines.shot_graph import disjoint_candidates, shortest_path


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


def test_candidates_are_cheap_and_no_shot_is_one_of_two_positions() -> None:
    costs = np.array([[1.0, 2.0, 9.0, 9.0, 3.0], [0.0, 5.0, 1.0, 9.0, 9.0]])
    found = disjoint_candidates(costs, 5)
    # Best: position 0 takes shot 1, position 1 shot 0 (2 + 0) or 0 and 2 (1 + 1): the same; then what is left.
    assert sorted(found.ravel()) == sorted(set(found.ravel()))
    assert found.shape == (2, 2)
    assert costs[[0, 1], found[:, 0]].sum() == min(costs[0, a] + costs[1, b] for a, b in permutations(range(5), 2))
    assert disjoint_candidates(np.ones((3, 3)), 9).shape == (3, 1)


def test_the_path_is_the_shortest_of_all() -> None:
    rng = np.random.default_rng(3)
    for positions in (1, 2, 4):
        first, tables = rng.random(3), rng.random((positions, 3, 3))
        tables[:, 0, 0] = 0  # an edge without length is an edge
        paths = product(range(3), repeat=positions)
        best = min(
            first[path[0]] + sum(tables[at, path[at], path[at + 1]] for at in range(positions - 1)) for path in paths
        )
        found = shortest_path(first, lambda at, rows=tables: rows[at], positions)
        length = first[found[0]] + sum(tables[at, found[at], found[at + 1]] for at in range(positions - 1))
        assert length == pytest.approx(best)
