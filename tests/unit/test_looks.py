"""What the ImageNet network sees: the network itself, which pictures it is shown, and how they come out of a film."""

from __future__ import annotations

import subprocess
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from trailergen.errors import WeightsError
from trailergen.media.container import open_media
from trailergen.media.probe import probe_film
from trailergen.runtime.threads import limit_threads, quiet_thread
from trailergen.shots import stored
from trailergen.shots.analysis import FilmAnalysis, analyse_film
from trailergen.shots.decode import film_batches
from trailergen.shots.detect import shots_from_probabilities
from trailergen.shots.efficientnet import EFFICIENTNET, Activations, EfficientNet, load_efficientnet, read_efficientnet
from trailergen.shots.embed import PER_SHOT, EmbeddingGatherer
from trailergen.weights import find_weights

Pictures = NDArray[np.uint8]


@pytest.fixture(scope="module")
def pictures() -> Pictures:
    """Five smooth pictures (5, 224, 224, 3)."""
    rows, columns = np.meshgrid(np.linspace(0, 6, 224), np.linspace(0, 9, 224), indexing="ij")
    waves = [np.sin(rows * (1 + k) + columns + c) * np.cos(columns * k) for k in range(5) for c in range(3)]
    return (np.stack(waves).reshape(5, 3, 224, 224).transpose(0, 2, 3, 1) * 100 + 128).astype(np.uint8)


def cosines(a: NDArray[np.float32], b: NDArray[np.float32]) -> NDArray[np.float32]:
    return (a * b).sum(1) / np.linalg.norm(a, axis=1) / np.linalg.norm(b, axis=1)


def test_the_network_is_efficientnet_lite0(pictures: Pictures) -> None:
    """timm's names of the same tensors differ, their order does not."""
    timm = pytest.importorskip("timm")
    theirs = timm.create_model("tf_efficientnet_lite0", pretrained=False).eval()
    path = find_weights(EFFICIENTNET).path
    weights = torch.load(path, weights_only=True)
    theirs.load_state_dict(dict(zip(theirs.state_dict(), weights.values(), strict=True)))
    with torch.inference_mode():
        features = theirs.forward_features((torch.from_numpy(pictures).permute(0, 3, 1, 2).float() - 127) / 128)
    seen = read_efficientnet(path, exact=True).embed(pictures)
    assert np.allclose(seen.vectors, features.mean((2, 3)).numpy(), atol=0.003)
    assert np.allclose(seen.maps, features.square().sum(1).sqrt().numpy(), atol=0.05)


def test_the_fast_network_sees_what_the_exact_one_does(pictures: Pictures) -> None:
    exact = read_efficientnet(find_weights(EFFICIENTNET).path, exact=True).embed(pictures)
    fast = load_efficientnet().embed(pictures)
    assert cosines(exact.vectors, fast.vectors).min() > 0.995
    assert np.corrcoef(exact.maps.ravel(), fast.maps.ravel())[0, 1] > 0.98


def test_weights_that_are_others_are_refused(tmp_path: Path) -> None:
    torch.save({"weight": torch.zeros(3)}, tmp_path / "others.pth")
    with pytest.raises(WeightsError):
        read_efficientnet(tmp_path / "others.pth")


class Recorder(EfficientNet):
    """Stands for the network: its vectors are the first byte of each picture."""

    def __init__(self) -> None:
        self.batches: list[int] = []

    def embed(self, pictures: Pictures) -> Activations:
        self.batches.append(len(pictures))
        vectors = np.repeat(pictures[:, 0, 0, :1], 1280, axis=1).astype(np.float32)
        return Activations(vectors, np.zeros((len(pictures), 7, 7), np.float32))


