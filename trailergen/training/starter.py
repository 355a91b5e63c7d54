"""The starter checkpoint: one small model for every film and every encoder, learned from simulated films.

    python -m trailergen.training.starter -o weights/starter.safetensors

trains it again, in an hour of one core; after an interruption the same command goes on.

It reads the tokens of ``ssmp/channels.py`` and the positions of ``ssmp/positions.py``. Each time a film is seen it is
turned at random, and now and then it lacks one of the measurements or all readings, so that only geometry counts and
nothing is indispensable. It learns on short films first, where steps are cheap, and at the end on films of up to
1,500 shots. Its heads begin by looking at neighbouring positions (``local_start`` of ``ssmp/model.py``), without
which it learned next to nothing of context. The mask ratio is drawn at random (Table 3), not self-paced: eq. 6 aims
high only once half of the predictions are right, which is never the case where no film is seen twice in the same way
and the data leave room for taste. One step in ten hides the whole trailer, since that is how every plan begins.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import torch

from trailergen.device import Device
from trailergen.progress import Progress
from trailergen.ssmp.losses import NO_LABEL, label_shots
from trailergen.ssmp.masking import Random
from trailergen.ssmp.model import ModelConfig
from trailergen.ssmp.positions import POSITION_DIM, Positions, position_channels
from trailergen.ssmp.spaces import GEOMETRY_2, TokenSpace
from trailergen.ssmp.tokens import FilmAxes
from trailergen.training.examples import turned
from trailergen.training.loop import Batches, Example, TrainConfig, epochs
from trailergen.training.machine import open_machine
from trailergen.training.run import Run, carry_out
from trailergen.training.simulate import SimulatedPair, simulate_pairs

MODEL = ModelConfig(
    feature_dim=GEOMETRY_2.dim,
    width=128,
    layers=4,
    heads=4,
    ffn=256,
    rope_base=100.0,
    logit_scale=20.0,
    local_start=True,
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
    axes = FilmAxes.of(pair.features)
    centred, trailer = (torch.from_numpy(f - axes.mean) for f in (pair.features, pair.trailer_features))
    labels = label_shots(trailer, centred, reject_below=REJECT_BELOW).numpy()
    kept = labels != NO_LABEL
    film = space.film_tokens(pair.features, pair.facts)
    shown = space.trailer_tokens(axes, film, pair.trailer_features[kept], labels[kept])
    energy = np.full(len(kept), np.nan, np.float32)
    energy[pair.labels >= 0] = pair.story.music
    positions = position_channels(Positions(pair.trailer_durations_s[kept], energy[kept]))
    return Example(*(torch.from_numpy(array) for array in (film, shown, labels[kept], positions)))


def as_planned(example: Example) -> Example:
    """The example as a plan shows it, where a filled position holds the film's own shot instead of a render of it."""
    return Example(example.film, example.film[example.labels], example.labels, example.positions)


def starter_batches(seed: int = TRAIN_SEED) -> Batches:
    """The batches of the whole training, phase after phase."""
    phases = [
        (
            steps,
            epochs(
                [as_planned(example_of(pair)) for pair in simulate_pairs(seed + number, films, shots)], _BATCH, seed
            ),
        )
        for number, (films, shots, steps) in enumerate(PHASES)
    ]

    def batch(step: int) -> list[Example]:
        rng, at = np.random.default_rng((seed, step)), step
        for steps, batches in phases[:-1]:
            if at < steps:
                return [turned(example, rng) for example in batches(at)]
            at -= steps
        return [turned(example, rng) for example in phases[-1][1](at)]

    return batch


def starter_run() -> Run:
    """The training of the starter as it is shipped; the same machine and torch give the same weights."""
    steps = sum(steps for _, _, steps in PHASES)
    schedule = Random(TRAIN_SEED, t_min=0.05, whole=0.1)
    config = TrainConfig(MODEL, steps, learning_rate=1e-3, schedule=schedule, seed=TRAIN_SEED)
    facts = {"films": "simulated", "phases": PHASES, "batch": _BATCH}
    return Run(config, starter_batches(), GEOMETRY_2.name, facts)


def main() -> None:
    """Train and write the starter, or go on."""
    parser = argparse.ArgumentParser(description="train the starter checkpoint")
    parser.add_argument("-o", "--output", type=Path, required=True, help="the checkpoint to write")
    parser.add_argument("--device", type=Device, choices=list(Device), default=Device.cpu, help="where to train it")
    arguments = parser.parse_args()
    torch.set_num_threads(1)  # the sums of more threads differ from machine to machine
    carry_out(starter_run(), arguments.output, open_machine(arguments.device), Progress(), save_every=250)


if __name__ == "__main__":
    main()
