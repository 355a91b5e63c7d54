"""Films and their trailers on disk, ready to train on: the folder layout ``trailergen.dataset/1``.

A folder holds ``dataset.json``, which lists the films and names the feature space, and one safetensors file per film
with its features, its trailers' features and labels, and the times of all shots; docs/training.md describes both.
The manifest is written last, so a folder that has one is whole. ``cmtd.py`` reads the authors' layout into the same
types.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trailergen.errors import InputError, OutputError
from trailergen.runtime.cache import Arrays, atomic_output, file_sha256
from trailergen.ssmp.channels.channel import ShotFacts
from trailergen.ssmp.facts import STORED
from trailergen.ssmp.losses import NO_LABEL
from trailergen.ssmp.types import Array
from trailergen.training.films import Music

FORMAT = "trailergen.dataset/1"
MANIFEST = "dataset.json"


@dataclass(frozen=True)
class TrailerRecord:
    """A trailer of J shots.

    Args:
        name: used in messages.
        features: (J, D) float32.
        labels: (J,) int64, the film shot each was taken from, ``NO_LABEL`` for none; None where they are not known.
        start_s, duration_s: (J,) seconds in the trailer; None where not known.
        music: of the trailer, in segments: its own shots', or others; None where not known. Published features have it,
            our layout does not.
    """

    name: str
    features: Array
    labels: NDArray[np.int64] | None = None
    start_s: Array | None = None
    duration_s: Array | None = None
    music: Music | None = None


@dataclass(frozen=True)
class FilmRecord:
    """A film of I shots and its trailers.

    Args:
        name: used in messages.
        features: (I, D) float32.
        trailers: at least one.
        facts: times and measurements of the shots; None where not known.
    """

    name: str
    features: Array
    trailers: tuple[TrailerRecord, ...]
    facts: ShotFacts | None = None


@dataclass(frozen=True)
class Dataset:
    """Films whose features are all of one space and one length D."""

    feature_space: str
    films: tuple[FilmRecord, ...]


def write_dataset(folder: Path, feature_space: str, films: Iterable[FilmRecord]) -> None:
    """Write a dataset, film by film, then its manifest. Films of a dataset that lay there before are replaced.

    Args:
        folder: made if needed.
        feature_space: the space of all features.
        films: may be made one by one; only one is held at a time.

    Raises:
        OutputError: the folder cannot be written.
        ValueError: no films, or features of different lengths.
    """
    try:
        (folder / "films").mkdir(parents=True, exist_ok=True)
        # A manifest must not describe films that are being replaced.
        (folder / MANIFEST).unlink(missing_ok=True)
    except OSError as error:
        raise OutputError(f"cannot write the dataset {folder}", error.strerror or str(error)) from error
    rows: list[dict[str, Any]] = []
    lengths: set[int] = set()
    for number, film in enumerate(films):
        path = _film_path(folder, number)
        lengths |= {film.features.shape[1], *(trailer.features.shape[1] for trailer in film.trailers)}
        _write_film(path, film)
        rows.append(
            {
                "name": film.name,
                "file": path.relative_to(folder).as_posix(),
                "sha256": file_sha256(path),
                "shots": len(film.features),
                "trailers": [{"name": trailer.name, "shots": len(trailer.features)} for trailer in film.trailers],
            }
        )
    if len(lengths) != 1:
        raise ValueError(f"a dataset has films, with features of one length, not of {sorted(lengths)}")
    about = {"format": FORMAT, "feature_space": feature_space, "feature_dim": lengths.pop(), "films": rows}
    with atomic_output(folder / MANIFEST) as temporary:
        temporary.write_text(json.dumps(about, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    number = len(rows)
    while (unlisted := _film_path(folder, number)).exists():  # of a larger dataset that lay here before
        unlisted.unlink()
        number += 1


def read_dataset(folder: Path) -> Dataset:
    """Read and check a whole dataset.

    Raises:
        InputError: no dataset, of a newer format, or a film's file is missing, damaged or not what the layout says;
            the file is named.
    """
    manifest = folder / MANIFEST
    try:
        about = json.loads(manifest.read_text(encoding="utf-8"))
        if about["format"] != FORMAT:
            raise InputError(
                f"the dataset {folder} has a format this version does not read",
                f"{manifest} says {about['format']!r}, expected {FORMAT!r}",
            )
        space, length = str(about["feature_space"]), int(about["feature_dim"])
        rows = [
            (str(row["name"]), folder / row["file"], str(row["sha256"]), [str(t["name"]) for t in row["trailers"]])
            for row in about["films"]
        ]
    except OSError as error:
        raise InputError(f"cannot read {manifest}", error.strerror) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(f"{manifest} is not the manifest of a dataset", f"{type(error).__name__}: {error}") from error
    if not rows:
        raise InputError(f"the dataset {folder} has no films", f"{manifest} lists none")
    return Dataset(space, tuple(_read_film(name, path, sha, names, length) for name, path, sha, names in rows))


def checked_features(path: Path, what: str, array: NDArray[Any] | None, length: int | None) -> Array:
    """Features, checked and as float32.

    Args:
        path: file they were read from, for the message.
        what: a word for them, for the message.
        array: should be (n, ``length``) finite real numbers, n at least 1; any length if None.
        length: D.

    Raises:
        InputError: they are not.
    """
    if array is None:
        raise InputError(f"{path} has no {what}")
    shape = f"(shots, {length if length is not None else 'features'})"
    if array.ndim != 2 or not array.size or (length is not None and array.shape[1] != length):
        raise InputError(f"{path}: the {what} have the wrong shape", f"{array.shape}, expected {shape}")
    if array.dtype.kind not in "fiu":
        raise InputError(f"{path}: the {what} are not numbers", f"their type is {array.dtype}")
    with np.errstate(over="ignore"):
        features = np.ascontiguousarray(array, np.float32)
    finite = np.asarray(np.isfinite(features).all(axis=1))
    if not finite.all():
        raise InputError(
            f"{path}: the {what} are not all finite numbers",
            f"{np.count_nonzero(~finite)} of {len(finite)} shots, the first is number {int(np.argmin(finite))}",
        )
    return features


def _film_path(folder: Path, number: int) -> Path:
    return folder / "films" / f"{number:04d}.safetensors"


def _write_film(path: Path, film: FilmRecord) -> None:
    from safetensors.numpy import save_file

    arrays: Arrays = {"features": film.features}
    if film.facts is not None:
        arrays |= {"start_s": film.facts.start_s, "duration_s": film.facts.duration_s, **film.facts.measured}
    for number, trailer in enumerate(film.trailers):
        parts = {name: value for name, value in vars(trailer).items() if name not in ("name", "music")}
        arrays |= {f"trailer.{number}.{name}": value for name, value in _known(parts).items()}
    with atomic_output(path) as temporary:
        save_file({name: np.ascontiguousarray(array) for name, array in arrays.items()}, temporary)


def _known(values: Mapping[str, Any]) -> Arrays:
    return {name: value for name, value in values.items() if value is not None}


def _read_film(name: str, path: Path, sha256: str, trailer_names: list[str], length: int) -> FilmRecord:
    from safetensors import SafetensorError
    from safetensors.numpy import load

    try:
        found = file_sha256(path)
        arrays = load(path.read_bytes())
    except FileNotFoundError as error:
        raise InputError(f"the dataset lacks {path}", "its manifest lists it", "build the dataset again") from error
    except (OSError, SafetensorError) as error:
        raise InputError(f"cannot read {path}", str(error), "it may be truncated: build or copy it again") from error
    if found != sha256:
        raise InputError(
            f"{path} is not the file its dataset was written with",
            f"SHA-256 is {found}, the manifest says {sha256}",
            "build or copy the dataset again",
        )
    features = checked_features(path, "features of the film", arrays.get("features"), length)
    start, duration = (_row(path, arrays, name, len(features)) for name in ("start_s", "duration_s"))
    rows = {name: _row(path, arrays, name, len(features)) for name in STORED}
    measured = {name: row for name, row in rows.items() if row is not None}
    known = None if start is None or duration is None else ShotFacts(start, duration, measured)
    if not trailer_names:
        raise InputError(f"{path} has no trailers", f"the manifest lists none for {name!r}")
    trailers = tuple(
        _read_trailer(path, arrays, f"trailer.{number}.", title, length, len(features))
        for number, title in enumerate(trailer_names)
    )
    return FilmRecord(name, features, trailers, known)


def _read_trailer(path: Path, arrays: Arrays, prefix: str, name: str, length: int, film_shots: int) -> TrailerRecord:
    features = checked_features(path, f"features of the trailer {name!r}", arrays.get(f"{prefix}features"), length)
    labels = arrays.get(f"{prefix}labels")
    if labels is not None:
        if labels.shape != (len(features),) or labels.dtype.kind != "i":
            raise InputError(
                f"{path}: the labels of the trailer {name!r} are not one whole number per shot",
                f"shape {labels.shape}, type {labels.dtype}, for {len(features)} shots",
            )
        if labels.min() < NO_LABEL or labels.max() >= film_shots:
            raise InputError(
                f"{path}: a label of the trailer {name!r} is no shot of the film",
                f"labels from {labels.min()} to {labels.max()}, the film has {film_shots} shots",
            )
        labels = labels.astype(np.int64)
    start, duration = (_row(path, arrays, f"{prefix}{key}", len(features)) for key in ("start_s", "duration_s"))
    return TrailerRecord(name, features, labels, start, duration)


def _row(path: Path, arrays: Arrays, name: str, length: int) -> Array | None:
    """One finite number per shot."""
    row = arrays.get(name)
    if row is None:
        return None
    if row.shape != (length,) or row.dtype.kind != "f" or not np.isfinite(row).all():
        raise InputError(f"{path}: {name} is not one number per shot", f"shape {row.shape}, type {row.dtype}")
    return row.astype(np.float32)
