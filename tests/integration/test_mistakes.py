"""Likely mistakes of somebody new: each message names the mistake and the way out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from trailergen.plans import Plan

Cli = Callable[..., int]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["film.mp4"], 2, "trailergen make film.mp4 --music TRACK"),
        (["make", "music.wav", "-m", "film.mp4"], 3, "music.wav has no video"),
        (["render", "film.mp4"], 6, "`trailergen plan` or `make` wrote, NAME.plan.json"),
        (["report", "notes.txt"], 6, "`trailergen plan` or `make` wrote, NAME.plan.json"),
        (["render", "cut.plan.json", "--film", "none.mp4"], 3, "there is no file none.mp4"),
        (["revise", "cut.plan.json", "--pin", "1=3"], 2, "12=shot:845"),
        (["export", "cut.plan.json", "--to", "xml"], 2, "fcp7 (.xml)"),
        (["plan", "film.mp4", "-m", "music.wav", "--checkpoint", "notes.txt"], 4, "`trailergen train` made"),
        (["train", "none", "-o", "model.safetensors"], 3, "there is no dataset none"),
        (["weights", "fetch", "openclip-vit-b-32", "--offline"], 4, "leave --offline away"),
        (["weights", "fetch", "imagebind"], 4, "trailergen weights accept imagebind"),
        (["batch", "list.csv", "-o", "out"], 3, "call it length"),
        (["plan", "flim.mp4", "-m", "music.wav"], 3, "is film.mp4 meant?"),
        (["plan", '"film.mp4"', "-m", "music.wav"], 3, "is film.mp4 meant?"),
        (["plan", "film.mp4", "-m", "nowhere/music.wav"], 3, "there is no folder nowhere"),
        (["plan", "https://example.org/film.mp4", "-m", "music.wav"], 3, "download it first"),
        (["plan", "film.mp4", "-m", "music.wav", "--subtitle-track", "en"], 2, "has no subtitles 'en'"),
        (["shots", "music.wav"], 3, "a film is a file with moving pictures"),
    ],
)
def test_a_mistake(
    cli: Cli,
    plan: Plan,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    words: Sequence[str],
    code: int,
    said: str,
) -> None:
    monkeypatch.setenv("TRAILERGEN_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("TRAILERGEN_WEIGHTS", str(tmp_path / "weights"))
    (tmp_path / "notes.txt").write_text("hello")
    (tmp_path / "list.csv").write_text("film,music,lenght\nfilm.mp4,music.wav,30\n")
    assert cli(*words) == code
    assert said in " ".join(capfd.readouterr().err.split())
