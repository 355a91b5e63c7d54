"""Small towers with random weights in the layout of the published ones."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from torch import nn
from weights_server import Server, serving

DIM, BLOCKS, OUT, SIZE, PATCH = 32, 2, 24, 28, 14


def imagebind_state(seed: int = 0, size: int = SIZE, others: bool = True) -> dict[str, torch.Tensor]:
    """A checkpoint with ImageBind's names and 16 heads of 2 channels; with ``others`` not of vision alone."""
    drawn = torch.Generator().manual_seed(seed)
    shapes: dict[str, tuple[int, ...]] = {
        "modality_preprocessors.vision.cls_token": (1, 1, DIM),
        "modality_preprocessors.vision.rgbt_stem.proj.1.weight": (DIM, 3, 2, PATCH, PATCH),
        "modality_preprocessors.vision.pos_embedding_helper.pos_embed": (1, 1 + (size // PATCH) ** 2, DIM),
        "modality_trunks.vision.pre_transformer_layer.0.weight": (DIM,),
        "modality_trunks.vision.pre_transformer_layer.0.bias": (DIM,),
        "modality_heads.vision.0.weight": (DIM,),
        "modality_heads.vision.0.bias": (DIM,),
        "modality_heads.vision.2.weight": (OUT, DIM),
    }
    for block in range(BLOCKS):
        inside = {
            "attn.in_proj_weight": (3 * DIM, DIM),
            "attn.in_proj_bias": (3 * DIM,),
            "attn.out_proj.weight": (DIM, DIM),
            "attn.out_proj.bias": (DIM,),
            "norm_1.weight": (DIM,),
            "norm_1.bias": (DIM,),
            "mlp.fc1.weight": (4 * DIM, DIM),
            "mlp.fc1.bias": (4 * DIM,),
            "mlp.fc2.weight": (DIM, 4 * DIM),
            "mlp.fc2.bias": (DIM,),
            "norm_2.weight": (DIM,),
            "norm_2.bias": (DIM,),
        }
        shapes |= {f"modality_trunks.vision.blocks.{block}.{name}": shape for name, shape in inside.items()}
    if others:
        shapes["modality_heads.audio.0.weight"] = (8,)
        shapes["modality_postprocessors.text.1.log_logit_scale"] = ()
    return {name: 0.3 * torch.randn(shape, generator=drawn) for name, shape in shapes.items()}


def write_imagebind(path: Path, seed: int = 0, size: int = SIZE) -> Path:
    torch.save(imagebind_state(seed, size), path)
    return path


@contextmanager
def small_openclip(name: str, folder: Path) -> Iterator[dict[str, torch.Tensor]]:
    """The random weights of a small model that open_clip knows by that name meanwhile, if need be instead of its own.

    ``folder`` gets its description and its weights, as ``NAME.safetensors``.
    """
    import open_clip

    config = {
        "embed_dim": 48,
        "vision_cfg": {"image_size": 32, "layers": 2, "width": 64, "head_width": 32, "patch_size": 16},
        "text_cfg": {"context_length": 8, "vocab_size": 49408, "width": 32, "heads": 2, "layers": 1},
    }
    with pytest.MonkeyPatch.context() as patch:
        for table in ("_MODEL_CONFIG_PATHS", "_MODEL_CONFIGS"):
            patch.setattr(open_clip.factory, table, getattr(open_clip.factory, table).copy())
        described = folder / f"{name}.json"
        described.write_text(json.dumps(config))
        open_clip.add_model_config(described)
        torch.manual_seed(0)
        state = open_clip.create_model(name).state_dict()
        save_file({key: tensor.contiguous() for key, tensor in state.items()}, folder / f"{name}.safetensors")
        yield state


@contextmanager
def served_weights(root: Path, folder: Path) -> Iterator[dict[str, Server]]:
    """Servers of a small ImageBind and a small ViT-H/14, and an index in ``root`` that says they are the real ones."""
    with ExitStack() as stack:
        stack.enter_context(small_openclip("ViT-H-14", folder))
        files = {
            "imagebind": write_imagebind(folder / "imagebind_huge.pth"),
            "openclip-vit-h-14": folder / "ViT-H-14.safetensors",
        }
        servers, entries = {}, []
        for name, path in files.items():
            content = path.read_bytes()
            servers[name] = stack.enter_context(serving(content))
            entries.append(
                f"[{name}]\nfile = '{path.name}'\nurls = ['{servers[name].url}/{path.name}']\nsize = {len(content)}\n"
                f"sha256 = '{hashlib.sha256(content).hexdigest()}'\nlicence = 'Terms of {name}'\n"
                f"feature_space = 'test'\nneeds_acceptance = {'true' if name == 'imagebind' else 'false'}\n"
            )
        (root / "index.toml").write_text("\n".join(entries))
        yield servers


class PlainTower:
    """The tower once more, of ``nn.MultiheadAttention`` and as few lines as possible."""

    def __init__(self, state: dict[str, torch.Tensor]) -> None:
        self.state = state

    def __call__(self, clips: torch.Tensor) -> torch.Tensor:
        """Unit vectors (n, OUT) of clips (n, 3, 2, SIZE, SIZE)."""
        of = self.state
        vision = "modality_preprocessors.vision."
        patches = torch.conv3d(clips, of[vision + "rgbt_stem.proj.1.weight"], stride=(2, PATCH, PATCH))
        tokens = torch.stack([patch.reshape(DIM, -1).T for patch in patches])
        first = of[vision + "cls_token"].repeat(len(clips), 1, 1)
        tokens = torch.cat((first, tokens), 1) + of[vision + "pos_embedding_helper.pos_embed"]
        tokens = self._norm("modality_trunks.vision.pre_transformer_layer.0", tokens).transpose(0, 1)
        for block in range(BLOCKS):
            at = f"modality_trunks.vision.blocks.{block}."
            attention = nn.MultiheadAttention(DIM, 16)
            attention.load_state_dict(
                {name.removeprefix(at + "attn."): of[name] for name in of if name.startswith(at + "attn.")}
            )
            normed = self._norm(at + "norm_1", tokens)
            tokens = tokens + attention(normed, normed, normed)[0]
            wide = self._norm(at + "norm_2", tokens) @ of[at + "mlp.fc1.weight"].T + of[at + "mlp.fc1.bias"]
            wide = wide * 0.5 * (1 + torch.erf(wide / 2**0.5))
            tokens = tokens + wide @ of[at + "mlp.fc2.weight"].T + of[at + "mlp.fc2.bias"]
        vectors = self._norm("modality_heads.vision.0", tokens)[0] @ of["modality_heads.vision.2.weight"].T
        return vectors / vectors.norm(dim=1, keepdim=True)

    def _norm(self, name: str, tokens: torch.Tensor) -> torch.Tensor:
        centred = tokens - tokens.mean(-1, keepdim=True)
        scale = (centred.square().mean(-1, keepdim=True) + 1e-6).rsqrt()
        return centred * scale * self.state[name + ".weight"] + self.state[name + ".bias"]
