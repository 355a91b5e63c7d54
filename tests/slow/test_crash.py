"""Whatever happens to a run, the same command ends with what an undisturbed run makes; see docs/robustness.md."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import ffmpeg
import pytest

from trailergen.media.ffmpeg import file_url, run

pytestmark = pytest.mark.slow
KILLS = 50
SECONDS = 24


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory, examples: Path) -> tuple[Path, Path]:
    """A film of 24 seconds and 160x90, and a track of 8."""
    folder = tmp_path_factory.mktemp("in")
    film, track = folder / "film.mp4", folder / "track.wav"
    source = ffmpeg.input(file_url(examples / "film.mp4"), ss=12, t=SECONDS)
    run(ffmpeg.output(source.video.filter("scale", 160, 90), source.audio, file_url(film), preset="veryfast"))
    run(ffmpeg.output(ffmpeg.input(file_url(examples / "score.ogg"), ss=20, t=8).audio, file_url(track)))
    return film, track


def command(inputs: tuple[Path, Path], cache: Path, *more: str) -> list[str]:
    film, track = map(str, inputs)
    return [sys.executable, "-m", "trailergen", "make", film, "-m", track, "--cache-dir", str(cache), *more]


def make(inputs: tuple[Path, Path], folder: Path, cache: Path) -> subprocess.CompletedProcess[str]:
    folder.mkdir(exist_ok=True)
    return subprocess.run(command(inputs, cache), cwd=folder, capture_output=True, text=True, timeout=120)


def results(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory, inputs: tuple[Path, Path]) -> tuple[Path, Path, float]:
    """Results and cache of a run that nobody disturbed, and its seconds."""
    folder, cache = tmp_path_factory.mktemp("undisturbed"), tmp_path_factory.mktemp("cache")
    started = time.monotonic()
    done = make(inputs, folder, cache)
    assert done.returncode == 0, done.stderr
    return folder, cache, time.monotonic() - started


def check(inputs: tuple[Path, Path], folder: Path, cache: Path, expected: Path) -> None:
    """The same command again makes the same files, and nothing else is left."""
    done = make(inputs, folder, cache)
    assert done.returncode == 0, done.stderr
    assert results(folder) == results(expected)
    assert [path for path in cache.rglob("*.part")] == []


def left_behind(session: int) -> list[str]:
    """Command lines of the processes of a session that are still there."""
    left = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                if os.getsid(int(entry.name)) == session:
                    left.append((entry / "cmdline").read_text().replace("\0", " "))
            except OSError:
                continue
    return [line for line in left if line]


def test_killed_at_random_moments(
    tmp_path: Path, inputs: tuple[Path, Path], undisturbed: tuple[Path, Path, float]
) -> None:
    expected, _, seconds = undisturbed
    draw, finished = random.Random(50), 0
    for number in range(KILLS):
        folder, cache = tmp_path / f"out{number}", tmp_path / f"cache{number}"
        folder.mkdir()
        after = draw.uniform(0, seconds)
        process = subprocess.Popen(
            command(inputs, cache), cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        started = time.monotonic()
        try:
            process.wait(after)
            finished += 1
            seconds = min(seconds, time.monotonic() - started)  # the undisturbed run may have met a busy machine
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        for path in folder.iterdir():  # what is there under its own name is whole
            if path.suffix in (".part", ".lock"):
                continue
            assert path.read_bytes() == (expected / path.name).read_bytes(), (number, after, path.name)
        check(inputs, folder, cache, expected)
        shutil.rmtree(folder)
        shutil.rmtree(cache)
    assert finished < KILLS / 2, "most runs ended before they were killed: the test shows little"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("share", [0.3, 0.5, 0.6, 0.7, 0.8, 0.9])
def test_interrupted_at_any_stage(
    tmp_path: Path,
    inputs: tuple[Path, Path],
    undisturbed: tuple[Path, Path, float],
    number: signal.Signals,
    share: float,
) -> None:
    expected, _, seconds = undisturbed
    folder, cache = tmp_path / "out", tmp_path / "cache"
    folder.mkdir()
    process = subprocess.Popen(
        command(inputs, cache), cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True
    )
    time.sleep(seconds * share)
    process.send_signal(number)
    started = time.monotonic()
    _, said = process.communicate(timeout=20)
    if process.returncode != 0:  # else it had ended before
        assert process.returncode == 130, said
        assert b"interrupted" in said and b"Traceback" not in said
        # The promise is two seconds; a loaded machine gets more before this fails.
        assert time.monotonic() - started < 6
    assert left_behind(process.pid) == []
    check(inputs, folder, cache, expected)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A small disk, which can be made larger."""
    place = tmp_path / "disk"
    place.mkdir()
    if os.geteuid() != 0 or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=100k", "tmpfs", place]).returncode:
        pytest.skip("disks can be made by root only")
    yield place
    subprocess.run(["umount", place], check=True)


def resize(disk: Path, size: str) -> None:
    subprocess.run(["mount", "-o", f"remount,size={size}", disk], check=True)


