"""The starter checkpoint: one small model for every film and every encoder, learned from simulated films.

    python -m trailergen.training.starter -o weights/starter.safetensors

trains it again, in an hour of one core; after an interruption the same command goes on.

It reads the tokens of ``ssmp/spaces.py`` and the positions of ``ssmp/positions.py``. Each time a film is seen it is
augmented (``augmentation.py``), so that only the geometry of its features counts and no measurement is indispensable.
It learns on short films first, where steps are cheap, and at the end on films of up to 1,500 shots. One step in ten
hides the whole trailer, since every plan begins so. docs/training.md gives the reasons for its schedule and first
weights.
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
from trailergen.ssmp.masking import Random
from trailergen.ssmp.model import ModelConfig
from trailergen.ssmp.positions import POSITION_DIM
from trailergen.ssmp.spaces import GEOMETRY_2
from trailergen.training.accelerator import SingleProcess
from trailergen.training.augmentation import augment
from trailergen.training.batches import Batches, Example, epochs
from trailergen.training.config import TrainConfig
from trailergen.training.run import TrainingRun, execute
from trailergen.training.simulation.examples import TRAIN_SEED, simulated_example
from trailergen.training.simulation.pairs import numbered_pair

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
_BATCH = 8
PHASES = ((3000, (40, 120), 7000), (2000, (40, 400), 4000), (300, (40, 1500), 300))
"""(films, shots of a film, steps): first short films, then any length."""


def as_decoded(example: Example) -> Example:
    """The example as decoding shows it: a filled position holds the film's own shot instead of a render of it."""
    return Example(example.film, example.film[example.labels], example.labels, example.positions)


def starter_batches(seed: int = TRAIN_SEED, jobs: int = 1) -> Batches:
    """The batches of the whole training, phase after phase; its films are simulated by ``jobs`` processes."""
    with ProcessPoolExecutor(jobs, multiprocessing.get_context("spawn"), torch.set_num_threads, (1,)) as pool:
        phases = []
        for number, (films, shots, steps) in enumerate(PHASES):
            asked = [(seed + number, film, shots) for film in range(films)]
            # By way of numpy: tensors would travel through shared memory, a file descriptor each.
            found = pool.map(_arrays, asked, chunksize=20) if jobs > 1 else map(_arrays, asked)
            examples = [as_decoded(_example(arrays)) for arrays in found]
            phases.append((steps, epochs(examples, _BATCH, seed)))

    def batch(step: int) -> list[Example]:
        rng, at = np.random.default_rng((seed, step)), step
        for steps, batches in phases[:-1]:
            if at < steps:
                return [augment(example, rng) for example in batches(at)]
            at -= steps
        return [augment(example, rng) for example in phases[-1][1](at)]

    return batch


def _arrays(asked: tuple[int, int, tuple[int, int]]) -> list[NDArray[Any]]:
    seed, number, shots = asked
    example = simulated_example(numbered_pair(seed, number, shots))
    return [
        tensor.numpy()
        for tensor in (example.film, example.trailer, example.labels, example.positions)
        if tensor is not None
    ]


def _example(arrays: list[NDArray[Any]]) -> Example:
    film, trailer, labels, positions = map(torch.from_numpy, arrays)
    return Example(film, trailer, labels, positions)


def starter_run(jobs: int = 1) -> TrainingRun:
    """The training of the starter as it is shipped; the same machine and torch give the same weights."""
    steps = sum(steps for _, _, steps in PHASES)
    schedule = Random(TRAIN_SEED, t_min=0.05, whole=0.1)
    config = TrainConfig(MODEL, steps, learning_rate=1e-3, schedule=schedule, seed=TRAIN_SEED)
    facts = {"films": "simulated", "phases": PHASES, "batch": _BATCH}
    return TrainingRun(config, starter_batches(jobs=jobs), GEOMETRY_2.name, facts)


def main() -> None:
    """Train and write the starter, or go on."""
    parser = argparse.ArgumentParser(description="train the starter checkpoint")
    parser.add_argument("-o", "--output", type=Path, required=True, help="the checkpoint to write")
    parser.add_argument("--device", default="cpu", help="cpu, or cuda, where it takes minutes and other bits come out")
    parser.add_argument("--jobs", type=int, default=1, help="processes that simulate films")
    arguments = parser.parse_args()
    torch.set_num_threads(1)  # the sums of more threads differ from machine to machine
    run = starter_run(arguments.jobs)
    execute(run, arguments.output, SingleProcess(arguments.device), Progress(), save_every=250)


if __name__ == "__main__":
    main()
