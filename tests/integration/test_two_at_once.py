"""The same command twice at the same time: one waits for the other, both end well, and there is one result."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

WORDS = {
    "render": ["render", "cut.plan.json", "-o", "out.mp4"],
    "export": ["export", "cut.plan.json", "--to", "otio", "-o", "out.otio"],
    "export by its own name": ["export", "cut.plan.json", "--to", "edl"],
    "report": ["report", "cut.plan.json", "-o", "out.html"],
}
NAMES = {"render": "out.mp4", "export": "out.otio", "export by its own name": "cut.edl", "report": "out.html"}


def start(words: list[str], folder: Path, cache: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "trailergen", *words],
        cwd=folder,
        env=os.environ | {"TRAILERGEN_CACHE": str(cache)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def pair(words: list[str], folder: Path, cache: Path, offset: float) -> list[str]:
    """The standard errors of two, the second begun ``offset`` seconds after the first."""
    first = start(words, folder, cache)
    time.sleep(offset)
    second = start(words, folder, cache)
    said = [first.communicate()[1], second.communicate()[1]]
    assert (first.returncode, second.returncode) == (0, 0), said
    return said


@pytest.mark.usefixtures("plan")
@pytest.mark.parametrize("command", list(WORDS))
def test_results_of_a_plan(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, command: str) -> None:
    before = {path.name for path in tmp_path.iterdir()}
    said = pair(WORDS[command], tmp_path, tmp_path_factory.mktemp("cache"), 0)
    assert {path.name for path in tmp_path.iterdir()} - before == {NAMES[command]}
    if command == "render":
        assert sum(f"another run makes {NAMES[command]}" in text for text in said) == 1
        assert sum("is finished already" in text for text in said) == 1


def test_a_revision(tmp_path: Path, shared_cache: Path) -> None:
    plan = (shared_cache.parent / "example.plan.json").read_text(encoding="utf-8")
    (tmp_path / "cut.plan.json").write_text(plan, encoding="utf-8")
    for offset, words in ((0, []), (0.5, ["-o", "mine.json"])):
        pair(["revise", "cut.plan.json", "--reroll", "1", *words], tmp_path, shared_cache, offset)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["cut-2.plan.json", "cut.plan.json", "mine.json"]


def make_pair(folder: Path, cache: Path, film: Path, music: Path, offset: float) -> list[str]:
    folder.mkdir()
    words = ["make", str(film), "-m", str(music), "--length", "8", "--preset", "ultrafast"]
    said = pair(words, folder, cache, offset)
    assert sorted(path.name for path in folder.iterdir()) == [
        "film-trailer.html",
        "film-trailer.mp4",
        "film-trailer.plan.json",
    ]
    return said


@pytest.mark.slow
def test_twenty_pairs_of_make(tmp_path: Path, short_film: Path, examples: Path) -> None:
    chosen = random.Random(9)
    for number in range(20):
        cache = tmp_path / f"cache{number % 4}"  # each is new to the first of five, and warm for the others
        make_pair(tmp_path / f"out{number}", cache, short_film, examples / "score.ogg", chosen.uniform(0, 12))


def test_make(tmp_path: Path, short_film: Path, examples: Path) -> None:
    said = make_pair(tmp_path / "out", tmp_path / "cache", short_film, examples / "score.ogg", 0)
    assert sum("another run makes film-trailer.mp4 just now: waiting for it" in text for text in said) == 1
    assert sum("shots:" in text for text in said) == 1
