"""Methods on disk: safetensors whose metadata name the method, its configuration and the feature space it reads.

A method that learns says by ``Method.state`` what is to be kept of it, and is made again by ``Method.restored``.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save

from trailergen.errors import WeightsError
from trailergen.evaluation.baselines.registry import BASELINES
from trailergen.evaluation.methods import Method
from trailergen.runtime.cache import atomic_output

FORMAT = "trailergen.method/1"
METADATA_KEY = "trailergen"


@dataclass(frozen=True)
class StoredMethod:
    """A method read from a file: its name in ``BASELINES``, itself, fitted, and the space of the features it reads."""

    name: str
    method: Method
    feature_space: str


def save_method(path: Path, name: str, method: Method, feature_space: str) -> None:
    """Write a fitted method, by temporary file and rename; the same method gives the same bytes.

    Args:
        path: of the file.
        name: of the method in ``BASELINES``.
        method: one that learns, fitted.
        feature_space: of the features it was fitted to.

    Raises:
        OutputError: the file cannot be written.
        ValueError: the method learns nothing.
    """
    config, tensors = method.state()
    about = {"format": FORMAT, "method": name, "config": dict(config), "feature_space": feature_space}
    kept = {key: tensor.detach().cpu().contiguous() for key, tensor in tensors.items()}
    content = save(kept, {METADATA_KEY: json.dumps(about, sort_keys=True)})
    with atomic_output(path) as temporary:
        temporary.write_bytes(content)


def load_method(path: Path) -> StoredMethod:
    """Read a fitted method.

    Raises:
        WeightsError: the file is missing, damaged, no checkpoint of a method, of a newer format or of a method that
            this version does not know, or holds weights that do not fit or are not finite.
    """
    try:
        with safe_open(path, framework="pt", device="cpu") as file:
            metadata = file.metadata() or {}
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    except FileNotFoundError as error:
        raise WeightsError(f"there is no checkpoint {path}", hint="give the path of a .safetensors file") from error
    except (OSError, SafetensorError) as error:
        raise WeightsError(
            f"cannot read the checkpoint {path}", str(error), "it may be truncated: copy it again"
        ) from error
    if not all(bool(torch.isfinite(tensor).all()) for tensor in tensors.values()):
        raise WeightsError(f"the checkpoint {path} holds weights that are not finite", "its training diverged")
    try:
        about = json.loads(metadata[METADATA_KEY])
        if about["format"] != FORMAT:
            raise WeightsError(
                f"{path} is no checkpoint of a baseline",
                f"its format is {about['format']!r}, expected {FORMAT!r}",
                "choose one that `trailergen train --method NAME` wrote",
            )
        name, space = str(about["method"]), str(about["feature_space"])
        method = BASELINES[name].restored(about["config"], tensors)
    except (ValueError, TypeError, KeyError, AttributeError, RuntimeError) as error:
        raise WeightsError(
            f"{path} is no checkpoint of a baseline of this version", f"{type(error).__name__}: {error}"
        ) from error
    return StoredMethod(name, method, space)
