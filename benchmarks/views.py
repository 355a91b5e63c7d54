"""Similarity of an encoder's ``fast`` views to its ``paper`` views, and the cost of each.

    python benchmarks/views.py FILM CHECKPOINT [--model MODEL] [--shots 60] [--device cpu]

CHECKPOINT is ImageBind's, or with --model (an open_clip name) that model's. The cosine of the two features of a shot is
set beside the cosine of different shots, and it is counted how often a shot's own ``paper`` feature is the nearest to
its ``fast`` one. The film is cut into stretches of equal length, so that nothing but the encoder is looked at.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import numpy as np
from pairs import STRETCH_S, machine, stretches

from trailergen.features.encoders.imagebind import ImageBindTower
from trailergen.features.encoders.imagebind_weights import load_tower
from trailergen.features.encoders.openclip import OpenClipTower
from trailergen.features.towers import Tower, encode_film
from trailergen.features.views import Views
from trailergen.media.probe import probe_film


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("film", type=Path)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("--model")
    parser.add_argument("--shots", type=int, default=60)
    parser.add_argument("--device", default="cpu")
    arguments = parser.parse_args()
    film = probe_film(arguments.film)
    rate, shots = stretches(film, arguments.shots)
    tower: Tower
    if arguments.model:
        tower = OpenClipTower(arguments.checkpoint, arguments.model, arguments.device)
    else:
        tower = ImageBindTower(load_tower(arguments.checkpoint), arguments.device)
    found, seconds = {}, {}
    for views in Views:
        started = time.perf_counter()
        found[views] = np.concatenate(list(encode_film(film, rate, shots, tower, views)))
        seconds[views] = time.perf_counter() - started
    cosines = found[Views.fast] @ found[Views.paper].T
    own = np.diag(cosines)
    others = cosines[~np.eye(len(own), dtype=bool)]
    print(f"{arguments.film.name}, {len(own)} shots of {STRETCH_S} s; {machine()}\n")
    print("| views | shots/s |\n|---|---|")
    for views in Views:
        print(f"| {views.value} | {len(own) / seconds[views]:.2f} |")
    print(f"\ncosine of fast and paper: median {np.median(own):.3f}, least {own.min():.3f};", end=" ")
    print(f"of different shots: median {np.median(others):.3f};", end=" ")
    print(f"own shot nearest: {(cosines.argmax(1) == np.arange(len(own))).mean():.0%}")


if __name__ == "__main__":
    main()
