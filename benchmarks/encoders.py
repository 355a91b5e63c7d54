"""Shots per second of the encoders, beside the loop that users copy from a model's README: one shot at a time.

    python benchmarks/encoders.py FILM [--encoder openclip-fast] [--shots 30] [--device cpu]

Both sides run the published architecture, with random weights, on the same pictures of the same stretches of film.
The loop opens the film for each shot, seeks, prepares with the library's own transforms and asks the network for this
shot alone; for ImageBind, whose package is not installed, the network is ours. `builtin` has no such loop: it works on
what the pass that finds the shots has kept, and takes a few milliseconds for a film.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import open_clip
import torch
from numpy.typing import NDArray
from pairs import compare, machine, stretches
from PIL import Image
from safetensors.torch import save_file
from torchvision import transforms

from trailergen.features.encoders.imagebind import ImageBindTower
from trailergen.features.encoders.imagebind_tower import TowerConfig, VisionTower
from trailergen.features.encoders.openclip import OpenClipTower
from trailergen.features.towers import Tower, encode_film
from trailergen.features.views import Views, frame_pairs
from trailergen.media.probe import probe_film

OPENCLIP = {"openclip": "ViT-H-14", "openclip-fast": "ViT-B-32"}
MEAN, STD = (0.48145466, 0.4578275, 0.40821073), (0.26862954, 0.26130258, 0.27577711)
Loop = Callable[[list[Image.Image]], torch.Tensor]


def frames_of(film: Path, numbers: list[int], rate: Fraction) -> list[Image.Image]:
    """Film frames, each sought by itself."""
    found = []
    with av.open(str(film)) as container:
        stream = container.streams.video[0]
        assert stream.time_base is not None
        for number in numbers:
            wanted = int((stream.start_time or 0) + number / rate / Fraction(stream.time_base))
            container.seek(wanted, stream=stream)
            found.append(next(frame for frame in container.decode(stream) if (frame.pts or 0) >= wanted).to_image())
    return found


def openclip_pair(model: str, device: str) -> tuple[Tower, Loop]:
    """Our tower, and the README's way to the vectors of single pictures."""
    torch.manual_seed(0)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "weights.safetensors"
        state = open_clip.create_model(model).state_dict()
        save_file({name: tensor.contiguous() for name, tensor in state.items()}, path)
        tower = OpenClipTower(path, model, device)
        network, _, preprocess = open_clip.create_model_and_transforms(model, pretrained=str(path), device=device)
    network.eval()

    def loop(pictures: list[Image.Image]) -> torch.Tensor:
        shown = torch.stack([preprocess(picture) for picture in pictures]).to(device)
        with torch.no_grad():
            return network.encode_image(shown, normalize=True)

    return tower, loop


def imagebind_pair(device: str) -> tuple[Tower, Loop]:
    """Our tower, and the README's way to the vectors of stills."""
    torch.manual_seed(0)
    network = VisionTower(TowerConfig()).requires_grad_(False).eval()
    preprocess = transforms.Compose(
        [
            transforms.Resize(224, interpolation=transforms.InterpolationMode.BICUBIC),
            transforms.CenterCrop(224),
            transforms.ToTensor(),
            transforms.Normalize(MEAN, STD),
        ]
    )
    tower = ImageBindTower(network, device)
    dtype = next(network.parameters()).dtype

    def loop(pictures: list[Image.Image]) -> torch.Tensor:
        shown = torch.stack([preprocess(picture) for picture in pictures]).to(device, dtype)
        with torch.no_grad():
            vectors: torch.Tensor = network(shown[:, :, None].repeat(1, 1, 2, 1, 1))
            return vectors

    return tower, loop


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("film", type=Path)
    parser.add_argument("--encoder", choices=["imagebind", *OPENCLIP], default="openclip-fast")
    parser.add_argument("--shots", type=int, default=30)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--device", default="cpu")
    arguments = parser.parse_args()
    film = probe_film(arguments.film)
    rate, shots = stretches(film, arguments.shots)
    device = arguments.device
    tower, loop = (
        imagebind_pair(device)
        if arguments.encoder == "imagebind"
        else openclip_pair(OPENCLIP[arguments.encoder], device)
    )

    def ours() -> NDArray[np.float32]:
        return np.concatenate(list(encode_film(film, rate, shots, tower, Views.fast)))

    def plain() -> NDArray[np.float32]:
        rows = []
        for shot in shots:
            stills = [first for first, _ in frame_pairs(shot, rate, Views.fast)]
            mean = loop(frames_of(arguments.film, stills, rate)).float().mean(0).cpu().numpy()
            rows.append(mean / np.linalg.norm(mean))
        return np.stack(rows)

    found, expected = ours(), plain()
    cosines = (found[:, : expected.shape[1]] * expected).sum(axis=1)
    print(f"{arguments.encoder}, {len(shots)} stretches of {arguments.film.name}; {machine()}")
    print(f"cosine of both sides' vectors: least {cosines.min():.4f}\n")
    print(compare(ours, plain, (f"{arguments.encoder}, trailergen", "one shot at a time"), arguments.runs))


if __name__ == "__main__":
    main()
