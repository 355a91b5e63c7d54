from __future__ import annotations

import random
from collections.abc import Iterator

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from trailergen.shots.detect import TransitionDetector, load_transnet, shots_from_probabilities
from trailergen.shots.flags import Lettering, flag_shots, lit_part
from trailergen.shots.lettering import LARGE_TEXT, SMALL_TEXT, lettering
from trailergen.shots.pictures import PER_SHOT, KeyPictureGatherer
from trailergen.shots.statistics import COLUMNS, frame_statistics, luma

probability_lists = st.lists(st.sampled_from([0.0, 0.2, 0.5, 0.51, 0.9, 1.0]), min_size=1, max_size=200)


def reference_scenes(predictions: list[float]) -> list[tuple[int, int]]:
    """The rule of the reference, walked through frame by frame, with half-open ranges."""
    scenes, start, before = [], 0, False
    for at, probability in enumerate(predictions):
        now = probability > 0.5
        if before and not now:
            start = at
        if now and not before and at > 0:
            scenes.append((start, at + 1))
        before = now
    if not before:
        scenes.append((start, len(predictions)))
    return scenes or [(0, len(predictions))]


@given(probability_lists)
def test_shots_are_those_of_the_reference(predictions: list[float]) -> None:
    assert shots_from_probabilities(np.array(predictions, np.float32)) == reference_scenes(predictions)


class Echo(torch.nn.Module):
    """Stands for TransNet V2: its logit at a frame is the frame's first byte less 100."""

    def forward(self, window: torch.Tensor) -> tuple[torch.Tensor, None]:
        assert window.shape[1:] == (100, 27, 48, 3)
        return window[:, :, 0, 0, :1].float() - 100, None


@settings(max_examples=20)
@given(st.integers(1, 333), st.integers(1, 60))
def test_streaming_gives_every_frame_its_own_prediction_once(count: int, batch: int) -> None:
    values = np.arange(count) % 200
    thumbs = np.zeros((count, 27, 48, 3), np.uint8)
    thumbs[:, 0, 0, 0] = values
    detector = TransitionDetector(Echo(), "cpu")
    found = [detector.push(thumbs[at : at + batch]) for at in range(0, count, batch)]
    together = np.concatenate([*found, detector.finish()])
    assert np.allclose(together, 1 / (1 + np.exp(100.0 - values)))


@pytest.fixture(scope="module")
def transnet() -> torch.nn.Module:
    return load_transnet("cpu")


