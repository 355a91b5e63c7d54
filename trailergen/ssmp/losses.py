"""Labels (eq. 1), the two training losses (eq. 4, Table 6) and the training accuracy (eq. 5).

Only *counted* positions matter: hidden ones (j in J') that have a label. A label of -1 says that the trailer shot
is not from the film (a title card); eq. 1 as printed gives every shot a label, ``reject_below`` takes it away.

Both losses keep the sum over positions of eq. 4 as printed and take the mean over the pairs of the batch for its
expectation; a long trailer thus weighs more than a short one.
"""

from __future__ import annotations

from torch import Tensor
from torch.nn import functional as F

from trailergen.ssmp.model import cosine

NO_LABEL = -1


def label_shots(
    trailer: Tensor, film: Tensor, film_valid: Tensor | None = None, reject_below: float | None = None
) -> Tensor:
    """The film shot of highest cosine for each trailer shot (eq. 1).

    Args:
        trailer: (..., J, D) features.
        film: (..., I, D) features.
        film_valid: (..., I) bool, False on padding.
        reject_below: trailer shots whose best cosine is lower get ``NO_LABEL``. None: eq. 1 as printed.

    Returns:
        (..., J) int64 labels.
    """
    similarity = cosine(trailer, film)
    if film_valid is not None:
        similarity = similarity.masked_fill(~film_valid[..., None, :], float("-inf"))
    best, labels = similarity.max(dim=-1)
    return labels if reject_below is None else labels.masked_fill(best < reject_below, NO_LABEL)


def counted(labels: Tensor, masked: Tensor) -> Tensor:
    """(B, J) bool, the positions that losses and accuracy count: hidden and labelled."""
    return masked & (labels != NO_LABEL)


def cross_entropy_loss(
    logits: Tensor, labels: Tensor, masked: Tensor, ratio: float, film_valid: Tensor | None = None
) -> Tensor:
    """Eq. 4: cross-entropy of hidden positions, weighted by 1/t; sum over positions, mean over pairs.

    Args:
        logits: (B, J, I) from ``SSMP.logits``.
        labels: (B, J) int64, ``NO_LABEL`` where there is none.
        masked: (B, J) bool, the hidden positions J'.
        ratio: t of this step, above 0.
        film_valid: (B, I) bool, False on padding.

    Returns:
        A scalar.
    """
    if film_valid is not None:
        logits = logits.masked_fill(~film_valid[:, None, :], float("-inf"))
    targets = labels.masked_fill(~counted(labels, masked), NO_LABEL)
    total = F.cross_entropy(logits.flatten(0, 1), targets.flatten(), ignore_index=NO_LABEL, reduction="sum")
    return total / (ratio * len(labels))


def squared_error_loss(predicted: Tensor, film: Tensor, labels: Tensor, masked: Tensor, ratio: float) -> Tensor:
    """The "MSE" loss of Table 6: squared distance of prediction and labelled film shot, weighted by 1/t.

    The paper prints the norm without a square but calls it the mean squared error; the name is followed. Sum over
    positions and feature dimensions, mean over pairs.

    Args:
        predicted: (B, J, D) from ``SSMP.forward``.
        film: (B, I, D) shot features.
        labels: (B, J) int64.
        masked: (B, J) bool.
        ratio: t of this step, above 0.

    Returns:
        A scalar.
    """
    index = labels.clamp(min=0)[..., None].expand(-1, -1, film.shape[-1])
    error = (predicted - film.gather(1, index)).square().sum(dim=-1)
    return (error * counted(labels, masked)).sum() / (ratio * len(labels))


def accuracy(logits: Tensor, labels: Tensor, masked: Tensor, film_valid: Tensor | None = None) -> Tensor:
    """Eq. 5: share of counted positions whose most probable shot is the label; mean over pairs.

    Pairs in which no position counts are left out; a batch of only such pairs has accuracy 0.

    Args:
        logits: (B, J, I) from ``SSMP.logits``.
        labels: (B, J) int64.
        masked: (B, J) bool.
        film_valid: (B, I) bool, False on padding.

    Returns:
        A scalar in [0, 1].
    """
    shares, pairs = accuracy_parts(logits, labels, masked, film_valid)
    return shares / pairs.clamp(min=1)


def accuracy_parts(
    logits: Tensor, labels: Tensor, masked: Tensor, film_valid: Tensor | None = None
) -> tuple[Tensor, Tensor]:
    """The two scalars whose quotient is ``accuracy``: the sum of the pairs' shares, and the number of pairs that count.

    Summed over the parts of a batch they give the accuracy of the whole.
    """
    if film_valid is not None:
        logits = logits.masked_fill(~film_valid[:, None, :], float("-inf"))
    counts = counted(labels, masked)
    right = ((logits.argmax(dim=-1) == labels) & counts).sum(dim=1)
    number = counts.sum(dim=1)
    return (right / number.clamp(min=1)).sum(), (number > 0).sum()
