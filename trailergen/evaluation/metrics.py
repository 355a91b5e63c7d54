"""Similarity of a trailer to the official one: selection and order.

A trailer is a sequence of film shot numbers. The paper names its metrics (section 4.1, Tables 1 to 8) without
defining them; the definitions here are in the docstrings. Where a definition of others may be the one meant, both are
measured: a radius of selection as in IPOT (``selection_single``), and agreement of order over all pairs of positions
(``positions_agreement``).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Selection:
    """Precision, recall and their harmonic mean, each in [0, 1]."""

    precision: float
    recall: float
    f1: float


def selection(chosen: Sequence[int], official: Sequence[int], radius: int = 0) -> Selection:
    """Agreement of the shots chosen with the official ones, whatever their order (Tables 1 and 7).

    Both trailers count as sets of shots. Precision is the share of the chosen shots that lie at most
    ``radius`` film shots from an official one, recall the share of the official shots that lie at most
    ``radius`` film shots from a chosen one. Two empty trailers, or an empty one and any other, score 0.
    """
    ours, theirs = set(chosen), set(official)
    if not ours or not theirs:
        return Selection(0.0, 0.0, 0.0)
    precision = sum(_near(shot, theirs, radius) for shot in ours) / len(ours)
    recall = sum(_near(shot, ours, radius) for shot in theirs) / len(theirs)
    both = precision + recall
    return Selection(precision, recall, 2 * precision * recall / both if both else 0.0)


def selection_single(chosen: Sequence[int], official: Sequence[int], radius: int) -> Selection:
    """Agreement with one numerator for both (IPOT's evaluation): the chosen shots that lie at most ``radius`` film
    shots from an official one, as a share of the chosen and as a share of the official shots.

    With it, recall over precision is the same at every radius, as in Table 7's Test-74. Where more shots are chosen
    than are official, recall can exceed 1.
    """
    ours, theirs = set(chosen), set(official)
    if not ours or not theirs:
        return Selection(0.0, 0.0, 0.0)
    hits = sum(_near(shot, theirs, radius) for shot in ours)
    return Selection(hits / len(ours), hits / len(theirs), 2 * hits / (len(ours) + len(theirs)))


def _near(shot: int, others: set[int], radius: int) -> bool:
    return any(shot + offset in others for offset in range(-radius, radius + 1))


def levenshtein(chosen: Sequence[int], official: Sequence[int]) -> int:
    """Fewest insertions, deletions and substitutions of a shot that turn one trailer into the other (LD)."""
    row = list(range(len(official) + 1))
    for i, ours in enumerate(chosen, start=1):
        diagonal, row[0] = row[0], i
        for j, theirs in enumerate(official, start=1):
            diagonal, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, diagonal + (ours != theirs))
    return row[-1]


def pairwise_agreement(chosen: Sequence[int], official: Sequence[int]) -> float:
    """Pairwise agreement accuracy of shared shots (AA): share of their pairs that come in the official order.

    The pairs are those of the shots that both trailers contain, each at its first place. It judges order
    alone: a random order of the right shots scores 0.5 on average. NaN where fewer than two are shared.
    """
    place = {shot: j for j, shot in reversed(list(enumerate(official)))}
    shared = [place[shot] for shot in dict.fromkeys(chosen) if shot in place]
    if len(shared) < 2:
        return math.nan
    agreeing = sum(shared[a] < shared[b] for b in range(len(shared)) for a in range(b))
    return agreeing / (len(shared) * (len(shared) - 1) / 2)


def positions_agreement(chosen: Sequence[int], official: Sequence[int]) -> float:
    """Pairwise agreement accuracy of positions: the definition of Liu et al. (2023) for timelines of videos, in which a
    fixed set of items is placed on two timelines and every pair comes before, at the same place or after.

    Here the items are the positions, and the timeline is the film: a pair of positions agrees if its shots stand in the
    film in the same relation, earlier, same or later, in both trailers. It needs no shared shots. The shorter trailer
    is made as long as the other by zeros at its end, that is by the film's first shot. This is
    ``video_pairwise_agreement_accuracy`` in ``inference.py`` of the repository Dixin-Lab/MMSC, by authors of the paper.
    NaN where there are fewer than two positions, where theirs is 0.
    """
    count = max(len(chosen), len(official))
    if count < 2:
        return math.nan
    padded = [np.pad(np.asarray(shots, np.int64), (0, count - len(shots))) for shots in (chosen, official)]
    ours, theirs = (np.sign(np.subtract.outer(shots, shots)) for shots in padded)
    return float((ours == theirs)[np.triu_indices(count, 1)].mean())


@dataclass(frozen=True)
class Scores:
    """All metrics of one trailer, or their means over several: ``f1`` to ``recall_at_2`` of ``selection``,
    ``f1_single_at_1`` and ``_2`` of ``selection_single``, ``ld``, ``aa`` of shared shots, ``aa_positions``."""

    f1: float
    f1_at_1: float
    f1_at_2: float
    precision: float
    precision_at_1: float
    precision_at_2: float
    recall: float
    recall_at_1: float
    recall_at_2: float
    f1_single_at_1: float
    f1_single_at_2: float
    ld: float
    aa: float
    aa_positions: float


def score(chosen: Sequence[int], official: Sequence[int]) -> Scores:
    """All metrics of one trailer against the official one."""
    exact, near, wide = (selection(chosen, official, radius) for radius in (0, 1, 2))
    return Scores(
        f1=exact.f1,
        f1_at_1=near.f1,
        f1_at_2=wide.f1,
        precision=exact.precision,
        precision_at_1=near.precision,
        precision_at_2=wide.precision,
        recall=exact.recall,
        recall_at_1=near.recall,
        recall_at_2=wide.recall,
        f1_single_at_1=selection_single(chosen, official, 1).f1,
        f1_single_at_2=selection_single(chosen, official, 2).f1,
        ld=levenshtein(chosen, official),
        aa=pairwise_agreement(chosen, official),
        aa_positions=positions_agreement(chosen, official),
    )


def mean_scores(scores: Sequence[Scores]) -> Scores:
    """Mean of each metric over trailers; AA over those in which it is defined (NaN if in none)."""
    return Scores(**{name: _mean([getattr(s, name) for s in scores]) for name in Scores.__dataclass_fields__})


def _mean(values: Sequence[float]) -> float:
    defined = [value for value in values if not math.isnan(value)]
    return sum(defined) / len(defined) if defined else math.nan
