"""Trailers from features of small random towers, fetched from a server as the published ones would be."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from towers import served_weights
from weights_server import Answer, Server

from trailergen.dialogue.seen import seen_similarity
from trailergen.media.probe import probe_film
from trailergen.plans import read_plan
from trailergen.session import Session
from trailergen.ssmp.checkpoint import save_checkpoint
from trailergen.ssmp.model import SSMP, ModelConfig

Cli = Callable[..., int]


@pytest.fixture
def servers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Server]]:
    pytest.importorskip("open_clip")
    root = tmp_path / "weights"
    root.mkdir()
    monkeypatch.setenv("TRAILERGEN_WEIGHTS", str(root))
    with served_weights(root, tmp_path) as running:
        yield running


@pytest.fixture(params=["example", pytest.param("real", marks=[pytest.mark.slow, pytest.mark.media])])
def inputs(request: pytest.FixtureRequest, examples: Path, shared_cache: Path) -> list[object]:
    """A film, its music and a cache, as arguments."""
    if request.param == "example":
        return [examples / "film.mp4", "-m", examples / "score.ogg", "--length", 12, "--cache-dir", shared_cache]
    media: Path = request.getfixturevalue("media")
    film, track = media / "films/big_buck_bunny_640x360.mp4", media / "music/kevin_macleod_vibe_ace.ogg"
    return [film, "-m", track, "--cache-dir", os.environ.get("TRAILERGEN_TEST_CACHE", str(shared_cache))]


@pytest.fixture
def own_cache(shared_cache: Path, tmp_path: Path) -> Path:
    """A copy of the stages' results that no other process writes to."""
    shutil.copytree(shared_cache / "stages", tmp_path / "cache" / "stages", ignore=shutil.ignore_patterns(".*"))
    return tmp_path / "cache"


def provenance(plan: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(Path(plan).read_text())["provenance"]
    return found


@pytest.mark.parametrize(
    ("encoder", "weights", "space"),
    [
        ("imagebind", "imagebind", "imagebind-1-fast"),
        ("openclip", "openclip-vit-h-14", "openclip-vit-h-14-laion2b_s32b_b79k"),
    ],
)
def test_from_fetching_to_the_trailer(
    cli: Cli, inputs: list[object], servers: dict[str, Server], encoder: str, weights: str, space: str
) -> None:
    make = ["make", *inputs, "--device", "cpu", "-o", "trailer.mp4", "--height", 90, "--encoder", encoder]
    assert cli(*make) == 4, "without its weights nothing happens"
    assert not list(Path().glob("trailer*"))
    servers[weights].answers.append(Answer(drop_after=1000))
    assert cli("weights", "fetch", weights, "--accept-license", weights) == 0
    assert servers[weights].ranges == ["", "bytes=1000-"]
    assert cli(*make) == 0
    made = provenance("trailer.plan.json")
    assert made["encoder"] == space
    assert made["licences"] == {space: f"Terms of {weights}"}
    assert weights in made["weights"]
    assert Path("trailer.mp4").stat().st_size > 0
    assert Path("trailer.html").stat().st_size > 0
    converted = list(Path("weights/imagebind").glob("*.vision.safetensors"))
    assert len(converted) == (encoder == "imagebind")
    # The lines of a trailer are compared with its pictures where the encoder reads words.
    plan, film = read_plan(Path("trailer.plan.json")), probe_film(Path(str(inputs[0])))
    seen = seen_similarity(Session(Path("seen"), device="cpu"), plan, film, ["a storm", "two people"])
    assert (seen is not None) == (encoder == "openclip")
    if seen is not None:
        assert seen[0].shape == (2, len(plan.positions)) and seen[0].any()


def test_auto_takes_what_is_there_and_says_what_it_passes_over(
    cli: Cli,
    examples: Path,
    own_cache: Path,
    servers: dict[str, Server],
    capsys: pytest.CaptureFixture[str],
) -> None:
    def plan(output: str, *options: object) -> dict[str, Any]:
        inputs = [examples / "film.mp4", "-m", examples / "score.ogg", "--length", 12, "--cache-dir", own_cache]
        assert cli("plan", *inputs, "--device", "cpu", "-o", output, *options) == 0
        return provenance(output)

    assert cli("weights", "fetch", *servers, "--accept-license", "imagebind") == 0
    assert plan("best.json")["encoder"] == "imagebind-1-fast"
    # A checkpoint of one space decides which of the encoders it is.
    bound = SSMP(ModelConfig(width=16, layers=1, heads=2, ffn=16))
    torch.manual_seed(0)
    save_checkpoint(Path("bound.safetensors"), bound, "openclip-vit-h-14-laion2b_s32b_b79k")
    chosen = plan("bound.json", "--checkpoint", "bound.safetensors")
    assert chosen["encoder"] == "openclip-vit-h-14-laion2b_s32b_b79k"
    capsys.readouterr()
    (Path("weights") / "imagebind" / "imagebind_huge.pth").write_bytes(b"PK")
    assert plan("next.json")["encoder"] == "openclip-vit-h-14-laion2b_s32b_b79k"
    assert "imagebind is passed over" in capsys.readouterr().err
    assert not list((own_cache / "features").glob("*"))


def test_a_checkpoint_of_another_space_is_refused_by_name(
    cli: Cli, examples: Path, shared_cache: Path, servers: dict[str, Server], capsys: pytest.CaptureFixture[str]
) -> None:
    save_checkpoint(Path("paper.safetensors"), SSMP(ModelConfig(width=16, layers=1, heads=2, ffn=16)), "imagebind-1")
    plan = ["plan", examples / "film.mp4", "-m", examples / "score.ogg", "--cache-dir", shared_cache]
    for encoder in ("builtin", "auto"):
        assert cli(*plan, "--checkpoint", "paper.safetensors", "--encoder", encoder) == 4
        assert "'imagebind-1'" in capsys.readouterr().err
    assert not Path("film.plan.json").exists()


def test_words_change_what_is_filled_anew(
    cli: Cli, examples: Path, shared_cache: Path, servers: dict[str, Server], capsys: pytest.CaptureFixture[str]
) -> None:
    about = ["-m", examples / "score.ogg", "--length", 12, "--cut-length", 1, "--cache-dir", shared_cache]
    alone = ("--encoder", "builtin", "--style", "none")
    assert cli("plan", examples / "film.mp4", *about, *alone, "-o", "cut.plan.json") == 0
    revise = ["revise", "cut.plan.json", "--cache-dir", shared_cache, "--device", "cpu"]
    assert cli(*revise, "--reroll", "2", "--more", "a tree") == 4
    assert "words need an OpenCLIP model" in capsys.readouterr().err
    assert cli("weights", "fetch", "openclip-vit-h-14") == 0
    assert cli(*revise, "--more", "a tree") == 2
    assert "--reroll" in capsys.readouterr().err
    assert cli(*revise, "--reroll", "1-5", "-o", "plain.json") == 0
    assert cli(*revise, "--reroll", "1-5", "--more", "a tree", "--less", "a face", "-o", "words.json") == 0
    assert provenance("words.json")["revisions"][0][-3:] == ["--more a tree", "--less a face", "--seed 0"]
    plain, words = (
        [position.shot for position in read_plan(Path(name)).positions] for name in ("plain.json", "words.json")
    )
    assert plain != words
    assert [plain[0], *plain[6:]] == [words[0], *words[6:]]
