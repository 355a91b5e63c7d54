"""Killed at any moment, the same command continues and ends with what an undisturbed run makes."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

PLAN, TRAILER = "film-trailer.plan.json", "film-trailer.mp4"


def start(film: Path, score: Path, folder: Path, cache: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "trailergen", "make", film, "--music", score, "--cache-dir", cache]
    return subprocess.Popen(
        [*map(str, command), "--progress", "json"], cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )


def finish(process: subprocess.Popen[bytes]) -> None:
    _, said = process.communicate()
    assert process.returncode == 0, said


def kill(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.communicate()


def wait_for(process: subprocess.Popen[bytes], seen: Callable[[bytes], bool], seconds: float = 300) -> None:
    assert process.stderr is not None
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        line = process.stderr.readline()
        assert line, f"the program ended: {process.wait()}"
        if seen(line):
            return
    raise AssertionError("never seen")


def digest(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory, examples: Path) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("in")
    film, score = (shutil.copy(examples / name, folder) for name in ("film.mp4", "score.ogg"))
    return Path(film), Path(score)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory, inputs: tuple[Path, Path]) -> tuple[Path, Path]:
    """Results of a run that nobody killed, and its cache."""
    folder, cache = tmp_path_factory.mktemp("undisturbed"), tmp_path_factory.mktemp("cache")
    finish(start(*inputs, folder, cache))
    return folder, cache


def check(folder: Path, cache: Path, inputs: tuple[Path, Path], undisturbed: Path) -> None:
    before = digest(inputs[0].parent)
    finish(start(*inputs, folder, cache))
    assert digest(folder) == digest(undisturbed)
    assert digest(inputs[0].parent) == before
    assert [path for path in cache.rglob("*") if path.suffix == ".part"] == []


def test_kill_during_shots(tmp_path: Path, inputs: tuple[Path, Path], undisturbed: tuple[Path, Path]) -> None:
    folder, cache = tmp_path / "out", tmp_path / "cache"
    folder.mkdir()
    process = start(*inputs, folder, cache)
    wait_for(process, lambda line: b'"progress"' in line and b'"shots"' in line)
    kill(process)
    assert all(name.endswith(".lock") for name in digest(folder))  # which the next run takes over
    check(folder, cache, inputs, undisturbed[0])


@pytest.mark.parametrize("clips", [1, 8])
def test_kill_during_render(
    tmp_path: Path, inputs: tuple[Path, Path], undisturbed: tuple[Path, Path], clips: int
) -> None:
    folder, cache = tmp_path / "out", tmp_path / "cache"
    folder.mkdir()
    shutil.copytree(undisturbed[1] / "stages", cache / "stages")
    process = start(*inputs, folder, cache)
    wait_for(process, lambda line: b'"render"' in line)
    while len([path for path in (cache / "segments").rglob("*.mp4") if ".sound" not in path.suffixes]) < clips:
        assert process.poll() is None
        time.sleep(0.01)
    kill(process)
    assert TRAILER not in digest(folder)
    check(folder, cache, inputs, undisturbed[0])


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_interruption_is_quick_and_clean(
    tmp_path: Path, inputs: tuple[Path, Path], undisturbed: tuple[Path, Path], number: signal.Signals
) -> None:
    folder, cache = tmp_path / "out", tmp_path / "cache"
    folder.mkdir()
    shutil.copytree(undisturbed[1] / "stages", cache / "stages")
    process = start(*inputs, folder, cache)
    wait_for(process, lambda line: b'"render"' in line)
    time.sleep(1)
    os.kill(process.pid, number)
    _, said = process.communicate(timeout=5)
    assert process.returncode == 130
    assert b"interrupted" in said
    assert list(folder.iterdir()) == [folder / PLAN]
    check(folder, cache, inputs, undisturbed[0])
