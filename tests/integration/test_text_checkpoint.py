"""A model that reads lines plans the example film: it is told what the subtitles say, and says where there are none."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from trailergen.plans import dump_plan, read_plan, violations
from trailergen.ssmp.channels.channel import ShotFacts
from trailergen.ssmp.checkpoint import load_checkpoint, save_checkpoint
from trailergen.ssmp.model import SSMP, ModelConfig
from trailergen.ssmp.planner import Planner
from trailergen.ssmp.positions import POSITION_DIM
from trailergen.ssmp.spaces import GEOMETRY_3
from trailergen.training.dataset import write_dataset

Cli = Callable[..., int]
SRT = (
    "1\n00:00:13,000 --> 00:00:15,000\nThe river runs to the sea.\n\n"
    "2\n00:00:40,000 --> 00:00:43,000\nNobody comes back from the sea alive.\n"
)
NONE = "the model goes by the film's lines, too, and there are none"


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[ShotFacts]:
    """The facts of shots that models are given."""
    seen: list[ShotFacts] = []
    decode = Planner.decode

    def spy(self: Planner, features: Any, facts: ShotFacts, *more: Any) -> Any:
        seen.append(facts)
        return decode(self, features, facts, *more)

    monkeypatch.setattr(Planner, "decode", spy)
    return seen


@pytest.fixture
def checkpoint(tmp_path: Path) -> Path:
    """Of a small model that has learned nothing, and reads lines."""
    torch.manual_seed(0)
    config = ModelConfig(GEOMETRY_3.dim, width=16, layers=1, heads=2, ffn=16, position_dim=POSITION_DIM)
    path = tmp_path / "text.safetensors"
    save_checkpoint(path, SSMP(config), GEOMETRY_3.name)
    return path


def test_a_plan_is_made_and_revised_with_the_films_lines(
    cli: Cli,
    examples: Path,
    shared_cache: Path,
    checkpoint: Path,
    told: list[ShotFacts],
    capsys: pytest.CaptureFixture[str],
) -> None:
    Path("film.srt").write_text(SRT)
    quiet = ("--cache-dir", shared_cache, "--progress", "none")
    about = ("plan", examples / "film.mp4", "-m", examples / "score.ogg", "--length", 20, *quiet)
    own = ("--checkpoint", checkpoint)
    assert cli(*about, *own, "--subtitles", "film.srt", "-o", "a.plan.json") == 0
    assert NONE not in (said := capsys.readouterr().err) and said.count("film.srt") <= 1
    salience = told[-1].measured["salience"]
    start, end = told[-1].start_s, told[-1].start_s + told[-1].duration_s
    heard = {shot for shot in range(len(start)) if (start[shot] < 15 and end[shot] > 13) or 37 < start[shot] < 43}
    assert len(salience.nonzero()[0]) > 0 and set(salience.nonzero()[0].tolist()) <= heard
    assert salience.max() > 0.5, "of two lines the better one, in the shot that has most of it"
    made = read_plan(Path("a.plan.json"))
    assert violations(made) == []
    # Heard or not, they are the film's.
    assert cli(*about, *own, "--subtitles", "film.srt", "--narration", "off", "-o", "b.plan.json") == 0
    assert (told[-1].measured["salience"] == salience).all()
    assert cli("revise", "a.plan.json", "--reroll", "1", *own, "-o", "c.plan.json", *quiet) == 0
    assert (told[-1].measured["salience"] == salience).all()
    capsys.readouterr()
    assert cli("revise", "b.plan.json", "--reroll", "1", *own, "-o", "d.plan.json", *quiet) == 0
    assert "the plan does not say where the lines are" in capsys.readouterr().err
    assert "line" not in told[-1].measured
    Path("film.srt").unlink()
    assert cli("revise", "a.plan.json", "--reroll", "1", *own, "-o", "e.plan.json", *quiet) == 0
    assert "are no longer there" in capsys.readouterr().err


def test_words_that_cannot_be_read_are_refused_before_the_film_is_read(
    cli: Cli, examples: Path, tmp_path: Path, checkpoint: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    about = ("plan", examples / "film.mp4", "-m", examples / "score.ogg", "--narration", "off", "-o", "a.plan.json")
    quiet = ("--cache-dir", tmp_path / "cache", "--progress", "none")
    assert cli(*about, *quiet, "--checkpoint", checkpoint, "--transcribe", "nowhere.json") == 3
    assert "nowhere.json" in capsys.readouterr().err
    assert not list((tmp_path / "cache").rglob("shots-*"))


def test_a_film_without_lines_is_planned_and_said_of(
    cli: Cli,
    examples: Path,
    shared_cache: Path,
    checkpoint: Path,
    told: list[ShotFacts],
    capsys: pytest.CaptureFixture[str],
) -> None:
    about = ("plan", examples / "film.mp4", "-m", examples / "score.ogg", "--length", 20, "--cache-dir", shared_cache)
    quiet = ("--progress", "none")
    assert cli(*about, *quiet, "--checkpoint", checkpoint, "-o", "a.plan.json") == 0
    assert capsys.readouterr().err.count(NONE) == 1
    assert "line" not in told[-1].measured
    # The starter does not read them: nothing is said, and the plan does not hang on them.
    Path("film.srt").write_text(SRT)
    assert cli(*about, *quiet, "--narration", "off", "-o", "b.plan.json") == 0
    assert NONE not in capsys.readouterr().err
    assert cli(*about, *quiet, "--narration", "off", "--subtitles", "film.srt", "-o", "c.plan.json") == 0
    assert "line" not in told[-1].measured
    one, other = (read_plan(Path(name)) for name in ("b.plan.json", "c.plan.json"))
    assert dump_plan(one.model_copy(update={"provenance": other.provenance})) == dump_plan(other)


def test_training_with_lines_names_their_space(cli: Cli, tmp_path: Path) -> None:
    from test_dataset import film

    write_dataset(tmp_path / "set", "builtin-1", [film(0), film(1, shots=20)])
    small = ("--width", 16, "--layers", 1, "--heads", 2, "--ffn", 16, "--epochs", 1, "--progress", "none")
    asked = ("train", "set", "--channels", "context+text", *small)
    assert cli(*asked, "--device", "cpu", "-o", "m.safetensors") == 0
    _, info = load_checkpoint(tmp_path / "m.safetensors")
    assert (info.feature_space, info.config.feature_dim) == (GEOMETRY_3.name, GEOMETRY_3.dim)
    assert info.config.position_dim == POSITION_DIM
    assert info.training["channels"] == "context+text"


def test_another_method_that_learned_with_lines_is_told_them(
    cli: Cli, examples: Path, shared_cache: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from test_dataset import film

    write_dataset(tmp_path / "set", "builtin-1", [film(0), film(1, shots=20)])
    small = ("--width", 16, "--layers", 2, "--heads", 2, "--ffn", 16, "--epochs", 1, "--progress", "none")
    assert cli("train", "set", "--method", "tgt", "--channels", "context+text", *small, "-o", "tgt.safetensors") == 0
    about = ("-m", examples / "score.ogg", "--length", 20, "--cache-dir", shared_cache, "--progress", "none")
    own = ("--method", "tgt", "--checkpoint", "tgt.safetensors")
    capsys.readouterr()
    assert cli("plan", examples / "film.mp4", *about, *own, "-o", "tgt.plan.json") == 0
    assert capsys.readouterr().err.count(NONE) == 1
