"""Datasets from films and trailers: what a list may say, what goes in, what is left out and told."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from analyses import analysis, picture

from trailergen.__main__ import main
from trailergen.dialogue.subtitles.cues import Cue, read_subtitles
from trailergen.errors import BatchError, InputError
from trailergen.features.encoders.builtin import BuiltinEncoder
from trailergen.runtime.cache import StageCache
from trailergen.runtime.progress import Progress, ProgressKind
from trailergen.session import Session
from trailergen.ssmp.losses import NO_LABEL
from trailergen.stages import AnalysedFilm
from trailergen.training.align import AlignedSpan
from trailergen.training.build import build_dataset, trailer_labels
from trailergen.training.dataset import read_dataset
from trailergen.training.pairs import find_pairs, find_scripts


def touch(*paths: Path) -> None:
    for path in paths:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()


def test_a_list_names_films_and_trailers_beside_it(tmp_path: Path) -> None:
    touch(*(tmp_path / name for name in ("a.mp4", "a1.mp4", "a 2.mp4", "more/b.mkv", "b1.mp4")))
    listed = tmp_path / "list.csv"
    listed.write_text("\ufefftrailer,film,year\na1.mp4,a.mp4,1999\nb1.mp4,more/b.mkv,\n a 2.mp4 ,a.mp4,\n", "utf-8")
    assert find_pairs(listed) == {
        tmp_path / "a.mp4": (tmp_path / "a1.mp4", tmp_path / "a 2.mp4"),
        tmp_path / "more/b.mkv": (tmp_path / "b1.mp4",),
    }


def test_a_folder_has_a_folder_per_film(tmp_path: Path) -> None:
    touch(*(tmp_path / name for name in ("b/film.mkv", "b/trailer.mp4", "a/film.MP4", "a/film.srt", "notes/x.txt")))
    touch(tmp_path / "a/trailer-2.webm", tmp_path / "a/trailer-1.mov", tmp_path / "a/making of.mp4")
    assert find_pairs(tmp_path) == {
        tmp_path / "a/film.MP4": (tmp_path / "a/trailer-1.mov", tmp_path / "a/trailer-2.webm"),
        tmp_path / "b/film.mkv": (tmp_path / "b/trailer.mp4",),
    }


def test_a_list_and_a_folder_name_what_is_said(tmp_path: Path) -> None:
    touch(
        *(tmp_path / f"films/a/{name}" for name in ("film.mp4", "trailer.mp4", "film.srt", "film.ass", "film.de.srt"))
    )
    assert find_scripts(tmp_path / "films") == {tmp_path / "films/a/film.mp4": tmp_path / "films/a/film.srt"}
    touch(*(tmp_path / name for name in ("a.mp4", "a1.mp4", "a2.mp4", "b.mp4", "b1.mp4", "a.vtt", "a.json")))
    listed = tmp_path / "list.csv"
    rows = "film,trailer,subtitles\na.mp4,a1.mp4,a.vtt\na.mp4,a2.mp4,\nb.mp4,b1.mp4\n"
    listed.write_text(rows)
    assert find_scripts(listed) == {tmp_path / "a.mp4": tmp_path / "a.vtt"}
    listed.write_text(rows + "b.mp4,b1.mp4,none.srt\n")
    with pytest.raises(InputError, match=r"line 5: there is no file .*none.srt"):
        find_scripts(listed)
    listed.write_text(rows + "a.mp4,a1.mp4,a.json\n")
    with pytest.raises(InputError, match=r"line 5: .* has other subtitles above"):
        find_scripts(listed)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "no file or folder .*list.csv"),
        (b"", "no columns film and trailer"),
        (b"movie,trailer\na,b\n", "no columns film and trailer"),
        (b"film,trailer\n", "names no films"),
        (b"film,trailer\na.mp4,\n", "list.csv, line 2: a film and a trailer"),
        (b"film,trailer\na.mp4\n", "list.csv, line 2: a film and a trailer"),
        (b"film,trailer\na.mp4,a.mp4\na.mp4,none.mp4\n", "list.csv, line 3: there is no file .*none.mp4"),
        (b'film,trailer\n"a', "not a CSV file"),
        (b"film,trailer\n\xff\xfe,x\n", "cannot read .*list.csv"),
    ],
)
def test_bad_lists_are_said(tmp_path: Path, content: bytes | None, said: str) -> None:
    touch(tmp_path / "a.mp4")
    if content is not None:
        (tmp_path / "list.csv").write_bytes(content)
    with pytest.raises(InputError, match=said):
        find_pairs(tmp_path / "list.csv")


@pytest.mark.parametrize("names", [("film.mp4",), ("trailer.mp4",), ("film.mp4", "film.mkv", "trailer.mp4")])
def test_bad_folders_are_said(tmp_path: Path, names: tuple[str, ...]) -> None:
    touch(*(tmp_path / "a" / name for name in names))
    with pytest.raises(InputError, match="/a does not hold one film"):
        find_pairs(tmp_path)
    with pytest.raises(InputError, match="names no films"):
        find_pairs(tmp_path / "a")


def test_the_longest_piece_labels_a_shot() -> None:
    def piece(shot: int, start: int, end: int, film_shot: int | None) -> AlignedSpan:
        return AlignedSpan(shot, Fraction(start), Fraction(end), film_shot, 0.9)

    pieces = [piece(0, 0, 5, None), piece(0, 5, 7, 3), piece(1, 7, 8, 4), piece(1, 8, 10, 6), piece(2, 10, 11, None)]
    assert trailer_labels(pieces, 4).tolist() == [3, 6, NO_LABEL, NO_LABEL]


def clip(*seeds: int) -> Any:
    return analysis([[picture(seed)] for seed in seeds])


FILES = {
    "a": clip(*range(20)),
    "b": clip(*range(100, 130)),
    "a1": clip(4, 777, 11, 2),
    "a2": clip(15, 3),
    "b1": clip(105, 103),
    "strange": clip(901, 902),
}


SPOKEN = {"b": (None, [Cue(0, Fraction(3), Fraction(5), "The river runs to the sea.")])}
"""What is said in the film's own subtitles."""


