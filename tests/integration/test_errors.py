"""Bad input gets one clear message with the documented exit code, and nothing is left behind."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import ffmpeg
import pytest
from counterfilm import make_film

from trailergen import __main__ as program
from trailergen.media.ffmpeg import file_url, run

Cli = Callable[..., int]


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Small inputs, each wrong in its own way, beside a film and a track that are right."""
    folder = tmp_path_factory.mktemp("inputs")
    make_film(folder / "film.mp4", 48)
    make_film(folder / "one second.mp4", 24)
    sine = ffmpeg.input("sine=frequency=300:duration=10", format="lavfi")
    run(sine.output(file_url(folder / "track.wav")))
    run(sine.output(file_url(folder / "sound only.mp4"), acodec="aac"))
    run(ffmpeg.input("sine=duration=1", format="lavfi").output(file_url(folder / "one second.wav")))
    run(ffmpeg.input("color=red:duration=2", format="lavfi").output(file_url(folder / "silent film.mp4")))
    run(ffmpeg.input("color=red:duration=2", format="lavfi").output(file_url(folder / "picture.png"), vframes=1))
    (folder / "empty.mp4").touch()
    (folder / "text.mp4").write_text("This is not a film.\n" * 20)
    (folder / "truncated.mp4").write_bytes((folder / "film.mp4").read_bytes()[:3000])
    return folder


@pytest.fixture(autouse=True)
def nothing_left(tmp_path: Path, files: Path) -> Iterator[None]:
    before = {path: path.stat().st_mtime_ns for path in files.iterdir()}
    yield
    assert [path.name for path in tmp_path.iterdir() if path.name != "cache"] == []
    assert {path: path.stat().st_mtime_ns for path in files.iterdir()} == before


