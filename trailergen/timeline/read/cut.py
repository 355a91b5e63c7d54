"""Timelines of other programs: EDL, OpenTimelineIO, XML of Final Cut Pro 7 and X, Shotcut, Kdenlive, AAF."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from pathlib import Path, PurePath

from trailergen.errors import InputError, TrailergenError, UsageError
from trailergen.plans import Film
from trailergen.timeline.clock import film_clock
from trailergen.timeline.read.edl import read_edl
from trailergen.timeline.read.events import Cut
from trailergen.timeline.read.fcp7 import read_fcp7
from trailergen.timeline.read.fcpxml import read_fcpxml
from trailergen.timeline.read.mlt import read_mlt
from trailergen.timeline.read.otio import read_otio
from trailergen.timeline.read.place import cut_of
from trailergen.timeline.read.text import decode
from trailergen.timeline.read.tracks import Composition, flatten

SUFFIXES = (".edl", ".otio", ".xml", ".fcpxml", ".fcpxmld", ".mlt", ".kdenlive", ".aaf")
"""What files of cuts end in."""


def read_cut(path: Path, film: Film, called: Collection[str] = ()) -> Cut:
    """The film's clips in an editor's timeline, and the dissolves and dips between them, as far as they are known;
    other transitions count as cuts.

    Args:
        path: a file ending in one of ``SUFFIXES``.
        film: the film it was cut from.
        called: other names it has.

    Raises:
        InputError: it cannot be read, or shows nothing of the film.
        PlanError: the film's start timecode is no timecode.
        UsageError: it ends in something else.
    """
    try:
        composition = _composition(path, film, called)
        events, remarks = flatten(composition, film.rate)
    except TrailergenError:
        raise
    except OSError as error:
        raise InputError(f"cannot read the cut {path}", error.strerror) from error
    except Exception as error:  # OpenTimelineIO lets through whatever a damaged file makes it stumble over
        raise InputError(f"cannot read the cut {path}", str(error).partition("\n")[0]) from error
    cut = cut_of(events, film, called)
    cut = replace(cut, remarks=(*remarks, *cut.remarks), joins=composition.joins)
    if not cut.clips:
        raise InputError(f"{path} shows nothing of the film {Path(film.path).name}", "; ".join(cut.remarks) or None)
    return cut


def _composition(path: Path, film: Film, called: Collection[str]) -> Composition:
    clock, suffix = film_clock(film), path.suffix.lower()
    if suffix not in SUFFIXES:
        raise UsageError(f"cannot tell what {path} is", hint=f"a cut ends in {', '.join(SUFFIXES)}")
    if suffix == ".aaf":
        from trailergen.timeline.read.aaf import read_aaf

        return read_aaf(path, clock, film.frames)
    if suffix == ".fcpxmld":  # a folder, in which Final Cut keeps more than the document
        return _composition(path / "Info.fcpxml", film, called)
    text = decode(path.read_bytes(), [PurePath(name).name for name in (film.path, *called)])
    if suffix == ".otio":
        return read_otio(text, clock, film.frames, str(path))
    readers = {".edl": read_edl, ".xml": read_fcp7, ".fcpxml": read_fcpxml, ".mlt": read_mlt, ".kdenlive": read_mlt}
    return readers[suffix](text, clock, str(path))
