"""The narrator that needs no model: lines chosen by what the film's own words say of them.

Each line is scored, all parts from 0 to 1, the first two less for lines of under 4 or over 14 words:

    1.0  salience: TextRank (Mihalcea and Tarau, 2004) over the cosines of the lines' TF-IDF vectors, by rank
    1.0  how much it says: the weight of its words, by rank; common words weigh little
    0.5  length: 4 to 14 words
    0.4  completeness: it ends with a full stop, a question or an exclamation mark
    0.2  a question or an exclamation
    0.1  a name: a capital within a sentence

and the lines are taken greedily, each less what it repeats of those taken (MMR, Carbonell and Goldstein, 1998) and for
standing near one of them in the film.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from trailergen.dialogue.sentences import Utterance
from trailergen.dialogue.subtitles.spoken import is_wide

if TYPE_CHECKING:
    from scipy.sparse import csr_array

_DAMPING = 0.85
_STEPS = 50
_REPETITION, _NEARNESS = 1.0, 1.0
_EMPHASIS = re.compile(r"[!?！？؟]")  # noqa: RUF001
_NAME = re.compile(r"(?<=[^\W_],\s|[^\W_]\w\s)[^\W\d_]\w+")

Vector = NDArray[np.float64]


class ExtractiveNarrator:
    """Chooses without a model; the same lines every time."""

    name = "extractive"

    def choose(self, lines: Sequence[Utterance], count: int) -> list[int]:
        """Indices of at most ``count`` lines, the best first."""
        if not lines or count < 1:
            return []
        vectors = tfidf([line.text for line in lines])
        return _take(lines, vectors, _scores(lines, vectors), count)


def line_ranks(lines: Sequence[Utterance]) -> Vector:
    """The place of each line by its score alone, (n,), over 0 and 1 for the best; equal scores share theirs."""
    if not lines:
        return np.zeros(0)
    scores = np.round(_scores(lines, tfidf([line.text for line in lines])), 9)
    _, places, counts = np.unique(scores, return_inverse=True, return_counts=True)
    return np.asarray((np.cumsum(counts) - (counts - 1) / 2)[places] / len(lines), np.float64)


def tfidf(texts: Sequence[str]) -> csr_array:
    """Unit TF-IDF vectors (n, words) of texts, a zero one where a text has no word; sparse.

    By words, or, for a script without spaces, by single characters and pairs of them.
    """
    from scipy.sparse import csr_array
    from sklearn.feature_extraction.text import TfidfVectorizer

    characters = [character for text in texts for character in text if character.isalnum()]
    wide = sum(map(is_wide, characters)) * 3 > len(characters)
    by: dict[str, object] = (
        {"analyzer": "char", "ngram_range": (1, 2)} if wide else {"token_pattern": r"(?u)\b[^\W_]+\b"}
    )
    try:
        return csr_array(TfidfVectorizer(sublinear_tf=True, **by).fit_transform(texts))
    except ValueError:  # no text has any word
        return csr_array((len(texts), 1), dtype=np.float64)


def _scores(lines: Sequence[Utterance], vectors: csr_array) -> Vector:
    words = np.array([_word_count(line.text) for line in lines], np.float64)
    length = np.minimum(words / 4, 1) * np.minimum(14 / np.maximum(words, 1), 1)
    ended = np.array([line.ended for line in lines], np.float64)
    emphasis = np.array([bool(_EMPHASIS.search(line.text)) for line in lines], np.float64)
    named = np.array([_has_name(line.text) for line in lines], np.float64)
    # A unit vector of many rare words has a large sum.
    says = np.asarray(vectors.sum(axis=1), np.float64).ravel()
    matter = _ranks(_centrality(vectors)) + _ranks(says)
    scores: Vector = (matter + 0.5) * length + 0.4 * ended + 0.2 * emphasis + 0.1 * named
    return scores


def _centrality(vectors: csr_array) -> Vector:
    """TextRank of unit vectors (n, words), without the (n, n) graph of their cosines: it is their product."""
    count = vectors.shape[0]
    own = np.asarray(vectors.multiply(vectors).sum(axis=1)).ravel()  # no line is its own neighbour

    def spread(value: Vector) -> Vector:
        return np.asarray(vectors @ (vectors.T @ value)) - own * value

    degree = np.maximum(spread(np.ones(count)), 1e-12)
    rank = np.full(count, 1 / count)
    for _ in range(_STEPS):
        rank = (1 - _DAMPING) / count + _DAMPING * np.maximum(spread(rank / degree), 0)
    return rank


def _ranks(values: Vector) -> Vector:
    """From 0 for the least to 1 for the greatest, ties alike; rounded, so that no order hangs on the last bit."""
    _, places = np.unique(np.round(values, 9), return_inverse=True)
    return np.asarray(places / max(1, int(places.max())), np.float64)


def _take(lines: Sequence[Utterance], vectors: csr_array, scores: Vector, count: int) -> list[int]:
    middles = np.array([float(line.start + line.end) / 2 for line in lines])
    reach = max(float(np.ptp(middles)) / max(count, 1), 1e-9)
    penalty, repeated = np.zeros(len(lines)), np.zeros(len(lines))
    taken: list[int] = []
    left = np.ones(len(lines), bool)
    while len(taken) < min(count, len(lines)):
        worth = np.where(left, np.round(scores - _REPETITION * repeated - _NEARNESS * penalty, 9), -np.inf)
        best = int(np.argmax(worth))
        taken.append(best)
        left[best] = False
        cosine = np.asarray((vectors @ vectors[[best]].T).toarray()).ravel()
        repeated = np.maximum(repeated, cosine)
        penalty = np.maximum(penalty, np.clip(1 - np.abs(middles - middles[best]) / reach, 0, 1))
    return taken


def _word_count(text: str) -> float:
    wide = sum(map(is_wide, text))
    return wide / 2 + len(re.findall(r"\w+", "".join(" " if is_wide(c) else c for c in text)))


def _has_name(text: str) -> bool:
    return any(match[0][0].isupper() and not match[0].isupper() for match in _NAME.finditer(text))
