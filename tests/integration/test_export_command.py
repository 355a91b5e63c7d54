from __future__ import annotations

from pathlib import Path

import pytest
from export_plans import make_plan

from trailergen.__main__ import main
from trailergen.plans import dump_plan
from trailergen.timeline.write.formats import FORMATS


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    path = tmp_path / "my film-trailer.plan.json"
    path.write_text(dump_plan(make_plan([10, 20])))
    return path


@pytest.mark.parametrize(("form", "suffix"), [(form, written.suffix) for form, written in FORMATS.items()])
def test_the_timeline_lies_beside_the_plan(
    plan: Path, form: str, suffix: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["export", str(plan), "--to", form]) == 0
    target = plan.with_name(f"my film-trailer{suffix}")
    out, err = capsys.readouterr()
    assert out == f"{target}\n" and "/music/the track.wav is not there" in err
    written = target.read_bytes()
    assert main(["export", str(plan), "--to", form]) == 0  # the very same is left
    target.write_bytes(written + b" ")
    assert main(["export", str(plan), "--to", form]) == 2
    assert "exists" in capsys.readouterr().err
    assert main(["export", str(plan), "--to", form, "--force"]) == 0
    assert target.read_bytes() == written
    assert sorted(path.name for path in plan.parent.iterdir()) == sorted([plan.name, target.name])


def test_the_editor_s_folder(plan: Path, tmp_path: Path) -> None:
    target = tmp_path / "cut.fcpxml"
    assert main(["export", str(plan), "--to", "fcpxml", "-o", str(target), "--media-root", "/Volumes/Films"]) == 0
    assert 'src="file:///Volumes/Films/a%20film.mkv"' in target.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["--to", "edl", "-o", "cut.xml"], 2, "must end in .edl"),
        (["--to", "avb"], 2, "avb"),
        ([], 2, "--to"),
        (["--to", "edl", "-o", "none/cut.edl"], 2, "no folder"),
    ],
)
def test_impossible_command_lines(
    plan: Path, arguments: list[str], code: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["export", str(plan), *arguments]) == code
    assert said in capsys.readouterr().err
    assert [path.name for path in plan.parent.iterdir()] == [plan.name]


@pytest.mark.parametrize(
    ("rate", "timecode", "form", "code"),
    [("173/10", None, "edl", 2), ("173/10", None, "fcp7", 2), ("24/1", "noon", "otio", 6), ("173/10", None, "otio", 0)],
)
def test_what_a_format_cannot_say_is_said(
    plan: Path, rate: str, timecode: str | None, form: str, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    plan.write_text(dump_plan(make_plan([10, 20], rate=rate, timecode=timecode)))
    assert main(["export", str(plan), "--to", form]) == code
    err = capsys.readouterr().err
    assert "Traceback" not in err and (code == 0 or err.startswith("error: "))


def test_a_missing_plan(tmp_path: Path) -> None:
    assert main(["export", str(tmp_path / "none.json"), "--to", "edl"]) == 3
