from __future__ import annotations

import json
import os
import pickle
import shutil
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
import torch
from towers import BLOCKS, DIM, OUT, SIZE, PlainTower, imagebind_state, write_imagebind

from trailergen.errors import WeightsError
from trailergen.features.encoders.imagebind import ImageBindTower, prepare_still, prepare_video_picture
from trailergen.features.encoders.imagebind_tower import TowerConfig, VisionTower
from trailergen.features.encoders.imagebind_weights import load_tower, vision_tensors
from trailergen.features.views import Views, paper_frame_pairs, three_crops
from trailergen.weights.tensors import read_tensors

CLIPS = torch.randn((3, 3, 2, SIZE, SIZE), generator=torch.Generator().manual_seed(1))
MEAN = (0.48145466, 0.4578275, 0.40821073)
STD = (0.26862954, 0.26130258, 0.27577711)


@pytest.fixture
def checkpoint(tmp_path: Path) -> Path:
    return write_imagebind(tmp_path / "imagebind_huge.pth")


def test_the_tower_agrees_with_one_of_plain_layers(checkpoint: Path) -> None:
    expected = PlainTower(imagebind_state())(CLIPS)
    with torch.inference_mode():
        assert torch.allclose(load_tower(checkpoint)(CLIPS), expected, atol=1e-5)


def test_every_tensor_has_its_place_and_shape(checkpoint: Path) -> None:
    tower = load_tower(checkpoint)
    assert tower.config == TowerConfig(DIM, BLOCKS, 16, 4 * DIM, OUT, SIZE, 14, 2)
    vision = [name for name in imagebind_state() if ".vision." in name]
    assert len(vision) == len(tower.state_dict()) == 8 + 12 * BLOCKS
    found = vision_tensors(imagebind_state(), checkpoint)
    assert {name: tensor.shape for name, tensor in found.items()} == {
        name: tensor.shape for name, tensor in tower.state_dict().items()
    }


def test_the_default_size_is_that_of_the_published_tower() -> None:
    with torch.device("meta"):
        tower = VisionTower(TowerConfig())
    assert tower.stem.weight.shape == (1280, 3, 2, 14, 14)
    assert tower.positions.shape == (1, 257, 1280)
    assert tower.head.weight.shape == (1024, 1280)
    # OpenCLIP's ViT-H/14 has 632,076,800 in its image tower; the stem sees one more frame.
    assert sum(parameter.numel() for parameter in tower.parameters()) == 632_076_800 + 1280 * 3 * 14 * 14


def test_the_checkpoint_is_converted_once_and_again_when_it_changes(checkpoint: Path) -> None:
    first = load_tower(checkpoint)
    converted = checkpoint.with_name("imagebind_huge.vision.safetensors")
    stamp = converted.stat().st_mtime_ns
    again = load_tower(checkpoint)
    assert converted.stat().st_mtime_ns == stamp
    assert all(torch.equal(a, b) for a, b in zip(first.parameters(), again.parameters(), strict=True))
    checkpoint.unlink()
    write_imagebind(checkpoint, seed=5)
    os.utime(checkpoint, ns=(1, 1))
    assert not torch.equal(load_tower(checkpoint).head.weight, first.head.weight)
    converted.write_bytes(converted.read_bytes()[:-40])
    load_tower(checkpoint)
    assert [path.name for path in checkpoint.parent.iterdir() if path.name.startswith(".")] == []


