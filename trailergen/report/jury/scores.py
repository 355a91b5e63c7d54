"""Statistics of the judges' scores: means with their intervals, and how many put one trailer above another."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import t

from trailergen.report.jury.answers import Answers
from trailergen.report.jury.key import Key

Values = NDArray[np.float64]
METHOD = "95 % intervals: Student's t over the judges; none for fewer than two"


@dataclass(frozen=True)
class Mean:
    """The mean of ``judges`` numbers, one a judge, and its 95 % interval; None where too few are there."""

    judges: int
    mean: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Said:
    """A judge's words on a trailer."""

    judge: str
    strongest: str
    weakest: str
    remarks: str


@dataclass(frozen=True)
class TrailerScore:
    """A trailer's means: by the ids of the questions, and of the judges' own means over all questions."""

    name: str
    aspects: dict[str, Mean]
    overall: Mean
    said: list[Said]


@dataclass(frozen=True)
class Pair:
    """The numbers of judges who put ``first`` above, level with and below ``second``, and by how much on average."""

    first: str
    second: str
    above: int
    level: int
    below: int
    difference: Mean


@dataclass(frozen=True)
class Scores:
    """The outcome of a study. ``missing`` counts the answers that were not given."""

    study: str
    judges: int
    missing: int
    method: str
    trailers: list[TrailerScore]
    pairs: list[Pair]

    def as_json(self) -> dict[str, Any]:
        """All of it as JSON values."""
        return asdict(self)


def score(key: Key, answers: Sequence[Answers]) -> Scores:
    """Undo the shuffling and count.

    An answer that is missing is left out of the aspect's mean. A trailer's overall score by a judge is the mean of
    the judge's answers, and is missing where one of them is: else it would go by what was left out.
    """
    table = unshuffle(key, answers)
    overall = table.mean(axis=2)  # NaN where one is
    trailers = [
        TrailerScore(
            trailer.name,
            {question.id: mean_of(table[:, index, column]) for column, question in enumerate(key.questions)},
            mean_of(overall[:, index]),
            _said(key, answers, index),
        )
        for index, trailer in enumerate(key.trailers)
    ]
    pairs = [_pair(key, overall, *both) for both in combinations(range(len(key.trailers)), 2)]
    return Scores(key.study, len(answers), int(np.isnan(table).sum()), METHOD, trailers, pairs)


def unshuffle(key: Key, answers: Sequence[Answers]) -> Values:
    """The scores as (judges, trailers, questions), trailers in the key's order; NaN where there is none."""
    table = np.full((len(answers), len(key.trailers), len(key.questions)), np.nan)
    for row, said in enumerate(answers):
        for letter, trailer in key.judges[said.judge].items():
            scores = said.trailers[letter].scores if letter in said.trailers else {}
            for column, question in enumerate(key.questions):
                value = scores.get(question.id)
                table[row, trailer, column] = math.nan if value is None else value
    return table


def mean_of(values: Values) -> Mean:
    """The mean of (n,) numbers and its 95 % interval, mean ± t(0.975, n - 1) s / √n; NaN counts as missing."""
    given = values[~np.isnan(values)]
    count = len(given)
    if count == 0:
        return Mean(0, None, None, None)
    mean = float(given.mean())
    if count == 1:
        return Mean(1, mean, None, None)
    half = float(t.ppf(0.975, count - 1)) * float(given.std(ddof=1)) / math.sqrt(count)
    return Mean(count, mean, mean - half, mean + half)


def _pair(key: Key, overall: Values, first: int, second: int) -> Pair:
    differences = overall[:, first] - overall[:, second]
    # Means of the same whole numbers may differ in the last bit.
    signs = np.sign(np.round(differences[~np.isnan(differences)], 9))
    above, level, below = (int((signs == sign).sum()) for sign in (1, 0, -1))
    return Pair(key.trailers[first].name, key.trailers[second].name, above, level, below, mean_of(differences))


def _said(key: Key, answers: Sequence[Answers], trailer: int) -> list[Said]:
    found = []
    for one in answers:
        letter = next(letter for letter, index in key.judges[one.judge].items() if index == trailer)
        words = one.trailers.get(letter)
        if words and (words.strongest or words.weakest or words.remarks):
            found.append(Said(one.judge, words.strongest, words.weakest, words.remarks))
    return found
