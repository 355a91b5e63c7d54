"""From a dataset to examples: labels by eq. 1 or better, tokens of one kind or the other.

``Channels.none`` is the paper's pure form: the tokens are the features, and the model is bound to their space.
``Channels.context`` and ``Channels.text`` are tokens of ``ssmp/spaces.py``, which say nothing about the encoder: their
models plan films of any encoder, as the starter does. The second say of each shot what is said in it, too.
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from trailergen.errors import InputError, UsageError
from trailergen.settings.training import TrainingDataSettings
from trailergen.ssmp.channels.channel import ShotFacts
from trailergen.ssmp.losses import NO_LABEL, label_shots
from trailergen.ssmp.pca import FilmPCA
from trailergen.ssmp.positions import Positions, position_channels
from trailergen.ssmp.spaces import GEOMETRY_2, GEOMETRY_3, TokenSpace
from trailergen.ssmp.types import Array
from trailergen.training.augmentation import augment
from trailergen.training.batches import Batches, Example, epochs
from trailergen.training.cmtd import Split, read_cmtd, split_folder
from trailergen.training.dataset import MANIFEST, Dataset, FilmRecord, TrailerRecord, read_dataset
from trailergen.training.films import FilmFacts

REJECT_BELOW = TrainingDataSettings.reject_below


class Labels(StrEnum):
    """Sources of labels: the dataset; eq. 1 as printed; eq. 1 with rejection of what is not in the film.

    To reject, features are centred on their film first: encoders differ in how narrow their cone of features is, so
    that a cosine between raw features says little by itself.
    """

    stored = "stored"
    paper = "paper"
    reject = "reject"


class Channels(StrEnum):
    """The tokens of a shot: an encoder's features (the paper), or PCA features and channels (any encoder), of context
    alone or of the film's lines, too."""

    none = "none"
    context = "context"
    text = "context+text"

    @property
    def space(self) -> TokenSpace | None:
        """The space of the tokens; None where they are features."""
        return {Channels.none: None, Channels.context: GEOMETRY_2, Channels.text: GEOMETRY_3}[self]


def open_dataset(folder: Path, split: Split = "train") -> Dataset:
    """Read a dataset of our layout, or a split of one of the authors'. Raises InputError."""
    if (folder / MANIFEST).is_file():
        return read_dataset(folder)
    if split_folder(folder, split) is not None:
        return read_cmtd(folder, split)
    if not folder.exists():
        raise InputError(f"there is no dataset {folder}", hint="make one with `trailergen dataset build`")
    raise InputError(
        f"{folder} is no dataset",
        f"it has neither a {MANIFEST} nor a folder {split}_movie_shot_embs",
        "make one with `trailergen dataset build`",
    )


def examples_of(
    dataset: Dataset,
    labels: Labels | None = None,
    reject_below: float = REJECT_BELOW,
    channels: Channels = Channels.none,
    space: TokenSpace | None = None,
) -> list[Example]:
    """One example per trailer, in the dataset's order; trailers of one film share its tensor.

    Args:
        dataset: the films.
        labels: their source; by default the dataset, or eq. 1 as printed for trailers that have none.
        reject_below: cosine below which ``Labels.reject`` sees no shot of the film.
        channels: of the tokens; where they are not features, examples have positions too.
        space: of the tokens, where it is an older one than that of the channels.

    Raises:
        UsageError: stored labels are asked for and a trailer has none.
        InputError: no shot of a trailer is from its film.
    """
    examples = []
    space = None if channels is Channels.none else space or channels.space
    for film in dataset.films:
        # No times are known of published features: shots then count as equally long, in film order.
        facts = film.facts or ShotFacts(*(np.arange(len(film.features), dtype=np.float32), _ones(film)))
        tokens = film.features if space is None else space.film_tokens(film.features, facts)
        pca = None if space is None else FilmPCA.fit(film.features)
        shared = torch.from_numpy(tokens)
        for trailer in film.trailers:
            found = _labels(film, trailer, labels, reject_below)
            # Cards are left out rather than masked, since a plan has no positions for them.
            kept = found != NO_LABEL
            if not kept.any():
                raise InputError(
                    f"no shot of the trailer {trailer.name!r} is from the film {film.name!r}",
                    hint="remove the pair, or choose other --labels",
                )
            shown, positions = trailer.features[kept], None
            if space is not None and pca is not None:
                shown = space.trailer_tokens(pca, tokens, shown, found[kept])
                lengths = np.ones(len(kept)) if trailer.duration_s is None else trailer.duration_s
                positions = torch.from_numpy(position_channels(Positions(lengths[kept])))
            music = trailer.music
            if music is not None:
                # Segments that are not the trailer's own shots say nothing about these.
                music = music.taken(torch.from_numpy(kept)) if len(music.energy) == len(kept) else None
            about = None if film.facts is None else FilmFacts.of(film.facts)
            labelled = torch.from_numpy(found[kept])
            examples.append(Example(shared, torch.from_numpy(shown), labelled, positions, about, music))
    return examples


def batches_of(examples: list[Example], size: int, seed: int, channels: Channels) -> Batches:
    """The batches of a run; films whose tokens are no features are augmented anew each time."""
    plain, space = epochs(examples, size, seed), channels.space
    if space is None:
        return plain

    def batch(step: int) -> list[Example]:
        rng = np.random.default_rng((seed, step))
        return [augment(example, rng, space) for example in plain(step)]

    return batch


def token_space(dataset: Dataset, channels: Channels) -> tuple[str, int]:
    """Name of the space a model trained on this reads, and the length of its vectors."""
    if channels.space is not None:
        return channels.space.name, channels.space.dim
    return dataset.feature_space, dataset.films[0].features.shape[1]


def _ones(film: FilmRecord) -> Array:
    return np.ones(len(film.features), np.float32)


def _labels(film: FilmRecord, trailer: TrailerRecord, choice: Labels | None, reject_below: float) -> NDArray[np.int64]:
    if trailer.labels is not None and choice in (None, Labels.stored):
        return trailer.labels
    if choice is Labels.stored:
        raise UsageError(
            f"the dataset stores no labels for the trailer {trailer.name!r}",
            hint="use --labels paper, or --labels reject",
        )
    ours, theirs = (torch.from_numpy(features) for features in (trailer.features, film.features))
    if choice is Labels.reject:
        mean = theirs.mean(dim=0)
        found = label_shots(ours - mean, theirs - mean, reject_below=reject_below)
    else:
        found = label_shots(ours, theirs)
    return np.asarray(found.numpy(), np.int64)
