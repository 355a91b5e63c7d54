"""Other methods than SSMP plan the example film: a plan keeps what it promises, is revised, reported and judged."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from trailergen.evaluation.baselines.clip_it import CLIPIt
from trailergen.evaluation.budget import TrainingBudget
from trailergen.evaluation.method_checkpoint import save_method
from trailergen.evaluation.planning import find
from trailergen.plans import Plan, dump_plan, read_plan, shots_in, violations
from trailergen.ssmp.model import ModelConfig
from trailergen.training.batches import Example
from trailergen.training.films import FilmFacts

Cli = Callable[..., int]
WORDS = 8


@pytest.fixture
def plan(cli: Cli, examples: Path, shared_cache: Path) -> Any:
    def made(name: str, *options: object) -> Plan:
        about = ["-m", examples / "score.ogg", "--length", 20, "--cache-dir", shared_cache, "--progress", "none"]
        assert cli("plan", examples / "film.mp4", *about, *options, "-o", f"{name}.plan.json", "--force") == 0
        return read_plan(Path(f"{name}.plan.json"))

    return made


@pytest.mark.parametrize("method", ["muvee", "m2t", "v2t", "random", "uniform"])
def test_a_plan_of_a_method_keeps_its_promises(plan: Any, method: str) -> None:
    made = plan(method, "--method", method, "--ban", "0:00-0:10")
    assert violations(made) == []
    assert not any(shots_in(made, position.source) == [0] for position in made.positions)
    provenance = made.provenance
    assert (provenance.decoder, provenance.settings["method"], provenance.rounds) == (method, method, 1)
    assert provenance.settings["style"]["name"] == "none"
    assert not any(made.shots[position.shot].flags for position in made.positions)
    assert dump_plan(plan(method, "--method", method, "--ban", "0:00-0:10")) == dump_plan(made)


def test_muvees_clips_last_several_segments(plan: Any) -> None:
    assert len(plan("muvee", "--method", "muvee").positions) < len(plan("usual").positions)


def test_a_seed_moves_random_choice_and_is_said_to_move_nothing_else(
    plan: Any, cli: Cli, examples: Path, shared_cache: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one, two = (plan(f"r{seed}", "--method", "random", "--seed", seed) for seed in (1, 2))
    assert [position.shot for position in one.positions] != [position.shot for position in two.positions]
    capsys.readouterr()
    about = ["-m", examples / "score.ogg", "--length", 20, "--cache-dir", shared_cache, "--progress", "plain"]
    assert cli("plan", examples / "film.mp4", *about, "--method", "m2t", "--seed", 3, "-o", "m.plan.json") == 0
    assert "m2t is not moved by the seed" in capsys.readouterr().err


def test_a_revision_asks_the_method_again(
    plan: Any, cli: Cli, shared_cache: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = plan("v2t", "--method", "v2t")
    asked = ["--cache-dir", shared_cache, "--progress", "plain"]
    assert cli("revise", "v2t.plan.json", "--reroll", "1,3", "-o", "again.plan.json", *asked) == 0
    assert "by the model" not in capsys.readouterr().err
    again = read_plan(Path("again.plan.json"))
    changed = [at for at, (a, b) in enumerate(zip(made.positions, again.positions, strict=True)) if a != b]
    assert changed == [1, 3]
    assert all(again.positions[at].shot != made.positions[at].shot for at in (1, 3))
    assert again.provenance.weights == made.provenance.weights
    assert cli("revise", "v2t.plan.json", "--length", 12, "-o", "short.plan.json", *asked) == 0
    assert violations(read_plan(Path("short.plan.json"))) == []
    assert cli("score", "v2t.plan.json", *asked) == 0


def test_what_learns_is_trained_by_one_command_and_plans_by_another(
    plan: Any, cli: Cli, shared_cache: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    small = ["--width", 16, "--ffn", 16, "--layers", 2, "--heads", 2, "--epochs", 1, "--progress", "none"]
    for method in ("ppbvam", "ipot"):
        path = f"{method}.safetensors"
        assert cli("train", "--method", method, "--simulated", 2, *small, "-o", path) == 0
        made = plan(method, "--method", method, "--checkpoint", path)
        assert violations(made) == []
        assert path in made.provenance.weights
        assert made.provenance.settings["checkpoint"] == path
    asked = ["--reroll", "1", "--cache-dir", shared_cache, "--progress", "plain"]
    assert cli("revise", "ipot.plan.json", *asked, "--checkpoint", "ipot.safetensors", "-o", "own.plan.json") == 0
    assert "by the model" not in capsys.readouterr().err
    assert cli("revise", "ipot.plan.json", *asked, "-o", "model.plan.json") == 0
    assert "made by ipot; what is open is filled by the model, it needs its checkpoint" in capsys.readouterr().err
    assert "starter" in read_plan(Path("model.plan.json")).provenance.weights


def test_what_cannot_be_trained_is_refused(cli: Cli, capsys: pytest.CaptureFixture[str]) -> None:
    for words, told in (
        (["--method", "v2t", "--simulated", 2], "learns nothing"),
        (["--method", "tgt"], "neither is given"),
        (["--method", "tgt", "--simulated", 2, "--schedule", "random"], "--schedule is for SSMP"),
        (["--method", "clip-it", "--simulated", 2], "a caption of each shot"),
        (["--method", "tgt", "--simulated", 2, "--channels", "context+text"], "films have no lines"),
        (["--simulated", 2], "--simulated is for another --method"),
        ([], "nothing to learn from"),
    ):
        assert cli("train", *words, "-o", "x.safetensors") == 2
        assert told in capsys.readouterr().err
    assert not Path("x.safetensors").exists()


def encode(texts: Sequence[str]) -> np.ndarray:
    """A text tower in which every text has a direction of its own."""
    seeds = [int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big") for text in texts]
    rows = np.stack([np.random.default_rng(seed).normal(size=WORDS) for seed in seeds]).astype(np.float32)
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)


def test_a_method_that_reads_words_has_those_of_the_subtitles(
    plan: Any,
    cli: Cli,
    examples: Path,
    shared_cache: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    row = torch.linspace(0, 1, 12)
    film = torch.randn(12, 1280, generator=torch.Generator().manual_seed(0))
    words = torch.nn.functional.normalize(torch.randn(12, WORDS), dim=1)
    facts = FilmFacts(row + 1, row, row, row, row, row, words, words)
    method = CLIPIt(TrainingBudget(ModelConfig(1280, width=16, layers=2, heads=2, ffn=16), steps=1, batch=1))
    method.fit([Example(film, film[:3], torch.arange(3), None, facts)], 0)
    save_method(Path("clip-it.safetensors"), "CLIP-It", method, "efficientnet-lite0-1")
    about = ["-m", examples / "score.ogg", "--length", 20, "--cache-dir", shared_cache, "--encoder", "efficientnet"]
    asked = ["--method", "clip-it", "--checkpoint", "clip-it.safetensors"]
    assert cli("plan", examples / "film.mp4", *about, *asked, "-o", "x.plan.json") == 4
    assert "words need an OpenCLIP model" in capsys.readouterr().err
    monkeypatch.setattr(find, "_tower", lambda *_: encode)
    if not plan("usual").narration:
        assert cli("plan", examples / "film.mp4", *about, *asked, "-o", "x.plan.json") == 2
        assert "needs captions of the film, and there are none" in capsys.readouterr().err
    Path("film.srt").write_text(
        "1\n00:00:03,000 --> 00:00:05,000\nWho is there?\n\n2\n00:00:20,000 --> 00:00:23,000\nNobody. Go home.\n"
    )
    made = plan("words", *asked, "--encoder", "efficientnet", "--subtitles", "film.srt")
    assert violations(made) == []


def test_plans_of_methods_are_reported_and_judged(plan: Any, cli: Cli, shared_cache: Path) -> None:
    for method in ("v2t", "uniform", "muvee"):
        plan(method, "--method", method)
    assert cli("report", "v2t.plan.json", "--cache-dir", shared_cache, "-o", "v2t.html") == 0
    page = Path("v2t.html").read_text(encoding="utf-8")
    assert "--method v2t" in page and "--style" not in page
    plans = [f"{method}.plan.json" for method in ("v2t", "uniform", "muvee")]
    assert cli("jury", *plans, "--sheets", "--cache-dir", shared_cache, "-o", "s.html") == 0
    assert len(list(Path().glob("s-1-?.png"))) == 3
