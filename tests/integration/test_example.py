"""The two example films that the repository carries are what their cut lists say."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import numpy as np
import numpy.typing as npt
import pytest

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


@pytest.fixture(scope="module", params=["film", "cake"])
def cuts(request: pytest.FixtureRequest) -> dict[str, Any]:
    return json.loads((EXAMPLES / f"{request.param}.cuts.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def thumbnails(cuts: dict[str, Any]) -> npt.NDArray[np.int16]:
    """Every picture of the film at 48x27, (frames, 27, 48, 3); also checks that time stamps are regular."""
    with av.open(str(EXAMPLES / cuts["film"])) as container:
        stream = container.streams.video[0]
        pictures = []
        for index, frame in enumerate(container.decode(stream)):
            assert frame.pts is not None and frame.time_base is not None
            assert frame.pts * frame.time_base == Fraction(index, 24)
            pictures.append(frame.reformat(48, 27, "rgb24").to_ndarray().astype(np.int16))
    return np.stack(pictures)


def between(thumbnails: npt.NDArray[np.int16]) -> npt.NDArray[np.float64]:
    """Mean absolute difference of each picture to the one before it (0 for the first)."""
    steps = np.abs(np.diff(thumbnails, axis=0)).mean(axis=(1, 2, 3))
    return np.concatenate([[0.0], steps])


def quiet_frames(cuts: dict[str, Any]) -> Iterator[range]:
    """The frames of every shot without its first and outside all transitions."""
    busy = {n for shot in cuts["shots"] if "transition" in shot for n in range(*shot["transition"].values())}
    for shot in cuts["shots"]:
        inside = [n for n in range(shot["in"] + 1, shot["out"]) if n not in busy and n - 1 not in busy]
        yield range(inside[0], inside[-1] + 1)


def test_the_media_are_small_enough_to_carry(cuts: dict[str, Any]) -> None:
    assert (EXAMPLES / cuts["film"]).stat().st_size <= 6_000_000
    assert (EXAMPLES / cuts["score"]["file"]).stat().st_size <= 1_000_000


def test_the_wheel_leaves_the_examples_out() -> None:
    project = tomllib.loads((EXAMPLES.parent / "pyproject.toml").read_text(encoding="utf-8"))
    wheel = project["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert wheel["packages"] == ["trailergen"]
    assert not any("examples" in source for source in wheel["force-include"])


def test_the_film_has_the_promised_format(cuts: dict[str, Any]) -> None:
    with av.open(str(EXAMPLES / cuts["film"])) as container:
        video, sound = container.streams.video[0], container.streams.audio[0]
        assert (video.codec_context.name, video.pix_fmt) == ("h264", "yuv420p")
        assert (video.width, video.height) == (cuts["width"], cuts["height"]) == (640, 360)
        assert video.average_rate == Fraction(cuts["rate"]) == 24
        assert (sound.codec_context.name, sound.channels, sound.rate) == ("aac", 2, 48_000)
        assert sound.duration is not None and sound.time_base is not None
        assert abs(sound.duration * sound.time_base - Fraction(cuts["frames"], 24)) < Fraction(1, 24)


def test_key_frames_are_at_most_two_seconds_apart(cuts: dict[str, Any]) -> None:
    with av.open(str(EXAMPLES / cuts["film"])) as container:
        times = [p.pts * p.time_base for p in container.demux(video=0) if p.is_keyframe and p.pts is not None]
    assert max(b - a for a, b in pairwise(times)) <= 2


def test_the_cut_list_covers_the_film_without_gaps(cuts: dict[str, Any], thumbnails: npt.NDArray[np.int16]) -> None:
    shots = cuts["shots"]
    assert [shot["number"] for shot in shots] == list(range(len(shots)))
    assert [shots[0]["in"], *(shot["out"] for shot in shots)] == [*(shot["in"] for shot in shots), cuts["frames"]]
    assert len(thumbnails) == cuts["frames"]
    assert all(shot["out"] > shot["in"] for shot in shots)


def test_the_film_has_what_a_test_film_needs(cuts: dict[str, Any]) -> None:
    kinds = [shot["kind"] for shot in cuts["shots"]]
    ways = [shot["transition_in"] for shot in cuts["shots"]]
    assert kinds.count("picture") >= 40
    assert {"logo", "title", "black", "credits"} <= set(kinds)
    assert ways.count("dissolve") >= 3 and ways.count("fade") >= 1
    twins = [shot for shot in cuts["shots"] if "near_duplicate_of" in shot]
    assert len(twins) >= 2
    assert all(cuts["shots"][shot["near_duplicate_of"]]["place"] == shot["place"] for shot in twins)


def test_every_hard_cut_is_on_its_frame(cuts: dict[str, Any], thumbnails: npt.NDArray[np.int16]) -> None:
    steps = between(thumbnails)
    inside = list(quiet_frames(cuts))
    for shot, before, after in zip(cuts["shots"][1:], inside, inside[1:], strict=False):
        if shot["transition_in"] == "cut":
            calm = max(float(steps[list(side)].max()) for side in (before, after))
            assert steps[shot["in"]] > 1.8 * calm, shot


def test_something_moves_in_every_picture_shot(cuts: dict[str, Any], thumbnails: npt.NDArray[np.int16]) -> None:
    steps = between(thumbnails)
    for shot, inside in zip(cuts["shots"], quiet_frames(cuts), strict=True):
        if shot["kind"] == "picture":
            assert steps[list(inside)].mean() > 0.1, shot


def test_the_logo_stands_still_and_black_is_black(cuts: dict[str, Any], thumbnails: npt.NDArray[np.int16]) -> None:
    steps = between(thumbnails)
    for shot, inside in zip(cuts["shots"], quiet_frames(cuts), strict=True):
        if shot["kind"] == "logo":
            assert steps[list(inside)].max() < 0.5
        if shot["kind"] == "black":
            assert shot["out"] - shot["in"] >= 24
            assert thumbnails[shot["in"] : shot["out"]].max() <= 8


def test_near_duplicates_look_alike(cuts: dict[str, Any], thumbnails: npt.NDArray[np.int16]) -> None:
    middle = [thumbnails[(shot["in"] + shot["out"]) // 2] for shot in cuts["shots"]]
    apart = np.array([[np.abs(a - b).mean() for b in middle] for a in middle])
    usual = np.median(apart[apart > 0])
    for shot in cuts["shots"]:
        if "near_duplicate_of" in shot:
            assert apart[shot["number"], shot["near_duplicate_of"]] < usual / 3, shot


def test_the_score_has_its_sections_and_never_clips(cuts: dict[str, Any]) -> None:
    with av.open(str(EXAMPLES / cuts["score"]["file"])) as container:
        stream = container.streams.audio[0]
        assert (stream.channels, stream.rate) == (2, cuts["score"]["sample_rate"])
        resampler = av.AudioResampler("fltp", "stereo", stream.rate)
        samples = np.concatenate(
            [f.to_ndarray() for frame in container.decode(stream) for f in resampler.resample(frame)], 1
        )
    rate, sections = cuts["score"]["sample_rate"], cuts["score"]["sections"]
    assert abs(samples.shape[1] / rate - cuts["score"]["seconds"]) < 0.05
    assert np.abs(samples).max() < 10 ** (-1 / 20)
    assert sections[0]["start"] == 0 and sections[-1]["end"] == cuts["score"]["seconds"]
    assert all(one["end"] == other["start"] for one, other in pairwise(sections))
    loud = {
        s["name"]: float(np.sqrt((samples[:, round(s["start"] * rate) : round(s["end"] * rate)] ** 2).mean()))
        for s in sections
    }
    assert loud["climax"] == max(loud.values()) and loud["intro"] == min(loud.values())
    assert np.abs(samples[:, -rate // 4 :]).max() < 1e-3


def test_the_second_film_tells_a_whole_story() -> None:
    shots = json.loads((EXAMPLES / "cake.cuts.json").read_text(encoding="utf-8"))["shots"]
    kinds = [shot["kind"] for shot in shots]
    story = [shot for shot in shots if shot["kind"] == "picture"]
    assert 70 <= len(story) <= 110
    early = {figure for shot in story[: len(story) // 4] for figure in shot["figures"]}
    assert {"baker", "Pia", "goat", "Count", "cake"} <= early
    after = story[-1]["number"] - kinds.index("black")
    assert 8 <= after <= 16 and kinds[-1] == "credits"
    assert {"hall", "slope", "gorge", "cabin"}.isdisjoint(shot["place"] for shot in story if shot["number"] < 46)
