"""What an encoder is, and which there are."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from trailergen.errors import UsageError, WeightsError
from trailergen.media.probe import FilmInfo
from trailergen.runtime.progress import Tick

if TYPE_CHECKING:
    from pathlib import Path

    from trailergen.features.views import Views
    from trailergen.shots.analysis import FilmAnalysis

FEATURE_DIM = 1024
AUTO = "auto"
_OPENCLIP = "ViT-H-14/laion2b_s32b_b79k"
_OPENCLIP_FAST = "ViT-B-32/laion2b_s34b_b79k"


class Encoder(Protocol):
    """Turns the shots of a film into features.

    ``space`` names the feature space: cosines mean something only between features of one space, and a model
    trained on one is refused for another. ``version`` changes when the numbers change. ``weights`` are the SHA-256 of
    the files it reads, by name, and ``licence`` is theirs.
    """

    name: str
    space: str
    version: int
    licence: str
    weights: Mapping[str, str]

    def encode(self, film: FilmInfo, analysis: FilmAnalysis, first: int, tick: Tick) -> Iterator[NDArray[np.float32]]:
        """Features of the shots from number ``first`` on, in batches (n, D) of neighbouring shots as they are known.

        D is 1,024 but for `efficientnet`, which has 1,280. Rows are L2-normalised, one per shot; ``tick`` gets shots
        done. ``first`` is 0 or where an earlier batch ended.
        """
        ...


@dataclass(frozen=True)
class Wish:
    """How an encoder is to be: ``detail`` is what the user wrote after its name and a colon."""

    detail: str
    views: Views
    device: str


def _imagebind(wish: Wish) -> Encoder:
    from trailergen.features.encoders.imagebind import ImageBindEncoder

    _refuse_detail("imagebind", wish)
    path, licence, sha256 = _installed("imagebind")
    return ImageBindEncoder(path, wish.views, wish.device, licence, {"imagebind": sha256})


def _openclip(wish: Wish, default: str = _OPENCLIP) -> Encoder:
    model, slash, tag = (wish.detail or default).partition("/")
    if not (model and slash and tag):
        raise UsageError(
            f"--encoder openclip:{wish.detail} names no model", hint=f"write MODEL/TAG, like openclip:{_OPENCLIP}"
        )
    from trailergen.features.encoders.openclip import OpenClipEncoder, require_model

    require_model(model)
    name = openclip_weights(model, tag)
    path, licence, sha256 = _installed(name)
    return OpenClipEncoder(path, model, tag, wish.views, wish.device, licence, {name: sha256})


def _openclip_fast(wish: Wish) -> Encoder:
    _refuse_detail("openclip-fast", wish)
    return _openclip(wish, _OPENCLIP_FAST)


def _efficientnet(wish: Wish) -> Encoder:
    from trailergen.features.encoders.efficientnet import EfficientNetEncoder
    from trailergen.shots.networks import EFFICIENTNET

    _refuse_detail("efficientnet", wish)
    _, licence, sha256 = _installed(EFFICIENTNET)
    return EfficientNetEncoder(licence, {EFFICIENTNET: sha256})


def _builtin(wish: Wish) -> Encoder:
    from trailergen.features.encoders.builtin import BuiltinEncoder

    _refuse_detail("builtin", wish)
    return BuiltinEncoder()


# The best first; the last two need no download, the last no weights.
ENCODERS: dict[str, Callable[[Wish], Encoder]] = {
    "imagebind": _imagebind,
    "openclip": _openclip,
    "openclip-fast": _openclip_fast,
    "efficientnet": _efficientnet,
    "builtin": _builtin,
}


def get_encoder(
    name: str,
    views: Views | None = None,
    device: str = "cpu",
    space: str | None = None,
    note: Callable[[str], None] = lambda text: None,
) -> Encoder:
    """The encoder of that name; nothing of it is loaded before its first use, but its weights are checked.

    Args:
        name: one of ``ENCODERS``, ``openclip:MODEL/TAG``, or ``auto``: the best whose weights are here, are what they
            should be, and whose licence was accepted where that is asked for.
        views: what of a shot is looked at, by default ``fast``; all the same to ``efficientnet`` and ``builtin``.
        device: of torch, where it runs.
        space: the feature space that the model reads, if it reads one only.
        note: is told which weights ``auto`` found and could not use.

    Raises:
        UsageError: there is no such encoder, or a package that it needs is not installed.
        WeightsError: its weights are missing, damaged, their licence was not accepted, or the space is another one.
    """
    from trailergen.features.views import Views

    base, _, detail = name.partition(":")
    wish = Wish(detail, views or Views.fast, device)
    if name == AUTO:
        return _best(wish, space, note)
    if base not in ENCODERS:
        raise UsageError(f"there is no encoder {name!r}", hint=f"use one of: {', '.join((AUTO, *ENCODERS))}")
    encoder = ENCODERS[base](wish)
    if space not in (None, encoder.space):
        raise WeightsError(
            f"the checkpoint cannot read the features of {encoder.name}",
            f"it was trained on {space!r}, these features are {encoder.space!r}",
            "choose the encoder and the views it was trained with, or a checkpoint for this encoder",
        )
    return encoder


def openclip_weights(model: str, tag: str) -> str:
    """The name of an open_clip model's weights in ``weights/index.toml``, or in an index of the user's."""
    if f"{model}/{tag}" in (_OPENCLIP, _OPENCLIP_FAST):
        return f"openclip-{model}".lower()
    return f"openclip-{model}-{tag}".lower().replace("_", "-")


def _best(wish: Wish, space: str | None, note: Callable[[str], None]) -> Encoder:
    from trailergen.weights import find_weights

    needed = {
        "imagebind": "imagebind",
        "openclip": openclip_weights(*_OPENCLIP.split("/")),
        "openclip-fast": openclip_weights(*_OPENCLIP_FAST.split("/")),
    }
    for name, weights in needed.items():
        if not find_weights(weights).path.exists():
            continue
        try:
            encoder = ENCODERS[name](wish)
        except (WeightsError, UsageError) as error:
            note(f"the encoder {name} is passed over: {error.what}")
            continue
        if space in (None, encoder.space):
            return encoder
    for always in (_efficientnet, _builtin):
        encoder = always(wish)
        if space in (None, encoder.space):
            return encoder
    raise WeightsError(
        "no encoder here gives the features that the checkpoint reads",
        f"it was trained on {space!r}",
        "name the encoder with --encoder and --views, and fetch its weights: docs/encoders.md lists the spaces",
    )


def _installed(name: str) -> tuple[Path, str, str]:
    """Path, licence and SHA-256 of weights that may be used. Raises WeightsError if they may not."""
    from trailergen.runtime.cache import file_sha256
    from trailergen.weights import expected_sha256, find_weights, verified

    weights = find_weights(name)
    path = verified(weights)
    # Known since it was verified, but in a folder that cannot be written.
    return path, weights.licence, expected_sha256(weights) or file_sha256(path)


def _refuse_detail(name: str, wish: Wish) -> None:
    if wish.detail:
        raise UsageError(f"the encoder {name} has no models to choose from, {wish.detail!r} is none")
