"""The subtitles of a trailer's lines: written by ``render``, never in the place of anything unasked."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from trailergen.plans import Line, Narration, Plan, Sound, dump_plan, span

Cli = Callable[..., int]
SAID = "1\n00:00:00,000 --> 00:00:01,000\nHello there.\n"


@pytest.fixture
def spoken(plan: Plan, tmp_path: Path) -> Plan:
    """The same plan with a line, in ``cut.plan.json``."""
    line = Line(id="l0", text="Hello there.", source=span(0, 48_000), record=span(0, 48_000))
    made = plan.model_copy(update={"narration": Narration(lines=[line]), "sound": Sound(film="lines")})
    (tmp_path / "cut.plan.json").write_text(dump_plan(made), encoding="utf-8")
    return made


def test_written_once_and_replaced_with_force_alone(cli: Cli, spoken: Plan, tmp_path: Path) -> None:
    beside = tmp_path / "cut.srt"
    beside.write_text("somebody else's")
    assert cli("render", "cut.plan.json", "--progress", "none") == 2
    assert beside.read_text() == "somebody else's" and not (tmp_path / "cut.mp4").exists()
    assert cli("render", "cut.plan.json", "--force", "--progress", "none") == 0
    assert beside.read_text() == SAID
    beside.write_text("corrected by hand")
    assert cli("render", "cut.plan.json", "--progress", "none") == 0  # finished already
    assert beside.read_text() == "corrected by hand"
    beside.unlink()
    (tmp_path / "film.mp4").rename(tmp_path / "elsewhere.mp4")  # nothing is rendered for it
    assert cli("render", "cut.plan.json", "--progress", "none") == 0
    assert beside.read_text() == SAID


def test_no_lines_no_subtitles(cli: Cli, plan: Plan, tmp_path: Path) -> None:
    assert cli("render", "cut.plan.json", "--progress", "none") == 0
    assert not (tmp_path / "cut.srt").exists()
