"""Labels, losses and accuracy against loops that follow eq. 1, 4, 5 and Table 6 literally."""

import math

import pytest
import torch

from trailergen.ssmp.losses import NO_LABEL, accuracy, cross_entropy_loss, label_shots, squared_error_loss
from trailergen.ssmp.model import cosine

B, SHOTS, J, D = 3, 7, 5, 6


@pytest.fixture
def batch() -> dict[str, torch.Tensor]:
    generator = torch.Generator().manual_seed(4)
    film = torch.randn(B, SHOTS, D, generator=generator)
    film_valid = torch.arange(SHOTS) < torch.tensor([[7], [4], [6]])
    trailer = torch.randn(B, J, D, generator=generator)
    labels = label_shots(trailer, film, film_valid)
    labels[0, 2] = labels[2, :] = NO_LABEL
    masked = torch.tensor([[1, 0, 1, 1, 0], [1, 1, 0, 1, 1], [1, 1, 1, 0, 0]], dtype=torch.bool)
    predicted = torch.randn(B, J, D, generator=generator)
    return {"film": film, "valid": film_valid, "labels": labels, "masked": masked, "predicted": predicted}


def test_labels_are_the_film_shot_of_highest_cosine() -> None:
    film = torch.tensor([[1.0, 0.0], [0.0, 5.0], [3.0, 3.0]])
    trailer = torch.tensor([[0.1, 0.0], [2.0, 1.9], [0.0, 1.0], [-1.0, -1.0]])
    assert label_shots(trailer, film).tolist() == [0, 2, 1, 0]  # the last: -0.71 twice, the first of both
    assert label_shots(trailer, film, reject_below=0.9).tolist() == [0, 2, 1, NO_LABEL]
    assert label_shots(trailer, film, film_valid=torch.tensor([True, True, False])).tolist() == [0, 0, 1, 0]


def test_cross_entropy_is_the_naive_loop(batch: dict[str, torch.Tensor]) -> None:
    scale, ratio = 2.5, 0.4
    logits = scale * cosine(batch["predicted"], batch["film"])
    total = 0.0
    for b in range(B):
        shots = [i for i in range(SHOTS) if batch["valid"][b, i]]
        for j in range(J):
            label = int(batch["labels"][b, j])
            if not batch["masked"][b, j] or label == NO_LABEL:
                continue
            weights = {}
            for i in shots:
                v, m = batch["predicted"][b, j], batch["film"][b, i]
                weights[i] = math.exp(scale * float(v @ m) / (float(v.norm()) * float(m.norm())))
            total += -math.log(weights[label] / sum(weights.values()))
    loss = cross_entropy_loss(logits, batch["labels"], batch["masked"], ratio, batch["valid"])
    assert float(loss) == pytest.approx(total / ratio / B, rel=1e-5)


def test_squared_error_is_the_naive_loop(batch: dict[str, torch.Tensor]) -> None:
    total = 0.0
    for b in range(B):
        for j in range(J):
            label = int(batch["labels"][b, j])
            if batch["masked"][b, j] and label != NO_LABEL:
                difference = batch["predicted"][b, j] - batch["film"][b, label]
                total += float(difference @ difference)
    loss = squared_error_loss(batch["predicted"], batch["film"], batch["labels"], batch["masked"], 0.4)
    assert float(loss) == pytest.approx(total / 0.4 / B, rel=1e-5)


def test_accuracy_by_hand() -> None:
    best = torch.tensor([[2, 0, 1], [1, 1, 3], [0, 0, 0]])
    logits = torch.nn.functional.one_hot(best, 4).float()
    labels = torch.tensor([[2, 0, 3], [1, 0, NO_LABEL], [NO_LABEL, 1, 1]])
    masked = torch.tensor([[True, False, True], [True, True, True], [True, False, False]])
    # pair 0: right of (2, 3) is one of two; pair 1: one of two, the card does not count; pair 2: nothing counts
    assert float(accuracy(logits, labels, masked)) == pytest.approx(0.5)
    # without shot 2 in pair 0 its first prediction becomes shot 0: none of two
    valid = torch.tensor([[True, True, False, True]] * 3)
    assert float(accuracy(logits, labels, masked, valid)) == pytest.approx(0.25)
    assert float(accuracy(logits[2:], labels[2:], masked[2:])) == 0.0


def test_positions_without_label_send_no_gradient(batch: dict[str, torch.Tensor]) -> None:
    predicted = batch["predicted"].clone().requires_grad_()
    logits = cosine(predicted, batch["film"])
    cross_entropy_loss(logits, batch["labels"], batch["masked"], 0.5, batch["valid"]).backward()
    assert predicted.grad is not None and torch.isfinite(predicted.grad).all()
    moved = predicted.grad.abs().sum(dim=-1) > 0
    assert torch.equal(moved, batch["masked"] & (batch["labels"] != NO_LABEL))
