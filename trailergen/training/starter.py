"""The starter checkpoint: one small model for every film and every encoder, learned from simulated films.

    python -m trailergen.training.starter -o weights/starter.safetensors

trains it again, in an hour of one core; after an interruption the same command goes on.

It reads the tokens of ``ssmp/spaces.py`` and the positions of ``ssmp/positions.py``. Each time a film is seen it is
turned at random, and now and then it lacks one of the measurements or all readings, so that only geometry counts and
nothing is indispensable. It learns on short films first, where steps are cheap, and at the end on films of up to
1,500 shots. Its heads begin by attending to neighbouring positions (``local_attention_init``), without which it learned
next to nothing of context. The mask ratio is drawn at random (Table 3), not self-paced: eq. 6 aims high only once half
of the predictions are right, which is never the case where no film is seen twice in the same way and the data leave
room for taste. One step in ten hides the whole trailer, since that is how every plan begins.
"""

from __future__ import annotations

import argparse
import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from trailergen.runtime.progress import Progress
from trailergen.ssmp.losses import NO_LABEL, label_shots
from trailergen.ssmp.masking import Random
from trailergen.ssmp.model import ModelConfig
from trailergen.ssmp.pca import FilmPCA
from trailergen.ssmp.positions import POSITION_DIM, Positions, position_channels
from trailergen.ssmp.spaces import GEOMETRY_2, TokenSpace
from trailergen.training.examples import turned
from trailergen.training.loop import Batches, Example, TrainConfig, epochs
from trailergen.training.machine import OneProcess
from trailergen.training.run import Run, carry_out
from trailergen.training.simulate import SimulatedPair, numbered_pair

MODEL = ModelConfig(
    feature_dim=GEOMETRY_2.dim,
    width=128,
    layers=4,
    heads=4,
    ffn=256,
    rope_base=100.0,
    logit_scale=20.0,
    local_attention_init=True,
    position_dim=POSITION_DIM,
)
REJECT_BELOW = 0.55
"""Cosine below which a trailer shot is no shot of the film: title cards reach 0.2 to 0.5, renders 0.7 and more."""

_BATCH = 8
# (films, shots of a film, steps): first short films, then any length.
PHASES = ((3000, (40, 120), 7000), (2000, (40, 400), 4000), (300, (40, 1500), 300))
TRAIN_SEED, TEST_SEED = 1, 1_000_003


def example_of(pair: SimulatedPair, space: TokenSpace = GEOMETRY_2) -> Example:
    """What the model learns from a pair: labels by eq. 1 on the centred features, title cards left out.

    They are left out rather than masked, since a plan has no positions for cards.
    """
    pca = FilmPCA.fit(pair.features)
    centred, trailer = (torch.from_numpy(f - pca.mean) for f in (pair.features, pair.trailer_features))
    labels = label_shots(trailer, centred, reject_below=REJECT_BELOW).numpy()
    kept = labels != NO_LABEL
    film = space.film_tokens(pair.features, pair.facts)
    shown = space.trailer_tokens(pca, film, pair.trailer_features[kept], labels[kept])
    energy = np.full(len(kept), np.nan, np.float32)
    energy[pair.labels >= 0] = pair.story.music
    positions = position_channels(Positions(pair.trailer_durations_s[kept], energy[kept]))
    return Example(*(torch.from_numpy(array) for array in (film, shown, labels[kept], positions)))


def as_planned(example: Example) -> Example:
    """The example as a plan shows it, where a filled position holds the film's own shot instead of a render of it."""
    return Example(example.film, example.film[example.labels], example.labels, example.positions)


def starter_batches(seed: int = TRAIN_SEED, jobs: int = 1) -> Batches:
    """The batches of the whole training, phase after phase; its films are simulated by ``jobs`` processes."""
    with ProcessPoolExecutor(jobs, multiprocessing.get_context("spawn"), torch.set_num_threads, (1,)) as pool:
        phases = []
        for number, (films, shots, steps) in enumerate(PHASES):
            asked = [(seed + number, film, shots) for film in range(films)]
            # By way of numpy: tensors would travel through shared memory, a file descriptor each.
            found = pool.map(_arrays, asked, chunksize=20) if jobs > 1 else map(_arrays, asked)
            examples = [as_planned(Example(*map(torch.from_numpy, arrays))) for arrays in found]
            phases.append((steps, epochs(examples, _BATCH, seed)))

    def batch(step: int) -> list[Example]:
        rng, at = np.random.default_rng((seed, step)), step
        for steps, batches in phases[:-1]:
            if at < steps:
                return [turned(example, rng) for example in batches(at)]
            at -= steps
        return [turned(example, rng) for example in phases[-1][1](at)]

    return batch


def _arrays(asked: tuple[int, int, tuple[int, int]]) -> list[NDArray[Any]]:
    seed, number, shots = asked
    example = example_of(numbered_pair(seed, number, shots))
    return [
        tensor.numpy()
        for tensor in (example.film, example.trailer, example.labels, example.positions)
        if tensor is not None
    ]


def starter_run(jobs: int = 1) -> Run:
    """The training of the starter as it is shipped; the same machine and torch give the same weights."""
    steps = sum(steps for _, _, steps in PHASES)
    schedule = Random(TRAIN_SEED, t_min=0.05, whole=0.1)
    config = TrainConfig(MODEL, steps, learning_rate=1e-3, schedule=schedule, seed=TRAIN_SEED)
    facts = {"films": "simulated", "phases": PHASES, "batch": _BATCH}
    return Run(config, starter_batches(jobs=jobs), GEOMETRY_2.name, facts)


def main() -> None:
    """Train and write the starter, or go on."""
    parser = argparse.ArgumentParser(description="train the starter checkpoint")
    parser.add_argument("-o", "--output", type=Path, required=True, help="the checkpoint to write")
    parser.add_argument("--device", default="cpu", help="cpu, or cuda, where it takes minutes and other bits come out")
    parser.add_argument("--jobs", type=int, default=1, help="processes that simulate films")
    arguments = parser.parse_args()
    torch.set_num_threads(1)  # the sums of more threads differ from machine to machine
    run = starter_run(arguments.jobs)
    carry_out(run, arguments.output, OneProcess(arguments.device), Progress(), save_every=250)


if __name__ == "__main__":
    main()
