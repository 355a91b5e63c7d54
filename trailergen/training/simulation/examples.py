"""From a simulated pair to an example with tokens that suit every encoder."""

from __future__ import annotations

import numpy as np
import torch

from trailergen.ssmp.losses import NO_LABEL, label_shots
from trailergen.ssmp.pca import FilmPCA
from trailergen.ssmp.positions import Positions, position_channels
from trailergen.ssmp.spaces import GEOMETRY_2, TokenSpace
from trailergen.training.batches import Example
from trailergen.training.films import FilmFacts, Music
from trailergen.training.simulation.pairs import SimulatedPair

TRAIN_SEED, TEST_SEED = 1, 1_000_003
"""Seeds of the simulated films that are learned from, and of those that methods are evaluated on."""

REJECT_BELOW = 0.55
"""Cosine below which a trailer shot is no shot of the film: title cards reach 0.2 to 0.5, renders 0.7 and more."""


def simulated_example(pair: SimulatedPair, space: TokenSpace = GEOMETRY_2) -> Example:
    """The example of a pair: labels by eq. 1 on the centred features, title cards left out.

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
    lengths, known = pair.trailer_durations_s[kept], np.nan_to_num(energy[kept])
    positions = position_channels(Positions(lengths, energy[kept]))
    arrays = (film, shown, labels[kept], positions)
    tokens, trailer, found, channels = (torch.from_numpy(array) for array in arrays)
    # Such films have no music but its energy, and none is known of a card's.
    music = Music(*(torch.from_numpy(np.asarray(rows, np.float32)) for rows in (lengths, known, known[:, None])))
    return Example(tokens, trailer, found, channels, FilmFacts.of(pair.facts), music)
