from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from trailergen.__main__ import main

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
