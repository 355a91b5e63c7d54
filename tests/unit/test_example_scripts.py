"""The shell scripts do what they say for films of any name."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from trailergen.batch.filmlist import read_list

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = [*sorted((ROOT / "examples").glob("*.sh")), ROOT / "docker" / "prove"]
NAMES = ["plain.mp4", "-dash.mkv", "a b.mov", 'a"b,c.mp4', "a\nb.mp4", "$(id).mp4", "\N{BEAR FACE}.MP4", "it's.webm"]

TOOLS = ["bash", "dirname", "find", "mktemp", "realpath", "sleep", "sort", "wc"]

pytestmark = pytest.mark.skipif(not all(map(shutil.which, TOOLS)), reason="no shell and its tools")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in [*NAMES, "notes.txt"]:
        (tmp_path / "films" / name).parent.mkdir(exist_ok=True)
        (tmp_path / "films" / name).write_bytes(b"x")
    (tmp_path / "track, 1.wav").write_bytes(b"x")
    return tmp_path


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_a_script_is_clean(script: Path) -> None:
    checker = ["shellcheck"] if shutil.which("shellcheck") else ["bash", "-n"]
    assert subprocess.run([*checker, script], capture_output=True, text=True).stdout == ""
    assert os.access(script, os.X_OK)


def test_every_film_is_listed(folder: Path) -> None:
    script = ROOT / "examples" / "list-films.sh"
    done = subprocess.run([script, folder / "films", folder / "track, 1.wav"], capture_output=True, check=True)
    (folder / "list.csv").write_bytes(done.stdout)
    films = read_list(folder / "list.csv", ())
    assert sorted(Path(entry.film).name for entry in films) == sorted(NAMES)
    assert {Path(entry.music) for entry in films} == {folder / "track, 1.wav"}


def test_a_folder_is_watched(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a trailergen that writes down what it is asked."""
    (folder / "bin").mkdir()
    said = folder / "bin" / "trailergen"
    said.write_text(f"#!{sys.executable}\nimport shutil, sys\nprint(sys.argv[1:])\n"
                    f"shutil.copy(sys.argv[2], {str(folder / 'list.csv')!r})\nsys.exit(7)\n")  # fmt: skip
    said.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder / 'bin'}:{os.environ['PATH']}")
    script = ROOT / "examples" / "watch-folder.sh"
    arguments = [script, "--once", folder / "films", folder / "track, 1.wav", "out", "--jobs", "2"]
    fresh = subprocess.run(arguments, capture_output=True, text=True)
    assert fresh.returncode == 0 and fresh.stdout == "", "films that are just being copied wait"
    monkeypatch.setenv("AGE_MINUTES", "-1")
    done = subprocess.run(arguments, capture_output=True, text=True)
    assert done.returncode == 7 and "'-o', 'out', '--skip-existing', '--keep-going', '--jobs', '2'" in done.stdout
    assert len(read_list(folder / "list.csv", ())) == len(NAMES)


def test_films_are_opened_without_a_network() -> None:
    yaml = pytest.importorskip("yaml")
    services = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]
    for name in ("trailergen", "gpu"):
        assert services[name]["network_mode"] == "none" and services[name]["read_only"]
        assert any(volume.endswith(":/films:ro") for volume in services[name]["volumes"])
