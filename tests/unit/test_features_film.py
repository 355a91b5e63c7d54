"""Features of whole films by small random towers: what is looked at, batches, kills, spaces, the command line."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
import torch
from analyses import analysis, picture
from counterfilm import make_film, make_variable_film, read_number
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from towers import write_imagebind

import trailergen.features.towers as towers
from trailergen.errors import InputError, UsageError, WeightsError
from trailergen.features.encoders.efficientnet import EfficientNetEncoder
from trailergen.features.encoders.imagebind import ImageBindEncoder, ImageBindTower
from trailergen.features.encoders.imagebind_weights import load_tower
from trailergen.features.encoders.openclip import weights_name
from trailergen.features.pictures import Picture, film_pictures
from trailergen.features.registry import ENCODERS, get_encoder
from trailergen.features.shards import Shards
from trailergen.features.towers import encode_film
from trailergen.features.vectors import to_feature_dim
from trailergen.features.views import Views, frame_pairs
from trailergen.media.frames import read_frames
from trailergen.media.probe import probe_film
from trailergen.runtime.cache import StageCache
from trailergen.shots.analysis import FilmAnalysis
from trailergen.shots.efficientnet import EFFICIENTNET
from trailergen.shots.networks import packaged_weights

NTSC = Fraction(30000, 1001)


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_film(tmp_path_factory.mktemp("film") / "film.mp4", 400, rate=NTSC)


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_imagebind(tmp_path_factory.mktemp("weights") / "imagebind_huge.pth")


def shown(path: Path, rate: Fraction, wanted: list[int]) -> list[tuple[int, int]]:
    return [(k, read_number(p[:, :, 0])) for k, p in film_pictures(probe_film(path), rate, wanted)]


@settings(max_examples=15)
@given(wanted=st.lists(st.integers(0, 405), max_size=12).map(sorted))
def test_any_scattered_pictures_are_the_very_ones(film: Path, wanted: list[int]) -> None:
    assert shown(film, NTSC, wanted) == [(k, min(k, 399)) for k in wanted]


@pytest.mark.parametrize("suffix", [".ts", ".mkv"])
def test_scattered_pictures_are_right_in_other_containers(film: Path, tmp_path: Path, suffix: str) -> None:
    import ffmpeg

    from trailergen.media.ffmpeg import file_url, run

    other = tmp_path / f"film{suffix}"
    run(ffmpeg.input(file_url(film)).output(file_url(other), c="copy"))
    wanted = [0, 1, 30, 200, 201, 399]
    assert shown(other, NTSC, wanted) == [(k, k) for k in wanted]


def test_scattered_pictures_of_a_variable_rate_are_those_of_the_time(tmp_path: Path) -> None:
    times = [0, 40, 80, 300, 310, 320, 330, 700, 740, 780, 820, 5000, 9000, 9040]
    path = make_variable_film(tmp_path / "vfr.mkv", times)
    wanted = [0, 3, 9, 18, 20, 124, 126, 224, 225, 230]
    expected = [max(k for k, t in enumerate(times) if t <= (g + 0.5) * 40) for g in wanted]
    assert [number for _, number in shown(path, Fraction(25), wanted)] == expected


@pytest.mark.parametrize("mirrored", [False, True])
@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_pictures_are_upright_and_square(tmp_path: Path, rotation: int, mirrored: bool) -> None:
    path = make_film(tmp_path / "turned.mp4", 5, rotation=rotation, mirrored=mirrored, pixel_aspect=Fraction(2))
    ((_, found),) = film_pictures(probe_film(path), Fraction(24), [3])
    assert read_number(found[:, :, 0]) == 3
    assert found.shape == ((640, 180, 3) if rotation in (90, 270) else (180, 640, 3))


def test_a_picture_with_square_pixels_is_not_scaled(tmp_path: Path) -> None:
    path = make_film(tmp_path / "odd.mp4", 3, size=(322, 178))
    ((_, found),) = film_pictures(probe_film(path), Fraction(24), [1])
    (frame,) = read_frames(probe_film(path), Fraction(24), 1, 2)
    assert found.shape == (178, 322, 3)
    assert np.array_equal(found, frame.to_ndarray(format="rgb24", interpolation="BICUBIC"))


class Numbers:
    """A tower that writes down what it is given: features that name film frames."""

    frames = 1

    def __init__(self, frames: int = 1) -> None:
        self.frames = frames
        self.batches: list[int] = []
        self.prepared: list[int] = []

    def prepare(self, shown: Picture, views: Views) -> torch.Tensor:
        self.prepared.append(read_number(shown[:, :, 0]))
        return torch.full((3 if views is Views.paper else 1, 3, 1, 1), float(self.prepared[-1]))

    def embed(self, inputs: torch.Tensor) -> torch.Tensor:
        assert inputs.shape[1:] == (self.frames, 3, 1, 1)
        self.batches.append(len(inputs))
        vectors = torch.zeros(len(inputs), 512)
        for row, frames in zip(vectors, inputs[:, :, 0, 0, 0].long(), strict=True):
            row[frames] += 1
        return torch.nn.functional.normalize(vectors, dim=1)


def shots_of(film: Path, *lengths: int) -> FilmAnalysis:
    """An analysis whose shots have the given lengths in film frames."""
    found = analysis([[picture(k)] for k in range(len(lengths))])
    ends = np.cumsum(lengths)
    shots = tuple(
        replace(
            shot, frame_in=int(end - n), frame_out=int(end), fade_trimmed_in=int(end - n), fade_trimmed_out=int(end)
        )
        for shot, end, n in zip(found.shots, ends, lengths, strict=True)
    )
    return replace(found, rate=NTSC, shots=shots, frames=400)


def rows(film: Path, found: FilmAnalysis, tower: Numbers, views: Views) -> NDArray[np.float32]:
    return np.concatenate(list(encode_film(probe_film(film), found.rate, found.shots, tower, views)))


def test_a_shot_is_shown_by_three_pictures_of_its_own(film: Path) -> None:
    found = shots_of(film, 30, 6, 1, 0, 100)
    tower = Numbers()
    features = rows(film, found, tower, Views.fast)
    seen = [sorted(np.flatnonzero(row)) for row in features]
    assert seen == [[5, 15, 25], [31, 33, 35], [36], [37], [53, 87, 120]]
    assert tower.batches == [sum(map(len, seen))]
    assert np.allclose(np.linalg.norm(features, axis=1), 1)


def test_fades_are_not_looked_at_but_black_shots_are(film: Path) -> None:
    found = shots_of(film, 60, 60)
    faded, black = found.shots
    faded = replace(faded, fade_trimmed_in=20, fade_trimmed_out=50)
    black = replace(black, fade_trimmed_in=60, fade_trimmed_out=60)
    assert frame_pairs(faded, NTSC, Views.fast) == [(25, 25), (35, 35), (45, 45)]
    assert frame_pairs(black, NTSC, Views.fast) == [(70, 70), (90, 90), (110, 110)]
    assert frame_pairs(black, NTSC, Views.paper)[0] == (60, 119)


def test_paper_views_show_both_ends_of_five_clips(film: Path) -> None:
    tower = Numbers(frames=2)
    features = rows(film, shots_of(film, 20, 200), tower, Views.paper)
    clips = frame_pairs(shots_of(film, 20, 200).shots[1], NTSC, Views.paper)
    assert sorted(np.flatnonzero(features[0])) == [0, 19]
    assert sorted(np.flatnonzero(features[1])) == sorted({frame for clip in clips for frame in clip})
    # A short shot's five equal clips are computed once.
    assert tower.batches == [3 + 15]
    still = rows(film, shots_of(film, 20, 200), Numbers(), Views.paper)
    assert np.array_equal(still > 0, features > 0)


def test_a_long_shots_pictures_weigh_as_they_occur(film: Path) -> None:
    # Just over two seconds: the starts of the five clips fall on two pictures.
    clips = frame_pairs(shots_of(film, 61).shots[0], NTSC, Views.paper)
    assert 1 < len(set(clips)) < 5
    features = rows(film, shots_of(film, 61), Numbers(frames=2), Views.paper)
    weight = {frame: sum(clip.count(frame) for clip in clips) for clip in clips for frame in clip}
    assert all(np.isclose(features[0, a] * weight[b], features[0, b] * weight[a]) for a in weight for b in weight)


@pytest.mark.parametrize("views", list(Views))
def test_batches_neither_change_the_features_nor_hold_more_than_their_own(
    film: Path, checkpoint: Path, views: Views, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = shots_of(film, *[8] * 45)
    tower = ImageBindTower(load_tower(checkpoint))
    info = probe_film(film)
    whole = np.concatenate(list(encode_film(info, found.rate, found.shots, tower, views)))
    assert np.array_equal(whole, np.concatenate(list(encode_film(info, found.rate, found.shots, tower, views))))
    step = len(next(encode_film(info, found.rate, found.shots, tower, views)))
    rest = np.concatenate(list(encode_film(info, found.rate, found.shots[2 * step :], tower, views)))
    assert np.array_equal(rest, whole[2 * step :])
    monkeypatch.setattr(towers, "BATCH", 1)
    single = list(encode_film(info, found.rate, found.shots, tower, views))
    assert len(single) == 45
    assert np.allclose(np.concatenate(single), whole, atol=1e-5)
    assert whole.shape == (45, 1024)
    assert np.allclose(np.linalg.norm(whole, axis=1), 1, atol=1e-5)


def test_other_dimensions_keep_their_cosines() -> None:
    drawn = np.random.default_rng(3).standard_normal((20, 1500))
    for dim, tolerance in ((512, 1e-12), (1024, 1e-12), (1500, 0.1)):
        unit = drawn[:, :dim] / np.linalg.norm(drawn[:, :dim], axis=1, keepdims=True)
        mapped = to_feature_dim(unit)
        assert mapped.shape == (20, 1024)
        mapped /= np.linalg.norm(mapped, axis=1, keepdims=True)
        assert np.abs(mapped @ mapped.T - unit @ unit.T).max() < tolerance
    assert np.array_equal(to_feature_dim(drawn), to_feature_dim(drawn))


def batches(*sizes: int) -> Iterator[NDArray[np.float32]]:
    start = 0
    for size in sizes:
        yield np.arange(start, start + size, dtype=np.float32)[:, None].repeat(1024, 1)
        start += size


def test_batches_that_were_finished_are_not_computed_again(tmp_path: Path) -> None:
    whole = np.concatenate(list(batches(4, 4, 2)))
    asked: list[int] = []

    def fails(first: int) -> Iterator[NDArray[np.float32]]:
        asked.append(first)
        yield whole[first : first + 4]
        raise InputError("gone")

    def works(first: int) -> Iterator[NDArray[np.float32]]:
        asked.append(first)
        yield from (whole[start : start + 4] for start in range(first, 10, 4))

    cache = StageCache(tmp_path)
    for _ in range(2):
        with pytest.raises(InputError):
            Shards(cache, "features-x").complete(10, fails)
    ticks: list[float] = []
    assert np.array_equal(Shards(cache, "features-x").complete(10, works, ticks.append), whole)
    assert asked == [0, 4, 8]
    assert ticks == [8]
    # A batch that was damaged is computed again, and what followed it.
    stored = sorted((tmp_path / "features" / "features-x").rglob("*.safetensors"))
    stored[0].write_bytes(stored[0].read_bytes()[:100])
    assert np.array_equal(Shards(cache, "features-x").complete(10, works), whole)
    assert asked[-1] == 0
    Shards(cache, "features-x").remove()
    assert list((tmp_path / "features").iterdir()) == []


def test_spaces_say_what_changes_the_numbers(checkpoint: Path) -> None:
    assert ImageBindEncoder(checkpoint, Views.paper).space == "imagebind-1"
    assert ImageBindEncoder(checkpoint, Views.fast).space == "imagebind-1-fast"
    assert ENCODERS["openclip"].weights == "openclip-vit-h-14"
    assert ENCODERS["openclip-fast"].weights == "openclip-vit-b-32"
    assert weights_name("ViT-L-14/datacomp_xl_s13b_b90k") == "openclip-vit-l-14-datacomp-xl-s13b-b90k"


def test_auto_is_efficientnet_where_nothing_is_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRAILERGEN_WEIGHTS", str(tmp_path))
    found = get_encoder("auto")
    assert isinstance(found, EfficientNetEncoder)
    assert (found.licence, dict(found.weights)) == ("Apache-2.0", packaged_weights(EFFICIENTNET))
    for name in ("imagebind", "openclip", "openclip-fast", "openclip:ViT-L-14/openai"):
        with pytest.raises((WeightsError, UsageError)):
            get_encoder(name)


@pytest.mark.parametrize(
    "name", ["magic", "builtin:x", "efficientnet:x", "imagebind:x", "openclip-fast:x", "openclip:ViT-B-32", ":", ""]
)
def test_what_is_no_encoder_is_a_usage_error(name: str) -> None:
    with pytest.raises(UsageError):
        get_encoder(name)


def test_auto_takes_the_best_that_is_there(checkpoint: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("open_clip")
    monkeypatch.setenv("TRAILERGEN_WEIGHTS", str(tmp_path))
    spaces = {
        "openclip-vit-b-32": "openclip-vit-b-32-laion2b_s34b_b79k",
        "openclip-vit-h-14": "openclip-vit-h-14-laion2b_s32b_b79k",
        "imagebind": "imagebind-1-fast",
    }
    (tmp_path / "index.toml").write_text(
        "\n".join(f"[{name}]\nfile = 'w.pth'\nlicence = 'Some'\nfeature_space = 'any'" for name in spaces)
    )
    for name, space in spaces.items():
        (tmp_path / name).mkdir()
        shutil.copy(checkpoint, tmp_path / name / "w.pth")
        best = get_encoder("auto")
        assert (best.space, best.licence) == (space, "Some")
        assert dict(best.weights) == {name: hashlib.sha256(checkpoint.read_bytes()).hexdigest()}
    for space in (*spaces.values(), "efficientnet-lite0-1", "builtin-1"):
        assert get_encoder("auto", space=space).space == space
    with pytest.raises(WeightsError, match="no encoder here"):
        get_encoder("auto", space="imagebind-1")
    with pytest.raises(WeightsError, match="cannot read"):
        get_encoder("builtin", space="imagebind-1")
    assert get_encoder("auto", Views.paper, space="imagebind-1").space == "imagebind-1"
