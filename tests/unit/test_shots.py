from __future__ import annotations

import random
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
import torch
from av.audio.frame import AudioFrame
from counterfilm import make_variable_film
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.ndimage import grey_opening

from trailergen.media.probe import probe_film
from trailergen.runtime.threads import limit_threads
from trailergen.shots.decode import _level
from trailergen.shots.detect import TransitionDetector, load_transnet, shots_from_probabilities, transition_detector
from trailergen.shots.flags import fade_trimmed, flag_shots
from trailergen.shots.onscreen_text import (
    LARGE_TEXT,
    SMALL_TEXT,
    TextScores,
    _grey,
    _shrunk,
    _without_strokes,
    text_scores,
)
from trailergen.shots.pictures import PER_SHOT, KeyPictureGatherer
from trailergen.shots.statistics import COLUMNS, frame_statistics, luma
from trailergen.shots.transnet import TransNetStream
from trailergen.shots.transnet_float32 import float32_blocks, float32_stream
from trailergen.shots.transnet_int8 import int8_stream, supports_int8

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


class Echo(TransNetStream):
    """Stands for TransNet V2: it knows a frame when 98 more have come, and finds its first byte less 100."""

    def __init__(self, offset: float = 0.0) -> None:
        self.offset = offset
        self.seen: list[float] = []
        self.given = 0

    def push(self, frames: torch.Tensor, last: bool) -> torch.Tensor:
        assert last or self.seen or len(frames) > 48
        self.seen.extend(frames[:, 0, 0, 0].tolist())
        known = len(self.seen) if last else max(0, len(self.seen) - 98)
        found, self.given = self.seen[self.given : known], known
        return torch.tensor(found) - 100.0 + self.offset

    def close(self) -> None:
        pass


def numbered(values: NDArray[np.int64]) -> NDArray[np.uint8]:
    thumbs = np.zeros((len(values), 27, 48, 3), np.uint8)
    thumbs[:, 0, 0, 0] = values
    return thumbs


@settings(max_examples=20)
@given(st.integers(1, 333), st.integers(1, 90))
def test_streaming_gives_every_frame_its_own_prediction_once(count: int, batch: int) -> None:
    values = np.arange(count) % 200
    thumbs = numbered(values)
    detector = TransitionDetector(Echo(), Echo)
    found = [detector.push(thumbs[at : at + batch]) for at in range(0, count, batch)]
    together = np.concatenate([*found, detector.finish()])
    assert np.allclose(together, 1 / (1 + np.exp(100.0 - values)))


