"""The layout in which the authors of IPOT, MMSC and SSMP publish their features (CMTD, MMSC).

::

    train_movie_shot_embs/1.npy        I x 1024, ImageBind features of the shots of film 1
    train_trailer_shot_embs/1.npy      J x 1024, of its trailer
    train_trailer_shot_embs/1-2.npy    of another trailer of film 1
    train_audio_shot_embs/1-2.npy      J x M, of the music at each shot of that trailer
    test_audio_shot_embs/1.npy         K x M, of the segments of the music to which a trailer of film 1 is to be made
    scene_test_movies/1.json           times of the film's shots
    ruptures_audio_segmentation.json   ends of the music's segments

and likewise ``test_*``; the last four may be absent. The folders lie in the folder given, or in its
``training_dataset`` and ``test_dataset`` (also with a space), where they may lack ``train_`` and ``test_``. A trailer
belongs to the film of the same name, or of its name without the last ``-k``. There are no labels, so eq. 1 makes them.
Nothing is known of the music's energy, nor of movement and sound in the film. Where the times of film or music are
missing, shots and segments count as equally long.
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import torch

from trailergen.errors import InputError
from trailergen.features.vectors import FEATURE_DIM
from trailergen.ssmp.channels.channel import ShotFacts
from trailergen.ssmp.types import Array
from trailergen.training.dataset import Dataset, FilmRecord, TrailerRecord, checked_features
from trailergen.training.films import Music

FEATURE_SPACE = "imagebind-1"

Split = Literal["train", "test"]
_FOLDERS = {"train": ("training_dataset", "training dataset"), "test": ("test_dataset", "test dataset")}
_SEGMENTS = "ruptures_audio_segmentation.json"


@dataclass(frozen=True)
class SplitFolder:
    """The place of a split's folders, and what stands before their names."""

    place: Path
    prefix: str

    def folder(self, what: str) -> Path:
        """The folder of ``what``: movie, trailer or audio."""
        return self.place / f"{self.prefix}{what}_shot_embs"


def split_folder(folder: Path, split: Split) -> SplitFolder | None:
    """The folder that holds those of a split; None if there is none."""
    inner = [folder / name for name in _FOLDERS[split]]
    tried = [SplitFolder(place, f"{split}_") for place in (folder, *inner)] + [SplitFolder(p, "") for p in inner]
    return next((found for found in tried if found.folder("movie").is_dir()), None)


def read_cmtd(folder: Path, split: Split = "train") -> Dataset:
    """Read and check one split.

    Raises:
        InputError: a folder is missing or empty, a film has no trailer or a trailer no film, a trailer has no music
            though others have, times do not fit the features, or a file is not a plain array of finite numbers of the
            right shape; the file is named.
    """
    found = split_folder(folder, split)
    if found is None:
        raise InputError(f"{folder} has no folder {split}_movie_shot_embs")
    films = _arrays(found.folder("movie"))
    trailers: dict[str, list[Path]] = defaultdict(list)
    for name, path in _arrays(found.folder("trailer")).items():
        film = name if name in films else name.rpartition("-")[0]
        if film not in films:
            raise InputError(
                f"the film of the trailer {path} is missing",
                f"there is neither {name}.npy"
                + (f" nor {film}.npy" if film else "")
                + f" in {found.folder('movie').name}",
            )
        trailers[film].append(path)
    for name, path in films.items():
        if name not in trailers:
            raise InputError(
                f"the film {path} has no trailer",
                f"there is neither {name}.npy nor {name}-1.npy, {name}-2.npy, ... in {found.folder('trailer').name}",
                "add its trailer or remove the film",
            )
    return Dataset(FEATURE_SPACE, tuple(_film(found, split, path, trailers[name]) for name, path in films.items()))


