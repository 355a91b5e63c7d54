from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from counterfilm import make_film, make_plan
from sounds import noise, track, write_wav

from trailergen.__main__ import main
from trailergen.plans import Plan, dump_plan
from trailergen.runtime.cache import file_sha256

Cli = Callable[..., int]


@pytest.fixture(scope="session")
def shared_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One cache for all tests: the example film is analysed once."""
    return tmp_path_factory.mktemp("cache")


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
