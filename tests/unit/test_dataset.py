"""Datasets come back as they were written, the authors' layout is read, and whatever is wrong is named."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from safetensors.numpy import load_file, save_file

from trailergen.errors import InputError, OutputError, UsageError
from trailergen.runtime.cache import file_sha256
from trailergen.ssmp.channels.channel import ShotFacts
from trailergen.ssmp.losses import NO_LABEL
from trailergen.ssmp.pca import PCA_DIM
from trailergen.ssmp.positions import POSITION_DIM
from trailergen.ssmp.spaces import GEOMETRY_1, GEOMETRY_2
from trailergen.training.cmtd import read_cmtd
from trailergen.training.dataset import Dataset, FilmRecord, TrailerRecord, read_dataset, write_dataset
from trailergen.training.examples import Channels, Labels, batches_of, examples_of, open_dataset, token_space


def unit(rng: np.random.Generator, count: int, length: int) -> NDArray[np.float32]:
    rows = rng.standard_normal((count, length)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def film(seed: int = 0, shots: int = 12, length: int = 16) -> FilmRecord:
    """A film with two trailers; the first has a card, the second neither labels nor times."""
    rng = np.random.default_rng(seed)
    features = unit(rng, shots, length)
    duration = rng.uniform(1, 5, shots).astype(np.float32)
    start = (np.cumsum(duration) - duration).astype(np.float32)
    labels = np.array([7, NO_LABEL, 2, 9])
    shown = np.where((labels >= 0)[:, None], features[labels], unit(rng, 4, length)).astype(np.float32)
    times = np.arange(4, dtype=np.float32), np.ones(4, np.float32)
    trailers = (TrailerRecord("teaser", shown, labels, *times), TrailerRecord("trailer", features[[3, 4]]))
    return FilmRecord(f"film {seed}", features, trailers, ShotFacts(start, duration, {"loudness": -duration}))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_dataset(tmp_path / "set", "builtin-1", [film(0), film(1, shots=20)])
    return tmp_path / "set"


def same(one: object, other: object) -> bool:
    if isinstance(one, np.ndarray):
        return isinstance(other, np.ndarray) and one.dtype == other.dtype and np.array_equal(one, other)
    if isinstance(one, tuple):
        return isinstance(other, tuple) and len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict):
        return isinstance(other, dict) and one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, FilmRecord | TrailerRecord | ShotFacts):
        return type(one) is type(other) and all(same(vars(one)[name], vars(other)[name]) for name in vars(one))
    return one == other


def test_a_dataset_comes_back_as_it_was(folder: Path) -> None:
    found = open_dataset(folder)
    assert found.feature_space == "builtin-1"
    assert same(found.films, (film(0), film(1, shots=20)))
    assert sorted(path.name for path in folder.rglob("*")) == [
        "0000.safetensors", "0001.safetensors", "dataset.json", "films",
    ]  # fmt: skip


def test_the_same_dataset_gives_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    write_dataset(tmp_path / "again", "builtin-1", [film(0), film(1, shots=20)])
    for path in folder.rglob("*.*"):
        assert path.read_bytes() == (tmp_path / "again" / path.relative_to(folder)).read_bytes()


def test_films_of_a_larger_dataset_before_are_gone(folder: Path) -> None:
    write_dataset(folder, "builtin-1", [film(4)])
    assert same(read_dataset(folder).films, (film(4),))
    assert [path.name for path in (folder / "films").iterdir()] == ["0000.safetensors"]


def test_a_dataset_that_was_not_finished_is_none(folder: Path) -> None:
    def films() -> object:
        yield film(2)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_dataset(folder, "builtin-1", films())  # type: ignore[arg-type]
    with pytest.raises(InputError, match="is no dataset"):
        open_dataset(folder)


def test_what_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match="file"):
        write_dataset(tmp_path / "file", "builtin-1", [film()])
    with pytest.raises(ValueError, match="one length"):
        write_dataset(tmp_path / "set", "builtin-1", [film(), film(length=8)])
    with pytest.raises(ValueError, match="has films"):
        write_dataset(tmp_path / "set", "builtin-1", [])


def broken(**changes: NDArray[np.generic] | None) -> Callable[[Path], None]:
    """Another content of the first film's file, which the manifest then lists."""

    def change(folder: Path) -> None:
        path = folder / "films" / "0000.safetensors"
        arrays = load_file(path)
        for name, value in changes.items():
            name = name.replace("__", ".")
            if value is None:
                del arrays[name]
            else:
                arrays[name] = np.ascontiguousarray(value)
        old = file_sha256(path)
        save_file(arrays, path)
        manifest = folder / "dataset.json"
        manifest.write_text(manifest.read_text().replace(old, file_sha256(path)))

    return change


def manifest(**changes: object) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        path = folder / "dataset.json"
        path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))

    return change


def truncated(folder: Path) -> None:
    path = folder / "films" / "0000.safetensors"
    path.write_bytes(path.read_bytes()[:-10])