@pytest.fixture
def session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Session:
    """A session in which the files' names say what analyses of them would find."""

    def find_shots(_session: Session, path: Path) -> Any:
        if path.stem not in FILES:
            raise InputError(f"cannot read {path}")
        return AnalysedFilm(SimpleNamespace(path=path), path.stem, FILES[path.stem])  # type: ignore[arg-type]

    def find_cues(_session: Session, _film: Any, info: Any, _settings: Any) -> Any:
        return SPOKEN.get(info.path.stem)

    monkeypatch.setattr("trailergen.training.build.find_shots", find_shots)
    monkeypatch.setattr("trailergen.training.build.film_part", lambda film: film)
    monkeypatch.setattr("trailergen.training.build.find_cues", find_cues)
    return Session(StageCache(tmp_path / "cache"), Progress(ProgressKind.none))


def pairs(**names: str) -> dict[Path, tuple[Path, ...]]:
    return {Path(f"{film}.mp4"): tuple(Path(f"{t}.mp4") for t in trailers.split()) for film, trailers in names.items()}


def test_a_dataset_holds_features_times_and_labels(session: Session, tmp_path: Path) -> None:
    built = build_dataset(session, pairs(a="a1 a2", b="b1"), tmp_path / "set", BuiltinEncoder())
    assert (built.films, built.trailers, built.shots, built.found, built.failed) == (2, 3, 8, 7, [])
    dataset = read_dataset(tmp_path / "set")
    assert dataset.feature_space == "builtin-1"
    first, second = dataset.films
    assert (first.name, [t.name for t in first.trailers], len(second.features)) == ("a", ["a1", "a2"], 30)
    labels = [trailer.labels.tolist() for film in dataset.films for trailer in film.trailers]  # type: ignore[union-attr]
    assert labels == [[4, NO_LABEL, 11, 2], [15, 3], [5, 3]]
    shown, times = first.trailers[0], first.facts
    np.testing.assert_allclose(shown.features[[0, 2]], first.features[[4, 11]], atol=1e-6)
    assert times is not None
    assert times.start_s.tolist() == list(range(20))
    assert shown.start_s is not None
    assert shown.start_s.tolist() == [0, 1, 2, 3]
    assert sorted(times.measured) == ["brightness", "loudness", "motion"]


