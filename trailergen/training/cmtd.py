"""The layout in which the authors of IPOT, MMSC and SSMP publish their features (CMTD and its extensions).

::

    train_movie_shot_embs/1.npy        I x 1024, ImageBind features of the shots of film 1
    train_trailer_shot_embs/1.npy      J x 1024, of its trailer
    train_trailer_shot_embs/1-2.npy    of another trailer of film 1

and likewise ``test_*``. The two folders lie in the folder given, or in its ``training_dataset`` and ``test_dataset``
as in the authors' repository. A trailer belongs to the film of the same name, or of its name without the last
``-k``. There are no labels, so eq. 1 makes them, and no times.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import Literal

import numpy as np

from trailergen.errors import InputError
from trailergen.features.vectors import FEATURE_DIM
from trailergen.ssmp.types import Array
from trailergen.training.dataset import Dataset, FilmRecord, TrailerRecord, checked_features

FEATURE_SPACE = "imagebind-1"

Split = Literal["train", "test"]


def split_folder(folder: Path, split: Split) -> Path | None:
    """The folder that holds the two folders of a split; None if there is none."""
    for place in (folder, folder / ("training_dataset" if split == "train" else "test_dataset")):
        if (place / f"{split}_movie_shot_embs").is_dir():
            return place
    return None


def read_cmtd(folder: Path, split: Split = "train") -> Dataset:
    """Read and check one split.

    Raises:
        InputError: a folder is missing or empty, a film has no trailer or a trailer no film, or a file is not a plain
            array of (shots, 1024) finite numbers; the file is named.
    """
    place = split_folder(folder, split)
    if place is None:
        raise InputError(f"{folder} has no folder {split}_movie_shot_embs")
    films = _arrays(place / f"{split}_movie_shot_embs")
    trailers: dict[str, list[Path]] = defaultdict(list)
    for name, path in _arrays(place / f"{split}_trailer_shot_embs").items():
        film = name if name in films else name.rpartition("-")[0]
        if film not in films:
            raise InputError(
                f"the film of the trailer {path} is missing",
                f"there is neither {name}.npy" + (f" nor {film}.npy" if film else "") + f" in {split}_movie_shot_embs",
            )
        trailers[film].append(path)
    for name, path in films.items():
        if name not in trailers:
            raise InputError(
                f"the film {path} has no trailer",
                f"there is neither {name}.npy nor {name}-1.npy, {name}-2.npy, ... in {split}_trailer_shot_embs",
                "add its trailer or remove the film",
            )
    return Dataset(
        FEATURE_SPACE,
        tuple(
            FilmRecord(name, _load(path), tuple(TrailerRecord(t.stem, _load(t)) for t in trailers[name]))
            for name, path in films.items()
        ),
    )


def _arrays(folder: Path) -> dict[str, Path]:
    """The folder's files by name, in the order of their numbers."""
    if not folder.is_dir():
        raise InputError(f"there is no folder {folder}")
    found = sorted(folder.glob("*.npy"), key=lambda path: [part.zfill(12) for part in path.stem.split("-")])
    if not found:
        raise InputError(f"there are no .npy files in {folder}")
    return {path.stem: path for path in found}


def _load(path: Path) -> Array:
    try:
        array = np.load(path, allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        raise InputError(f"cannot read {path}", str(error), "it must be a plain array written by numpy.save") from error
    if not isinstance(array, np.ndarray):  # a zip archive of arrays under another name
        raise InputError(f"cannot read {path}", "it holds several arrays, not one")
    return checked_features(path, "features", array, FEATURE_DIM)
