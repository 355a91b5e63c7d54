"""A study by command: plans with and without a render are played alike, and wrong files end with their exit codes."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from counterfilm import read_numbers

from trailergen.plans import Plan, dump_plan

Cli = Callable[..., int]


def study(cli: Cli, *more: object) -> int:
    return cli("jury", "cut.plan.json", "turned.plan.json", "--cache-dir", "cache", "--progress", "none", *more)


@pytest.fixture
def plans(plan: Plan) -> list[Plan]:
    """The plan, and one more of the same film with its clips the other way round."""
    data = json.loads(dump_plan(plan))
    first, second = data["positions"]
    for name in ("source", "shot"):
        first[name], second[name] = second[name], first[name]
    Path("turned.plan.json").write_text(json.dumps(data))
    return [plan, Plan.model_validate(data)]


def test_what_is_played_is_the_plan_rendered_before_or_for_the_page(cli: Cli, plans: list[Plan]) -> None:
    assert cli("render", "cut.plan.json", "--cache-dir", "cache", "--preset", "ultrafast") == 0
    assert study(cli, "--judges", 2, "--height", 90) == 0
    key = json.loads(Path("study.key.json").read_text())
    shown = [[*range(60, 96), *range(10, 46)], [*range(10, 46), *range(60, 96)]]
    for judge in ("1", "2"):
        page = Path(f"study-{judge}.html").read_text()
        said = re.sub(r"base64,[^\"]+", "", page)
        assert not any(name in said for name in ("cut.", "turned", "film.mp4", "music.wav"))
        videos = re.findall(r'src="data:video/mp4;base64,([^"]+)" aria-label="Trailer (.)"', page)
        assert [letter for _, letter in videos] == ["A", "B"]
        for data, letter in videos:
            video = Path(f"{letter}.mp4")
            video.write_bytes(base64.b64decode(data))
            assert read_numbers(video)[0] == shown[key["judges"][judge][letter]]
            assert b"trailergen" not in video.read_bytes()
    # A render stands for its film; another plan's does not.
    Path("film.mp4").unlink()
    Path("cut.mp4").rename("turned.mp4")
    assert study(cli, "--force", "--height", 92) == 3


def test_exit_codes(cli: Cli, plans: list[Plan], capsys: pytest.CaptureFixture[str]) -> None:
    assert study(cli, "--sheets") == 0
    assert study(cli, "--sheets") == 2
    assert cli("jury", "cut.plan.json", "--cache-dir", "cache") == 2
    assert cli("jury", "cut.plan.json", "none.mp4", "--cache-dir", "cache", "-o", "x.html") == 3
    assert cli("jury", "cut.plan.json", "music.wav", "--cache-dir", "cache", "-o", "x.html", "--progress", "none") == 3
    assert study(cli, "-o", "x.txt") == 2
    assert study(cli, "-o", "x.html", "--questions", "film.mp4") == 3
    assert cli("jury", "score", "study.key.json", "cut.plan.json") == 3
    assert cli("jury", "score", "cut.plan.json", "study.key.json") == 3
    assert cli("jury", "score", "study.key.json", "none.json") == 3
    assert cli("jury", "score", "study.key.json", "none.json", "--plot", "radar.gif") == 2
    assert not list(Path().glob("x*"))
    assert "Traceback" not in capsys.readouterr().err