def test_lines_come_from_a_file_or_from_the_film(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def film_words(_session: Session, _film: Any, _info: Any, settings: Any) -> Any:
        return SimpleNamespace(cues=read_subtitles(settings.transcribe))

    monkeypatch.setattr("trailergen.training.build.film_words", film_words)
    (tmp_path / "a.srt").write_text("1\n00:00:07,000 --> 00:00:09,000\nWe sail at dawn.\n")
    (tmp_path / "bad.srt").write_text("nothing")
    found = pairs(a="a1", b="b1")
    build_dataset(session, found, tmp_path / "set", BuiltinEncoder(), scripts={Path("a.mp4"): tmp_path / "a.srt"})
    first, second = (film.facts for film in read_dataset(tmp_path / "set").films)
    assert first is not None and second is not None
    assert first.measured["line"].nonzero()[0].tolist() == [7, 8]
    assert second.measured["salience"].nonzero()[0].tolist() == [3, 4]
    scripts = {Path("a.mp4"): tmp_path / "bad.srt"}
    built = build_dataset(session, found, tmp_path / "set", BuiltinEncoder(), scripts=scripts)
    assert built.films == 2 and len(built.failed) == 1 and "bad.srt" in built.failed[0]
    bare = read_dataset(tmp_path / "set").films[0].facts
    assert bare is not None and "line" not in bare.measured


def test_what_cannot_be_used_is_left_out_and_reported(session: Session, tmp_path: Path) -> None:
    found = pairs(a="a1 strange", broken="a1", b="broken")
    built = build_dataset(session, found, tmp_path / "set", BuiltinEncoder())
    assert (built.films, built.trailers) == (1, 1)
    reasons = ["no shot of the trailer strange.mp4", "cannot read broken.mp4", "cannot read broken.mp4"]
    assert [failure[: len(reason)] for failure, reason in zip(built.failed, reasons, strict=True)] == reasons
    assert [film.name for film in read_dataset(tmp_path / "set").films] == ["a"]


def test_if_nothing_can_be_used_the_old_dataset_stays(session: Session, tmp_path: Path) -> None:
    build_dataset(session, pairs(a="a1"), tmp_path / "set", BuiltinEncoder())
    with pytest.raises(BatchError, match="no film"):
        build_dataset(session, pairs(b="strange", none="a1"), tmp_path / "set", BuiltinEncoder())
    assert read_dataset(tmp_path / "set").films[0].name == "a"


def test_films_of_one_name_get_names_of_their_own(session: Session, tmp_path: Path) -> None:
    build_dataset(
        session, {Path(f"{i}/a.mp4"): (Path("a1.mp4"),) for i in range(3)}, tmp_path / "set", BuiltinEncoder()
    )
    assert [film.name for film in read_dataset(tmp_path / "set").films] == ["a", "a-2", "a-3"]


def test_the_command_says_what_it_made_and_what_it_left_out(
    session: Session, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    touch(*(tmp_path / name for name in ("a.mp4", "a1.mp4", "strange.mp4")))
    listed = tmp_path / "list.csv"
    listed.write_text("film,trailer\na.mp4,a1.mp4\n")
    command = ["dataset", "build", str(listed), "-o", str(tmp_path / "set"), "--progress", "none"]
    command += ["--cache-dir", str(tmp_path / "cache")]
    assert main(command) == 0
    assert "1 films, 1 trailers, 3 of 4 shots found" in capfd.readouterr().out
    assert main(command) == 2
    assert "exists" in capfd.readouterr().err
    listed.write_text("film,trailer\na.mp4,a1.mp4\na.mp4,strange.mp4\n")
    assert main([*command, "--force"]) == 7
    assert "no shot of the trailer" in capfd.readouterr().err
    assert len(read_dataset(tmp_path / "set").films[0].trailers) == 1
    command[4] = str(listed)
    assert main(command) == 2
    assert "a dataset is a folder" in capfd.readouterr().err
    assert main(["dataset", "build", str(listed), "-o", str(tmp_path / "new"), "--encoder", "none"]) == 2
    assert "no encoder 'none'" in capfd.readouterr().err
