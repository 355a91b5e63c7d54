"""Features as their authors publish them, through every command that docs/training.md names for them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from published import SEGMENTS, SHOTS, published

from benchmarks.paper.__main__ import main as make_page
from trailergen.__main__ import main
from trailergen.errors import InputError
from trailergen.evaluation.cases import dataset_cases
from trailergen.training.cmtd import read_cmtd, subset_of
from trailergen.training.examples import Channels, examples_of, open_dataset

SMALL = ["--width", "16", "--layers", "1", "--heads", "2", "--ffn", "16"]
QUIET = ["--device", "cpu", "--progress", "none"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return published(tmp_path_factory.mktemp("published"))


def test_music_and_times_are_read(folder: Path) -> None:
    examples = examples_of(open_dataset(folder))
    assert [len(one.labels) for one in examples] == [5] * 4
    assert all(one.music is not None and one.music.features.shape == (5, 16) for one in examples)
    case = dataset_cases(open_dataset(folder, "test"), Channels.none)[0]
    assert (case.film.positions, len(case.official)) == (SEGMENTS, 6)
    assert case.film.music is not None
    assert case.film.facts is not None
    assert case.film.music.lengths_s.tolist() == [1.5] * SEGMENTS
    assert case.film.facts.durations_s.tolist() == [3.0] * SHOTS
    # Neither movement and sound nor the music's energy are published.
    assert case.film.missing(("facts", "music", "energy")) == ["facts", "energy"]


def test_without_times_shots_and_segments_are_equally_long(tmp_path: Path) -> None:
    case = dataset_cases(read_cmtd(published(tmp_path, times=False), "test"), Channels.none)[0]
    assert case.film.facts is None
    assert case.film.music is not None
    assert case.film.music.lengths_s.tolist() == [1.0] * SEGMENTS


def test_folders_may_lack_the_name_of_the_split(tmp_path: Path) -> None:
    root = published(tmp_path)
    for split in ("train", "test"):
        place = root / f"{split}ing_dataset" if split == "train" else root / "test_dataset"
        for path in list(place.glob(f"{split}_*")):
            path.rename(path.with_name(path.name.removeprefix(f"{split}_")))
        place.rename(place.with_name(place.name.replace("_", " ")))
        assert [len(film.features) for film in read_cmtd(root, split).films] == [SHOTS] * (3 if split == "train" else 2)  # type: ignore[arg-type]


def test_music_and_times_that_do_not_fit_are_named(tmp_path: Path) -> None:
    root = published(tmp_path)
    times = root / "test_dataset" / "scene_test_movies" / "11.json"
    times.write_text('{"shot_meta_list": [{"timestamps": ["00:00:00.000", "00:00:03.000"]}]}', encoding="utf-8")
    with pytest.raises(InputError, match=r"11\.json does not fit"):
        read_cmtd(root, "test")
    times.write_text("{}", encoding="utf-8")
    with pytest.raises(InputError, match=r"11\.json does not hold"):
        read_cmtd(root, "test")
    times.unlink()
    (root / "test_dataset" / "ruptures_audio_segmentation.json").write_text('{"12": [2, 1]}', encoding="utf-8")
    with pytest.raises(InputError, match="does not fit the music of 12"):
        read_cmtd(root, "test")
    (root / "training_dataset" / "train_audio_shot_embs" / "2-1.npy").unlink()
    with pytest.raises(InputError, match="2-1 has no music"):
        read_cmtd(root)


def test_a_subset_of_the_test_films_is_named_in_a_file(folder: Path, tmp_path: Path) -> None:
    names = tmp_path / "test-1.txt"
    names.write_text("12\n\n", encoding="utf-8")
    assert [film.name for film in subset_of(read_cmtd(folder, "test"), names).films] == ["12"]
    names.write_text("12\n99\n", encoding="utf-8")
    with pytest.raises(InputError, match="lacks"):
        subset_of(read_cmtd(folder, "test"), names)
    assert main(["evaluate", "--subset", str(names)]) == 2


def test_train_and_evaluate(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    model, names, table = tmp_path / "ssmp.safetensors", tmp_path / "one.txt", tmp_path / "table.json"
    names.write_text("11\n", encoding="utf-8")
    assert main(["train", str(folder), "-o", str(model), *SMALL, *QUIET, "--epochs", "1", "--clip", "0"]) == 0
    asked = ["evaluate", str(model), "--dataset", str(folder), "--subset", str(names), "--seeds", "1", *QUIET]
    assert main([*asked, "--learn-from", str(folder), "--steps", "2", "-o", str(table)]) == 0
    figures = json.loads(table.read_text(encoding="utf-8"))
    assert figures["films"] == 1
    found = [row["method"] for row in figures["results"]]
    assert {"scheduled", "paper", "greedy", "IPOT", "TGT", "VASNet"} < set(found)
    assert not {"MMSC", "Muvee", "CLIP-It", "OTVS"} & set(found)
    capsys.readouterr()


def test_a_method_of_the_field_is_trained_and_kept(folder: Path, tmp_path: Path) -> None:
    output = tmp_path / "ipot.safetensors"
    assert main(["train", str(folder), "--method", "ipot", "-o", str(output), *SMALL, *QUIET, "--epochs", "1"]) == 0
    assert output.exists()


def test_the_paper_is_one_command(folder: Path, tmp_path: Path) -> None:
    output, notes = tmp_path / "results.md", list[str]()
    about = ["--protocol", "c", "--data", str(folder), "--seeds", "1", "--steps", "2", "-o", str(output), *SMALL]
    make_page([*about, "--work", str(tmp_path / "work")], notes.append)
    page = output.read_text(encoding="utf-8")
    for number in "1345678":
        assert f"(Table {number}" in page
    assert "published features: 4 to learn from and 2 others" in page
    assert "| IPOT |" in page
    assert "| Muvee |" not in page
    assert "perfect sampler" not in page
    with pytest.raises(SystemExit):
        make_page(["--protocol", "c", "-o", str(output)])
