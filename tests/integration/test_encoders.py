"""The example film planned with features of a small random tower, installed as the published one would be."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from towers import write_imagebind

Cli = Callable[..., int]


def test_a_plan_of_imagebind_features_names_their_licence(
    cli: Cli, examples: Path, shared_cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    checkpoint = write_imagebind(tmp_path / "imagebind_huge.pth")
    installed = {"imagebind": (checkpoint, "CC-BY-NC-SA-4.0", "a" * 64)}
    monkeypatch.setattr("trailergen.features.encoder._installed", installed.__getitem__)
    made = {}
    for name in ("auto", "builtin"):
        options = ["--encoder", name, "--cache-dir", shared_cache, "--device", "cpu", "--length", 12]
        assert cli("plan", examples / "film.mp4", "-m", examples / "score.ogg", "-o", f"{name}.json", *options) == 0
        made[name] = json.loads(Path(f"{name}.json").read_text())["provenance"]
    assert made["auto"]["encoder"] == "imagebind-1-fast"
    assert made["auto"]["licences"] == {"imagebind-1-fast": "CC-BY-NC-SA-4.0"}
    assert made["auto"]["weights"]["imagebind"] == "a" * 64
    assert made["auto"]["settings"]["views"] == "fast"
    assert made["builtin"]["licences"] == {"builtin-1": "MIT"}
    assert "imagebind" not in made["builtin"]["weights"]
    assert not list((shared_cache / "features").iterdir())
