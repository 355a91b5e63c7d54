"""What is seen in clips, compared with what is said: pictures and texts of an OpenCLIP model share one space.

The paper has each clip described in a sentence by a vision-language model and compares the sentence with the line
(sec. 3.4). Where the plan's own encoder has a text tower, its pictures are compared with the line themselves, which
costs nothing: the features are there.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from trailergen.errors import TrailergenError
from trailergen.features.registry import get_encoder
from trailergen.features.views import Views
from trailergen.runtime.device import resolve_device
from trailergen.stages import encode_shots, known_shots, recut_shots

if TYPE_CHECKING:
    from trailergen.media.probe import FilmInfo
    from trailergen.plans import Plan
    from trailergen.session import Session

_WEIGHT = 0.05
"""Similarity (eq. 13) that a clip gains for each standard deviation by which it resembles a line more than others do:
as much as its place in the trailer counts, and less than words in common."""


@runtime_checkable
class _Reads(Protocol):
    """An encoder with a text tower."""

    def encode_text(self, texts: Sequence[str]) -> NDArray[np.float32]: ...


def seen_similarity(
    session: Session, plan: Plan, film: FilmInfo, texts: Sequence[str]
) -> tuple[NDArray[np.float64], str] | None:
    """The similarity (N, J) of lines and what is seen in clips, around 0, and the encoder behind it.

    Cosines of texts and pictures are all small: only their deviations among the trailer's clips tell.

    Args:
        session: cache, processor.
        plan: of J clips.
        film: of the plan.
        texts: the N lines.

    Returns:
        None where the plan's encoder has no text tower that can be used.

    Raises:
        InputError: the film cannot be read.
        WeightsError: its features are unfit.
    """
    made_with = plan.provenance.settings
    name, views = str(made_with.get("encoder", "")), str(made_with.get("views", Views.fast))
    if not name.startswith("openclip"):
        return None
    try:
        encoder = get_encoder(name, Views(views), resolve_device(session.device))
        if not isinstance(encoder, _Reads) or encoder.space != plan.provenance.encoder:
            return None
        said = encoder.encode_text(texts).astype(np.float64)
    except TrailergenError:  # fetched no more, or a tokenizer of another package
        return None
    found = known_shots(session, film.path)
    cut = [(shot.start, shot.end) for shot in plan.shots]
    if cut != [(shot.frame_in, shot.frame_out) for shot in found.analysis.shots]:
        found = recut_shots(session, found, cut)
    seen = encode_shots(session, found, encoder)[[position.shot for position in plan.positions]].astype(np.float64)
    cosines = said @ seen.T
    spread = np.maximum(cosines.std(axis=1, keepdims=True), np.finfo(np.float32).eps)
    return _WEIGHT * (cosines - cosines.mean(axis=1, keepdims=True)) / spread, encoder.name
