"""A batch that is interrupted leaves nobody behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from shutil import copyfile

import pytest

SMALL = ("--length", "8", "--height", "90", "--preset", "ultrafast")


@pytest.fixture
def films(tmp_path: Path, examples: Path) -> Path:
    """A list of two films and one that is none."""
    for name in ("one", "- two\n'%"):
        copyfile(examples / "film.mp4", tmp_path / f"{name}.mp4")
    (tmp_path / "broken.mp4").write_bytes((examples / "film.mp4").read_bytes()[:3000])
    text = 'film,crf,length\none.mp4,30,\nbroken.mp4,,\n"- two\n\'%.mp4",,6\nmissing.mp4,,\n'
    (tmp_path / "list.csv").write_text(text)
    return tmp_path / "list.csv"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_an_interrupted_batch_leaves_nobody_behind(films: Path, examples: Path, number: int) -> None:
    command = [sys.executable, "-m", "trailergen", "batch", str(films), "-o", "out", "-m", str(examples / "score.ogg")]
    command += ["--cache-dir", "cache", *SMALL, "--jobs", "2"]
    process = subprocess.Popen(command, cwd=films.parent, stderr=subprocess.PIPE, text=True, start_new_session=True)
    log = films.parent / "out" / "batch" / "one.log"
    while not (log.exists() and process.poll() is None and "music" in log.read_text()):
        assert process.poll() is None
        time.sleep(0.05)
    process.send_signal(number)
    _, said = process.communicate(timeout=20)
    assert process.returncode == 130, said
    assert "continue" in said and "Traceback" not in said
    assert _session(process.pid) == []


def _session(leader: int) -> list[str]:
    """Who is left of a session; workers and their encoders belong to it."""
    left = []
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit() or int(folder.name) == leader:
            continue
        try:
            if os.getsid(int(folder.name)) == leader:
                left.append((folder / "cmdline").read_text().replace("\0", " "))
        except (ProcessLookupError, FileNotFoundError, PermissionError):
            continue
    return [command for command in left if command]  # those that ended have none
