"""The shots of a list of any format, as the film has them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

from trailergen.edit.shotlist.table import Row, read_table
from trailergen.edit.sources import film_part
from trailergen.errors import InputError, UsageError
from trailergen.plans import Film
from trailergen.session import Session
from trailergen.stages import AnalysedFilm, recut_shots
from trailergen.timeline.read.cut import read_cut
from trailergen.timeline.read.markers import marked_cuts

Ranges = tuple[tuple[int, int], ...]
SUFFIXES = (".csv", ".edl", ".otio")
_SLIP = 12
"""Frames that neighbours may share, as dissolves do in some programs: the earlier one ends before."""
_ROUNDED = 2
"""Frames by which a list may leave the film: programs count the last ones differently."""
_NAMED = 3


def check_list(path: Path) -> list[Row]:
    """Find out before the work what can be found out without the film.

    Returns:
        The shots of a CSV; none of a timeline, which is read with the film at hand.

    Raises:
        InputError: it cannot be read.
        UsageError: it ends in something else than ``SUFFIXES``.
    """
    if path.suffix.lower() not in SUFFIXES:
        raise UsageError(f"cannot tell what {path} is", hint=f"a list of shots ends in {', '.join(SUFFIXES)}")
    if path.suffix.lower() == ".csv":
        return read_table(path)
    try:
        path.open("rb").close()
    except OSError as error:
        raise InputError(f"cannot read the shots {path}", error.strerror) from error
    return []


def read_shot_list(path: Path, film: Film, names: Sequence[str] = ()) -> tuple[Ranges, list[str]]:
    """The shots of a list, film frames ``[in, out)`` in film order, and in words what was mended.

    A CSV holds them as table.py says. Clips of an EDL or OpenTimelineIO timeline are shots; where it is one clip of the
    film with markers, these are cuts.

    Args:
        path: of the list.
        film: the film.
        names: further ones that timelines may have for it.

    Raises:
        InputError: it cannot be read, leaves the film, or has shots that lie over each other.
        UsageError: it ends in something else.
    """
    rows = check_list(path)
    told: list[str] = []
    if path.suffix.lower() == ".csv":
        found = []
        for row in rows:
            try:
                found.append((f"line {row.line}", *row.frames(film.rate, film.start_timecode)))
            except UsageError as error:
                raise InputError(f"{path} line {row.line}: {error.what}", error.why, error.hint) from error
    else:
        cut = read_cut(path, film, names)
        told += cut.remarks
        edges = [(clip.source.start, clip.source.end) for clip in cut.clips]
        if len(edges) == 1 and path.suffix.lower() == ".otio":
            edges = _between_markers(path, film, edges[0])
        found = [(f"clip {number}", start, end) for number, (start, end) in enumerate(edges, 1)]
    ranges = tuple(_mended(path, film, sorted(found, key=lambda shot: shot[1:]), told))
    told += _gaps(path, film, ranges)
    return ranges, told


def with_list(session: Session, film: AnalysedFilm, listed: Path | None) -> AnalysedFilm:
    """The film with the shots of a list, where one is given; what was mended is told.

    Raises InputError and UsageError as ``read_shot_list``, and WeightsError.
    """
    if listed is None:
        return film
    path = film.info.path
    cut, told = read_shot_list(listed, film_part(film), (path.name, path.resolve().name))
    for line in told:
        session.progress.note(line)
    return recut_shots(session, film, cut)


def _between_markers(path: Path, film: Film, whole: tuple[int, int]) -> list[tuple[int, int]]:
    edges = sorted({*whole, *(cut for cut in marked_cuts(path, film, whole) if whole[0] < cut < whole[1])})
    return list(pairwise(edges))


def _mended(
    path: Path, film: Film, found: Sequence[tuple[str, int, int]], told: list[str]
) -> Iterator[tuple[int, int]]:
    """Shots without overlap. Raises InputError."""
    for at, (name, start, end) in enumerate(found):
        if end <= start:
            raise InputError(f"{path} {name}: the shot ends before it begins", f"it is frames {start} to {end}")
        if not 0 <= start < film.frames or end > film.frames + _ROUNDED:
            raise InputError(
                f"{path} {name}: the shot leaves the film",
                f"it is frames {start} to {end}, the film has 0 to {film.frames}",
                "give the list of this film, counted from its first picture",
            )
        if at + 1 == len(found):
            if end > film.frames:
                told.append(f"{path.name} {name} ends {end - film.frames} frames after the film: it ends with it")
            yield start, min(end, film.frames)
            continue
        other, following, its_end = found[at + 1]
        if following < end:
            if end - following > _SLIP or following <= start or its_end <= end:
                raise InputError(
                    f"{path} {name} and {other}: shots lie over each other",
                    f"frames {start} to {end}, and {following} to {its_end}",
                    f"let the first one end at {following}",
                )
            told.append(f"{path.name} {name} and {other} share {end - following} frames: the first ends at {following}")
        yield start, min(end, following)


def _gaps(path: Path, film: Film, ranges: Ranges) -> Iterator[str]:
    """A sentence about frames that are in no shot."""
    edges = [0, *(edge for shot in ranges for edge in shot), film.frames]
    gaps = [(start, end) for start, end in zip(edges[::2], edges[1::2], strict=True) if start < end]
    if gaps:
        named = ", ".join(f"{start} to {end}" for start, end in gaps[:_NAMED])
        more = f" and {len(gaps) - _NAMED} more" if len(gaps) > _NAMED else ""
        yield f"{path.name} has no shot for film frames {named}{more}: they are not shown"
