from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from analyses import analysis, picture
from counterfilm import make_film
from PIL import Image
from towers import small_openclip

from trailergen.errors import UsageError, WeightsError
from trailergen.features.encoders.openclip import OpenClipEncoder, OpenClipTower, space_name
from trailergen.features.views import Views
from trailergen.features.words import text_encoder, word_prior
from trailergen.media.probe import probe_film

MODEL = "Tiny-Test"


@pytest.fixture(scope="module")
def open_clip() -> Any:
    """The package: seconds, which only those pay who run these tests."""
    return pytest.importorskip("open_clip")


@pytest.fixture(scope="module")
def weights(open_clip: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Random weights of a small model that open_clip is told of; its ``.pt`` form lies beside."""
    folder = tmp_path_factory.mktemp("openclip")
    with small_openclip(MODEL, folder) as state:
        torch.save(state, folder / f"{MODEL}.pt")
        yield folder / f"{MODEL}.safetensors"


def test_a_picture_gets_the_vector_that_open_clip_gives_it(open_clip: Any, weights: Path) -> None:
    official, _, transform = open_clip.create_model_and_transforms(MODEL, pretrained=str(weights))
    official.eval()
    shown = np.random.default_rng(0).integers(0, 256, (90, 160, 3), np.uint8)
    with torch.inference_mode():
        expected = official.encode_image(transform(Image.fromarray(shown))[None], normalize=True)
    for path in (weights, weights.with_suffix(".pt")):
        tower = OpenClipTower(path, MODEL)
        assert torch.allclose(tower.embed(tower.prepare(shown, Views.fast)[:, None]), expected, atol=1e-6)
    crops = tower.prepare(shown, Views.paper)
    assert torch.equal(crops[0], transform(Image.fromarray(shown[:, :90])))
    assert torch.equal(crops[1], transform(Image.fromarray(shown[:, 35:125])))
    assert torch.equal(crops[2], transform(Image.fromarray(shown[:, 70:])))


@pytest.mark.parametrize("views", list(Views))
def test_a_films_features_are_unit_vectors_of_1024(weights: Path, tmp_path: Path, views: Views) -> None:
    film = probe_film(make_film(tmp_path / "film.mp4", 96))
    encoder = OpenClipEncoder(weights, MODEL, "random", views)
    found = [np.concatenate(list(encoder.encode(film, analysis([[picture(k)] for k in range(4)])))) for _ in range(2)]
    assert found[0].shape == (4, 1024)
    assert found[0].dtype == np.float32
    assert np.allclose(np.linalg.norm(found[0], axis=1), 1, atol=1e-5)
    assert np.array_equal(found[0], found[1])
    assert not found[0][:, 48:].any()


def test_spaces_name_model_data_and_unusual_views() -> None:
    assert space_name("ViT-H-14", "laion2b_s32b_b79k", Views.fast) == "openclip-vit-h-14-laion2b_s32b_b79k"
    assert space_name("ViT-B-32", "laion2b_s34b_b79k", Views.paper) == "openclip-vit-b-32-laion2b_s34b_b79k-paper"


def test_an_unknown_model_is_a_usage_error(weights: Path) -> None:
    with pytest.raises(UsageError, match="no model 'ViT-Z-1'"):
        OpenClipEncoder(weights, "ViT-Z-1", "x")


def test_a_missing_package_is_a_usage_error(weights: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "open_clip", None)
    with pytest.raises(UsageError, match="open_clip_torch"):
        OpenClipEncoder(weights, MODEL, "x")


class Malice:
    """Runs a command where it is unpickled as Python does."""

    def __init__(self, touched: Path) -> None:
        self.touched = touched

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.system, (f"touch {self.touched}",)


@pytest.mark.parametrize("damage", ["truncated", "garbage", "absent", "malicious", "other"])
def test_what_is_not_the_models_weights_is_a_weights_error(weights: Path, tmp_path: Path, damage: str) -> None:
    path = tmp_path / ("weights.pt" if damage in ("malicious", "other") else "weights.safetensors")
    match damage:
        case "truncated":
            path.write_bytes(weights.read_bytes()[:5000])
        case "garbage":
            path.write_bytes(b"<html>" * 100)
        case "malicious":
            torch.save({"state_dict": Malice(tmp_path / "touched")}, path)
        case "other":
            torch.save({"visual.proj": torch.zeros(2, 2)}, path)
    with pytest.raises(WeightsError, match="weights") as caught:
        OpenClipTower(path, MODEL)
    assert caught.value.exit_code == 4
    assert str(path) in caught.value.what
    assert not (tmp_path / "touched").exists()


def test_words_raise_the_shots_that_resemble_them(open_clip: Any, weights: Path) -> None:
    encoder = OpenClipEncoder(weights, MODEL, "random")
    official, _, _ = open_clip.create_model_and_transforms(MODEL, pretrained=str(weights))
    official.eval()
    words = ["a chase at night", "two people talking"]
    with torch.inference_mode():
        expected = official.encode_text(open_clip.get_tokenizer(MODEL)(words), normalize=True).numpy()
    vectors = encoder.encode_text(words)
    assert vectors.shape == (2, 1024)
    assert np.allclose(vectors[:, :48], expected, atol=1e-6)
    assert not vectors[:, 48:].any()
    rng = np.random.default_rng(0)
    films = rng.normal(size=(30, 1024)).astype(np.float32)
    films[7], films[11] = vectors * 50
    films /= np.linalg.norm(films, axis=1, keepdims=True)
    chase, talk = (word_prior(films, encoder, [word], []) for word in words)
    assert (int(chase.argmax()), int(talk.argmax())) == (7, 11)
    assert abs(chase.mean()) < 1e-9
    assert np.allclose(word_prior(films, encoder, [words[0]], [words[1]]), chase - talk)


def test_words_need_a_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRAILERGEN_WEIGHTS", str(tmp_path))
    with pytest.raises(WeightsError, match="words need an OpenCLIP model"):
        text_encoder("builtin", Views.fast, "cpu")