@given(st.integers(60, 260), st.integers(0, 259))
def test_where_it_is_in_doubt_the_window_of_the_reference_counts(count: int, doubtful: int) -> None:
    values = np.zeros(count, np.int64)
    if doubtful < count:
        values[doubtful] = 100  # a probability of a half
    windows: list[Echo] = []

    def whole() -> Echo:
        windows.append(Echo(offset=3.0))
        return windows[-1]

    detector = TransitionDetector(Echo(), whole)
    together = np.concatenate([detector.push(numbered(values)), detector.finish()])
    again = np.zeros(count, bool)
    # The padding at the end is the last frame again, and of its block.
    blocks = {doubtful // 50} if doubtful < count else set()
    for block in blocks:
        again[block * 50 : block * 50 + 50] = True
    assert np.allclose(together, 1 / (1 + np.exp(100.0 - values - np.where(again, 3.0, 0.0))))
    padded = np.concatenate((np.repeat(values[:1], 25), values, np.repeat(values[-1:], 75)))
    for block, window in zip(sorted(blocks), windows, strict=True):
        assert window.seen == padded[block * 50 : block * 50 + 100].tolist()


def test_the_film_goes_on_while_it_is_looked_at_again() -> None:
    """Up to a point: what waits for a window is held in memory."""
    opened = threading.Event()

    class Slow(Echo):
        def push(self, frames: torch.Tensor, last: bool) -> torch.Tensor:
            assert opened.wait(20)
            return super().push(frames, last)

    values = np.full(1200, 100)  # all in doubt
    found: list[NDArray[np.float32]] = []
    detector = TransitionDetector(Echo(), lambda: Slow(offset=3.0))
    try:
        assert len(detector.push(numbered(values[:400]))) == 0  # and nothing was waited for
        waiting = threading.Thread(target=lambda: found.append(detector.push(numbered(values[400:]))))
        waiting.start()
        waiting.join(0.3)
        assert waiting.is_alive() and not found
    finally:
        opened.set()
    waiting.join(20)
    together = np.concatenate([*found, detector.finish()])
    assert np.allclose(together, 1 / (1 + np.exp(-3.0))) and len(together) == 1200


def test_what_fails_in_a_second_look_fails_the_film() -> None:
    def broken() -> TransNetStream:
        raise OSError("gone")

    with closing(TransitionDetector(Echo(), broken)) as detector, pytest.raises(OSError, match="gone"):
        detector.push(numbered(np.full(400, 100)))
        detector.finish()


@pytest.fixture(scope="module")
def transnet() -> torch.nn.Module:
    return load_transnet("cpu")


def cut_film() -> NDArray[np.uint8]:
    """Four scenes of 40, 40, 40 and 10 pictures with noise on them."""
    rng = np.random.default_rng(1)
    scenes = [rng.integers(0, 256, (27, 48, 3)) for _ in range(4)]
    thumbs = np.stack([np.clip(scenes[k // 40] + rng.integers(-6, 7, (27, 48, 3)), 0, 255) for k in range(130)])
    return thumbs.astype(np.uint8)


def reference(model: torch.nn.Module, thumbs: NDArray[np.uint8]) -> NDArray[np.float32]:
    with torch.inference_mode():
        whole, _ = model.predict_frames(torch.from_numpy(thumbs), quiet=True)  # type: ignore[operator]
    return np.asarray(whole.numpy(), np.float32)


def pushed(stream: TransNetStream, frames: torch.Tensor, steps: list[int]) -> torch.Tensor:
    """The logits of frames that come in some steps."""
    at, found = 0, []
    with closing(stream):
        for step in steps:
            found.append(stream.push(frames[at : at + step], last=at + step == len(frames)))
            at += step
    return torch.cat(found)


@pytest.fixture(params=[None, 1])
def some_cores(request: pytest.FixtureRequest) -> Iterator[None]:
    """As many cores as there are, and one."""
    limit_threads(request.param)
    yield
    limit_threads(None)


@pytest.fixture(scope="module")
def at_once(transnet: torch.nn.Module) -> torch.Tensor:
    """The package's logits of the film of cuts as one window."""
    with torch.inference_mode():
        whole, _ = transnet(torch.from_numpy(cut_film())[None])
    return whole[0, :, 0]


@pytest.mark.usefixtures("some_cores")
@pytest.mark.parametrize("steps", [[130], [60, 20, 1, 49], [70, 60], [52, 16, 16, 16, 16, 14]])
def test_a_stream_is_the_packages_network_on_one_long_window(
    transnet: torch.nn.Module, at_once: torch.Tensor, steps: list[int]
) -> None:
    frames = torch.from_numpy(cut_film())
    assert torch.allclose(pushed(float32_stream(transnet), frames, steps), at_once, atol=1e-4)


def test_an_error_in_a_block_comes_out_and_its_threads_end(transnet: torch.nn.Module) -> None:
    def broken(pictures: torch.Tensor) -> torch.Tensor:
        raise OSError("gone")

    before = threading.active_count()
    with (
        closing(TransNetStream(transnet, float32_blocks(transnet), broken)) as stream,
        pytest.raises(OSError, match="gone"),
    ):
        for _ in range(9):
            stream.push(torch.from_numpy(cut_film()), last=False)
    for thread in threading.enumerate()[before:]:
        thread.join(20)
    assert threading.active_count() <= before


def test_one_window_of_it_is_the_reference(transnet: torch.nn.Module) -> None:
    """What is in doubt is looked at in just this way."""
    thumbs = cut_film()[:100]
    with torch.inference_mode():
        whole, _ = transnet(torch.from_numpy(thumbs)[None])
    found = pushed(float32_stream(transnet), torch.from_numpy(thumbs), [52, 16, 16, 16])
    assert torch.allclose(found, whole[0, :, 0], atol=1e-4)


def test_shots_are_those_the_package_finds(transnet: torch.nn.Module) -> None:
    thumbs = cut_film()
    with closing(transition_detector(transnet, "cpu")) as detector:
        streamed = np.concatenate([detector.push(thumbs[:77]), detector.push(thumbs[77:]), detector.finish()])
    assert shots_from_probabilities(streamed) == [(0, 40), (40, 80), (80, 120), (120, 130)]
    assert np.abs(streamed - reference(transnet, thumbs)).max() < 0.1


@pytest.mark.skipif(not supports_int8("cpu"), reason="this processor does not multiply bytes")
def test_bytes_move_probabilities_little(transnet: torch.nn.Module) -> None:
    frames = torch.from_numpy(cut_film())
    exact = pushed(float32_stream(transnet), frames, [130]).sigmoid()
    at_once = pushed(int8_stream(transnet), frames, [130])
    assert (at_once.sigmoid() - exact).abs().max() < 0.05
    assert torch.allclose(pushed(int8_stream(transnet), frames, [60, 20, 1, 49]), at_once, atol=1e-4)


def test_loading_transnet_leaves_the_process_as_it_was() -> None:
    random.seed(5)
    np.random.seed(5)
    torch.manual_seed(5)
    before = random.getstate(), np.random.get_state()[1].tolist(), torch.get_rng_state().tolist()
    load_transnet("cpu")
    after = random.getstate(), np.random.get_state()[1].tolist(), torch.get_rng_state().tolist()
    assert before == after
    assert not torch.are_deterministic_algorithms_enabled()


def test_key_pictures_keep_nothing_but_themselves() -> None:
    """Views of the batches they came in would hold the whole film in memory."""
    batch, gatherer = np.zeros((64, 27, 48, 3), np.uint8), KeyPictureGatherer()
    kept = sys.getrefcount(batch)
    for thumb in batch:
        gatherer.push(thumb, 0.0)
    del thumb
    assert sys.getrefcount(batch) == kept


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
    return flag_shots(frame_statistics(thumbs, None), TextScores(at, scores), ranges, seconds)


def test_black_cards_and_text_are_flagged() -> None:
    kinds = ["film", "black", "card", "film", *["film"] * 16]
    flags = flagged(kinds, [0, 0, 0, SMALL_TEXT + 5, *[0] * 16])
    assert flags[:4] == [(), ("black",), ("card",), ("text",)]
    assert set(flags[4:]) == {()}


def test_text_stands_still_and_leaves_do_not() -> None:
    def share(*scores: float) -> float:
        column = np.array([scores, scores], np.float32).T
        return TextScores(np.arange(len(scores)), column).share(0, len(scores), 0, SMALL_TEXT)

    assert share(0, 50, 51, 49, 0, 0) == 0.5
    assert share(0, SMALL_TEXT + 2, SMALL_TEXT + 8, SMALL_TEXT + 20, 0, 0) == 0
    assert share(0, 50, 0, 50) == 0
    assert share(50) == 1


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
    assert fade_trimmed(frame_statistics(film, None), 0, 40) == (10, 37)
    assert fade_trimmed(frame_statistics(pictures("black", 9), None), 0, 9) == (0, 9)


def test_statistics_of_plain_pictures() -> None:
    grey = np.full((2, 27, 48, 3), 100, np.uint8)
    grey[1] = 130
    rows = dict(zip(COLUMNS, frame_statistics(grey, grey[0]).T, strict=True))
    assert np.allclose(rows["luma"], [100, 130], atol=1e-3)
    assert np.allclose(rows["motion"], [0, 30], atol=1e-3)
    assert np.allclose(rows["contrast"], 0, atol=1e-3)
    assert np.allclose(rows["entropy"], 0)
    assert np.allclose(luma(np.array([255, 0, 0])), 0.299 * 255)


@given(st.tuples(*[st.integers(0, 255)] * 3))
def test_saturation_is_the_distance_of_the_largest_colour_from_the_smallest(colour: tuple[int, int, int]) -> None:
    picture = np.full((1, 27, 48, 3), colour, np.uint8)
    rows = dict(zip(COLUMNS, frame_statistics(picture, None)[0], strict=True))
    assert rows["saturation"] == pytest.approx(max(colour) - min(colour))


def test_text_is_looked_for_in_brightness_and_means() -> None:
    picture = np.random.default_rng(4).integers(0, 256, (181, 323, 3), np.uint8)
    planes = np.moveaxis(picture, -1, 0)
    assert np.abs(_grey(planes) - luma(picture)).max() <= 1
    blocks = picture[:180, :320].reshape(45, 4, 80, 4, 3).mean(axis=(1, 3))
    assert np.abs(np.moveaxis(_shrunk(planes), 0, -1) - blocks).max() <= 0.5


@pytest.mark.parametrize(
    ("form", "full"),
    [("u8", 128), ("s16", 2**15), ("s16p", 2**15), ("s32", 2**31), ("flt", 1), ("fltp", 1), ("dbl", 1)],
)
def test_sound_levels_are_of_full_scale_in_every_format(form: str, full: int, tmp_path: Path) -> None:
    rng = np.random.default_rng(2)
    wave = rng.uniform(-0.9, 0.9, (2, 500))
    whole = wave * full + (128 if form == "u8" else 0)
    kinds = {"u8": np.uint8, "s16": np.int16, "s16p": np.int16, "s32": np.int32, "flt": np.float32, "fltp": np.float32}
    samples = whole.astype(kinds.get(form, np.float64))
    lying = samples if form.endswith("p") else samples.T.reshape(1, -1)
    frame = AudioFrame.from_ndarray(np.ascontiguousarray(lying), format=form, layout="stereo")
    frame.pts, frame.time_base = 48_000, Fraction(1, 48_000)
    film = probe_film(make_variable_film(tmp_path / "film.mkv", [0, 40, 80]))
    start, power = _level(frame, film)
    assert start == pytest.approx(1 - float(film.origin * film.time_base))
    assert power == pytest.approx(np.mean(wave**2), rel=0.02)


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


@given(st.integers(0, 2**32), st.integers(9, 40), st.integers(9, 40), st.sampled_from([3, 5, 7]))
def test_strokes_are_taken_away_as_by_grey_opening(seed: int, height: int, width: int, size: int) -> None:
    grey = np.random.default_rng(seed).integers(0, 256, (height, width), np.uint8)
    assert (_without_strokes(grey, size) == grey_opening(grey, size=(size, size))).all()


def test_text_is_told_from_leaves() -> None:
    scores = {name: text_scores(picture) for name, picture in text_pictures()}
    assert scores["leaves"][0] < SMALL_TEXT and scores["leaves"][1] < LARGE_TEXT
    assert scores["caption"][0] > SMALL_TEXT
    assert scores["title"][1] > LARGE_TEXT
