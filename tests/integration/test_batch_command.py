"""Several films with one command, by workers of their own."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from shutil import copyfile
from typing import Any

import pytest

from trailergen.api.make import Request
from trailergen.batch.job import Job, work
from trailergen.runtime.models import Models
from trailergen.settings.machine import MachineSettings
from trailergen.settings.tree import Settings

Cli = Callable[..., int]
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


def summary(folder: Path) -> dict[str, Any]:
    told: dict[str, Any] = json.loads((folder / "batch" / "summary.json").read_text())
    return {film["name"]: film for film in told["films"]}


def test_a_batch_goes_on_after_failures_and_continues(
    cli: Cli, films: Path, examples: Path, shared_cache: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ("batch", films, "-o", "out", "-m", examples / "score.ogg", "--cache-dir", shared_cache, *SMALL)
    assert cli(*command, "--keep-going") == 7
    told = summary(Path("out"))
    assert [film["status"] for film in told.values()] == ["made", "failed", "made", "failed"]
    assert [film["exit_code"] for film in told.values()] == [0, 3, 0, 3]
    assert "2 made, 2 failed" in capsys.readouterr().out
    for film in told.values():
        assert all(Path(output).is_file() for output in film["outputs"])
        assert Path(film["log"]).is_file()
    plan = json.loads(Path("out/- two\n'%-trailer.plan.json").read_text())
    assert plan["provenance"]["settings"]["length"] == 6  # the line's own, not the command's
    trailers = {path: path.stat().st_mtime_ns for path in Path("out").glob("*.*")}
    assert len(trailers) == 6
    assert cli(*command, "--keep-going") == 7
    assert [film["status"] for film in summary(Path("out")).values()] == ["present", "failed", "present", "failed"]
    assert {path: path.stat().st_mtime_ns for path in Path("out").glob("*.*")} == trailers


def test_several_films_of_make(cli: Cli, films: Path, examples: Path, shared_cache: Path) -> None:
    two = films.parent / "- two\n'%.mp4"
    command = ("make", "-m", examples / "score.ogg", "-o", "out", "--cache-dir", shared_cache, *SMALL, "--jobs", "2")
    assert cli(*command, films.parent / "one.mp4", two) == 0
    assert sorted(path.name for path in Path("out").glob("*.mp4")) == ["- two\n'%-trailer.mp4", "one-trailer.mp4"]
    # Other settings, but what is there is left, and looked at no further.
    command = (*command, "--skip-existing", "--seed", "5")
    assert cli(*command, films.parent / "one.mp4", two) == 0
    assert {film["status"] for film in summary(Path("out")).values()} == {"present"}


def test_wrong_cells_are_found_before_the_first_film(
    cli: Cli, films: Path, examples: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    films.write_text("film,seed\none.mp4,1\none.mp4,many\n")
    assert cli("batch", films, "-o", "out", "-m", examples / "score.ogg") == 2
    assert "line 3, column seed" in capsys.readouterr().err
    assert not Path("out").exists()
    films.write_text("film\none.mp4\n")
    assert cli("batch", films, "-o", "out") == 3
    assert "no music" in capsys.readouterr().err
    films.write_text("film,stems\none.mp4,perhaps\n")
    assert cli("batch", films, "-o", "out", "-m", examples / "score.ogg") == 2
    assert cli("make", films, films, "-o", "out", "-m", examples / "score.ogg") == 2
    assert "both become" in capsys.readouterr().err


def test_a_folder_that_cannot_be(cli: Cli, films: Path, examples: Path) -> None:
    Path("out").write_text("a file")
    assert cli("batch", films, "-o", "out", "-m", examples / "score.ogg") == 2


def test_one_worker_loads_each_model_once(
    tmp_path: Path, examples: Path, short_film: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two films that no cache knows, in one process."""
    import trailergen.shots.detect as detect
    from trailergen.ssmp.planner import Planner

    loaded: list[str] = []
    transnet, planner = detect.load_transnet, Planner.load

    def counting_transnet(device: str) -> Any:
        loaded.append("transnet")
        return transnet(device)

    def counting_planner(*arguments: Any) -> Any:
        loaded.append("planner")
        return planner(*arguments)

    monkeypatch.setattr(detect, "load_transnet", counting_transnet)
    monkeypatch.setattr(Planner, "load", counting_planner)
    models = Models()
    for name in ("one", "two"):
        copyfile(short_film, tmp_path / f"{name}.mp4")
        with (tmp_path / f"{name}.mp4").open("ab") as file:
            file.write(b"\0\0\0\x08free" * (1 + len(loaded)))  # the same pictures, another content
        target = tmp_path / f"{name}-trailer.mp4"
        settings = Settings.of(length=8, crf=40, preset="ultrafast")
        request = Request(tmp_path / f"{name}.mp4", examples / "score.ogg", target, settings)
        outcome = work(Job(name, request, MachineSettings(cache_dir=tmp_path / "cache")), models)
        assert outcome.status == "made", outcome.error
    assert sorted(loaded) == ["planner", "transnet"]
