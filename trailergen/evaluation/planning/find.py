"""The methods beside SSMP by the names of ``--method``, ready to plan a film. Nothing heavy is imported before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trailergen.errors import UsageError

if TYPE_CHECKING:
    from trailergen.dialogue.similarity import EncodeText
    from trailergen.evaluation.methods import Method
    from trailergen.evaluation.planning.filler import MethodFiller
    from trailergen.session import Session
    from trailergen.settings.plan import PlanSettings


def find_filler(session: Session, asked: PlanSettings) -> MethodFiller:
    """The method that is asked for.

    Raises:
        UsageError: it learns and there is no checkpoint, it learns nothing and there is one, or the checkpoint is
            another method's.
        WeightsError: the checkpoint cannot be read, or a text tower is needed and none is installed.
    """
    from trailergen.evaluation.baselines.registry import BASELINES
    from trailergen.evaluation.method_checkpoint import load_method
    from trailergen.evaluation.planning.filler import MethodFiller
    from trailergen.runtime.cache import file_sha256

    kind = next(kind for name, kind in BASELINES.items() if name.lower() == asked.method)
    path = asked.checkpoint
    if not kind.learns:
        if path is not None:
            raise UsageError(f"--method {asked.method} learns nothing, --checkpoint has nothing to tell it")
        return MethodFiller(asked.method, kind(), None, {}, _tower(session, asked, kind))
    if path is None:
        raise UsageError(
            f"--method {asked.method} learns from trailers, and there is no checkpoint of it",
            "no trained one comes with trailergen",
            f"make one with `trailergen train --method {asked.method}`, and name it with --checkpoint",
        )
    stored = load_method(path)
    if stored.name.lower() != asked.method:
        raise UsageError(f"{path} is a checkpoint of {stored.name.lower()}, not of {asked.method}")
    weights = {path.name: file_sha256(path)}
    return MethodFiller(
        asked.method, stored.method, stored.feature_space, weights, _tower(session, asked, type(stored.method))
    )


def _tower(session: Session, asked: PlanSettings, kind: type[Method]) -> EncodeText | None:
    """The text tower for a method that needs words; of one that can do without, where it is installed."""
    from trailergen.dialogue.similarity import clip_text_tower
    from trailergen.evaluation.baselines.learned import FilmMethod
    from trailergen.features.views import Views
    from trailergen.features.words import text_encoder
    from trailergen.runtime.device import resolve_device

    device = resolve_device(session.device)
    if kind.needs & {"captions", "subtitles"}:
        return text_encoder(asked.encoder, Views(asked.views), device).encode_text
    if issubclass(kind, FilmMethod) and kind.words is not None:
        found = clip_text_tower(asked.encoder, device)
        return None if found is None else found[1]
    return None
