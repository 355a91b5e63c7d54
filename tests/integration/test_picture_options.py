"""Codecs, quality and bars by command: what is finished, what is refused, what is written."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import ffmpeg
import pytest

from trailergen.media.ffmpeg import file_url, run
from trailergen.media.probe import probe_film
from trailergen.plans import Plan

Cli = Callable[..., int]


@pytest.mark.parametrize(
    "other", [("--codec", "hevc"), ("--crf", "30"), ("--preset", "superfast", "--crf", "18")], ids=" ".join
)
def test_another_codec_or_quality_is_another_result(
    cli: Cli, plan: Plan, capsys: pytest.CaptureFixture[str], other: tuple[str, ...]
) -> None:
    render = ["render", "cut.plan.json", "--cache-dir", "cache", "--progress", "plain"]
    first = [*render, "--preset", "ultrafast"]
    assert cli(*first) == 0
    made = Path("cut.mp4").read_bytes()
    capsys.readouterr()
    assert cli(*first) == 0
    assert "finished already" in capsys.readouterr().err
    assert cli(*first, *other) == 2
    said = capsys.readouterr().err
    assert "--force" in said and "finished already" not in said
    assert Path("cut.mp4").read_bytes() == made
    assert cli(*first, *other, "--force") == 0
    assert Path("cut.mp4").read_bytes() != made
    assert probe_film(Path("cut.mp4")).codec == ("hevc" if "hevc" in other else "h264")
    capsys.readouterr()
    assert cli(*first, *other) == 0
    assert "finished already" in capsys.readouterr().err


def test_make_crops_the_bars_and_names_prores_mov(cli: Cli, examples: Path, tmp_path: Path) -> None:
    film = tmp_path / "wide.mp4"
    picture = ffmpeg.input(file_url(examples / "film.mp4"), t=24).video.filter("scale", 320, 134)
    run(picture.filter("pad", 320, 180, 0, 22).output(file_url(film), preset="ultrafast", crf=20, pix_fmt="yuv420p"))
    options = ["--length", "6", "--crop-bars", "--codec", "prores", "--prores-profile", "proxy", "--cache-dir", "cache"]
    assert cli("make", film, "-m", examples / "score.ogg", *options) == 0
    assert not Path("wide-trailer.mp4").exists()
    planned = json.loads(Path("wide-trailer.plan.json").read_text())["sequence"]
    assert planned["crop"] == {"x": 0, "y": 22, "width": 320, "height": 134}
    shown = probe_film(Path("wide-trailer.mov"))
    assert (shown.codec, shown.width, shown.height) == ("prores", 320, 134)
    assert 'src="./wide-trailer.mov"' in Path("wide-trailer.html").read_text(encoding="utf-8")
