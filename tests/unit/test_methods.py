"""What methods are given, what they need, and how a fitted one is kept."""

from pathlib import Path

import pytest
import torch

from trailergen.errors import UsageError, WeightsError
from trailergen.evaluation.baselines.registry import baselines
from trailergen.evaluation.baselines.uniform import UniformChoice
from trailergen.evaluation.budget import TrainingBudget
from trailergen.evaluation.cases import EvaluationCase
from trailergen.evaluation.comparison import evaluate
from trailergen.evaluation.films import Film
from trailergen.evaluation.method_checkpoint import load_method, save_method
from trailergen.ssmp.checkpoint import save_checkpoint
from trailergen.ssmp.losses import NO_LABEL
from trailergen.ssmp.model import SSMP, ModelConfig
from trailergen.training.batches import Example
from trailergen.training.films import FilmFacts, Music

MODEL = ModelConfig(feature_dim=8, width=16, layers=2, heads=2, ffn=32)


def facts(shots: int, words: bool) -> FilmFacts:
    row = torch.linspace(-1, 1, shots)
    captions = torch.eye(shots) if words else None
    return FilmFacts(row.abs() + 1, row, row, row, row, row.abs(), captions)


def test_a_film_says_what_is_missing_of_a_methods_needs() -> None:
    features, music = torch.zeros(4, 8), Music(torch.ones(2), torch.zeros(2), torch.zeros(2, 3))
    needs = ("subtitles", "music", "captions", "facts")
    assert Film(features, 2).missing(needs) == ["facts", "music", "captions", "subtitles"]
    assert Film(features, 2, facts(4, False), music).missing(needs) == ["captions", "subtitles"]
    assert Film(features, 2, facts(4, True)).missing(needs) == ["music", "subtitles"]


def test_a_film_that_lacks_what_a_method_needs_is_refused_by_name() -> None:
    class Hearing(UniformChoice):
        needs = frozenset({"music", "captions"})

    with pytest.raises(UsageError, match="Hearing cannot plan") as refused:
        evaluate(Hearing(), [EvaluationCase(Film(torch.zeros(4, 8), 2), [1, 2])], 0)
    assert "segments of the music, a caption of each shot" in str(refused.value)


def test_the_case_of_an_example_has_the_music_of_its_labelled_shots() -> None:
    music = Music(torch.arange(3.0), torch.arange(3.0), torch.eye(3))
    example = Example(torch.zeros(5, 8), torch.zeros(3, 8), torch.tensor([4, NO_LABEL, 1]), None, facts(5, True), music)
    case = EvaluationCase.of(example)
    assert case.film.music is not None
    assert case.film.music.lengths_s.tolist() == [0, 2]
    assert case.film.music.features.shape == (2, 3)
    assert case.film.missing(("facts", "captions")) == []
    assert case.film.positions == 2


def test_a_fitted_method_is_kept_and_makes_the_same_trailers(tmp_path: Path) -> None:
    film = torch.randn(12, 8, generator=torch.Generator().manual_seed(0))
    examples = [Example(film, film[:3], torch.arange(3))]
    for name, method in baselines(TrainingBudget(MODEL, steps=2, batch=1)).items():
        path = tmp_path / f"{name}.safetensors"
        if not method.learns or method.needs:
            continue
        method.fit(examples, 1)
        save_method(path, name, method, "imagebind-1")
        kept = path.read_bytes()
        stored = load_method(path)
        assert (stored.name, stored.feature_space) == (name, "imagebind-1")
        assert stored.method.trailer(Film(film, 5), 3) == method.trailer(Film(film, 5), 3)
        save_method(path, name, stored.method, "imagebind-1")
        assert path.read_bytes() == kept
    with pytest.raises(ValueError, match="nothing"):
        save_method(tmp_path / "x.safetensors", "uniform", UniformChoice(), "imagebind-1")


def test_what_is_no_method_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "ssmp.safetensors"
    save_checkpoint(path, SSMP(MODEL), "imagebind-1")
    with pytest.raises(WeightsError, match="no checkpoint of a baseline"):
        load_method(path)
    path.write_bytes(b"nothing")
    with pytest.raises(WeightsError, match="cannot read"):
        load_method(path)
    with pytest.raises(WeightsError, match="there is no"):
        load_method(tmp_path / "none.safetensors")
