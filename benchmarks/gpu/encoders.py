"""The encoders on the device against the CPU: the same vectors; and how many shots a second.

Published architectures at full size with random weights. Random towers give vectors that are much alike, so what is
compared is also what tells one picture from another: the vectors less their mean.
"""

from __future__ import annotations

import copy
import json
import shutil
import tempfile
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional

from benchmarks.gpu.films import SHOT_FRAMES, film, pictures
from benchmarks.gpu.limits import median_seconds, seconds
from benchmarks.gpu.networks import analysed, networks
from benchmarks.gpu.parts import Row, Setting, SkippedError
from benchmarks.pairs import stretches
from trailergen.errors import WeightsError
from trailergen.features.encoders.imagebind import ImageBindTower
from trailergen.features.encoders.imagebind_tower import TowerConfig, VisionTower
from trailergen.features.registry import ENCODERS
from trailergen.features.towers import BATCH, Tower, encode_film
from trailergen.features.views import Views
from trailergen.media.probe import probe_film

NEAR, NEAR_CENTRED = 0.999, 0.98
"""Least cosines of half precision with single precision."""
EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "film.mp4"
_LARGE = 12 * 2**30
_SMALL = TowerConfig(dim=64, blocks=2, heads=4, mlp=128, out=32, size=56)


def imagebind(setting: Setting) -> list[Row]:
    """The paper's tower."""
    torch.manual_seed(0)
    network = VisionTower(_SMALL if setting.tiny else TowerConfig()).requires_grad_(False).eval()
    torch.nn.init.normal_(network.class_token, std=0.02)
    torch.nn.init.normal_(network.positions, std=0.02)
    ours, theirs = ImageBindTower(copy.deepcopy(network), setting.device), ImageBindTower(network, "cpu")
    return compared(setting, "imagebind", ours, theirs)


def openclip(setting: Setting, name: str, model: str) -> list[Row]:
    """A model of open_clip."""
    import open_clip
    from safetensors.torch import save_file

    from trailergen.features.encoders.openclip import OpenClipTower

    if setting.tiny:
        if name != "openclip-fast":
            raise SkippedError("a rehearsal needs no second model of open_clip")
        model = _small(setting.folder)
    torch.manual_seed(0)
    with tempfile.TemporaryDirectory(dir=_memory()) as folder:
        path = Path(folder) / "weights.safetensors"
        with _made_on(setting.device):
            state = open_clip.create_model(model).state_dict()
        save_file({key: tensor.cpu().contiguous() for key, tensor in state.items()}, path)
        del state

        def tower(device: str) -> OpenClipTower:
            try:
                with _made_on(setting.device):  # random numbers, to be replaced, are drawn faster there
                    return OpenClipTower(path, model, device)
            except WeightsError:
                return OpenClipTower(path, model, device)

        ours, theirs = tower(setting.device), tower("cpu")
    return compared(setting, f"{name}, {model}", ours, theirs)


def efficientnet(setting: Setting) -> list[Row]:
    """The network that comes with trailergen and sees a film while it is analysed."""
    if "efficientnet" not in ENCODERS:
        raise SkippedError("this trailergen has no such encoder")
    from trailergen.features.encoders.efficientnet import EfficientNetEncoder

    encoder = EfficientNetEncoder()  # get_encoder would refuse weights that were rounded to be carried
    info = probe_film(film(setting, 130, 480, 270) if setting.tiny else EXAMPLE)

    def vectors(device: str, exact: bool) -> torch.Tensor:
        analysis = analysed(info, device, networks(device, exact))
        return torch.from_numpy(np.concatenate(list(encoder.encode(info, analysis, 0, lambda done: None))))

    single = vectors("cpu", exact=True)
    check = _alike("efficientnet, CUDA and CPU", vectors(setting.device, exact=True), single)
    narrow = _alike(
        "efficientnet on this CPU, single precision and as the product computes", vectors("cpu", exact=False), single
    )
    narrow = replace(narrow, expected="", ok=None)
    network = networks(setting.device).efficientnet
    pictures_ = np.random.default_rng(0).integers(0, 256, (setting.size(64, 2), 224, 224, 3), np.uint8)
    taken = median_seconds(lambda: network.embed(pictures_), setting.device, setting.size(10, 1), setting.size(3, 0))
    rate = len(pictures_) / taken
    row = Row("efficientnet: the network alone", f"{rate:.0f} pictures/s", figures={"pictures_per_s": rate})
    return [check, narrow, row]


def compared(setting: Setting, name: str, ours: Tower, theirs: Tower) -> list[Row]:
    """The same pictures through both; then the speed of ours, alone and with all that goes before it."""
    shown = list(pictures(SHOT_FRAMES[1] * setting.size(16, 4), 480, 270, seed=1))[:: SHOT_FRAMES[1]]  # no shot twice
    inputs = torch.stack([theirs.prepare(picture, Views.fast)[0] for picture in shown])
    inputs = inputs[:, None].repeat(1, theirs.frames, 1, 1, 1)
    check = _alike(f"{name}, CUDA and CPU", ours.embed(inputs), theirs.embed(inputs))

    full = inputs.repeat(-(-BATCH // len(inputs)), 1, 1, 1, 1)[:30]  # ten shots of three stills
    alone = 10 / median_seconds(lambda: ours.embed(full), setting.device, setting.size(10, 1), setting.size(3, 0))
    frames = setting.size(1500, 130)
    info = probe_film(film(setting, frames, 480, 270))
    rate, shots = stretches(info, setting.size(60, 2))

    def encode() -> None:
        for _ in encode_film(info, rate, shots, ours, Views.fast):
            pass

    whole = len(shots) / seconds(encode, setting.device)
    figures = {"network": alone, "film": whole}
    found = f"{alone:.1f} shots/s, with decoding and preparation {whole:.1f}"
    return [check, Row(f"{name}: three stills a shot", found, figures=figures)]


def _alike(what: str, ours: torch.Tensor, theirs: torch.Tensor) -> Row:
    near = float(functional.cosine_similarity(ours, theirs, dim=1).min())
    mean = theirs.mean(0)
    products = functional.normalize(ours - mean, dim=1) @ functional.normalize(theirs - mean, dim=1).T
    centred, own = float(products.diagonal().min()), bool((products.argmax(1) == torch.arange(len(ours))).all())
    return Row(
        f"{what}: cosines",
        f"at least {near:.6f}; less their mean {centred:.4f}, {'each' if own else 'not each'} nearest to its own",
        f"{NEAR}, {NEAR_CENTRED}, each",
        near >= NEAR and centred >= NEAR_CENTRED and own,
        {"cosine": near, "centred": centred},
    )


def _made_on(device: str) -> AbstractContextManager[object]:
    return torch.device(device) if device == "cuda" else nullcontext()


def _memory() -> str | None:
    """A folder in memory for large files, if there is one."""
    folder = Path("/dev/shm")
    return str(folder) if folder.is_dir() and shutil.disk_usage(folder).free > _LARGE else None


def _small(folder: Path) -> str:
    """The name of a small model that open_clip is told of."""
    import open_clip

    vision = {"image_size": 64, "layers": 2, "width": 64, "head_width": 32, "patch_size": 16}
    text = {"context_length": 8, "vocab_size": 49408, "width": 32, "heads": 2, "layers": 1}
    path = folder / "rehearsal.json"
    path.write_text(json.dumps({"embed_dim": 48, "vision_cfg": vision, "text_cfg": text}))
    open_clip.add_model_config(path)
    return path.stem
