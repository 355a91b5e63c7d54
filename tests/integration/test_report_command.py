"""The storyboard by command: what is written, when, over what, and without the film."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from trailergen.plans import Plan, dump_plan

Cli = Callable[..., int]


def report(cli: Cli, *more: object) -> tuple[int, str]:
    code = cli("report", "cut.plan.json", "--cache-dir", "cache", "--progress", "none", *more)
    page = Path("cut.html")
    return code, page.read_text(encoding="utf-8") if page.exists() else ""


def test_a_page_with_pictures_and_outline(cli: Cli, plan: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    code, page = report(cli)
    assert code == 0
    assert len(re.findall(r'<img src="data:image/jpeg;base64,/9j/', page)) == 2
    assert 'class="peak"' in page and "trailergen render" in page
    before = Path("cut.html").stat().st_mtime_ns
    for module in ("frames", "audio"):
        monkeypatch.setattr(f"trailergen.media.{module}.decode", lambda *_: pytest.fail("something was decoded"))
    assert report(cli) == (0, page)
    assert Path("cut.html").stat().st_mtime_ns == before
    Path("cut.html").unlink()
    assert report(cli) == (0, page)


def test_the_trailer_is_linked_or_embedded(cli: Cli, plan: Plan) -> None:
    assert cli("render", "cut.plan.json", "--cache-dir", "cache", "--preset", "ultrafast") == 0
    code, page = report(cli)
    assert code == 0 and 'src="./cut.mp4"' in page
    code, page = report(cli, "--embed")
    assert code == 0 and 'src="data:video/mp4;base64,' in page and "./cut.mp4" not in page


def test_without_the_film_and_the_music(cli: Cli, plan: Plan) -> None:
    Path("film.mp4").rename("moved.mp4")
    Path("music.wav").unlink()
    code, page = report(cli)
    assert code == 0
    assert "film.mp4 is not there" in page and "music.wav is not there" in page
    assert "data:image" not in page.replace("img-src data:", "")
    code, page = report(cli, "--film", "moved.mp4")
    assert code == 0 and "data:image" in page


def test_wrong_files_are_refused(cli: Cli, plan: Plan, capsys: pytest.CaptureFixture[str]) -> None:
    Path("other.mp4").write_bytes(b"another")
    assert report(cli, "--film", "other.mp4")[0] == 3
    assert report(cli, "--film", "none.mp4")[0] == 3
    assert report(cli, "--trailer", "other.mp4")[0] == 3
    assert report(cli, "-o", "page.txt")[0] == 2
    assert report(cli, "-o", "none/page.html")[0] == 2
    assert cli("report", "film.mp4") == 6
    assert cli("report", "none.json") == 3
    assert "Traceback" not in capsys.readouterr().err
    assert not Path("cut.html").exists()


def test_other_files_are_not_replaced_unasked(cli: Cli, plan: Plan, capsys: pytest.CaptureFixture[str]) -> None:
    Path("cut.html").write_text("mine")
    assert report(cli) == (2, "mine")
    assert "--force" in capsys.readouterr().err
    code, page = report(cli, "--force")
    assert code == 0 and page.startswith("<!doctype html>")
    plan.positions[0].notes.append("another plan")
    Path("cut.plan.json").write_text(dump_plan(plan), encoding="utf-8")
    assert report(cli) == (2, page)


def test_a_film_that_is_damaged_leaves_gaps(cli: Cli, plan: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    from trailergen.errors import InputError
    from trailergen.report import stills

    def damaged(_film: object, _rate: object, frame: int, _width: int, _crop: object) -> bytes:
        if frame > 50:
            raise InputError("damaged")
        return np.arange(4, dtype=np.uint8).tobytes()

    monkeypatch.setattr(stills, "thumbnail", damaged)
    code, page = report(cli)
    assert code == 0
    assert "1 pictures of the film cannot be decoded" in page


def test_a_prores_trailer_is_a_mov_and_is_said_to_be_one(cli: Cli, plan: Plan) -> None:
    assert cli("render", "cut.plan.json", "--cache-dir", "cache", "--codec", "prores") == 0
    assert Path("cut.mov").exists() and not Path("cut.mp4").exists()
    code, page = report(cli, "--embed")
    assert code == 0 and 'src="data:video/quicktime;base64,' in page


def test_a_trailer_to_be_embedded_that_is_not_there_is_told(
    cli: Cli, plan: Plan, capsys: pytest.CaptureFixture[str]
) -> None:
    assert report(cli, "--embed")[0] == 0
    assert "no trailer is embedded" in capsys.readouterr().err
