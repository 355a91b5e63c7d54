from __future__ import annotations

import hashlib
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from unittest import mock

import numpy as np
import pytest

from trailergen.errors import InputError, OutputError
from trailergen.runtime.cache import Entry, StageCache, atomic_output, default_cache_dir

ENTRY = Entry(
    {"rate": "24000/1001", "shots": [1, 2], "name": "ü"},
    {"a": np.arange(12, dtype=np.int64).reshape(3, 4), "b": np.zeros((0, 2), np.float32)},
)


def same(a: Entry | None, b: Entry) -> bool:
    return (
        a is not None
        and a.facts == b.facts
        and a.arrays.keys() == b.arrays.keys()
        and all(np.array_equal(a.arrays[k], b.arrays[k]) and a.arrays[k].dtype == b.arrays[k].dtype for k in b.arrays)
    )


def test_an_entry_comes_back_as_it_was(tmp_path: Path) -> None:
    cache = StageCache(tmp_path / "new" / "cache")
    key = cache.key("shots", 1, {"film": "x"})
    assert cache.load(key) is None
    cache.store(key, ENTRY)
    assert same(cache.load(key), ENTRY)


def test_keys_differ_in_stage_version_and_inputs(tmp_path: Path) -> None:
    cache = StageCache(tmp_path)
    keys = {cache.key("a", 1, {}), cache.key("b", 1, {}), cache.key("a", 2, {}), cache.key("a", 1, {"x": 1})}
    assert len(keys) == 4
    assert cache.key("a", 1, {"x": 1, "y": 2}) == cache.key("a", 1, {"y": 2, "x": 1})


def test_a_result_is_made_once(tmp_path: Path) -> None:
    cache = StageCache(tmp_path)
    made = []

    def make() -> Entry:
        made.append(1)
        return ENTRY

    assert same(cache.result("k-1", make), ENTRY)
    assert same(cache.result("k-1", make), ENTRY)
    assert made == [1]


@pytest.mark.parametrize("damage", ["flip", "truncate", "empty", "garbage", "folder"])
def test_a_damaged_entry_is_made_again(tmp_path: Path, damage: str) -> None:
    cache = StageCache(tmp_path)
    cache.store("k-1", ENTRY)
    (path,) = (tmp_path / "stages").iterdir()
    raw = bytearray(path.read_bytes())
    if damage == "flip":
        raw[-3] ^= 1
    elif damage == "truncate":
        raw = raw[: len(raw) // 2]
    elif damage == "empty":
        raw = bytearray()
    else:
        raw = bytearray(b"\xff" * 100)
    if damage == "folder":
        path.unlink()
        (path / "in it").mkdir(parents=True)
    else:
        path.write_bytes(raw)
    assert cache.load("k-1") is None
    assert not path.exists()
    assert same(cache.result("k-1", lambda: ENTRY), ENTRY)


def test_every_flipped_byte_is_noticed(tmp_path: Path) -> None:
    cache = StageCache(tmp_path)
    cache.store("k-1", ENTRY)
    (path,) = (tmp_path / "stages").iterdir()
    whole = path.read_bytes()
    for at in range(len(whole)):
        raw = bytearray(whole)
        raw[at] ^= 0x20
        path.write_bytes(raw)
        entry = cache.load("k-1")
        assert entry is None or same(entry, ENTRY), at


def test_fingerprints_follow_the_content(tmp_path: Path) -> None:
    cache, film = StageCache(tmp_path / "cache"), tmp_path / "film"
    film.write_bytes(b"one")
    assert cache.fingerprint(film) == hashlib.sha256(b"one").hexdigest()
    assert cache.fingerprint(film) == hashlib.sha256(b"one").hexdigest()
    film.write_bytes(b"another")
    assert cache.fingerprint(film) == hashlib.sha256(b"another").hexdigest()


def test_a_missing_film_is_an_input_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no file"):
        StageCache(tmp_path).fingerprint(tmp_path / "none")
    with pytest.raises(InputError, match="folder"):
        StageCache(tmp_path).fingerprint(tmp_path)


def test_a_cache_that_cannot_be_made_is_an_output_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(OutputError):
        StageCache(tmp_path / "file" / "cache").store("k-1", ENTRY)


def test_an_output_is_whole_or_not_there(tmp_path: Path) -> None:
    target = tmp_path / "out.txt"
    with pytest.raises(RuntimeError), atomic_output(target) as temporary:
        temporary.write_text("half")
        raise RuntimeError
    assert list(tmp_path.iterdir()) == []
    with atomic_output(target) as temporary:
        temporary.write_text("whole")
    assert target.read_text() == "whole"
    assert [path.name for path in tmp_path.iterdir()] == ["out.txt"]


def test_what_a_killed_writer_left_is_swept_up(tmp_path: Path) -> None:
    fresh, old, other = tmp_path / ".out-a.txt", tmp_path / ".out-b.txt", tmp_path / ".mine-b.txt"
    for path in (fresh, old, other):
        path.touch()
    os.utime(old, (0, 0))
    os.utime(other, (0, 0))
    with atomic_output(tmp_path / "out.txt") as temporary:
        temporary.write_text("whole")
    assert sorted(path.name for path in tmp_path.iterdir()) == [".mine-b.txt", ".out-a.txt", "out.txt"]


def test_an_output_without_a_folder_is_an_output_error(tmp_path: Path) -> None:
    with pytest.raises(OutputError), atomic_output(tmp_path / "none" / "out.txt"):
        pass


def test_the_environment_moves_the_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRAILERGEN_CACHE", "/somewhere/else")
    assert default_cache_dir() == Path("/somewhere/else")


def test_what_many_threads_write_has_the_rights_of_any_new_file(tmp_path: Path) -> None:
    (tmp_path / "any").touch()
    asked: list[int] = []

    def write(number: int) -> None:
        with atomic_output(tmp_path / f"{number}.txt") as temporary:
            temporary.write_text("x")

    with ThreadPoolExecutor(8) as pool, mock.patch("os.umask", asked.append):
        list(pool.map(write, range(50)))
    assert asked == []  # to ask is to change it, for all threads
    assert {path.stat().st_mode for path in tmp_path.iterdir()} == {(tmp_path / "any").stat().st_mode}