@pytest.mark.parametrize(
    ("film", "track", "code", "said"),
    [
        ("none.mp4", "track.wav", 3, "there is no file"),
        ("empty.mp4", "track.wav", 3, "is empty"),
        ("text.mp4", "track.wav", 3, "cannot read"),
        ("truncated.mp4", "track.wav", 3, "truncated.mp4"),
        (".", "track.wav", 3, "folder"),
        ("sound only.mp4", "track.wav", 3, "has no video"),
        ("picture.png", "track.wav", 3, "holds 1 picture"),
        ("film.mp4", "none.wav", 3, "there is no file"),
        ("film.mp4", "empty.mp4", 3, "is empty"),
        ("film.mp4", "silent film.mp4", 3, "has no sound"),
        ("film.mp4", "one second.wav", 3, "too short for a trailer"),
        ("one second.mp4", "track.wav", 6, "too few shots"),
    ],
)
def test_inputs(
    cli: Cli,
    files: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    film: str,
    track: str,
    code: int,
    said: str,
) -> None:
    found = cli("make", files / film, "-m", files / track, "--cache-dir", tmp_path / "cache", "--progress", "none")
    out, err = capsys.readouterr()
    assert (found, out) == (code, "")
    assert said in err
    assert re.search(r"^error: ", err, re.M) and "Traceback" not in err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["-o", "trailer.avi"], "must end in .mp4"),
        (["-o", "none/trailer.mp4"], "there is no folder"),
        (["--ban", "1:00"], "is no range"),
        (["--ban", "1:00-0:30"], "does not end after it begins"),
        (["--ban", "x-y"], "--ban 'x-y' is no range"),
        (["--ban", "0:00-0:61"], "--ban '0:00-0:61' is no range"),
        (["--ban", ""], "--ban '' is no range"),
        (["--preset", "nonsense"], "nonsense"),
        (["--length", "inf"], "--length"),
        (["-o", "a" * 252 + ".mp4"], "name too long"),
        (["-o", ".."], "is a folder"),
        (["--encoder", "magic"], "no encoder 'magic'"),
        (["--decoder", "magic"], "magic"),
        (["--length", "-3"], "length"),
        (["--length", "15,x"], "--length '15,x' is no number of seconds"),
        (["--variants", "0"], "variants"),
        (["--length", "4.0000001,4"], "two trailers would be called"),
        (["--length", "nan"], "--length"),
        (["-o", "."], "is a folder"),
        (["--seed", str(2**128)], "seed"),
        (["--spoiler-free", "7"], "spoiler-free"),
        (["--nonsense"], "nonsense"),
    ],
)
def test_usage(
    cli: Cli, files: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    make = ["make", files / "film.mp4", "-m", files / "track.wav", "--cache-dir", tmp_path / "cache"]
    assert cli(*make, *arguments) == 2
    err = capsys.readouterr().err
    assert said in err
    assert "Traceback" not in err


def test_a_long_film_name(cli: Cli, files: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    film = tmp_path / "cache" / ("a" * 251 + ".mp4")
    film.parent.mkdir()
    film.write_bytes((files / "film.mp4").read_bytes())
    assert cli("make", film, "-m", files / "track.wav", "--cache-dir", tmp_path / "cache") == 2
    assert "--output" in capsys.readouterr().err


def test_a_film_name_that_is_not_text(
    cli: Cli, files: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    film = Path(os.fsdecode(os.fsencode(tmp_path / "cache") + b"/\xff.mp4"))
    film.parent.mkdir()
    film.write_bytes((files / "film.mp4").read_bytes())
    assert cli("make", film, "-m", files / "track.wav", "--cache-dir", tmp_path / "cache") == 3
    assert "rename it" in capsys.readouterr().err


def test_a_device_is_no_music(cli: Cli, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli("music", "/dev/zero", "--cache-dir", tmp_path / "cache") == 3
    assert "not a file" in capsys.readouterr().err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
def test_a_full_disk_behind_the_output() -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run([sys.executable, "-m", "trailergen", "--version"], stdout=full, stderr=subprocess.PIPE)
    assert done.returncode == 2
    assert b"cannot write" in done.stderr and b"Traceback" not in done.stderr


def test_an_output_that_is_the_film(cli: Cli, files: Path, tmp_path: Path) -> None:
    film, track = files / "film.mp4", files / "track.wav"
    assert cli("make", film, "-m", track, "-o", film, "--force", "--cache-dir", tmp_path / "cache") == 2


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_an_output_folder_that_cannot_be_written(cli: Cli, files: Path, tmp_path: Path) -> None:
    closed = tmp_path / "cache" / "closed"
    closed.mkdir(parents=True)
    closed.chmod(0o500)
    make = ["make", files / "film.mp4", "-m", files / "track.wav", "--cache-dir", tmp_path / "cache"]
    assert cli(*make, "-o", closed / "trailer.mp4") == 2


def test_a_cache_that_is_a_file(cli: Cli, files: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "cache").write_text("in the way")
    assert cli("make", files / "film.mp4", "-m", files / "track.wav", "--cache-dir", tmp_path / "cache") == 2
    assert "cannot write" in capsys.readouterr().err


def test_a_broken_plan(cli: Cli, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plan = tmp_path / "cache"
    plan.write_text('{"schema": "trailergen.plan/1"}')
    assert cli("render", plan, "--cache-dir", tmp_path / "c") == 6
    assert "$.film" in capsys.readouterr().err


def test_help_imports_no_models() -> None:
    code = "import sys; from trailergen.__main__ import main; main(['--help']); print(*sys.modules, file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "make" in done.stdout
    assert not {"torch", "numpy", "av", "scipy", "pydantic"} & set(done.stderr.split())


@pytest.mark.parametrize("host", ["192.0.2.1", "trailergen.invalid", "::ffff:192.0.2.1"])
def test_offline_forbids_connections_to_other_machines(host: str) -> None:
    code = (
        "import socket; from trailergen.runtime.offline import forbid_network; forbid_network();"
        f"socket.create_connection(({host!r}, 9), 1)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "--offline forbids the connection" in done.stderr


def test_offline_allows_this_machine() -> None:
    code = (
        "import socket; from trailergen.runtime.offline import forbid_network; forbid_network();"
        "server = socket.create_server(('127.0.0.1', 0)); socket.create_connection(server.getsockname()).close()"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_version(cli: Cli, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli("--version") == 0
    assert capsys.readouterr().out.startswith("trailergen ")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_what_an_interruption_breaks_is_told_as_an_interruption(
    number: signal.Signals, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Libraries that are being imported may swallow it, and fail for want of the half that is missing."""

    def half_imported(*_: object, **__: object) -> None:
        with suppress(KeyboardInterrupt):
            signal.raise_signal(number)
        raise AttributeError("module 'half' has no attribute 'other_half'")

    monkeypatch.setattr("trailergen.cli.app", half_imported)
    handlers = [signal.signal(one, signal.default_int_handler) for one in (signal.SIGINT, signal.SIGTERM)]
    try:
        assert program.main([]) == 130
    finally:
        for one, handler in zip((signal.SIGINT, signal.SIGTERM), handlers, strict=True):
            signal.signal(one, handler)
        program._stopped.clear()
    assert capsys.readouterr().err == "interrupted; run the same command again to continue where it stopped\n"
