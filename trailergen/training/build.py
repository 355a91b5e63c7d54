"""From films and their official trailers to a dataset: shots, features, lines, the film shot of each trailer shot."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain, count
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from trailergen.dialogue.shots import shot_lines
from trailergen.dialogue.sources import film_words
from trailergen.dialogue.subtitles.sources import FilmAndSound, find_cues
from trailergen.edit.sources import film_part
from trailergen.errors import BatchError, InputError, TrailergenError
from trailergen.features.encoder import Encoder
from trailergen.plans import Sound
from trailergen.session import Session
from trailergen.settings.narration import NarrationSettings
from trailergen.ssmp.channels.text import ShotLines
from trailergen.ssmp.facts import shot_facts
from trailergen.ssmp.losses import NO_LABEL
from trailergen.stages import AnalysedFilm, encode_shots, find_shots
from trailergen.training.align import THRESHOLD, AlignedSpan, align
from trailergen.training.dataset import FilmRecord, TrailerRecord, write_dataset
from trailergen.training.pairs import Pairs, Scripts


@dataclass
class BuildReport:
    """Numbers of films, trailers, trailer shots and those found in their films; and messages of what failed."""

    films: int = 0
    trailers: int = 0
    shots: int = 0
    found: int = 0
    failed: list[str] = field(default_factory=list)


def build_dataset(
    session: Session,
    pairs: Pairs,
    folder: Path,
    encoder: Encoder,
    threshold: float = THRESHOLD,
    scripts: Scripts | None = None,
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
        scripts: what is said in films, for models that read it; of others the subtitles in their files.

    Raises:
        BatchError: nothing could be used; the folder is as it was.
        OutputError: the dataset cannot be written.
    """
    report = BuildReport()
    records = _records(session, pairs, encoder, threshold, report, scripts or {})
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
    session: Session, pairs: Pairs, encoder: Encoder, threshold: float, report: BuildReport, scripts: Scripts
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
            lines = _lines(session, film, scripts.get(path), report)
            yield FilmRecord(names[path], features, tuple(known), shot_facts(film.analysis, None, lines))


def _lines(session: Session, film: AnalysedFilm, script: Path | None, report: BuildReport) -> ShotLines | None:
    """The lines of a film's shots, from a file or the film's own subtitles; None where there are none."""
    said = FilmAndSound(film_part(film), Sound())
    try:
        if script is None:
            found = find_cues(session, said, film.info, NarrationSettings())
            cues = found[1] if found else []
        else:
            words = film_words(session, said, film.info, NarrationSettings(transcribe=script))
            cues = words.cues if words else []
    except TrailergenError as error:
        if script is None:
            session.progress.note(f"no lines of {film.info.path}: {error}")
        else:
            _leave_out(session, report, script, error)
        return None
    return shot_lines(cues, [(shot.start, shot.end) for shot in film.analysis.shots]) if cues else None


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
