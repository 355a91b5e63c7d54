"""The encoders by name. To add one, write its file in features/encoders and add its line to ``ENCODERS``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from trailergen.errors import UsageError, WeightsError
from trailergen.features.encoder import Encoder, EncoderSpec
from trailergen.features.encoders import builtin, efficientnet, imagebind, openclip
from trailergen.features.views import Views
from trailergen.runtime.places import is_file
from trailergen.weights import find_weights

AUTO = "auto"


@dataclass(frozen=True)
class Registered:
    """An encoder of the registry.

    Attributes:
        make: the encoder of a spec; raises WeightsError, and UsageError where a package is missing.
        weights: name of the weights that have to be fetched for it; "" for encoders that are always there.
        model: the model that it has by default, where there are several.
        any_model: True if another model may be named after a colon.
    """

    make: Callable[[EncoderSpec], Encoder]
    weights: str = ""
    model: str = ""
    any_model: bool = False


ENCODERS: Mapping[str, Registered] = {
    "imagebind": Registered(imagebind.make, imagebind.WEIGHTS),
    "openclip": Registered(openclip.make, openclip.weights_name(openclip.VIT_H), openclip.VIT_H, any_model=True),
    "openclip-fast": Registered(openclip.make, openclip.weights_name(openclip.VIT_B), openclip.VIT_B),
    "efficientnet": Registered(efficientnet.make),
    "builtin": Registered(builtin.make),
}
"""By the names of ``--encoder``, the best first: the order in which ``auto`` tries them."""


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
        views: the pictures of a shot that it is shown, by default ``fast``; `efficientnet` and `builtin` disregard it.
        device: of torch, where it runs.
        space: the feature space that the model reads, if it reads one only.
        note: is told which weights ``auto`` found and could not use.

    Raises:
        UsageError: there is no such encoder, or a package that it needs is not installed.
        WeightsError: its weights are missing, damaged, their licence was not accepted, or the space is another one.
    """
    require_encoder(name)
    base, _, model = name.partition(":")
    spec = EncoderSpec(views or Views.fast, device, model)
    if name == AUTO:
        return _best(spec, space, note)
    registered = ENCODERS[base]
    encoder = registered.make(replace(spec, model=model or registered.model))
    if space not in (None, encoder.space):
        raise WeightsError(
            f"the checkpoint cannot read the features of {encoder.name}",
            f"it was trained on {space!r}, these features are {encoder.space!r}",
            "choose the encoder and the views it was trained with, or a checkpoint for this encoder",
        )
    return encoder


def require_encoder(name: str) -> None:
    """Raise UsageError for a name of no encoder; if it can be used here is not asked."""
    base, _, model = name.partition(":")
    if name != AUTO and base not in ENCODERS:
        raise UsageError(f"there is no encoder {name!r}", hint=f"use one of: {', '.join((AUTO, *ENCODERS))}")
    if model and not ENCODERS[base].any_model:
        raise UsageError(f"the encoder {base} has no models to choose from, {model!r} is none")


def _best(spec: EncoderSpec, space: str | None, note: Callable[[str], None]) -> Encoder:
    """The first encoder whose weights are here and usable, and whose features are of the space."""
    for name, registered in ENCODERS.items():
        if registered.weights and not is_file(find_weights(registered.weights).path):
            continue
        try:
            encoder = registered.make(replace(spec, model=registered.model))
        except (WeightsError, UsageError) as error:
            if not registered.weights:
                raise
            note(f"the encoder {name} is passed over: {error.what}")
            continue
        if space in (None, encoder.space):
            return encoder
    raise WeightsError(
        "no encoder here gives the features that the checkpoint reads",
        f"it was trained on {space!r}",
        "name the encoder with --encoder and --views, and fetch its weights: docs/encoders.md lists the spaces",
    )
