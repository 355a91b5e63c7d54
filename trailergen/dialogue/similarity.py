"""Similarity of lines and clips: the matrix C of eq. 13."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from trailergen.dialogue.captioners.dialogue import Caption
from trailergen.errors import TrailergenError
from trailergen.features.views import Views

_BATCH = 64

EncodeText = Callable[[Sequence[str]], NDArray[np.float32]]
"""Unit vectors (n, D) of texts."""


def clip_text_tower(preferred: str, device: str) -> tuple[str, EncodeText] | None:
    """Name and text tower of an installed open_clip model, as the paper used; None where there is none.

    Args:
        preferred: name of the encoder that made the plan, taken if it is such a model.
        device: of torch.
    """
    from trailergen.features.words import text_encoder

    try:
        encoder = text_encoder(preferred, Views.fast, device)
        encoder.encode_text(["a"])  # some tokenizers are of other packages, which may not be there
    except TrailergenError:
        return None
    return encoder.name, encoder.encode_text


def similarities(
    lines: Sequence[str], descriptions: Sequence[Caption], encode: EncodeText | None
) -> NDArray[np.float64]:
    """Similarity (N, J) of lines and descriptions, 0 for an empty description.

    The cosine of the line and each text of the description, in their weighted mean, as in

        c[n, j] = sum_k w[j, k] cos(n, k) / max(1, sum_k w[j, k])

    so that a single text that counts little makes a small similarity.

    Args:
        lines: (N,) texts.
        descriptions: (J,).
        encode: a text tower; None for TF-IDF over all these texts.
    """
    texts = list(dict.fromkeys(text for description in descriptions for text, _ in description))
    found = np.zeros((len(lines), len(descriptions)))
    if not lines or not texts:
        return found
    cosines = _cosines(lines, texts, encode)
    column = {text: index for index, text in enumerate(texts)}
    for clip, description in enumerate(descriptions):
        if description:
            weights = np.array([weight for _, weight in description])
            near = cosines[:, [column[text] for text, _ in description]]
            found[:, clip] = near @ weights / max(1.0, weights.sum())
    return found


def _cosines(lines: Sequence[str], texts: Sequence[str], encode: EncodeText | None) -> NDArray[np.float64]:
    everything = [*lines, *texts]
    if encode is None:
        from trailergen.dialogue.narrators.extractive import tfidf

        vectors = tfidf(everything)
        return np.asarray((vectors[: len(lines)] @ vectors[len(lines) :].T).toarray(), np.float64)
    batches = [encode(everything[at : at + _BATCH]) for at in range(0, len(everything), _BATCH)]
    rows = np.concatenate(batches).astype(np.float64)
    return np.asarray(rows[: len(lines)] @ rows[len(lines) :].T, np.float64)
