"""Models on disk: safetensors whose metadata carry the model's own size and the feature space it was trained on.

Files written before parameters had their present names are read, see ``current_tensors`` and ``current_training``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor

from trailergen.errors import WeightsError
from trailergen.runtime.cache import atomic_output
from trailergen.ssmp.model import SSMP, ModelConfig
from trailergen.ssmp.spaces import SPACES, TokenSpace

FORMAT = "trailergen.ssmp/1"
METADATA_KEY = "trailergen"

_FORMER_TENSORS = (
    (r"^enter\.", "in_proj."),
    (r"^leave\.", "out_proj."),
    (r"^sides$", "token_type_embedding"),
    (r"^place\.", "position_proj."),
    (r"^(blocks\.\d+)\.query_key_value\.", r"\1.qkv_proj."),
    (r"^(blocks\.\d+)\.attention_out\.", r"\1.attention_out_proj."),
    (r"^(blocks\.\d+)\.up\.", r"\1.up_proj."),
    (r"^(blocks\.\d+)\.out\.", r"\1.down_proj."),
)
_FORMER_SETTINGS = {"local_start": "local_attention_init"}


@dataclass(frozen=True)
class CheckpointInfo:
    """The description that a checkpoint carries.

    Args:
        config: size of the model.
        feature_space: name of the space of the vectors it reads and predicts.
        training: facts about its training, as JSON values.
    """

    config: ModelConfig
    feature_space: str
    training: Mapping[str, Any]


def save_checkpoint(path: Path, model: SSMP, feature_space: str, training: Mapping[str, Any] | None = None) -> None:
    """Write a model, by temporary file and rename; the same model gives the same bytes.

    Raises:
        OutputError: the file cannot be written.
    """
    about = {
        "format": FORMAT,
        "config": asdict(model.config),
        "feature_space": feature_space,
        "training": dict(training or {}),
    }
    tensors = {name: tensor.detach().cpu().contiguous() for name, tensor in model.state_dict().items()}
    content = save(tensors, {METADATA_KEY: json.dumps(about, sort_keys=True)})
    with atomic_output(path) as temporary:
        temporary.write_bytes(content)


def load_checkpoint(path: Path, device: torch.device | str = "cpu") -> tuple[SSMP, CheckpointInfo]:
    """Read a model, ready for inference, and its description.

    Raises:
        WeightsError: the file is missing, truncated, no checkpoint of ours, of a newer format, or holds weights that
            do not fit its own description or are not finite.
    """
    try:
        with safe_open(path, framework="pt", device="cpu") as file:
            metadata = file.metadata() or {}
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    except FileNotFoundError as error:
        raise WeightsError(f"there is no checkpoint {path}", hint="give the path of a .safetensors file") from error
    except (OSError, SafetensorError) as error:
        raise WeightsError(
            f"cannot read the checkpoint {path}",
            str(error),
            "give a .safetensors file that `trailergen train` made; if it is one, it is truncated",
        ) from error
    info = _read_info(path, metadata)
    model = SSMP(info.config)
    try:
        model.load_state_dict(current_tensors(tensors))
    except RuntimeError as error:
        raise WeightsError(f"the weights in {path} do not fit the model it describes", str(error)) from error
    if not all(torch.isfinite(parameter).all() for parameter in model.parameters()):
        raise WeightsError(f"the checkpoint {path} holds weights that are not finite", "its training diverged")
    return model.to(device).eval(), info


def current_tensors(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Parameters of an ``SSMP`` by their present names, whatever version wrote them."""
    named = {}
    for name, tensor in tensors.items():
        for former, present in _FORMER_TENSORS:
            name = re.sub(former, present, name)
        named[name] = tensor
    return named


def current_training(training: Mapping[str, Any]) -> dict[str, Any]:
    """Facts about a training, as ``Run.description`` gives them, with the present names of the model's settings."""
    facts = dict(training)
    if isinstance(model := facts.get("model"), Mapping):
        facts["model"] = _current_settings(model)
    return facts


def require_feature_space(info: CheckpointInfo, feature_space: str, path: Path) -> None:
    """Refuse features the model was not trained on.

    Raises:
        WeightsError: ``feature_space`` is not the checkpoint's; both are named.
    """
    if info.feature_space != feature_space:
        raise WeightsError(
            f"the checkpoint {path} cannot read these features",
            f"it was trained on {info.feature_space!r}, the film's features are {feature_space!r}",
            "choose the encoder it was trained with, or a checkpoint for this encoder",
        )


def token_space_of(path: Path) -> TokenSpace:
    """The space whose tokens a checkpoint reads, whatever the encoder.

    Raises:
        WeightsError: it cannot be read, or it reads an encoder's features themselves.
    """
    _, info = load_checkpoint(path)
    if info.feature_space not in SPACES:
        raise WeightsError(
            f"the checkpoint {path} cannot read films of every encoder",
            f"it was trained on {info.feature_space!r}",
            f"choose one trained on {' or '.join(SPACES)}, or films of its encoder",
        )
    return SPACES[info.feature_space]


def _read_info(path: Path, metadata: Mapping[str, str]) -> CheckpointInfo:
    if METADATA_KEY not in metadata:
        raise WeightsError(
            f"{path} is no checkpoint of trailergen",
            f"its metadata have no {METADATA_KEY!r} entry",
            "use the checkpoints that come with trailergen or that `trailergen train` writes",
        )
    try:
        about = json.loads(metadata[METADATA_KEY])
        if "method" in about:
            raise WeightsError(
                f"{path} is a checkpoint of the method {str(about['method']).lower()}",
                "this reads one of SSMP",
                f"plan with it by --method {str(about['method']).lower()}",
            )
        if about["format"] != FORMAT:
            raise WeightsError(
                f"the checkpoint {path} has a format this version does not read",
                f"{about['format']!r}, expected {FORMAT!r}",
                "install a newer trailergen",
            )
        return CheckpointInfo(
            ModelConfig(**_current_settings(about["config"])),
            str(about["feature_space"]),
            current_training(about["training"]),
        )
    except (ValueError, TypeError, KeyError) as error:
        raise WeightsError(f"the checkpoint {path} describes its model badly", str(error)) from error


def _current_settings(config: Mapping[str, Any]) -> dict[str, Any]:
    return {_FORMER_SETTINGS.get(name, name): value for name, value in config.items()}
