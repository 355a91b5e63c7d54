"""Any model of open_clip as an encoder.

The default, ViT-H/14 trained on LAION-2B, is what ImageBind's vision tower was initialised from. Its licence is MIT.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch.nn import functional

from trailergen.errors import UsageError
from trailergen.features.encoder import EncoderSpec, installed_weights
from trailergen.features.pictures import Picture
from trailergen.features.towers import encode_film
from trailergen.features.vectors import l2_normalised, to_feature_dim
from trailergen.features.views import Views, squares
from trailergen.media.probe import FilmInfo
from trailergen.runtime.progress import Tick, no_tick
from trailergen.shots.analysis import FilmAnalysis
from trailergen.weights.tensors import unreadable

VIT_H, VIT_B = "ViT-H-14/laion2b_s32b_b79k", "ViT-B-32/laion2b_s34b_b79k"
"""The two models whose weights are in trailergen's index."""


def weights_name(model: str) -> str:
    """The name of the weights of MODEL/TAG in trailergen's index, or in an index of the user's."""
    name = model.partition("/")[0] if model in (VIT_H, VIT_B) else model
    return f"openclip-{name}".lower().replace("/", "-").replace("_", "-")


def space_name(model: str, tag: str, views: Views) -> str:
    """The feature space of a model and the data it was trained on; the usual views are ``fast``."""
    name = f"openclip-{model}-{tag}".lower()
    return name if views is Views.fast else f"{name}-{views.value}"


class OpenClipEncoder:
    """Features of an open_clip model.

    Args:
        path: its weights, verified: a safetensors or PyTorch file.
        model: open_clip's name of the architecture.
        tag: open_clip's name of the weights.
        views: the pictures of a shot that are shown; with ``paper`` every picture of its clips by itself.
        device: where it runs: in float32 on the CPU, in float16 on a GPU.
        licence: of the weights.
        weights: SHA-256 by name, for the plan.

    Raises:
        UsageError: open_clip is not installed or knows no such model.
    """

    name: str
    version = 1

    def __init__(
        self,
        path: Path,
        model: str,
        tag: str,
        views: Views = Views.fast,
        device: str = "cpu",
        licence: str = "MIT",
        weights: Mapping[str, str] | None = None,
    ) -> None:
        require_model(model)
        self.path, self.model, self.views, self.device, self.licence = path, model, views, device, licence
        self.weights: Mapping[str, str] = dict(weights or {})
        self.name = f"openclip:{model}/{tag}"
        self.space = space_name(model, tag, views)

    def encode(
        self, film: FilmInfo, analysis: FilmAnalysis, first: int = 0, tick: Tick = no_tick
    ) -> Iterator[NDArray[np.float32]]:
        """See ``Encoder``. Raises InputError for the film, WeightsError for the weights."""
        tower = OpenClipTower(self.path, self.model, self.device)
        return encode_film(film, analysis.rate, analysis.shots[first:], tower, self.views, tick)

    def encode_text(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors (n, 1024) of texts, in the space of the pictures.

        Raises:
            UsageError: the model's tokenizer is not part of open_clip and cannot be had.
            WeightsError: the weights cannot be read.
        """
        import open_clip

        try:
            tokens = open_clip.get_tokenizer(self.model)(list(texts))
        except Exception as error:  # tokenizers of other packages, which may not be there, or ask the network
            raise UsageError(f"the words cannot be given to {self.model}", str(error).partition("\n")[0]) from error
        return OpenClipTower(self.path, self.model, self.device).embed_text(tokens)


def make(spec: EncoderSpec) -> OpenClipEncoder:
    """The encoder of a spec, whose ``model`` is MODEL/TAG.

    Raises:
        UsageError: that is no model, or open_clip is not installed.
        WeightsError: its weights are missing, damaged or not accepted.
    """
    model, _, tag = spec.model.partition("/")
    if not (model and tag):
        raise UsageError(
            f"--encoder openclip:{spec.model} names no model", hint=f"write MODEL/TAG, like openclip:{VIT_H}"
        )
    require_model(model)
    weights = installed_weights(weights_name(spec.model))
    return OpenClipEncoder(weights.path, model, tag, spec.views, spec.device, weights.licence, weights.sha256)


class OpenClipTower:
    """A ``Tower`` of single pictures, which it prepares as its authors do.

    Raises:
        WeightsError: ``path`` cannot be read or is another model's.
    """

    frames = 1

    def __init__(self, path: Path, model: str, device: str = "cpu") -> None:
        import open_clip
        from open_clip.transform import PreprocessCfg, image_transform_v2

        self._device = device
        self._dtype = torch.float16 if device == "cuda" else torch.float32
        try:
            # A path, not a tag: nothing is looked up on a hub. weights_only: no code of a pickle is run.
            network = open_clip.create_model(model, pretrained=str(path), weights_only=True)
        except Exception as error:  # open_clip lets through whatever the reader of a damaged file comes upon
            raise unreadable(path, str(error)) from error
        self._network = network.to(device, self._dtype).requires_grad_(False).eval()
        config = PreprocessCfg(**network.visual.preprocess_cfg)
        self._transform = image_transform_v2(config, is_train=False)

    def prepare(self, picture: Picture, views: Views) -> torch.Tensor:
        """By open_clip's own transform, which takes the centre: of the whole picture, or of each of the three crops."""
        shown = squares(picture) if views is Views.paper else [picture]
        return torch.stack([self._transform(Image.fromarray(np.ascontiguousarray(part))) for part in shown])

    def embed(self, inputs: torch.Tensor) -> torch.Tensor:
        """See ``Tower``."""
        with torch.inference_mode():
            vectors = self._network.encode_image(inputs[:, 0].to(self._device, self._dtype))
            return functional.normalize(vectors.float(), dim=-1).cpu()

    def embed_text(self, tokens: torch.Tensor) -> NDArray[np.float32]:
        """Unit vectors (n, 1024) of tokens (n, context)."""
        with torch.inference_mode():
            vectors = functional.normalize(self._network.encode_text(tokens.to(self._device)).float(), dim=-1)
        return l2_normalised(to_feature_dim(vectors.cpu().numpy().astype(np.float64)))


def require_model(model: str) -> None:
    """Raise UsageError if open_clip is not installed or does not know a model."""
    try:
        import open_clip
    except ImportError as error:
        raise UsageError(
            "this encoder needs the package open_clip_torch", str(error), "pip install 'trailergen[openclip]'"
        ) from error
    known = open_clip.list_models()
    if model not in known:
        raise UsageError(f"open_clip has no model {model!r}", hint=f"it has {', '.join(known[:8])} ...")