def subset_of(dataset: Dataset, names: Path) -> Dataset:
    """The films of a dataset that a file names, one a line, as Test-8 and Test-74 are subsets of the test films.

    Raises:
        InputError: the file cannot be read, names nothing, or a film that the dataset lacks.
    """
    try:
        wanted = [line.strip() for line in names.read_text(encoding="utf-8-sig").splitlines() if line.strip()]
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"cannot read the names of films {names}", str(error)) from error
    known = {film.name: film for film in dataset.films}
    if missing := [name for name in wanted if name not in known]:
        raise InputError(f"{names} names films that the dataset lacks", ", ".join(missing[:10]))
    if not wanted:
        raise InputError(f"{names} names no films")
    return Dataset(dataset.feature_space, tuple(known[name] for name in dict.fromkeys(wanted)))


def _film(found: SplitFolder, split: Split, path: Path, trailers: list[Path]) -> FilmRecord:
    features = _load(path)
    times = found.place / f"scene_{split}_movies" / f"{path.stem}.json"
    facts = _shot_times(times, len(features)) if times.is_file() else None
    records = []
    for trailer in trailers:
        shown = _load(trailer)
        records.append(TrailerRecord(trailer.stem, shown, music=_music(found, split, trailer.stem, facts is not None)))
    return FilmRecord(path.stem, features, tuple(records), facts)


def _music(found: SplitFolder, split: Split, name: str, timed: bool) -> Music | None:
    """The music of a trailer; its times are those of the file only where the film's are known, too."""
    folder = found.folder("audio")
    if not folder.is_dir():
        return None
    path = folder / f"{name}.npy"
    if not path.is_file():
        raise InputError(f"the trailer {name} has no music", f"there is no {path}", "add it, or remove the folder")
    features = _load(path, None)
    lengths = np.ones(len(features), np.float32)
    times = found.place / _SEGMENTS
    if timed and split == "test" and times.is_file():
        lengths = _segment_lengths(times, name, len(features))
    unknown = torch.full((len(features),), torch.nan)
    return Music(torch.from_numpy(lengths), unknown, torch.from_numpy(features))


def _shot_times(path: Path, shots: int) -> ShotFacts:
    try:
        rows = _json(path)["shot_meta_list"]
        times = np.array([[_seconds(text) for text in row["timestamps"]] for row in rows], np.float64)
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(f"{path} does not hold the times of shots", f"{type(error).__name__}: {error}") from error
    if times.shape != (shots, 2) or not (times[:, 1] >= times[:, 0]).all():
        raise InputError(f"{path} does not fit the film's features", f"times {times.shape}, features of {shots} shots")
    return ShotFacts(times[:, 0].astype(np.float32), (times[:, 1] - times[:, 0]).astype(np.float32))


def _segment_lengths(path: Path, name: str, segments: int) -> Array:
    try:
        ends = np.array(_json(path)[name], np.float64)
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(f"{path} does not hold the segments of {name}", f"{type(error).__name__}: {error}") from error
    lengths = np.diff(ends, prepend=0.0)
    if lengths.shape != (segments,) or not (lengths > 0).all():
        raise InputError(f"{path} does not fit the music of {name}", f"{ends.shape} ends, {segments} segments")
    return lengths.astype(np.float32)


def _seconds(text: str) -> float:
    hours, minutes, seconds = text.split(":")
    return 3600 * int(hours) + 60 * int(minutes) + float(seconds)


def _json(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"cannot read {path}", str(error)) from error


def _arrays(folder: Path) -> dict[str, Path]:
    """The folder's files by name, in the order of their numbers."""
    if not folder.is_dir():
        raise InputError(f"there is no folder {folder}")
    found = sorted(folder.glob("*.npy"), key=lambda path: [part.zfill(12) for part in path.stem.split("-")])
    if not found:
        raise InputError(f"there are no .npy files in {folder}")
    return {path.stem: path for path in found}


def _load(path: Path, length: int | None = FEATURE_DIM) -> Array:
    try:
        array = np.load(path, allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        raise InputError(f"cannot read {path}", str(error), "it must be a plain array written by numpy.save") from error
    if not isinstance(array, np.ndarray):  # a zip archive of arrays under another name
        raise InputError(f"cannot read {path}", "it holds several arrays, not one")
    return checked_features(path, "features", array, length)