@given(st.lists(st.tuples(st.sampled_from([0.0, 0.5, 0.51, 1.0]), st.booleans()), min_size=1, max_size=150))
def test_every_shot_is_looked_at_through_its_own_pictures_or_the_last_before_it(film: list[tuple[float, bool]]) -> None:
    offered = [at for at, (_, candidate) in enumerate(film) if candidate or at == 0]
    with quiet_thread() as thread:
        gatherer = EmbeddingGatherer(Recorder(), thread)
        for at, (probability, _) in enumerate(film):
            if at in offered:
                gatherer.offer(at, np.full((224, 224, 3), at, np.uint8))
            gatherer.push(probability)
        embeddings = gatherer.finish()
    shots = shots_from_probabilities(np.array([probability for probability, _ in film], np.float32))
    assert embeddings.shots.tolist() == sorted(embeddings.shots.tolist())
    assert set(embeddings.shots.tolist()) == set(range(len(shots)))
    for number, (first, last) in enumerate(shots):
        mine = [at for at in offered if first <= at < last]
        at = embeddings.at[embeddings.shots == number].tolist()
        shown = embeddings.vectors[embeddings.shots == number, 0].tolist()
        if mine:
            assert shown == at
            assert set(at) <= set(mine)
            assert min(len(mine), PER_SHOT // 2) <= len(at) <= PER_SHOT or len(shots) == 1
        else:
            assert at == [first]
            assert shown == [max(each for each in offered if each < first)]


def test_the_network_works_in_batches_across_shots() -> None:
    network = Recorder()
    with quiet_thread() as thread:
        gatherer = EmbeddingGatherer(network, thread)
        for at in range(33):
            gatherer.offer(at, np.full((224, 224, 3), at, np.uint8))
            gatherer.push(float(at % 3 == 2))
        gatherer.finish()
    assert sum(network.batches) == 33
    assert set(network.batches[:-1]) == {4}


@pytest.fixture(scope="module")
def cuts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six seconds, a cut every second; the third shot is half as long as the wait between two embeddings."""
    path = tmp_path_factory.mktemp("looks") / "cuts.mp4"
    sources = ["testsrc", "mandelbrot", "smptebars", "testsrc2", "rgbtestsrc", "gradients=seed=4"]
    inputs = [
        part
        for number, source in enumerate(sources)
        for part in (
            "-f",
            "lavfi",
            "-t",
            "0.16" if number == 2 else "1",
            "-i",
            f"{source}{'=' if '=' not in source else ':'}s=320x180:r=25",
        )
    ]
    joined = f"{''.join(f'[{k}:v]' for k in range(len(sources)))}concat=n={len(sources)}"
    command = ["ffmpeg", "-v", "error", *inputs, "-filter_complex", joined, "-c:v", "libx264", "-pix_fmt", "yuv420p"]
    subprocess.run([*command, str(path)], check=True)
    return path


@pytest.fixture(scope="module")
def analysed(cuts: Path) -> FilmAnalysis:
    return analyse_film(probe_film(cuts))


def test_a_film_is_seen_shot_by_shot(analysed: FilmAnalysis) -> None:
    embeddings = analysed.embeddings
    assert len(analysed.shots) >= 5
    assert set(embeddings.shots.tolist()) == set(range(len(analysed.shots)))
    assert embeddings.vectors.shape == (len(embeddings.shots), 1280)
    assert embeddings.maps.shape == (len(embeddings.shots), 7, 7)
    for shot, at in zip(embeddings.shots, embeddings.at, strict=True):
        assert analysed.shots[shot].first <= at < analysed.shots[shot].last
    means = np.stack([embeddings.vectors[embeddings.shots == shot.number].mean(0) for shot in analysed.shots])
    unit = means / np.linalg.norm(means, axis=1, keepdims=True)
    assert (unit @ unit.T)[~np.eye(len(unit), dtype=bool)].max() < 0.9


def test_what_is_seen_does_not_depend_on_the_number_of_threads(cuts: Path, analysed: FilmAnalysis) -> None:
    limit_threads(1)
    try:
        alone = analyse_film(probe_film(cuts))
    finally:
        limit_threads(None)
    assert np.array_equal(alone.embeddings.vectors, analysed.embeddings.vectors)
    assert np.array_equal(alone.embeddings.maps, analysed.embeddings.maps)
    assert np.array_equal(alone.embeddings.at, analysed.embeddings.at)


def test_embeddings_come_back_from_the_cache_as_they_were(analysed: FilmAnalysis) -> None:
    entry = stored.to_entry(analysed)
    again = stored.from_entry(entry).embeddings
    assert np.array_equal(again.vectors, analysed.embeddings.vectors)
    assert np.array_equal(again.maps, analysed.embeddings.maps)
    assert again.vectors.dtype == again.maps.dtype == np.float32


def test_pictures_are_taken_at_cuts_and_now_and_then(cuts: Path) -> None:
    film = probe_film(cuts)
    at: list[int] = []
    seen = 0
    with open_media(film.path) as container:
        for batch in film_batches(container, film):
            at.extend(seen + index for index, picture in batch.candidates if picture.shape == (224, 224, 3))
            seen += len(batch.times)
    assert {0, 25, 50, 54, 79, 104} <= set(at)
    assert np.diff(at).max() <= 9
