"""A file is called what its user calls it: links are not followed by name."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from trailergen.plans.paths import named_path


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A folder of links into a store of hashes."""
    (tmp_path / "store").mkdir()
    (tmp_path / "store" / "SHA256E-x.mkv").write_bytes(b"film")
    (tmp_path / "My Film.mkv").symlink_to("store/SHA256E-x.mkv")
    (tmp_path / "films").symlink_to("store")
    return tmp_path


def test_a_link_is_named_and_not_its_target(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(store)
    assert named_path(Path("My Film.mkv")) == str(store / "My Film.mkv")
    assert named_path(Path("./films/SHA256E-x.mkv")) == str(store / "films" / "SHA256E-x.mkv")
    assert named_path(store / "My Film.mkv") == str(store / "My Film.mkv")


def test_the_way_back_is_taken_out_where_it_leads_to_the_same(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(store / "store")
    assert named_path(Path("../My Film.mkv")) == str(store.resolve() / "My Film.mkv")
    # Out of a linked folder ".." leads to the parent of its target.
    (store / "far").mkdir()
    (store / "far" / "folder").mkdir()
    (store / "far" / "film.mkv").write_bytes(b"other")
    (store / "near").symlink_to("far/folder")
    (store / "film.mkv").write_bytes(b"film")
    named = Path(named_path(store / "near" / ".." / "film.mkv"))
    assert named.is_absolute() and os.path.samefile(named, store / "far" / "film.mkv")
