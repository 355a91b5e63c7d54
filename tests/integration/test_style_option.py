"""Styles on the command line: what a plan says of them, and that revise and score go on with them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from trailergen.plans import Plan, read_plan

Cli = Callable[..., int]


@pytest.fixture
def plan(cli: Cli, examples: Path, shared_cache: Path) -> Any:
    def made(name: str, *options: object) -> Plan:
        about = ["-m", examples / "score.ogg", "--length", 20, "--cache-dir", shared_cache]
        assert cli("plan", examples / "film.mp4", *about, *options, "-o", f"{name}.plan.json") == 0
        return read_plan(Path(f"{name}.plan.json"))

    return made


def style_of(plan: Plan) -> str:
    return str(plan.provenance.settings["style"]["name"])


def test_the_default_tells_the_story_and_gives_its_reasons(plan: Any) -> None:
    made = plan("usual")
    assert style_of(made) == "story"
    assert all({"worth", "act", "model"} <= set(position.reasons) for position in made.positions)
    guard = made.provenance.settings["style"]["weights"]["guard"]
    assert guard > 1
    assert all(segment.level is not None for segment in made.segments)


def test_the_papers_decoders_are_the_papers_unless_a_style_is_named(plan: Any) -> None:
    assert style_of(plan("paper", "--decoder", "paper")) == "none"
    assert not any(position.reasons for position in plan("greedy", "--decoder", "greedy").positions)
    both = plan("both", "--decoder", "greedy", "--style", "story")
    assert style_of(both) == "story" and all(position.reasons for position in both.positions)


def test_a_file_of_weights_is_kept_in_the_plan(plan: Any) -> None:
    Path("mine.toml").write_text('base = "montage"\nmodel = 0\n[weights]\nmusic = 7\n', encoding="utf-8")
    made = plan("mine", "--style", "mine.toml")
    settings = made.provenance.settings["style"]
    assert (settings["name"], settings["model"], settings["weights"]["music"]) == ("mine", 0.0, 7.0)


def test_a_style_that_is_none_is_refused_before_the_film_is_looked_at(
    cli: Cli, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("film.mp4").write_bytes(b"no film")
    Path("track.wav").write_bytes(b"no music")
    assert cli("plan", "film.mp4", "-m", "track.wav", "--style", "opera") == 2
    assert "story, montage, teaser, none" in capsys.readouterr().err


def test_revise_and_score_go_on_with_the_style(
    plan: Any, cli: Cli, shared_cache: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = plan("usual")
    assert cli("revise", "usual.plan.json", "--reroll", "2", "--cache-dir", shared_cache, "-o", "again.json") == 0
    again = read_plan(Path("again.json"))
    assert style_of(again) == "story"
    assert again.positions[2].shot != made.positions[2].shot and again.positions[2].reasons
    kept = [position for number, position in enumerate(made.positions) if number != 2]
    assert [position for number, position in enumerate(again.positions) if number != 2] == kept
    capsys.readouterr()
    assert cli("score", "usual.plan.json", "--json", "--cache-dir", shared_cache) == 0
    found = json.loads(capsys.readouterr().out)
    rows = found["positions"] if isinstance(found, dict) else found
    ranks = [row["rank"] for row in rows]
    assert len(ranks) == len(made.positions)
    assert sorted(ranks)[len(ranks) // 2] <= 2  # what the style chose, it finds best
