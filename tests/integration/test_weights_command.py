"""``trailergen weights`` as it is typed, in processes of its own where they are killed or meet."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save
from weights_server import Answer, Server, serving

from trailergen.__main__ import main

CONTENT = save({"weight": np.random.default_rng(0).random(500_000, dtype=np.float32)})
FILE = "tower.safetensors"


@pytest.fixture
def server() -> Iterator[Server]:
    with serving(CONTENT) as running:
        yield running


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, server: Server) -> Path:
    """A weights folder with an entry that the server has the file of."""
    for name in ("http_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    folder = tmp_path / "weights"
    monkeypatch.setenv("TRAILERGEN_WEIGHTS", str(folder))
    folder.mkdir()
    (folder / "index.toml").write_text(
        f"[tower]\nfile = '{FILE}'\nurls = ['{server.url}/{FILE}']\nsize = {len(CONTENT)}\nlicence = 'Terms'\n"
        f"sha256 = '{hashlib.sha256(CONTENT).hexdigest()}'\nfeature_space = 'test'\nneeds_acceptance = true\n"
        "licence_url = 'https://example.org/terms'\nabout = 'Not for all.'\n"
    )
    return folder


def weights(*arguments: str) -> int:
    return main(["weights", *arguments])


def start(*arguments: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "trailergen", "weights", *arguments]
    return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def wait_until(seen: Callable[[], bool], seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while not seen():
        assert time.monotonic() < until, "never seen"
        time.sleep(0.005)


def size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def test_list(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert weights("list") == 0
    shown = capsys.readouterr().out
    assert str(root) in shown
    (line,) = (line for line in shown.splitlines() if line.startswith("imagebind"))
    assert " ".join(line.split()) == "imagebind 4.8 GB not installed CC-BY-NC-SA-4.0 (to be accepted)"
    assert weights("list", "--json") == 0
    listed = json.loads(capsys.readouterr().out)
    states = {row["name"]: row["state"] for row in listed["weights"]}
    assert states["starter"] == "shipped"
    assert states["tower"] == "not installed"
    (root / "tower").mkdir()
    (root / "tower" / f"{FILE}.part").write_bytes(bytes(100_000))
    assert weights("list") == 0
    assert "0.1 MB fetched" in capsys.readouterr().out


def test_fetch_asks_for_the_licence(root: Path, server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    assert weights("fetch", "tower") == 4
    said = capsys.readouterr().err
    assert "Not for all." in said
    assert "https://example.org/terms" in said
    assert "trailergen weights accept tower" in said
    assert server.seen == []
    assert weights("fetch", "tower", "--accept-license", "tower", "--progress", "none") == 0
    assert capsys.readouterr().out == f"tower: {root / 'tower' / FILE}\n"


@pytest.mark.parametrize(("typed", "code"), [(b"y\n", 0), (b"n\n", 4)])
def test_a_terminal_is_asked(root: Path, typed: bytes, code: int) -> None:
    pty = pytest.importorskip("pty")
    ours, theirs = pty.openpty()
    os.write(ours, typed)
    command = [sys.executable, "-m", "trailergen", "weights", "fetch", "tower", "--progress", "none"]
    process = subprocess.run(command, stdin=theirs, stderr=theirs, stdout=subprocess.PIPE, timeout=60)
    os.close(theirs)
    said = os.read(ours, 10_000)
    os.close(ours)
    assert process.returncode == code
    assert b"Do you accept it?" in said
    assert (root / "tower" / FILE).exists() == (code == 0)


def test_accept_verify_and_path(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert weights("path", "tower") == 4
    assert weights("verify", "tower") == 4
    assert weights("accept", "tower") == 0
    assert weights("fetch", "tower") == 0
    capsys.readouterr()
    path = root / "tower" / FILE
    assert weights("path", "tower") == 0
    assert capsys.readouterr().out == f"{path}\n"
    assert weights("verify") == 0
    assert f"{path} is right" in capsys.readouterr().out
    status = path.stat()
    path.write_bytes(CONTENT[:-1] + b"!")
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert weights("verify") == 4
    assert "are damaged" in capsys.readouterr().out


@pytest.mark.parametrize("arguments", [("fetch", "nothing"), ("path", "nothing"), ("accept", "nothing")])
def test_an_unknown_name_is_code_4(root: Path, arguments: tuple[str, ...]) -> None:
    assert weights(*arguments) == 4


def test_offline_in_a_process_of_its_own(root: Path, server: Server) -> None:
    process = start("fetch", "tower", "--accept-license", "tower", "--offline")
    _, said = process.communicate()
    assert process.returncode == 4
    assert b"not installed" in said
    assert server.seen == []


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_killed_in_the_middle_the_same_command_continues(root: Path, server: Server, number: signal.Signals) -> None:
    server.answers.append(Answer(stall_after=700_000))
    process = start("fetch", "tower", "--accept-license", "tower")
    part = root / "tower" / f"{FILE}.part"
    wait_until(lambda: size(part) == 700_000)
    process.send_signal(number)
    _, said = process.communicate(timeout=60)
    assert process.returncode == (130 if number is signal.SIGINT else -number)
    assert b"Traceback" not in said
    assert not (root / "tower" / FILE).exists()
    again = start("fetch", "tower")
    _, said = again.communicate(timeout=60)
    assert again.returncode == 0, said
    assert (root / "tower" / FILE).read_bytes() == CONTENT
    assert server.ranges == ["", "bytes=700000-"]
    assert not part.exists()


def test_of_two_processes_one_fetches_and_one_waits(root: Path, server: Server) -> None:
    server.answers.append(Answer(stall_after=700_000))
    first = start("fetch", "tower", "--accept-license", "tower")
    wait_until(lambda: size(root / "tower" / f"{FILE}.part") == 700_000)
    second = start("fetch", "tower")
    assert second.stderr is not None
    assert b"another process fetches tower" in second.stderr.readline()
    server.ended.set()  # the stalled line drops, and the first process continues
    for process in (first, second):
        _, said = process.communicate(timeout=60)
        assert process.returncode == 0, said
    assert (root / "tower" / FILE).read_bytes() == CONTENT
    assert server.ranges == ["", "bytes=700000-"]
