"""What is displayed, and where the program runs, never decides what becomes of the work."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from counterfilm import make_film

from trailergen.plans import Plan

Program = list[str]
PROGRAM = [sys.executable, "-m", "trailergen"]


@pytest.fixture
def film(tmp_path: Path) -> Path:
    return make_film(tmp_path / "фильм.mkv", 60)


def shell(script: str, folder: Path, cache: Path, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """Run a script of bash in which ``$T`` is the program; its exit code is that of its first command."""
    return subprocess.run(
        ["bash", "-c", f"{script}; exit ${{PIPESTATUS[0]}}"],
        cwd=folder,
        env=os.environ | {"TRAILERGEN_CACHE": str(cache), "T": " ".join(PROGRAM)} | environment,
        capture_output=True,
        check=False,
    )


@pytest.mark.parametrize(
    "ends", [">&-", "2>&-", "<&- >&- 2>&-", "| head -1", "2>&1 | true", "2>/dev/full", ">/dev/null 2>/dev/full"]
)
def test_streams_that_nobody_reads(film: Path, tmp_path: Path, ends: str) -> None:
    done = shell(f"$T shots {film.name} --json {ends}", tmp_path, tmp_path / "cache")
    assert done.returncode == 0, done.stderr
    assert b"rror" not in done.stderr and b"Traceback" not in done.stdout
    assert list((tmp_path / "cache" / "stages").glob("shots-*.safetensors"))


def test_work_goes_on_when_the_reader_has_left(plan: Plan, tmp_path: Path) -> None:
    done = shell("$T render cut.plan.json -o a.mp4 2>&1 | true", tmp_path, tmp_path / "cache")
    assert done.returncode == 0
    assert (tmp_path / "a.mp4").exists()


@pytest.mark.parametrize("encoding", ["cp1252", "ascii", "latin-1:strict", "ascii:surrogateescape"])
def test_a_console_without_letters_for_a_name(plan: Plan, tmp_path: Path, encoding: str) -> None:
    done = shell("$T render cut.plan.json -o трейлер.mp4", tmp_path, tmp_path / "cache", PYTHONIOENCODING=encoding)
    assert done.returncode == 0, done.stderr
    assert done.stdout == b"\\u0442\\u0440\\u0435\\u0439\\u043b\\u0435\\u0440.mp4\n"
    assert (tmp_path / "трейлер.mp4").exists()
    done = shell("$T shots нет.mkv", tmp_path, tmp_path / "cache", PYTHONIOENCODING=encoding)
    assert done.returncode == 3
    assert done.stderr == b"error: there is no file \\u043d\\u0435\\u0442.mkv\n"


def test_a_name_that_is_no_text_is_printed_as_it_is(plan: Plan, tmp_path: Path) -> None:
    name = b"\xff.edl"
    done = shell("$T export cut.plan.json --to edl -o $'\\xff.edl'", tmp_path, tmp_path / "cache")
    assert (done.returncode, done.stdout) == (0, name + b"\n")
    assert (Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name))).exists()


@pytest.mark.parametrize("ignored", [False, True])
def test_a_terminal_that_hangs_up(plan: Plan, tmp_path: Path, ignored: bool) -> None:
    """As SIGTERM: no unfinished file stays. Where nohup ignores it, it stays ignored."""
    words = ["nohup"] * ignored + [*PROGRAM, "render", "cut.plan.json", "-o", "a.mp4", "--preset", "veryslow"]
    running = subprocess.Popen(
        words,
        cwd=tmp_path,
        env=os.environ | {"TRAILERGEN_CACHE": str(tmp_path / "cache")},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    until = time.monotonic() + 60
    while not list(tmp_path.glob(".*.part")) and time.monotonic() < until:
        time.sleep(0.01)
    running.send_signal(signal.SIGHUP)
    assert running.wait() == (0 if ignored else 130)
    assert (tmp_path / "a.mp4").exists() is ignored
    assert not list(tmp_path.glob(".*"))


def test_a_folder_that_was_removed(film: Path, tmp_path: Path) -> None:
    script = f"mkdir gone && cd gone && rmdir ../gone && $T shots {film}"
    done = subprocess.run(
        ["bash", "-c", script],
        cwd=tmp_path,
        env=os.environ | {"TRAILERGEN_CACHE": str(tmp_path / "cache"), "T": " ".join(PROGRAM)},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr.startswith(b"error: there is no current folder\n")


def test_a_temporary_folder_that_is_gone(plan: Plan, tmp_path: Path) -> None:
    done = shell("$T render cut.plan.json -o a.mp4", tmp_path, tmp_path / "cache", TMPDIR="/nowhere")
    assert done.returncode == 0, done.stderr


def test_a_name_too_long_for_the_plan_is_refused_before_the_work(film: Path, tmp_path: Path) -> None:
    shutil.copy(film, tmp_path / "track.wav")
    script = f"$T make {film.name} -m track.wav -o {'x' * 250}.mp4"
    done = shell(script, tmp_path, tmp_path / "cache")
    assert done.returncode == 2
    assert b"File name too long" in done.stderr and b"--output" in done.stderr
    assert not (tmp_path / "cache").exists()
