"""A prior over shots from words: the two towers of an open_clip model share one feature space."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from trailergen.errors import TrailergenError, UsageError, WeightsError
from trailergen.features.registry import get_encoder

if TYPE_CHECKING:
    from trailergen.features.encoders.openclip import OpenClipEncoder
    from trailergen.features.views import Views

_WEIGHT = 1.5
"""Nats that a shot gains in eq. 3 for each standard deviation by which it resembles the words more than others do."""
_CHOICES = ("openclip", "openclip-fast")


def text_encoder(preferred: str, views: Views, device: str) -> OpenClipEncoder:
    """An installed open_clip model.

    Args:
        preferred: name of the encoder whose features, of these views, are there already; taken if it is such a model.
        views: that it was asked for.
        device: of torch.

    Raises:
        WeightsError: none is installed.
    """
    from trailergen.features.encoders.openclip import OpenClipEncoder

    names = (preferred, *_CHOICES) if preferred.startswith("openclip") else _CHOICES
    why: TrailergenError | None = None
    for name in names:
        try:
            found = get_encoder(name, views if name == preferred else None, device)
        except TrailergenError as error:
            why = error
            continue
        if isinstance(found, OpenClipEncoder):
            return found
    raise WeightsError(
        "words need an OpenCLIP model",
        None if why is None else why.what,
        "pip install 'trailergen[openclip]', then `trailergen weights fetch openclip-vit-b-32`",
    )


def word_prior(
    features: NDArray[np.float32], encoder: OpenClipEncoder, more: Sequence[str], less: Sequence[str]
) -> NDArray[np.float64]:
    """The gain of shots for resembling some words and not others, (I,) in nats.

    The cosine of picture and text (Radford et al., CLIP, 2021) of each text, as deviations among the film's shots:
    cosines of pictures and texts are all small, only their differences tell.

    Args:
        features: (I, 1024) of that encoder.
        encoder: whose text tower is asked.
        more: texts, added.
        less: texts, subtracted.

    Raises:
        UsageError: a text is empty, or the model has no tokenizer at hand.
        WeightsError: its weights cannot be read.
    """
    if not all(text.strip() for text in (*more, *less)):
        raise UsageError("--more and --less need words")
    cosines = features.astype(np.float64) @ encoder.encode_text([*more, *less]).T.astype(np.float64)
    deviations = (cosines - cosines.mean(axis=0)) / np.maximum(cosines.std(axis=0), np.finfo(np.float32).eps)
    signs = np.array([1.0] * len(more) + [-1.0] * len(less))
    prior: NDArray[np.float64] = _WEIGHT * deviations @ signs
    return prior
