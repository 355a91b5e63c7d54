"""Conversion of the published ImageBind checkpoint to a file of its vision tower alone.

``imagebind_huge.pth`` holds six towers, 4.8 GB, as a pickle. The first use takes the vision tower out and writes it
beside the checkpoint as safetensors, which later uses read at once.
"""

from __future__ import annotations

import json
import math
import re
from pathlib import Path

import torch

from trailergen.errors import OutputError, WeightsError
from trailergen.features.encoders.imagebind_tower import TowerConfig, VisionTower
from trailergen.runtime.cache import atomic_output
from trailergen.weights.tensors import read_tensors

_FORMAT = "trailergen.imagebind-vision/1"
_HEADS = 16  # the one number of the tower that no tensor's shape tells
_STEM = "modality_preprocessors.vision.rgbt_stem.proj.1.weight"
_NAMES = {
    _STEM: "stem.weight",
    "modality_preprocessors.vision.cls_token": "class_token",
    "modality_preprocessors.vision.pos_embedding_helper.pos_embed": "positions",
    "modality_trunks.vision.pre_transformer_layer.0.weight": "norm_in.weight",
    "modality_trunks.vision.pre_transformer_layer.0.bias": "norm_in.bias",
    "modality_heads.vision.0.weight": "norm_out.weight",
    "modality_heads.vision.0.bias": "norm_out.bias",
    "modality_heads.vision.2.weight": "head.weight",
}
_BLOCK = re.compile(r"modality_trunks\.vision\.blocks\.(\d+)\.(.+)")
_BLOCK_NAMES = {
    "norm_1.weight": "norm_1.weight",
    "norm_1.bias": "norm_1.bias",
    "attn.in_proj_weight": "query_key_value.weight",
    "attn.in_proj_bias": "query_key_value.bias",
    "attn.out_proj.weight": "gather.weight",
    "attn.out_proj.bias": "gather.bias",
    "norm_2.weight": "norm_2.weight",
    "norm_2.bias": "norm_2.bias",
    "mlp.fc1.weight": "widen.weight",
    "mlp.fc1.bias": "widen.bias",
    "mlp.fc2.weight": "narrow.weight",
    "mlp.fc2.bias": "narrow.bias",
}


def load_tower(checkpoint: Path) -> VisionTower:
    """The vision tower of a checkpoint with ImageBind's names, of whatever size, in float32 on the CPU.

    Reads the converted file beside it if that was made from this very file, else makes it; in a folder that cannot be
    written the checkpoint is read each time.

    Raises:
        WeightsError: the checkpoint is missing, damaged, holds more than tensors, or no such tower.
    """
    try:
        status = checkpoint.stat()
    except OSError as error:
        raise WeightsError(f"the weights {checkpoint} are missing", error.strerror) from error
    source = json.dumps([_FORMAT, status.st_size, status.st_mtime_ns])
    converted = checkpoint.with_name(f"{checkpoint.stem}.vision.safetensors")
    tensors = _read_converted(converted, source)
    if tensors is None:
        tensors = vision_tensors(read_tensors(checkpoint), checkpoint)
        _keep(converted, tensors, source)
    return build_tower(tensors, checkpoint)


def vision_tensors(official: dict[str, torch.Tensor], path: Path) -> dict[str, torch.Tensor]:
    """The tensors of the vision tower by the names of ``VisionTower``, from those of a checkpoint by ImageBind's.

    Raises:
        WeightsError: ``path`` has an unknown tensor of the vision tower, or misses one; they are named.
    """
    found, unknown = {}, []
    for name, tensor in official.items():
        if ".vision." not in name:
            continue
        block = _BLOCK.fullmatch(name)
        if name in _NAMES:
            found[_NAMES[name]] = tensor
        elif block and block[2] in _BLOCK_NAMES:
            found[f"blocks.{block[1]}.{_BLOCK_NAMES[block[2]]}"] = tensor
        else:
            unknown.append(name)
    blocks = {int(match[1]) for name in official if (match := _BLOCK.fullmatch(name))}
    expected = set(_NAMES) | {
        f"modality_trunks.vision.blocks.{block}.{name}"
        for block in range(max(blocks, default=0) + 1)
        for name in _BLOCK_NAMES
    }
    missing = sorted(expected - set(official))
    if unknown or missing:
        raise WeightsError(
            f"{path} does not hold ImageBind's vision tower",
            "; ".join(
                f"{kind}: {', '.join(names[:3])}{' ...' if len(names) > 3 else ''}"
                for kind, names in (("missing", missing), ("unknown", unknown))
                if names
            ),
            "use the published imagebind_huge.pth",
        )
    return found


def build_tower(tensors: dict[str, torch.Tensor], path: Path) -> VisionTower:
    """A tower of the size the tensors have. Raises WeightsError, naming ``path``, where they contradict each other."""
    try:
        config = _config(tensors)
        with torch.device("meta"):  # the tensors take the place of what would only be drawn to be thrown away
            tower = VisionTower(config)
        tower.load_state_dict({name: tensor.float() for name, tensor in tensors.items()}, assign=True)
    except (RuntimeError, ValueError, KeyError, IndexError) as error:
        raise WeightsError(f"the tensors in {path} do not make a vision tower", str(error)) from error
    if not all(torch.isfinite(parameter).all() for parameter in tower.parameters()):
        raise WeightsError(f"{path} holds weights that are not finite")
    return tower.requires_grad_(False).eval()


def _config(tensors: dict[str, torch.Tensor]) -> TowerConfig:
    dim, _, frames, patch, _ = tensors["stem.weight"].shape
    config = TowerConfig(
        dim=dim,
        blocks=len({name.split(".")[1] for name in tensors if name.startswith("blocks.")}),
        heads=_HEADS,
        mlp=tensors["blocks.0.widen.weight"].shape[0],
        out=tensors["head.weight"].shape[0],
        size=math.isqrt(tensors["positions"].shape[1] - 1) * patch,
        patch=patch,
        frames=frames,
    )
    if dim % _HEADS or frames != 2:
        raise ValueError(f"{dim} channels for {_HEADS} heads, {frames} frames")
    return config


def _read_converted(path: Path, source: str) -> dict[str, torch.Tensor] | None:
    """The tensors of a converted file, None if there is none, or one of another source, or a damaged one."""
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, framework="pt", device="cpu") as file:
            if (file.metadata() or {}).get("source") != source:
                return None
            return {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    except (OSError, SafetensorError):
        return None


def _keep(path: Path, tensors: dict[str, torch.Tensor], source: str) -> None:
    from safetensors.torch import save_file

    try:
        with atomic_output(path) as temporary:
            save_file({name: tensor.contiguous() for name, tensor in tensors.items()}, temporary, {"source": source})
    except OutputError:
        return  # it only would have been quicker next time
