"""What docs/robustness.md says of every awkward file; see tests/awkward.py."""

from __future__ import annotations

from pathlib import Path

import pytest
from awkward import AWKWARD, Runs

pytestmark = [pytest.mark.slow, pytest.mark.media]
DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "robustness.md"
FILES = sorted(AWKWARD.iterdir()) if AWKWARD.is_dir() else []


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Runs:
    return Runs(tmp_path_factory.mktemp("awkward"))


@pytest.fixture(scope="module")
def promised() -> dict[str, list[str]]:
    rows = [line.strip("| ").split(" | ") for line in DOCUMENT.read_text("utf-8").splitlines() if line.startswith("|")]
    return {row[0].strip("`"): row[1:] for row in rows}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_an_awkward_file(path: Path, runs: Runs, promised: dict[str, list[str]]) -> None:
    assert [runs.as_film(path), runs.as_music(path), runs.pictures(path)] == promised[path.name]
