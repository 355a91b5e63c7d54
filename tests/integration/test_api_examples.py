"""The examples of docs/api.md, as they stand."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

PAGE = Path(__file__).resolve().parents[2] / "docs" / "api.md"


def test_the_examples_of_the_page_run(
    examples: Path, shared_cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blocks = re.findall(r"^```python\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    assert len(blocks) >= 4
    shutil.copy(examples / "film.mp4", tmp_path / "film.mp4")
    shutil.copy(examples / "score.ogg", tmp_path / "track.ogg")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TRAILERGEN_CACHE", str(shared_cache))
    names: dict[str, object] = {}
    for number, block in enumerate(blocks):
        exec(compile(block, f"docs/api.md, example {number}", "exec"), names)
    made = {path.name for path in tmp_path.iterdir()}
    assert {"film-trailer.mp4", "film-trailer.plan.json", "film-trailer.html"} <= made
    assert {"other.plan.json", "other.mp4", "other.otio", "other.html"} <= made