def another(folder: Path) -> None:
    shutil.copy(folder / "films" / "0001.safetensors", folder / "films" / "0000.safetensors")


NAN = np.full((12, 16), np.nan, np.float32)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda folder: (folder / "films" / "0000.safetensors").unlink(), "lacks .*0000.safetensors"),
        (lambda folder: (folder / "dataset.json").write_text("{"), "dataset.json is not the manifest"),
        (lambda folder: (folder / "dataset.json").write_text("[]"), "dataset.json is not the manifest"),
        (manifest(format="trailergen.dataset/2"), "does not read"),
        (manifest(films=[]), "has no films"),
        (manifest(films=[{"name": "x"}]), "dataset.json is not the manifest"),
        (manifest(feature_dim=8), r"0000.safetensors: the features of the film have the wrong shape"),
        (truncated, "cannot read .*0000.safetensors"),
        (another, "0000.safetensors is not the file"),
        (broken(features=None), "0000.safetensors has no features of the film"),
        (broken(features=NAN), "0000.safetensors: .* not all finite"),
        (broken(features=np.zeros((12, 16), np.bool_)), "0000.safetensors: .* not numbers"),
        (broken(features=np.zeros((0, 16), np.float32)), "0000.safetensors: .* wrong shape"),
        (broken(duration_s=np.zeros(11, np.float32)), "0000.safetensors: duration_s is not one number"),
        (broken(start_s=np.full(12, np.nan, np.float32)), "0000.safetensors: start_s is not one number"),
        (broken(trailer__0__features=None), "0000.safetensors has no features of the trailer 'teaser'"),
        (broken(trailer__0__labels=np.zeros(3, np.int64)), "labels of the trailer 'teaser' are not one"),
        (broken(trailer__0__labels=np.zeros(4, np.float32)), "labels of the trailer 'teaser' are not one"),
        (broken(trailer__0__labels=np.array([0, 1, 2, 12])), "label of the trailer 'teaser' is no shot"),
        (broken(trailer__0__labels=np.array([0, 1, 2, -2])), "label of the trailer 'teaser' is no shot"),
        (broken(trailer__0__start_s=np.zeros((4, 2), np.float32)), "trailer.0.start_s is not one number"),
    ],
)
def test_bad_datasets_are_refused_by_name(folder: Path, change: Callable[[Path], None], said: str) -> None:
    change(folder)
    with pytest.raises(InputError, match=said):
        read_dataset(folder)


def test_a_film_without_trailers_is_refused(folder: Path) -> None:
    rows = json.loads((folder / "dataset.json").read_text())["films"]
    manifest(films=[{**rows[0], "trailers": []}])(folder)
    with pytest.raises(InputError, match="has no trailers"):
        read_dataset(folder)


def cmtd(root: Path, split: str = "train") -> Path:
    """Films 1, 2 and 10; film 2 has two trailers."""
    rng = np.random.default_rng(3)
    movies, trailers = root / f"{split}_movie_shot_embs", root / f"{split}_trailer_shot_embs"
    movies.mkdir(parents=True)
    trailers.mkdir()
    for name, parts in {"10": ["10"], "1": ["1"], "2": ["2-1", "2-2"]}.items():
        features = rng.standard_normal((30, 1024)).astype(np.float32)
        np.save(movies / f"{name}.npy", features)
        for part in parts:
            np.save(trailers / f"{part}.npy", features[rng.permutation(30)[:6]] + np.float32(0.1))
    return root


def test_the_authors_layout_is_read(tmp_path: Path) -> None:
    found = open_dataset(cmtd(tmp_path / "plain"))
    assert [(f.name, [t.name for t in f.trailers]) for f in found.films] == [
        ("1", ["1"]),
        ("2", ["2-1", "2-2"]),
        ("10", ["10"]),
    ]
    assert all(f.features.shape == (30, 1024) and f.facts is None for f in found.films)
    cmtd(tmp_path / "repository" / "training_dataset")
    assert same(open_dataset(tmp_path / "repository").films, found.films)
    cmtd(tmp_path / "repository" / "test_dataset", "test")
    assert same(read_cmtd(tmp_path / "repository", "test").films, found.films)


