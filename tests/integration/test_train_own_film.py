"""From a film and its trailer to a checkpoint: `dataset build`, then `train`."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import ffmpeg
import pytest

from trailergen.media.ffmpeg import file_url, run
from trailergen.ssmp.checkpoint import load_checkpoint
from trailergen.ssmp.losses import NO_LABEL
from trailergen.training.dataset import read_dataset

Cli = Callable[..., int]


def cut_trailer(examples: Path, output: Path) -> list[int]:
    """A trailer of six shots of the example film, a card in the middle; returns the film frames they begin at."""
    truth = json.loads((examples / "film.cuts.json").read_text())["shots"]
    hard = [s for s in truth if s["kind"] == "picture" and "transition" not in s and s["out"] - s["in"] > 60]
    chosen = [hard[at] for at in (4, 1, 7, 10, 2, 8)]
    film = ffmpeg.input(file_url(examples / "film.mp4"))
    source = film.video.filter_multi_output("split", len(chosen))
    clips = [
        source[number]
        .filter("trim", start_frame=shot["in"] + 8, end_frame=shot["in"] + 48)
        .filter("setpts", "PTS-STARTPTS")
        for number, shot in enumerate(chosen)
    ]
    card = ffmpeg.input("color=c=#204060:size=640x360:rate=24:duration=2", format="lavfi").filter("setsar", 1)
    clips.insert(3, card)
    run(ffmpeg.concat(*clips, v=1, a=0).output(file_url(output), pix_fmt="yuv420p", crf=28))
    return [shot["in"] for shot in chosen]


def test_a_film_and_its_trailer_become_a_checkpoint(
    cli: Cli, examples: Path, shared_cache: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    starts = cut_trailer(examples, tmp_path / "trailer.mp4")
    (tmp_path / "list.csv").write_text(f"film,trailer\n{examples / 'film.mp4'},trailer.mp4\n")
    quiet = ("--progress", "none")
    assert cli("dataset", "build", "list.csv", "-o", "set", "--cache-dir", shared_cache, *quiet) == 0
    (film,) = read_dataset(tmp_path / "set").films
    (trailer,) = film.trailers
    assert film.facts is not None
    assert trailer.labels is not None
    shown = [label for label in trailer.labels.tolist() if label != NO_LABEL]
    assert [round(float(film.facts.start_s[label]) * 24) for label in shown] == starts
    assert NO_LABEL in trailer.labels
    small = ("--width", 16, "--layers", 1, "--heads", 2, "--ffn", 16, "--epochs", 2, "--device", "cpu")
    assert cli("train", "set", "-o", "model.safetensors", *small, *quiet) == 0
    assert load_checkpoint(tmp_path / "model.safetensors")[1].feature_space == "efficientnet-lite0-1"
