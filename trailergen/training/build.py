"""From films and their official trailers to a dataset: shots, features, and the film shot of each trailer shot."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain, count
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from trailergen.errors import BatchError, InputError, TrailergenError
from trailergen.features.encoder import Encoder
from trailergen.session import Session
from trailergen.ssmp.facts import shot_facts
from trailergen.ssmp.losses import NO_LABEL
from trailergen.stages import AnalysedFilm, encode_shots, find_shots
from trailergen.training.align import THRESHOLD, AlignedSpan, align
from trailergen.training.dataset import FilmRecord, TrailerRecord, write_dataset

Pairs = Mapping[Path, tuple[Path, ...]]
"""Films and their trailers."""

_VIDEO = {".avi", ".m2ts", ".m4v", ".mkv", ".mov", ".mp4", ".mpeg", ".mpg", ".mxf", ".ogv", ".ts", ".webm", ".wmv"}


@dataclass
class BuildReport:
    """Numbers of films, trailers, trailer shots and those found in their films; and messages of what failed."""

    films: int = 0
    trailers: int = 0
    shots: int = 0
    found: int = 0
    failed: list[str] = field(default_factory=list)


def find_pairs(source: Path) -> Pairs:
    """The films and trailers that a list or a folder names.

    Args:
        source: a CSV file with the columns ``film`` and ``trailer``, one trailer a row, paths counted from the file's
            folder; or a folder with one folder per film, in which lie ``film.*`` and ``trailer*.*``.

    Raises:
        InputError: it cannot be read, names nothing, or a file it names is not there.
    """
    found = _from_folder(source) if source.is_dir() else _from_list(source)
    if not found:
        raise InputError(f"{source} names no films")
    return found


def build_dataset(
    session: Session, pairs: Pairs, folder: Path, encoder: Encoder, threshold: float = THRESHOLD
) -> BuildReport:
    """Analyse all films and trailers and write the dataset.

    A file that cannot be read is left out and reported; what was analysed is in the cache, so that after an
    interruption the same call goes on where it stopped.

    Args:
        session: cache, display, processor.
        pairs: films and trailers.
        folder: of the dataset.
        encoder: of the features.
        threshold: similarity below which a picture of a trailer is not in the film.

    Raises:
        BatchError: nothing could be used; the folder is as it was.
        OutputError: the dataset cannot be written.
    """
    report = BuildReport()
    records = _records(session, pairs, encoder, threshold, report)
    first = next(records, None)
    if first is None:
        raise BatchError("no film could be used with its trailer", "\n".join(report.failed))
    write_dataset(folder, encoder.space, chain([first], records))
    return report


def trailer_labels(spans: list[AlignedSpan], shots: int) -> NDArray[np.int64]:
    """One film shot per trailer shot, (J,): that of its longest span that has one, else ``NO_LABEL``."""
    labels = np.full(shots, NO_LABEL)
    longest = [0.0] * shots
    for span in spans:
        length = float(span.end - span.start)
        if span.film_shot is not None and length > longest[span.trailer_shot]:
            labels[span.trailer_shot], longest[span.trailer_shot] = span.film_shot, length
    return labels


def _records(
    session: Session, pairs: Pairs, encoder: Encoder, threshold: float, report: BuildReport
) -> Iterator[FilmRecord]:
    names = _names(list(pairs))
    for path, trailers in pairs.items():
        try:
            film = find_shots(session, path)
            features = encode_shots(session, film, encoder)
        except TrailergenError as error:
            _leave_out(session, report, path, error)
            continue
        known: list[TrailerRecord] = []
        for trailer in trailers:
            try:
                known.append(_trailer(session, film, trailer, encoder, threshold))
            except TrailergenError as error:
                _leave_out(session, report, trailer, error)
        if known:
            report.films += 1
            report.trailers += len(known)
            report.shots += sum(len(trailer.features) for trailer in known)
            report.found += sum(int(np.count_nonzero(trailer.labels != NO_LABEL)) for trailer in known)
            yield FilmRecord(names[path], features, tuple(known), shot_facts(film.analysis))


def _trailer(session: Session, film: AnalysedFilm, path: Path, encoder: Encoder, threshold: float) -> TrailerRecord:
    trailer = find_shots(session, path)
    shots = trailer.analysis.shots
    labels = trailer_labels(align(film.analysis, trailer.analysis, threshold), len(shots))
    found = int((labels != NO_LABEL).sum())
    if not found:
        raise InputError(f"no shot of the trailer {path} was found in {film.info.path}", "it may be another film's")
    session.progress.note(f"{path}: {found} of {len(shots)} shots found in {film.info.path}")
    return TrailerRecord(
        path.stem,
        encode_shots(session, trailer, encoder),
        labels,
        np.array([float(shot.start) for shot in shots], np.float32),
        np.array([float(shot.end - shot.start) for shot in shots], np.float32),
    )


def _leave_out(session: Session, report: BuildReport, path: Path, error: TrailergenError) -> None:
    report.failed.append(str(error))
    session.progress.note(f"left out {path}: {error}")


def _names(films: list[Path]) -> dict[Path, str]:
    """A name of its own for each film: the file's, or its folder's where that says more."""
    names: dict[Path, str] = {}
    for path in films:
        name = path.resolve().parent.name if path.stem == "film" else path.stem
        tried = chain([name], (f"{name}-{number}" for number in count(2)))
        names[path] = next(candidate for candidate in tried if candidate not in names.values())
    return names


def _from_list(source: Path) -> Pairs:
    try:
        text = source.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise InputError(f"there is no file or folder {source}") from error
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"cannot read {source}", str(error), "a list is a CSV file in UTF-8") from error
    try:
        reader = csv.DictReader(text.splitlines(), strict=True)
        rows = [(reader.line_num, row) for row in reader]
    except csv.Error as error:
        raise InputError(f"{source} is not a CSV file", str(error)) from error
    if not {"film", "trailer"} <= set(reader.fieldnames or ()):
        raise InputError(
            f"{source} has no columns film and trailer", f"its first line is {text.partition(chr(10))[0]!r}"
        )
    pairs: dict[Path, tuple[Path, ...]] = {}
    for line, row in rows:
        if not row["film"] or not row["trailer"]:
            raise InputError(f"{source}, line {line}: a film and a trailer are needed")
        film, trailer = (source.parent / row[column].strip() for column in ("film", "trailer"))
        for path in (film, trailer):
            if not path.is_file():
                raise InputError(f"{source}, line {line}: there is no file {path}")
        pairs[film] = (*pairs.get(film, ()), trailer)
    return pairs


def _from_folder(source: Path) -> Pairs:
    pairs: dict[Path, tuple[Path, ...]] = {}
    for folder in sorted(path for path in source.iterdir() if path.is_dir()):
        videos = sorted(path for path in folder.iterdir() if path.suffix.lower() in _VIDEO)
        films = [path for path in videos if path.stem == "film"]
        trailers = tuple(path for path in videos if path.stem.startswith("trailer"))
        if not films and not trailers:
            continue
        if len(films) != 1 or not trailers:
            raise InputError(
                f"{folder} does not hold one film.* and its trailer*.*",
                f"its videos are: {', '.join(path.name for path in videos)}",
            )
        pairs[films[0]] = trailers
    return pairs