def npy(name: str, array: NDArray[np.generic]) -> Callable[[Path], None]:
    return lambda root: np.save(root / name, array, allow_pickle=True)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (npy("train_trailer_shot_embs/3.npy", np.ones((4, 1024))), "film of the trailer .*/3.npy is missing"),
        (npy("train_trailer_shot_embs/3-2.npy", np.ones((4, 1024))), "film of the trailer .*/3-2.npy is missing"),
        (npy("train_movie_shot_embs/3.npy", np.ones((4, 1024))), "film .*/3.npy has no trailer"),
        (npy("train_movie_shot_embs/1.npy", np.ones((4, 512))), "embs/1.npy: the features have the wrong shape"),
        (npy("train_movie_shot_embs/1.npy", np.ones(1024)), "embs/1.npy: the features have the wrong shape"),
        (npy("train_trailer_shot_embs/2-2.npy", np.ones((0, 1024))), "2-2.npy: the features have the wrong shape"),
        (npy("train_trailer_shot_embs/2-2.npy", np.full((3, 1024), np.inf)), "2-2.npy: the features are not all"),
        (npy("train_trailer_shot_embs/2-2.npy", np.full((3, 1024), 1e300)), "2-2.npy: the features are not all"),
        (npy("train_movie_shot_embs/1.npy", np.array([{"a": 1}], object)), "cannot read .*embs/1.npy"),
        (npy("train_movie_shot_embs/1.npy", np.array([["a"] * 1024])), "embs/1.npy: the features are not numbers"),
        (lambda root: (root / "train_movie_shot_embs/1.npy").write_bytes(b""), "cannot read .*embs/1.npy"),
        (lambda root: (root / "train_movie_shot_embs/1.npy").write_text("no array"), "cannot read .*embs/1.npy"),
        (lambda root: shutil.rmtree(root / "train_trailer_shot_embs"), "no folder .*train_trailer_shot_embs"),
        (lambda root: [p.unlink() for p in (root / "train_movie_shot_embs").iterdir()], "no .npy files"),
    ],
)
def test_bad_published_data_are_refused_by_name(tmp_path: Path, change: Callable[[Path], object], said: str) -> None:
    change(cmtd(tmp_path))
    with pytest.raises(InputError, match=said):
        open_dataset(tmp_path)


def test_an_archive_of_arrays_is_no_array(tmp_path: Path) -> None:
    path = cmtd(tmp_path) / "train_movie_shot_embs" / "1.npy"
    with path.open("wb") as file:
        np.savez(file, a=np.ones((4, 1024)))
    with pytest.raises(InputError, match=r"cannot read .*1\.npy"):
        open_dataset(tmp_path)


def test_a_folder_of_something_else_is_no_dataset(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is no dataset"):
        open_dataset(tmp_path)
    with pytest.raises(InputError, match="no folder test_movie"):
        read_cmtd(tmp_path, "test")


def test_examples_are_the_features_and_their_labels() -> None:
    whole = film()
    teaser, trailer = examples_of(Dataset("builtin-1", (whole,)))
    assert torch.equal(teaser.film, torch.from_numpy(whole.features))
    assert teaser.film is trailer.film
    assert teaser.labels.tolist() == [7, 2, 9]  # the card is left out
    assert torch.equal(teaser.trailer, teaser.film[teaser.labels])
    assert trailer.labels.tolist() == [3, 4]  # eq. 1, where nothing is stored


def test_labels_of_eq_1_take_cards_for_shots_and_a_threshold_does_not() -> None:
    dataset = Dataset("builtin-1", (film(),))
    paper, rejecting = (examples_of(dataset, choice, 0.9)[0] for choice in (Labels.paper, Labels.reject))
    assert len(paper.labels) == 4
    assert paper.labels[[0, 2, 3]].tolist() == rejecting.labels.tolist() == [7, 2, 9]
    with pytest.raises(UsageError, match="stores no labels for the trailer 'trailer'"):
        examples_of(dataset, Labels.stored)
    with pytest.raises(InputError, match="no shot of the trailer 'teaser' is from the film 'film 0'"):
        examples_of(dataset, Labels.reject, 1.1)


@pytest.mark.parametrize("known", [True, False])
def test_context_channels_replace_the_space(known: bool) -> None:
    whole = film()
    if not known:
        whole = FilmRecord(whole.name, whole.features, whole.trailers)
    dataset = Dataset("builtin-1", (whole,))
    teaser, _ = examples_of(dataset, channels=Channels.context)
    assert teaser.film.shape == (12, GEOMETRY_2.dim)
    assert torch.isfinite(teaser.film).all()
    torch.testing.assert_close(teaser.trailer, teaser.film[teaser.labels])
    assert token_space(dataset, Channels.context) == (GEOMETRY_2.name, GEOMETRY_2.dim)
    assert token_space(dataset, Channels.none) == ("builtin-1", 16)
    assert teaser.positions is not None
    assert teaser.positions.shape == (len(teaser.labels), POSITION_DIM)
    older, _ = examples_of(dataset, channels=Channels.context, space=GEOMETRY_1)
    assert older.film.shape == (12, GEOMETRY_1.dim)
    assert torch.equal(older.film[:, :PCA_DIM], teaser.film[:, :PCA_DIM])


def test_films_are_turned_anew_each_time_with_context_channels_only() -> None:
    dataset = Dataset("builtin-1", (film(),))
    plain = batches_of(examples_of(dataset), 2, 0, Channels.none)
    assert torch.equal(plain(0)[0].film, plain(1)[0].film)
    context = batches_of(examples_of(dataset, channels=Channels.context), 2, 0, Channels.context)
    first, again, second = context(0)[0].film, context(0)[0].film, context(1)[0].film
    assert torch.equal(first, again)
    assert not torch.allclose(first[:, :PCA_DIM], second[:, :PCA_DIM])