@pytest.mark.parametrize("full", ["cache", "output"])
@pytest.mark.parametrize("size", ["4k", "60k", "200k", "500k", "1500k"])
def test_a_full_disk(
    tmp_path: Path, inputs: tuple[Path, Path], undisturbed: tuple[Path, Path, float], disk: Path, full: str, size: str
) -> None:
    resize(disk, size)
    folder, cache = (tmp_path / "out", disk / "cache") if full == "cache" else (disk / "out", tmp_path / "cache")
    done = make(inputs, folder, cache)
    if done.returncode == 0:  # there was room enough
        assert results(folder) == results(undisturbed[0])
        return
    assert done.returncode in (2, 5), done.stderr
    errors = [line for line in done.stderr.splitlines() if line.startswith("error: ")]
    assert len(errors) == 1 and "Traceback" not in done.stderr
    assert any(word in done.stderr for word in ("No space left", "free some space")), done.stderr
    resize(disk, "100m")
    check(inputs, folder, cache, undisturbed[0])


def test_a_full_disk_for_temporary_files(
    tmp_path: Path,
    inputs: tuple[Path, Path],
    undisturbed: tuple[Path, Path, float],
    disk: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    resize(disk, "4k")
    monkeypatch.setenv("TMPDIR", str(disk))
    folder, cache = tmp_path / "out", tmp_path / "cache"
    done = make(inputs, folder, cache)
    assert "Traceback" not in done.stderr
    if done.returncode:
        assert done.returncode in (2, 5) and "space" in done.stderr, done.stderr
        resize(disk, "100m")
        check(inputs, folder, cache, undisturbed[0])
    else:
        assert results(folder) == results(undisturbed[0])


def test_two_processes_on_one_cache(
    tmp_path: Path, inputs: tuple[Path, Path], undisturbed: tuple[Path, Path, float]
) -> None:
    cache, folders = tmp_path / "cache", [tmp_path / "one", tmp_path / "two"]
    running = []
    for folder in folders:
        folder.mkdir()
        running.append(
            subprocess.Popen(
                command(inputs, cache), cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
            )
        )
    for process, folder in zip(running, folders, strict=True):
        _, said = process.communicate(timeout=120)
        assert process.returncode == 0, said
        assert results(folder) == results(undisturbed[0])


def spoil(path: Path, how: str) -> None:
    content = path.read_bytes()
    if how == "truncated":
        path.write_bytes(content[: len(content) // 2])
    elif how == "flipped":
        middle = len(content) // 2
        path.write_bytes(content[:middle] + bytes([content[middle] ^ 0xFF]) + content[middle + 1 :])
    elif how == "emptied":
        path.write_bytes(b"")
    else:
        path.unlink()
        path.mkdir()


@pytest.mark.parametrize("how", ["truncated", "flipped", "emptied", "folder"])
def test_spoilt_cache_entries_are_noticed(
    tmp_path: Path, inputs: tuple[Path, Path], undisturbed: tuple[Path, Path, float], how: str
) -> None:
    """One file after the other, so that each is met by a run that trusts all others."""
    expected, pristine, _ = undisturbed
    files = sorted(path.relative_to(pristine) for path in pristine.rglob("*") if path.is_file())
    spoilt = 0
    for number, name in enumerate(files):
        if not (pristine / name).stat().st_size:
            continue
        cache, folder = tmp_path / f"cache{number}", tmp_path / f"out{number}"
        shutil.copytree(pristine, cache)
        spoil(cache / name, how)
        done = make(inputs, folder, cache)
        assert done.returncode == 0, (str(name), done.stderr)
        assert results(folder) == results(expected), str(name)
        shutil.rmtree(cache)
        spoilt += 1
    assert spoilt > 5


def test_folders_that_cannot_be_written(
    tmp_path: Path, inputs: tuple[Path, Path], undisturbed: tuple[Path, Path, float]
) -> None:
    """Inputs in a read-only folder and a read-only home; root is left without its power over permissions."""
    powerless = ["setpriv", "--bounding-set=-all", "--inh-caps=-all"] if os.geteuid() == 0 else []
    if powerless and shutil.which("setpriv") is None:
        pytest.skip("root can write everywhere")
    there, folder, cache, home = (tmp_path / name for name in ("in", "out", "cache", "home"))
    for made in (there, folder, cache, home):
        made.mkdir()
    film, track = (Path(shutil.copy(path, there)) for path in inputs)
    before = results(there)
    there.chmod(0o555)
    home.chmod(0o555)
    assert subprocess.run([*powerless, "touch", there / "x"], capture_output=True).returncode, "it can be written"
    environment = os.environ | {"HOME": str(home)}
    environment.pop("XDG_CACHE_HOME", None)
    asked = [*powerless, *command((film, track), cache)]
    done = subprocess.run(asked, cwd=folder, env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert set(results(folder)) == set(results(undisturbed[0]))
    # Where the cache would be in that home, one clear error says so.
    asked = [*powerless, sys.executable, "-m", "trailergen", "shots", str(film)]
    done = subprocess.run(asked, cwd=folder, env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode in (0, 2) and "Traceback" not in done.stderr, done.stderr
    assert results(there) == before and results(home) == {}


def test_a_cache_on_another_file_system(
    tmp_path: Path, inputs: tuple[Path, Path], undisturbed: tuple[Path, Path, float], disk: Path
) -> None:
    resize(disk, "100m")
    assert disk.stat().st_dev != tmp_path.stat().st_dev
    check(inputs, tmp_path / "out", disk / "cache", undisturbed[0])
