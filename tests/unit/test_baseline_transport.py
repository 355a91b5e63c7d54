"""Plans of transport on cases small enough to be computed by hand, or by a solver that knows nothing of scaling."""

import numpy as np
import pytest
import torch
from scipy.optimize import minimize

from trailergen.evaluation.baselines.transport import assign, relaxed_plan, sinkhorn_plan, squared_distances


def test_squared_distances_are_those_of_the_definition() -> None:
    left, right = torch.tensor([[0.0, 0.0], [1.0, 2.0]]), torch.tensor([[3.0, 4.0], [1.0, 2.0], [0.0, 1.0]])
    assert squared_distances(left, right).tolist() == [[25.0, 5.0, 1.0], [8.0, 0.0, 2.0]]


def test_sinkhorn_of_two_by_two_is_its_closed_form() -> None:
    # Equal marginals of a symmetric cost: the plan is the kernel, brought to sum 1.
    plan = sinkhorn_plan(torch.tensor([[0.0, 2.0], [2.0, 0.0]]), sharpness=1.5)
    same, other = 0.5 / (1 + np.exp(-3.0)), 0.5 * np.exp(-3.0) / (1 + np.exp(-3.0))
    torch.testing.assert_close(plan, torch.tensor([[same, other], [other, same]], dtype=torch.float32))


def test_sinkhorn_has_uniform_marginals_and_the_form_of_a_scaled_kernel() -> None:
    cost = 4 * torch.rand(4, 6, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    plan = sinkhorn_plan(cost, sharpness=2.0, tolerance=1e-9)
    torch.testing.assert_close(plan.sum(dim=0), torch.full((6,), 1 / 6, dtype=torch.float64))
    torch.testing.assert_close(plan.sum(dim=1), torch.full((4,), 1 / 4, dtype=torch.float64), atol=1e-6, rtol=0)
    scaling = plan.log() + 2 * cost  # a sum of a function of the row and one of the column
    parts = scaling - scaling[:1] - scaling[:, :1] + scaling[0, 0]
    torch.testing.assert_close(parts, torch.zeros_like(parts), atol=1e-9, rtol=0)


def test_sinkhorn_tends_to_the_assignment_and_passes_gradients() -> None:
    cost = torch.tensor([[3.0, 1.0, 2.0], [1.0, 3.0, 3.0], [2.0, 2.5, 1.0]], requires_grad=True)
    plan = sinkhorn_plan(cost, sharpness=50.0, iterations=500)
    assert plan.argmax(dim=1).tolist() == [1, 0, 2]
    assert plan.detach().max() == pytest.approx(1 / 3, abs=1e-4)
    softer = sinkhorn_plan(cost)
    softer[0, 0].backward()
    assert cost.grad is not None
    assert cost.grad[0, 0] < 0 < cost.grad[0, 1]  # what costs more is used less, and its neighbours more


def test_relaxed_plan_gives_up_uniform_marginals_as_far_as_that_is_worth_it() -> None:
    # One caption, two shots, cost 0 and c: c (1 - t) + (relaxation + entropy) KL((t, 1 - t) || 1/2) is least at
    # t = sigmoid(c / (relaxation + entropy)).
    for c, relaxation, entropy in ((0.1, 0.1, 0.01), (0.3, 0.2, 0.05), (0.05, 0.5, 0.001)):
        plan = relaxed_plan(np.array([[0.0], [c]]), relaxation, entropy)
        assert plan[0, 0] == pytest.approx(1 / (1 + np.exp(-c / (relaxation + entropy))), abs=1e-4)
        assert plan.sum() == pytest.approx(1)


def test_relaxed_plan_is_the_least_of_its_objective() -> None:
    rng = np.random.default_rng(3)
    cost, tau, entropy = rng.uniform(0, 1, (3, 4)), 0.2, 0.05

    def objective(logs: np.ndarray) -> float:
        plan = np.exp(logs - logs.max())
        plan = (plan / plan.sum()).reshape(3, 4)
        rows, columns = plan.sum(axis=1), plan.sum(axis=0)
        relaxed = (rows * np.log(3 * rows)).sum() + (columns * np.log(4 * columns)).sum()
        return float((cost * plan).sum() + tau * relaxed + entropy * (plan * np.log(12 * plan + 1e-300)).sum())

    plan = relaxed_plan(cost, tau, entropy)
    found = minimize(objective, np.zeros(12), method="BFGS", options={"gtol": 1e-8})
    assert objective(np.log(plan).ravel()) == pytest.approx(found.fun, abs=1e-7)
    other = np.exp(found.x - found.x.max())
    np.testing.assert_allclose(plan.ravel(), other / other.sum(), atol=1e-4)


def test_relaxed_plan_is_uniform_where_all_costs_are_equal_and_refuses_what_underflows() -> None:
    np.testing.assert_allclose(relaxed_plan(np.full((3, 2), 7.0)), 1 / 6)
    with pytest.raises(ValueError, match="underflows"):
        relaxed_plan(np.array([[0.0, 100.0]]))
    with pytest.raises(ValueError, match="underflows"):
        relaxed_plan(np.array([[0.0, np.nan]]))


def test_assignment_is_exact_where_the_nearest_are_not() -> None:
    # Greedily column 0 takes row 0 (1), which leaves 9 to column 1; together 2 + 2 is less.
    assert assign(np.array([[1.0, 2.0], [2.0, 9.0]])) == [1, 0]
    # Fewer rows than columns: column 1, which fits least, is left out.
    assert assign(np.array([[0.0, 5.0, 4.0], [3.0, 5.0, 1.0]])) == [0, 1]
    # More rows: one is left over.
    assert assign(np.array([[4.0, 3.0], [1.0, 2.0], [9.0, 1.5]])) == [1, 2]
