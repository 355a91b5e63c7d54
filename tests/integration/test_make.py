"""The whole chain on the example film, and what the second run of the same command does."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from clips import check_clips

from trailergen.media.probe import probe_film
from trailergen.plans import Plan, read_plan

Cli = Callable[..., int]


@pytest.fixture(scope="module")
def inputs(examples: Path) -> Iterator[tuple[Path, Path]]:
    """The example film and score; they must be the same afterwards."""
    film, score = examples / "film.mp4", examples / "score.ogg"
    before = [hashlib.sha256(path.read_bytes()).hexdigest() for path in (film, score)]
    folder = sorted(examples.iterdir())
    yield film, score
    assert [hashlib.sha256(path.read_bytes()).hexdigest() for path in (film, score)] == before
    assert sorted(examples.iterdir()) == folder


def cuts(examples: Path) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = json.loads((examples / "film.cuts.json").read_text())["shots"]
    return listed


def test_every_hard_cut_is_found_at_its_frame(
    cli: Cli, inputs: tuple[Path, Path], examples: Path, shared_cache: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli("shots", inputs[0], "--json", "--cache-dir", shared_cache, "--progress", "none") == 0
    found = json.loads(capsys.readouterr().out)
    starts = {shot["in"] for shot in found["shots"]}
    truth = cuts(examples)
    hard = {shot["in"] for shot in truth if shot["number"] and shot["transition_in"] == "cut"}
    assert hard <= starts
    gradual = [shot["transition"] for shot in truth if "transition" in shot]
    others = starts - hard - {0}
    assert [s for s in others if not any(t["in"] - 2 <= s <= t["out"] + 2 for t in gradual)] == []
    for shot in found["shots"]:
        middle = (shot["in"] + shot["out"]) // 2
        (true,) = (s for s in truth if s["in"] <= middle < s["out"])
        if true["kind"] in ("black", "credits", "logo", "title"):
            assert shot["flags"], true
        else:
            assert not {"black", "credits", "card"} & set(shot["flags"]), true


def test_readings_follow_the_films_own_story(
    cli: Cli, inputs: tuple[Path, Path], examples: Path, shared_cache: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli("shots", inputs[0], "--json", "--cache-dir", shared_cache, "--progress", "none") == 0
    found = json.loads(capsys.readouterr().out)
    truth = cuts(examples)

    def true_number(shot: dict[str, Any]) -> int:
        middle = (shot["in"] + shot["out"]) // 2
        return next(t["number"] for t in truth if t["in"] <= middle < t["out"])

    readings = {true_number(shot): shot["readings"] for shot in found["shots"]}
    places: dict[int, set[str]] = {}
    for number, of in readings.items():
        if truth[number]["kind"] == "picture":
            places.setdefault(of["setup"], set()).add(truth[number]["place"])
    assert all(len(of) == 1 for of in places.values())  # no set-up spans two places
    twins = [(shot["number"], shot["near_duplicate_of"]) for shot in truth if "near_duplicate_of" in shot]
    assert [readings[one]["setup"] == readings[other]["setup"] for one, other in twins] == [True] * len(twins)
    near = [of["closeness"] for number, of in readings.items() if "close" in truth[number]["name"]]
    assert near and min(near) > 2 / 3
    # The storm begins with the cloud; the calm morning is how the film ends.
    starts = {
        name: next(shot["number"] for shot in truth if shot["name"] == name) for name in ("the cloud", "calm morning")
    }
    assert abs(true_number(found["shots"][found["turn"]]) - starts["the cloud"]) <= 1
    assert true_number(found["shots"][found["guard"]]) == starts["calm morning"]
    assert {found["turn"], found["guard"]} <= set(found["acts"])


def make(cli: Cli, inputs: tuple[Path, Path], cache: Path, *more: object) -> Plan:
    film, score = inputs
    assert cli("make", film, "--music", score, "--cache-dir", cache, "--preset", "veryfast", *more) == 0
    return read_plan(Path("film-trailer.plan.json"))


def test_a_trailer_is_what_its_plan_says(
    cli: Cli, inputs: tuple[Path, Path], examples: Path, shared_cache: Path, tmp_path: Path
) -> None:
    plan = make(cli, inputs, shared_cache)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "film-trailer.html",
        "film-trailer.mp4",
        "film-trailer.plan.json",
    ]
    kinds = {shot["number"]: shot["kind"] for shot in cuts(examples)}
    truth = cuts(examples)
    for position in plan.positions:
        (true,) = (s for s in truth if s["in"] <= position.source.start < s["out"])
        assert kinds[true["number"]] == "picture"
        assert not plan.shots[position.shot].flags
    music = Fraction(len(plan.music.part), plan.music.sample_rate)
    with av.open("film-trailer.mp4") as container:
        video, audio = container.streams.video[0], container.streams.audio[0]
        frames = [frame.to_ndarray(format="gray").astype(np.int16) for frame in container.decode(video)]
        container.seek(0)
        assert audio.rate == 48000
        samples = sum(frame.samples for frame in container.decode(audio))
    assert len(frames) == plan.sequence.frames
    assert abs(len(frames) / plan.sequence.rate - music) <= 1 / plan.sequence.rate
    assert abs(Fraction(samples, 48000) - len(frames) / plan.sequence.rate) <= 1 / plan.sequence.rate
    assert check_clips(plan, frames, probe_film(inputs[0])) > 3 * len(plan.positions)


def test_the_same_command_again_decodes_nothing(
    cli: Cli, inputs: tuple[Path, Path], shared_cache: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    make(cli, inputs, shared_cache)
    before = {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in tmp_path.iterdir()}

    def decoding(*_: object) -> None:
        raise AssertionError("something was decoded")

    for module in ("frames", "probe", "audio"):
        monkeypatch.setattr(f"trailergen.media.{module}.decode", decoding)
    make(cli, inputs, shared_cache)
    assert {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in tmp_path.iterdir()} == before


def test_the_plan_is_the_same_byte_for_byte(cli: Cli, inputs: tuple[Path, Path], shared_cache: Path) -> None:
    film, score = inputs
    for name in ("a.json", "b.json"):
        assert cli("plan", film, "-m", score, "-o", name, "--cache-dir", shared_cache) == 0
    assert Path("a.json").read_bytes() == Path("b.json").read_bytes()
    assert cli("plan", film, "-m", score, "-o", "c.json", "--seed", "5", "--cache-dir", shared_cache) == 0
    assert Path("a.json").read_bytes() != Path("c.json").read_bytes()


def test_other_music_does_not_decode_the_film(
    cli: Cli, inputs: tuple[Path, Path], shared_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    film, score = inputs
    assert cli("plan", film, "-m", score, "-o", "whole.json", "--cache-dir", shared_cache) == 0
    for module in ("frames", "probe"):
        monkeypatch.setattr(f"trailergen.media.{module}.decode", lambda *_: pytest.fail("the film was decoded"))
    assert cli("plan", film, "-m", score, "--length", "15", "-o", "short.json", "--cache-dir", shared_cache) == 0
    short = read_plan(Path("short.json"))
    assert abs(short.sequence.frames / short.sequence.rate - 15) <= Fraction(3, 4)


def test_bans_and_spoilers_are_kept_out(cli: Cli, inputs: tuple[Path, Path], shared_cache: Path) -> None:
    film, score = inputs
    options = ["--ban", "0:10-0:40", "--spoiler-free", "0.8", "--length", "15", "--cache-dir", shared_cache]
    assert cli("plan", film, "-m", score, "-o", "plan.json", *options) == 0
    plan = read_plan(Path("plan.json"))
    last = round(plan.film.frames * 0.8)
    for position in plan.positions:
        assert position.source.end <= last
        assert position.source.end <= 240 or position.source.start >= 960


@pytest.mark.parametrize("decoder", ["paper", "greedy"])
def test_every_decoder_makes_a_plan(cli: Cli, inputs: tuple[Path, Path], shared_cache: Path, decoder: str) -> None:
    film, score = inputs
    options = ["--decoder", decoder, "--length", "12", "--cache-dir", shared_cache]
    assert cli("plan", film, "-m", score, "-o", "plan.json", *options) == 0
    assert read_plan(Path("plan.json")).provenance.decoder == decoder


def test_results_are_not_replaced_unasked(
    cli: Cli, inputs: tuple[Path, Path], shared_cache: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    film, score = inputs
    Path("film-trailer.mp4").write_bytes(b"mine")
    options = ["make", film, "-m", score, "--cache-dir", shared_cache, "--length", "10", "--preset", "ultrafast"]
    assert cli(*options) == 2
    assert Path("film-trailer.mp4").read_bytes() == b"mine"
    Path("film-trailer.mp4").unlink()
    Path("film-trailer.plan.json").write_text("edited by hand")
    assert cli(*options) == 2
    assert Path("film-trailer.plan.json").read_text() == "edited by hand"
    assert "--force" in capsys.readouterr().err
    assert cli(*options, "--force") == 0
    assert read_plan(Path("film-trailer.plan.json")).positions


def test_an_edited_plan_renders(cli: Cli, inputs: tuple[Path, Path], shared_cache: Path) -> None:
    film, score = inputs
    plan_options = ["--length", "10", "--cache-dir", shared_cache, "-o", "cut.plan.json"]
    assert cli("plan", film, "-m", score, *plan_options) == 0
    data = json.loads(Path("cut.plan.json").read_text())
    first = data["positions"][0]
    first["source"] = {"in": first["source"]["in"] + 1, "out": first["source"]["out"] + 1}
    Path("cut.plan.json").write_text(json.dumps(data))
    render = ["render", "cut.plan.json", "--preset", "ultrafast", "--cache-dir", shared_cache]
    for copied, option in ((film, "--film"), (score, "--music")):
        Path("copy.mp4").write_bytes(copied.read_bytes())
        assert cli(*render, option, "copy.mp4", "-o", "copy.mp4", "--force") == 2
        assert Path("copy.mp4").read_bytes() == copied.read_bytes()
    assert cli(*render) == 0
    assert Path("cut.mp4").stat().st_size > 10_000


def test_several_lengths_and_variants_come_from_one_analysis(
    cli: Cli, inputs: tuple[Path, Path], shared_cache: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make(cli, inputs, shared_cache, "--length", "10", "-o", "film-trailer.mp4", "--height", "90")
    capsys.readouterr()
    film, score = inputs
    options = ["--music", score, "--cache-dir", shared_cache, "--preset", "ultrafast", "--height", "90"]
    assert cli("make", film, *options, "--length", "6,20", "--variants", "2", "-o", "cut.mp4") == 0
    said = capsys.readouterr().err
    assert "shots:" not in said
    assert "features:" not in said
    plans = {name: read_plan(Path(f"cut-{name}.plan.json")) for name in ("6s-v1", "6s-v2", "20s-v1", "20s-v2")}
    assert all(Path(f"cut-{name}.mp4").exists() and Path(f"cut-{name}.html").exists() for name in plans)
    for name, plan in plans.items():
        assert abs(plan.sequence.frames / plan.sequence.rate - int(name.partition("s")[0])) < 2
    first, second = ([p.shot for p in plans[f"20s-v{variant}"].positions] for variant in (1, 2))
    assert first != second
    options = ["--music", score, "--cache-dir", shared_cache, "--length", "6", "--seed", "1", "--height", "90"]
    assert cli("plan", film, *options, "-o", "six.json") == 0
    assert read_plan(Path("six.json")) == plans["6s-v2"]


def test_a_folder_is_made_for_the_results(cli: Cli, examples: Path, shared_cache: Path, tmp_path: Path) -> None:
    about = ["-m", examples / "score.ogg", "--cache-dir", shared_cache, "--preset", "ultrafast", "--height", "90"]
    assert cli("make", examples / "film.mp4", *about, "-o", "lens/new/", "--length", "6,8") == 0
    names = {path.name for path in (tmp_path / "lens" / "new").glob("*.mp4")}
    assert names == {"film-trailer-6s.mp4", "film-trailer-8s.mp4"}


def test_existing_results_are_left_or_replaced_and_not_both(cli: Cli, examples: Path, tmp_path: Path) -> None:
    options = ["-m", examples / "score.ogg", "--skip-existing", "--force", "--cache-dir", tmp_path / "cache"]
    assert cli("make", examples / "film.mp4", *options) == 2
    assert not (tmp_path / "cache").exists()
