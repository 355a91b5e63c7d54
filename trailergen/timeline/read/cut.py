"""Timelines of other programs: EDL, OpenTimelineIO, Final Cut Pro 7 XML (Premiere's and Resolve's too)."""

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
from trailergen.timeline.read.otio import read_otio
from trailergen.timeline.read.place import cut_of
from trailergen.timeline.read.text import decode
from trailergen.timeline.read.tracks import Composition, flatten


def read_cut(path: Path, film: Film, called: Collection[str] = ()) -> Cut:
    """The film's clips in an editor's timeline; transitions count as cuts.

    Args:
        path: a file ending in .edl, .otio or .xml.
        film: the film it was cut from.
        called: other names it has.

    Raises:
        InputError: it cannot be read, or shows nothing of the film.
        PlanError: the film's start timecode is no timecode.
        UsageError: it ends in something else.
    """
    try:
        events, remarks = flatten(_composition(path, film, called), film.rate)
    except TrailergenError:
        raise
    except OSError as error:
        raise InputError(f"cannot read the cut {path}", error.strerror) from error
    except Exception as error:  # OpenTimelineIO lets through whatever a damaged file makes it stumble over
        raise InputError(f"cannot read the cut {path}", str(error).partition("\n")[0]) from error
    cut = cut_of(events, film, called)
    cut = replace(cut, remarks=(*remarks, *cut.remarks))
    if not cut.clips:
        raise InputError(f"{path} shows nothing of the film {Path(film.path).name}", "; ".join(cut.remarks) or None)
    return cut


def _composition(path: Path, film: Film, called: Collection[str]) -> Composition:
    clock, suffix = film_clock(film), path.suffix.lower()
    if suffix not in (".edl", ".otio", ".xml"):
        raise UsageError(f"cannot tell what {path} is", hint="a cut ends in .edl, .otio or .xml (Final Cut Pro 7)")
    text = decode(path.read_bytes(), [PurePath(name).name for name in (film.path, *called)])
    if suffix == ".edl":
        return read_edl(text, clock, str(path))
    if suffix == ".xml":
        return read_fcp7(text, clock, str(path))
    return read_otio(text, clock, film.frames, str(path))
