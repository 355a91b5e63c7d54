from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from counterfilm import make_film, make_plan
from filelock import FileLock
from sounds import noise, track, write_wav

from trailergen.__main__ import main
from trailergen.plans import Plan, dump_plan
from trailergen.runtime.cache import file_sha256

Cli = Callable[..., int]


@pytest.fixture(scope="session")
def shared_cache(tmp_path_factory: pytest.TempPathFactory, examples: Path) -> Path:
    """One cache for all tests and, if there are several, processes: the example film and score are analysed once."""
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent
    cache, plan = folder / "cache", folder / "example.plan.json"
    with FileLock(folder / "cache.lock"):
        if not plan.exists():
            about = [examples / "film.mp4", "-m", examples / "score.ogg", "-o", plan, "--cache-dir", cache]
            assert main([str(word) for word in ("plan", *about, "--progress", "none")]) == 0
    return cache


@pytest.fixture
def cli(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Cli:
    """Runs a command line in an empty folder; returns the exit code."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: object) -> int:
        return main([str(argument) for argument in arguments])

    return run


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    """A plan of two clips in ``cut.plan.json``, with its film and music beside it."""
    film = make_film(tmp_path / "film.mp4", 120)
    music = write_wav(tmp_path / "music.wav", track(noise(3)))
    made = make_plan([(60, 96), (10, 46)], frames=120)
    made.film.path, made.film.sha256 = str(film), file_sha256(film)
    made.music.path, made.music.sha256 = str(music), file_sha256(music)
    (tmp_path / "cut.plan.json").write_text(dump_plan(made), encoding="utf-8")
    return made
