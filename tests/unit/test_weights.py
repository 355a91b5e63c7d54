from __future__ import annotations

import json
import os
import pickle
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save

import trailergen.weights.index as index
import trailergen.weights.verify as verify
from trailergen.errors import OutputError, WeightsError
from trailergen.ssmp.planner import Planner
from trailergen.ssmp.spaces import GEOMETRY_2
from trailergen.weights import (
    STARTER,
    WeightsFile,
    accept,
    accepted,
    check_content,
    find_weights,
    known_weights,
    shipped_weights,
    verified,
    weights_folder,
)
from trailergen.weights.content import wrong_form, wrong_head
from trailergen.weights.record import Stamp, read_record, record_path

TENSORS = save({"weight": np.arange(100, dtype=np.float32)})


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the shipped weights that a test may damage."""
    copy = tmp_path / "shipped"
    shutil.copytree(shipped_weights()[STARTER].path.parent, copy)
    monkeypatch.setattr(index, "_shipped_folder", lambda: copy)
    return copy


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty weights folder."""
    monkeypatch.setenv("TRAILERGEN_WEIGHTS", str(tmp_path / "weights"))
    (tmp_path / "weights").mkdir()
    return tmp_path / "weights"


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The files that are hashed while the test runs, by a process that has hashed none yet."""
    seen: list[Path] = []
    real = verify._sha256
    monkeypatch.setattr(verify, "_sha256", lambda path, tick: (seen.append(path), real(path, tick))[1])
    monkeypatch.setattr(verify, "_checked", set())
    return seen


def put(root: Path, content: bytes = TENSORS, more: str = "", file: str = "tower.safetensors") -> WeightsFile:
    """Weights that somebody describes and puts there by hand."""
    entry = f"[tower]\nfile = '{file}'\nlicence = 'Terms'\nfeature_space = 'test'\n{more}"
    (root / "index.toml").write_text(entry)
    weights = find_weights("tower")
    weights.path.parent.mkdir(exist_ok=True)
    weights.path.write_bytes(content)
    return weights


def test_the_shipped_starter_is_what_the_index_says() -> None:
    starter = shipped_weights()[STARTER]
    assert verified(starter).stat().st_size == starter.size
    assert starter.feature_space == GEOMETRY_2.name
    assert Planner.load("cpu").sha256 == starter.sha256


@pytest.mark.parametrize("damage", ["flip", "truncate", "remove"])
def test_damaged_weights_are_refused(folder: Path, damage: str) -> None:
    path = folder / "starter.safetensors"
    content = bytearray(path.read_bytes())
    if damage == "flip":
        content[-1] ^= 1
        path.write_bytes(content)
    elif damage == "truncate":
        path.write_bytes(content[:1000])
    else:
        path.unlink()
    with pytest.raises(WeightsError) as caught:
        Planner.load("cpu")
    assert caught.value.exit_code == 4


@pytest.mark.parametrize("text", ["", "not = [toml", "[starter]\nfile = 'starter.safetensors'\n"])
def test_a_broken_index_is_a_weights_error(folder: Path, text: str) -> None:
    (folder / "index.toml").write_text(text)
    with pytest.raises(WeightsError):
        Planner.load("cpu")


def test_the_index_tells_of_every_download_what_it_must(root: Path) -> None:
    known = known_weights()
    assert list(known) == [
        "starter",
        "efficientnet-lite0",
        "silero-vad",
        "imagebind",
        "openclip-vit-h-14",
        "openclip-vit-b-32",
        "whisper-base",
        "whisper-small",
    ]
    assert known["imagebind"].path == root / "imagebind" / "imagebind_huge.pth"
    for weights in known.values():
        assert weights.shipped == (not weights.urls)
        assert all(url.startswith("https://") for url in weights.urls)
        assert weights.licence
        assert weights.about
        assert weights.shipped or weights.licence_url
        assert all(part.sha256 and part.path.parent == weights.path.parent for part in weights.companions)
    assert [name for name, weights in known.items() if weights.needs_acceptance] == ["imagebind"]
    assert shipped_weights().keys() == {STARTER, "efficientnet-lite0", "silero-vad"}


def test_weights_lie_where_the_environment_says(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert weights_folder() == root
    monkeypatch.delenv("TRAILERGEN_WEIGHTS")
    assert weights_folder().parts[-2:] == ("trailergen", "weights")


@pytest.mark.parametrize(
    "change",
    [
        "file = '../../elsewhere'",
        "file = '/elsewhere'",
        "file = '.hidden'",
        "sha256 = 'ABC'",
        "size = -1",
        "size = 'big'",
        "urls = 'https://example.org/x'",
        "urls = [1]",
        "urls = ['there']",
        "urls = ['https://[x/y']",
        "colour = 'red'",
        "package = 'of-another'",
        "feature_space = 'again'",
    ],
)
def test_a_wrong_entry_of_the_user_is_explained(root: Path, change: str) -> None:
    entry = {"file": "'tower.pth'", "licence": "'MIT'", "feature_space": "'test'"}
    field, _, value = change.partition(" = ")
    lines = [f"{name} = {given}" for name, given in {**entry, field: value}.items()]
    twice = [change] if field == "feature_space" else []
    (root / "index.toml").write_text("\n".join(["[tower]", *lines, *twice]))
    with pytest.raises(WeightsError, match="cannot read") as caught:
        find_weights("tower")
    assert str(root / "index.toml") in str(caught.value)


def test_the_user_cannot_describe_shipped_weights_anew(root: Path) -> None:
    (root / "index.toml").write_text("[starter]\nfile = 'x'\nlicence = 'MIT'\nfeature_space = 'test'\n")
    with pytest.raises(WeightsError, match="cannot use"):
        known_weights()


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(WeightsError, match="no weights named 'nothing'"):
        find_weights("nothing")


def test_a_file_put_there_by_hand_is_taken_and_remembered(root: Path, hashed: list[Path]) -> None:
    weights = put(root)
    assert verified(weights) == weights.path
    record = read_record(weights.path)
    assert record is not None
    assert (record.stamp, record.url) == (Stamp.of(weights.path), "")
    weights.path.write_bytes(TENSORS[:-1] + b"!")
    with pytest.raises(WeightsError, match="first recorded as"):
        verified(weights)


@pytest.mark.parametrize("content", [b"", b"<!DOCTYPE html>" * 9, TENSORS[:-1], TENSORS + b"!", b"\xff" * 500])
def test_a_file_of_the_wrong_form_is_not_taken(root: Path, content: bytes) -> None:
    with pytest.raises(WeightsError, match="are damaged") as caught:
        verified(put(root, content))
    assert caught.value.hint == f"put the file at {root / 'tower' / 'tower.safetensors'}"
    assert not record_path(root / "tower" / "tower.safetensors").exists()


def test_missing_weights_say_what_to_do(root: Path) -> None:
    with pytest.raises(WeightsError) as caught:
        verified(find_weights("openclip-vit-b-32"))
    assert caught.value.hint == "trailergen weights fetch openclip-vit-b-32"


def test_an_untouched_file_is_hashed_once(root: Path, hashed: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    weights = put(root)
    verified(weights)
    monkeypatch.setattr(verify, "_checked", set())  # as another process would
    verified(weights)
    assert hashed == [weights.path]
    check_content(weights, again=True)
    os.utime(weights.path, ns=(1, 1))
    verified(weights)
    verified(weights)
    assert hashed == [weights.path] * 3


def test_a_record_of_another_file_is_not_believed(root: Path, hashed: list[Path]) -> None:
    """A stamp that fits does not help a SHA-256 that the index does not have."""
    weights = put(root)
    verified(weights)
    published = put(root, more=f"sha256 = '{'0' * 64}'\n")
    with pytest.raises(WeightsError, match="the index says"):
        verified(published)


@pytest.mark.parametrize("record", ["", "[]", '{"sha256": 1}', '{"sha256": "0", "stamp": {}, "url": ""}'])
def test_a_record_that_cannot_be_read_is_made_again(root: Path, record: str) -> None:
    weights = put(root)
    record_path(weights.path).write_text(record)
    verified(weights)
    assert read_record(weights.path) is not None


def test_a_licence_is_accepted_once_as_it_is(root: Path) -> None:
    weights = put(root, more="needs_acceptance = true\nabout = 'Not for all.'\n")
    assert not accepted(weights)
    with pytest.raises(WeightsError, match="has not been accepted") as caught:
        verified(weights)
    assert "Not for all" in str(caught.value)
    accept(weights)
    assert accepted(weights)
    assert verified(weights) == weights.path
    changed = put(root, more="needs_acceptance = true\n")
    assert accepted(changed)
    (root / "index.toml").write_text((root / "index.toml").read_text().replace("Terms", "Other terms"))
    assert not accepted(find_weights("tower"))


@pytest.mark.parametrize("text", ["", "[]", '{"tower": 1}'])
def test_a_broken_memory_of_licences_accepts_nothing(root: Path, text: str) -> None:
    weights = put(root, more="needs_acceptance = true\n")
    (root / "licences.json").write_text(text)
    assert not accepted(weights)
    accept(weights)
    assert accepted(weights)


def test_an_acceptance_that_cannot_be_kept_is_an_output_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("TRAILERGEN_WEIGHTS", str(tmp_path / "file" / "weights"))
    with pytest.raises(OutputError):
        accept(find_weights("imagebind"))


def archive(path: Path, *names: str) -> Path:
    with zipfile.ZipFile(path, "w") as file:
        for name in names:
            file.writestr(name, b"content")
    return path


def test_forms_are_told_without_loading(tmp_path: Path) -> None:
    class Malicious:
        def __reduce__(self) -> tuple[Callable[..., object], tuple[str]]:
            return os.mkdir, (str(tmp_path / "executed"),)

    good = archive(tmp_path / "model.pth", "archive/data.pkl", "archive/data/0")
    assert wrong_form(good, good.name) is None
    good.write_bytes(good.read_bytes()[:-5])
    assert "whole" in (wrong_form(good, good.name) or "")
    empty = archive(tmp_path / "photos.pth", "photo.jpg")
    assert "without a model" in (wrong_form(empty, empty.name) or "")
    bad = tmp_path / "bad.pth"
    bad.write_bytes(pickle.dumps(Malicious(), protocol=2))
    assert wrong_form(bad, bad.name)
    assert not (tmp_path / "executed").exists()


@pytest.mark.parametrize("length", [ord("<"), ord("{"), ord("["), ord(" ")])
def test_a_header_length_that_looks_like_a_letter_is_a_length(length: int) -> None:
    head = length.to_bytes(8, "little") + b'{"weight":{"dtype":"F32"'
    assert wrong_head(head, "tower.safetensors") is None


@pytest.mark.parametrize(
    ("head", "word"),
    [
        (b"\xef\xbb\xbf\n<html>", "page"),
        (b'{"error": 1}', "JSON"),
        (b"version https://git-lfs.github.com/spec/v1", "Git LFS"),
        (b"\x00" * 64, "neither"),
        (b"", "neither"),
    ],
)
@pytest.mark.parametrize("name", ["tower.safetensors", "tower.pth"])
def test_other_things_are_called_by_their_name(head: bytes, word: str, name: str) -> None:
    assert word in (wrong_head(head, name) or "")


def test_records_are_plain_json(root: Path) -> None:
    weights = put(root)
    verified(weights)
    assert json.loads(record_path(weights.path).read_text()).keys() == {"sha256", "stamp", "url"}