def test_streaming_equals_the_package_on_the_same_thumbnails(transnet: torch.nn.Module) -> None:
    rng = np.random.default_rng(1)
    scenes = [rng.integers(0, 256, (27, 48, 3)) for _ in range(4)]
    thumbs = np.stack([np.clip(scenes[k // 40] + rng.integers(-6, 7, (27, 48, 3)), 0, 255) for k in range(130)])
    thumbs = thumbs.astype(np.uint8)
    detector = TransitionDetector(transnet, "cpu")
    streamed = np.concatenate([detector.push(thumbs[:77]), detector.push(thumbs[77:]), detector.finish()])
    with torch.inference_mode():
        whole, _ = transnet.predict_frames(torch.from_numpy(thumbs), quiet=True)  # type: ignore[operator]
    assert np.allclose(streamed, whole.numpy(), atol=1e-6)
    assert shots_from_probabilities(streamed) == [(0, 40), (40, 80), (80, 120), (120, 130)]


def test_loading_transnet_leaves_the_process_as_it_was() -> None:
    random.seed(5)
    np.random.seed(5)
    torch.manual_seed(5)
    before = random.getstate(), np.random.get_state()[1].tolist(), torch.get_rng_state().tolist()
    load_transnet("cpu")
    after = random.getstate(), np.random.get_state()[1].tolist(), torch.get_rng_state().tolist()
    assert before == after
    assert not torch.are_deterministic_algorithms_enabled()


@given(probability_lists)
def test_key_pictures_belong_to_their_shots(predictions: list[float]) -> None:
    gatherer = KeyPictureGatherer()
    for at, probability in enumerate(predictions):
        gatherer.push(np.full((27, 48, 3), at, np.uint8), probability)
    keys = gatherer.finish()
    shots = shots_from_probabilities(np.array(predictions, np.float32))
    assert keys.shots.tolist() == sorted(keys.shots.tolist())
    assert set(keys.shots.tolist()) == set(range(len(shots)))
    for thumb, shot, at in zip(keys.thumbs, keys.shots, keys.at, strict=True):
        assert shots[shot][0] <= at < shots[shot][1]
        assert (thumb == at).all()
    for number, (first, last) in enumerate(shots):
        kept = keys.at[keys.shots == number]
        assert 1 <= len(kept) <= PER_SHOT
        assert len(set(np.diff(kept).tolist())) <= 1
        assert len(kept) >= min(PER_SHOT // 2, last - first) or len(shots) == 1


def pictures(kind: str, count: int) -> NDArray[np.uint8]:
    rng = np.random.default_rng(7)
    texture = rng.integers(30, 226, (27, 48 + count, 3))
    if kind == "film":
        return np.stack([texture[:, k : k + 48] for k in range(count)]).astype(np.uint8)
    if kind == "black":
        return np.full((count, 27, 48, 3), 3, np.uint8)
    card = np.full((27, 48, 3), 12)
    card[10:14, 14:34] = 230
    return np.repeat(card[None], count, axis=0).astype(np.uint8)


def flagged(kinds: list[str], text: list[float], seconds_each: float = 4.0) -> list[tuple[str, ...]]:
    count = round(seconds_each * 24)
    thumbs = np.concatenate([pictures(kind, count) for kind in kinds])
    ranges = [(k * count, (k + 1) * count) for k in range(len(kinds))]
    at = np.arange(0, len(thumbs), 12)
    scores = np.array([[text[k // count], 0.0] for k in at], np.float32)
    seconds = np.arange(len(thumbs) + 1) / 24
    return flag_shots(frame_statistics(thumbs, None), Lettering(at, scores), ranges, seconds)


def test_black_cards_and_text_are_flagged() -> None:
    kinds = ["film", "black", "card", "film", *["film"] * 16]
    flags = flagged(kinds, [0, 0, 0, SMALL_TEXT + 5, *[0] * 16])
    assert flags[:4] == [(), ("black",), ("card",), ("text",)]
    assert set(flags[4:]) == {()}


def test_credits_run_to_the_end_but_not_over_a_scene_after_them() -> None:
    text = [0.0] * 17 + [60, 60, 0, 60]
    flags = flagged(["film"] * 21, text)
    assert [number for number, found in enumerate(flags) if "credits" in found] == [17, 18, 19, 20]
    scene = flagged(["film"] * 24, [0.0] * 21 + [60, 0, 0])
    assert [number for number, found in enumerate(scene) if "credits" in found] == [21]


def test_text_early_in_the_film_is_no_credits() -> None:
    assert flagged(["film"] * 10, [60, *[0.0] * 9])[0] == ("text",)


def test_short_shots_are_flagged() -> None:
    assert set(flagged(["film", "film"], [0, 0], seconds_each=0.25)) == {("short",)}


def test_a_shot_is_cut_free_of_the_black_it_fades_from() -> None:
    film = pictures("film", 40)
    film[:10] = 2
    film[37:] = 0
    assert lit_part(frame_statistics(film, None), 0, 40) == (10, 37)
    assert lit_part(frame_statistics(pictures("black", 9), None), 0, 9) == (0, 9)


def test_statistics_of_plain_pictures() -> None:
    grey = np.full((2, 27, 48, 3), 100, np.uint8)
    grey[1] = 130
    rows = dict(zip(COLUMNS, frame_statistics(grey, grey[0]).T, strict=True))
    assert np.allclose(rows["luma"], [100, 130], atol=1e-3)
    assert np.allclose(rows["motion"], [0, 30], atol=1e-3)
    assert np.allclose(rows["contrast"], 0, atol=1e-3)
    assert np.allclose(rows["entropy"], 0)
    assert np.allclose(luma(np.array([255, 0, 0])), 0.299 * 255)


def text_pictures() -> Iterator[tuple[str, NDArray[np.uint8]]]:
    from PIL import Image, ImageDraw, ImageFont

    rng = np.random.default_rng(3)
    leaves = rng.integers(0, 150, (180, 320, 3)).astype(np.uint8)
    yield "leaves", leaves
    image = Image.fromarray(leaves // 3)
    font = ImageFont.load_default(13)
    for row in (60, 90, 120):
        ImageDraw.Draw(image).text((40, row), "a film by several people and", fill="white", font=font)
    yield "caption", np.asarray(image)
    image = Image.fromarray(leaves // 3)
    ImageDraw.Draw(image).text((60, 60), "MEADOW", fill="white", font=ImageFont.load_default(52))
    yield "title", np.asarray(image)


def test_lettering_is_told_from_leaves() -> None:
    scores = {name: lettering(picture) for name, picture in text_pictures()}
    assert scores["leaves"][0] < SMALL_TEXT and scores["leaves"][1] < LARGE_TEXT
    assert scores["caption"][0] > SMALL_TEXT
    assert scores["title"][1] > LARGE_TEXT