def test_a_folder_that_cannot_be_written_is_no_hindrance(checkpoint: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(Path, "touch", refuse)
    assert load_tower(checkpoint).config.dim == DIM
    assert list(checkpoint.parent.iterdir()) == [checkpoint]


def broken(name: str) -> dict[str, torch.Tensor]:
    state = imagebind_state()
    match name:
        case "missing":
            del state["modality_trunks.vision.blocks.1.norm_2.bias"]
        case "extra":
            state["modality_trunks.vision.blocks.0.layer_scale_gamma1"] = torch.ones(DIM)
        case "hole":
            state = {key: value for key, value in state.items() if ".blocks.0." not in key}
        case "shape":
            state["modality_heads.vision.2.weight"] = torch.zeros(OUT, DIM + 1)
        case "infinite":
            state["modality_heads.vision.0.bias"][3] = torch.inf
        case "other":
            state = {"visual.proj": torch.zeros(3)}
    return state


@pytest.mark.parametrize("fault", ["missing", "extra", "hole", "shape", "infinite", "other"])
def test_a_checkpoint_that_is_another_is_refused(tmp_path: Path, fault: str) -> None:
    path = tmp_path / "weights.pth"
    torch.save(broken(fault), path)
    with pytest.raises(WeightsError, match=r"weights\.pth"):
        load_tower(path)


@pytest.mark.parametrize("damage", ["truncated", "garbage", "empty", "html", "absent", "no table"])
def test_a_damaged_file_is_one_weights_error(checkpoint: Path, damage: str) -> None:
    content = checkpoint.read_bytes()
    match damage:
        case "truncated":
            checkpoint.write_bytes(content[: len(content) // 2])
        case "garbage":
            checkpoint.write_bytes(b"PK\x03\x04" + bytes(range(256)) * 20)
        case "empty":
            checkpoint.write_bytes(b"")
        case "html":
            checkpoint.write_bytes(b"<!DOCTYPE html><title>404</title>")
        case "absent":
            checkpoint.unlink()
        case "no table":
            torch.save([1, 2], checkpoint)
    with pytest.raises(WeightsError, match=r"imagebind_huge\.pth") as caught:
        load_tower(checkpoint)
    assert caught.value.exit_code == 4


class Malice:
    """Runs a command where it is unpickled as Python does."""

    def __init__(self, touched: Path) -> None:
        self.touched = touched

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.system, (f": > {self.touched}",)  # the shell's own words: PATH may be empty


@pytest.mark.parametrize("form", ["zip", "old", "pickle"])
def test_the_code_in_a_pickle_is_not_run(tmp_path: Path, form: str) -> None:
    touched, path = tmp_path / "touched", tmp_path / "imagebind_huge.pth"
    content = {**imagebind_state(), "x": Malice(touched)}
    if form == "pickle":
        path.write_bytes(pickle.dumps(content["x"]))
    else:
        torch.save(content, path, _use_new_zipfile_serialization=form == "zip")
    with pytest.raises(WeightsError):
        load_tower(path)
    assert not touched.exists()
    # The same file does its work on whoever trusts it.
    if form != "pickle":
        torch.load(path, weights_only=False)
        assert touched.exists()


def test_both_forms_of_torch_files_are_read(tmp_path: Path) -> None:
    state = imagebind_state()
    for zipped in (True, False):
        torch.save(state, tmp_path / "x.pth", _use_new_zipfile_serialization=zipped)
        found = read_tensors(tmp_path / "x.pth")
        assert all(torch.equal(found[name], tensor) for name, tensor in state.items())


def test_a_clip_of_one_picture_twice_is_a_still(checkpoint: Path) -> None:
    tower = ImageBindTower(load_tower(checkpoint))
    still = torch.randn((2, 1, 3, SIZE, SIZE), generator=torch.Generator().manual_seed(2))
    vectors = tower.embed(still.expand(-1, 2, -1, -1, -1))
    stem = imagebind_state()["modality_preprocessors.vision.rgbt_stem.proj.1.weight"].sum(2)
    state = imagebind_state()
    state["modality_preprocessors.vision.rgbt_stem.proj.1.weight"] = torch.stack([stem, torch.zeros_like(stem)], 2)
    expected = PlainTower(state)(torch.stack([still[:, 0], still[:, 0]], 2))
    assert torch.allclose(vectors, expected, atol=1e-5)
    assert torch.allclose(vectors.norm(dim=1), torch.ones(2))


def picture(height: int, width: int) -> np.ndarray:
    return np.random.default_rng(height * width).integers(0, 256, (height, width, 3), np.uint8)


SHAPES = [(360, 640), (1080, 1920), (640, 361), (224, 224), (225, 399), (100, 240), (577, 577), (224, 500)]


@pytest.mark.parametrize(("height", "width"), SHAPES)
def test_a_video_is_prepared_as_torchvision_would(height: int, width: int) -> None:
    v2 = pytest.importorskip("torchvision.transforms.v2.functional")
    shown = picture(height, width)
    values = torch.from_numpy(shown).permute(2, 0, 1) / 255
    size = (224, int(width / height * 224)) if width >= height else (int(height / width * 224), 224)
    scaled = v2.normalize(v2.resize(values, list(size), antialias=False), MEAN, STD)
    found = prepare_video_picture(shown)
    assert found.shape == (3, 3, 224, 224)
    for crop, (y, x) in zip(found, three_crops(*size, 224), strict=True):
        assert torch.allclose(crop, v2.crop(scaled, y, x, 224, 224), atol=1e-5)


@pytest.mark.parametrize(("height", "width"), SHAPES)
def test_a_still_is_prepared_as_torchvision_would(height: int, width: int) -> None:
    transforms = pytest.importorskip("torchvision.transforms")
    from PIL import Image

    official = transforms.Compose(
        [
            transforms.Resize(224, interpolation=transforms.InterpolationMode.BICUBIC),
            transforms.CenterCrop(224),
            transforms.ToTensor(),
            transforms.Normalize(MEAN, STD),
        ]
    )
    shown = picture(height, width)
    assert torch.allclose(prepare_still(shown)[0], official(Image.fromarray(shown)), atol=1e-6)


def test_crops_are_left_centre_and_right_or_top_centre_and_bottom() -> None:
    assert three_crops(224, 399, 224) == [(0, 0), (0, 88), (0, 175)]
    assert three_crops(399, 224, 224) == [(0, 0), (88, 0), (175, 0)]
    assert three_crops(224, 224, 224) == [(0, 0)] * 3


@pytest.mark.parametrize(
    ("frames", "fps", "expected"),
    [
        # 10 s at 24: starts at 0, 2, 4, 6, 8 s; 48 pictures each.
        (240, 24.0, [(0, 47), (48, 95), (96, 143), (144, 191), (192, 239)]),
        # 3 s at 25: starts at 0, 0.25, 0.5, 0.75, 1 s: at or after picture 6.25 is 7; before 56.25 is 56.
        (75, 25.0, [(0, 49), (7, 56), (13, 62), (19, 68), (25, 74)]),
        # Shorter than a clip: all five are the whole video.
        (30, 24.0, [(0, 29)] * 5),
        (1, 24.0, [(0, 0)] * 5),
        (48, 24.0, [(0, 47)] * 5),
    ],
)
def test_clips_lie_where_the_official_sampler_puts_them(
    frames: int, fps: float, expected: list[tuple[int, int]]
) -> None:
    assert paper_frame_pairs(frames, fps) == expected


def test_clips_of_any_length_lie_in_the_shot() -> None:
    for fps in (float(Fraction(24000, 1001)), 24.0, 29.97, 60.0, 1.0, 0.3):
        for frames in (*range(1, 200), 997, 5000):
            clips = paper_frame_pairs(frames, fps)
            assert len(clips) == 5
            assert all(0 <= first <= last < frames for first, last in clips)
            assert clips == sorted(clips)
            assert clips[-1][1] == frames - 1
            # Two seconds of pictures; rounding in floating point, the official one too, may cost one.
            lengths = {last - first + 1 for first, last in clips}
            assert all(length == frames or -1 <= length - max(1, 2 * fps) <= 1 for length in lengths) or fps < 1


def test_views_choose_the_preparation(checkpoint: Path) -> None:
    tower = ImageBindTower(load_tower(checkpoint))
    shown = picture(60, 90)
    assert tower.prepare(shown, Views.fast).shape == (1, 3, SIZE, SIZE)
    assert tower.prepare(shown, Views.paper).shape == (3, 3, SIZE, SIZE)


def test_the_converted_file_says_what_it_is(checkpoint: Path, tmp_path: Path) -> None:
    from safetensors import safe_open

    load_tower(checkpoint)
    with safe_open(tmp_path / "imagebind_huge.vision.safetensors", framework="pt") as file:
        format_, size, _ = json.loads(file.metadata()["source"])
    assert (format_, size) == ("trailergen.imagebind-vision/1", checkpoint.stat().st_size)
    shutil.copy(tmp_path / "imagebind_huge.vision.safetensors", tmp_path / "copy.safetensors")
    assert "head.weight" in read_tensors(tmp_path / "copy.safetensors")
