"""The starter checkpoint: one small model for every film and every encoder, learned from simulated films.

    python -m trailergen.training.starter -o weights/starter.safetensors

trains it again, in half an hour of one core.

It reads the tokens of ``ssmp/tokens.py``. Each time a film is seen it is turned at random, and now and then it
lacks one of the measurements, so that only geometry counts and nothing is indispensable. It learns on short
films first, where steps are cheap, and at the end on films of up to 1,500 shots. Its heads begin by looking at
neighbouring positions (``local_start`` of ``ssmp/model.py``), without which it learned next to nothing of context.
The mask ratio is drawn at random (Table 3), not self-paced: eq. 6 aims high only once half of the predictions are
right, which is never the case where no film is seen twice in the same way and the data leave room for taste.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import torch

from trailergen.progress import Progress
from trailergen.ssmp.checkpoint import save_checkpoint
from trailergen.ssmp.losses import NO_LABEL, label_shots
from trailergen.ssmp.masking import Random
from trailergen.ssmp.model import SSMP, ModelConfig
from trailergen.ssmp.tokens import FEATURE_SPACE, TOKEN_DIM, FilmAxes, film_tokens, trailer_tokens
from trailergen.training.examples import turned
from trailergen.training.loop import Batches, Example, TrainConfig, TrainState, epochs, train
from trailergen.training.simulate import SimulatedPair, simulate_pairs

MODEL = ModelConfig(
    feature_dim=TOKEN_DIM, width=128, layers=4, heads=4, ffn=256, rope_base=100.0, logit_scale=20.0, local_start=True
)
REJECT_BELOW = 0.55
"""Cosine below which a trailer shot is no shot of the film: title cards reach 0.2 to 0.5, renders 0.7 and more."""

_BATCH = 8
# (films, shots of a film, steps): first short films, then any length.
_PHASES = ((3000, (40, 120), 5000), (2000, (40, 400), 3000), (300, (40, 1500), 240))
TRAIN_SEED, TEST_SEED = 1, 1_000_003


def example_of(pair: SimulatedPair) -> Example:
    """What the model learns from a pair: labels by eq. 1 on the centred features, title cards left out.

    They are left out rather than masked, since a plan has no positions for cards.
    """
    axes = FilmAxes.of(pair.features)
    centred, trailer = (torch.from_numpy(f - axes.mean) for f in (pair.features, pair.trailer_features))
    labels = label_shots(trailer, centred, reject_below=REJECT_BELOW).numpy()
    kept = labels != NO_LABEL
    film = film_tokens(pair.features, pair.facts)
    shown = trailer_tokens(axes, film, pair.trailer_features[kept], labels[kept])
    return Example(torch.from_numpy(film), torch.from_numpy(shown), torch.from_numpy(labels[kept]))


def starter_batches(seed: int = TRAIN_SEED) -> Batches:
    """The batches of the whole training, phase after phase."""
    phases = [
        (steps, epochs([example_of(pair) for pair in simulate_pairs(seed + number, films, shots)], _BATCH, seed))
        for number, (films, shots, steps) in enumerate(_PHASES)
    ]

    def batch(step: int) -> list[Example]:
        rng, at = np.random.default_rng((seed, step)), step
        for steps, batches in phases[:-1]:
            if at < steps:
                return [turned(example, rng) for example in batches(at)]
            at -= steps
        return [turned(example, rng) for example in phases[-1][1](at)]

    return batch


def train_starter() -> SSMP:
    """Train the starter as it is shipped; the same machine and torch give the same weights."""
    steps = sum(steps for _, _, steps in _PHASES)
    config = TrainConfig(MODEL, steps, learning_rate=1e-3, schedule=Random(TRAIN_SEED), seed=TRAIN_SEED)
    with Progress().stage("train", steps) as tick:

        def on_step(_state: TrainState) -> None:
            tick(1)

        return train(config, starter_batches(), on_step=on_step).model


def main() -> None:
    """Train and write the starter."""
    parser = argparse.ArgumentParser(description="train the starter checkpoint")
    parser.add_argument("-o", "--output", type=Path, required=True, help="the checkpoint to write")
    arguments = parser.parse_args()
    torch.set_num_threads(1)  # the sums of more threads differ from machine to machine
    facts = {"films": "simulated", "phases": _PHASES, "seed": TRAIN_SEED}
    save_checkpoint(arguments.output, train_starter(), FEATURE_SPACE, facts)


if __name__ == "__main__":
    main()
