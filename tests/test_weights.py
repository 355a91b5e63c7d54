from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import trailergen.weights
from trailergen.errors import WeightsError
from trailergen.ssmp.planner import Planner
from trailergen.ssmp.tokens import FEATURE_SPACE
from trailergen.weights import STARTER, shipped_weights, verified


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the shipped weights that a test may damage."""
    copy = tmp_path / "weights"
    shutil.copytree(shipped_weights()[STARTER].path.parent, copy)
    monkeypatch.setattr(trailergen.weights, "_shipped_folder", lambda: copy)
    return copy


def test_the_shipped_starter_is_what_the_index_says() -> None:
    starter = shipped_weights()[STARTER]
    assert verified(starter).stat().st_size == starter.size
    assert starter.feature_space == FEATURE_SPACE
    assert Planner.load("cpu", "builtin-1").sha256 == starter.sha256


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
        Planner.load("cpu", "builtin-1")
    assert caught.value.exit_code == 4


@pytest.mark.parametrize("index", ["", "not = [toml", "[starter]\nfile = 'starter.safetensors'\n"])
def test_a_broken_index_is_a_weights_error(folder: Path, index: str) -> None:
    (folder / "index.toml").write_text(index)
    with pytest.raises(WeightsError):
        Planner.load("cpu", "builtin-1")
