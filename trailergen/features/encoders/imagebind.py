"""The paper's encoder: ImageBind's vision tower. Its weights are CC BY-NC-SA 4.0: not for commercial work."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch.nn import functional

from trailergen.features.encoder import EncoderSpec, installed_weights
from trailergen.features.encoders.imagebind_tower import VisionTower
from trailergen.features.encoders.imagebind_weights import load_tower
from trailergen.features.pictures import Picture
from trailergen.features.towers import encode_film
from trailergen.features.views import Views, three_crops
from trailergen.media.probe import FilmInfo
from trailergen.runtime.progress import Tick, no_tick
from trailergen.shots.analysis import FilmAnalysis

WEIGHTS = "imagebind"
"""Name of its weights in the index."""
_MEAN = torch.tensor([0.48145466, 0.4578275, 0.40821073])[:, None, None]
_STD = torch.tensor([0.26862954, 0.26130258, 0.27577711])[:, None, None]


class ImageBindEncoder:
    """ImageBind features of shots.

    Args:
        path: the published checkpoint, verified.
        views: ``paper``, whose space is that of the paper's and CMTD's features, or ``fast``.
        device: where the tower runs: in float32 on the CPU, in float16 on a GPU.
        licence: of the weights.
        weights: SHA-256 by name, for the plan.
    """

    name = "imagebind"
    version = 1

    def __init__(
        self,
        path: Path,
        views: Views = Views.fast,
        device: str = "cpu",
        licence: str = "CC-BY-NC-SA-4.0",
        weights: Mapping[str, str] | None = None,
    ) -> None:
        self.path, self.views, self.device, self.licence = path, views, device, licence
        self.weights: Mapping[str, str] = dict(weights or {})
        self.space = "imagebind-1" if views is Views.paper else "imagebind-1-fast"

    def encode(
        self, film: FilmInfo, analysis: FilmAnalysis, first: int = 0, tick: Tick = no_tick
    ) -> Iterator[NDArray[np.float32]]:
        """See ``Encoder``. Raises InputError for the film, WeightsError for the checkpoint."""
        tower = ImageBindTower(load_tower(self.path), self.device)
        return encode_film(film, analysis.rate, analysis.shots[first:], tower, self.views, tick)


def make(spec: EncoderSpec) -> ImageBindEncoder:
    """The encoder of a spec. Raises WeightsError if its weights are missing, damaged or not accepted."""
    weights = installed_weights(WEIGHTS)
    return ImageBindEncoder(weights.path, spec.views, spec.device, weights.licence, weights.sha256)


class ImageBindTower:
    """A ``Tower`` of two frames, in float32 on the CPU, in float16 on a GPU."""

    frames = 2

    def __init__(self, tower: VisionTower, device: str = "cpu") -> None:
        self._device = device
        self._dtype = torch.float16 if device == "cuda" else torch.float32
        self._tower = tower.to(device, self._dtype)
        self._size = self._tower.config.size

    def prepare(self, picture: Picture, views: Views) -> torch.Tensor:
        """As ImageBind's authors prepare a video (``paper``) or a picture (``fast``)."""
        if views is Views.paper:
            return prepare_video_picture(picture, self._size)
        return prepare_still(picture, self._size)

    def embed(self, inputs: torch.Tensor) -> torch.Tensor:
        """See ``Tower``."""
        with torch.inference_mode():
            clips = inputs.transpose(1, 2).to(self._device, self._dtype)
            return functional.normalize(self._tower(clips).float(), dim=-1).cpu()


def prepare_video_picture(picture: Picture, size: int = 224) -> torch.Tensor:
    """Three crops (3, 3, size, size) of a picture (H, W, 3), as ``load_and_transform_video_data`` makes them.

    0 to 1; ``ShortSideScale``: bilinear without smoothing, the longer side rounded down; ``NormalizeVideo``;
    ``SpatialCrop``.
    """
    height, width = picture.shape[:2]
    target = (math.floor(height / width * size), size)
    if width >= height:
        target = (size, math.floor(width / height * size))
    values = torch.from_numpy(picture).permute(2, 0, 1).to(torch.float32) / 255
    scaled = functional.interpolate(values[None], size=target, mode="bilinear", align_corners=False)[0]
    scaled = (scaled - _MEAN) / _STD
    return torch.stack([scaled[:, y : y + size, x : x + size] for y, x in three_crops(*target, size)])


def prepare_still(picture: Picture, size: int = 224) -> torch.Tensor:
    """The centre (1, 3, size, size) of a picture (H, W, 3), as ``load_and_transform_vision_data`` makes it.

    torchvision's ``Resize`` of a PIL image: bicubic, smoothed, the longer side rounded down; ``CenterCrop``, whose
    offsets are rounded half to even; 0 to 1; ``Normalize``.
    """
    height, width = picture.shape[:2]
    short = min(height, width)
    target = (int(size * width / short), int(size * height / short))
    image = Image.fromarray(picture)
    if short != size:
        image = image.resize(target, Image.Resampling.BICUBIC)
    left, top = (round((side - size) / 2) for side in image.size)
    cropped = np.asarray(image)[top : top + size, left : left + size]
    values = torch.from_numpy(cropped.copy()).permute(2, 0, 1).to(torch.float32) / 255
    return ((values - _MEAN) / _STD)[None]
