"""The examples of docs/api.md, run as they stand."""

from __future__ import annotations

import re
from pathlib import Path
from shutil import copyfile

import pytest

PAGE = Path(__file__).parents[2] / "docs" / "api.md"


def test_the_examples_of_the_page_run(
    examples: Path, shared_cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TRAILERGEN_CACHE", str(shared_cache))
    copyfile(examples / "film.mp4", "film.mp4")
    copyfile(examples / "score.ogg", "track.ogg")
    blocks = re.findall(r"^```python\n(.*?)^```", PAGE.read_text(), re.MULTILINE | re.DOTALL)
    assert len(blocks) >= 6
    names: dict[str, object] = {}
    for block in blocks:
        exec(compile(block, str(PAGE), "exec"), names)
    made = {path.name for path in tmp_path.iterdir()}
    assert {"film-trailer.mp4", "film-trailer.html", "cut.plan.json", "cut-2.mp4", "cut-2.edl", "cut-2.html"} <= made
