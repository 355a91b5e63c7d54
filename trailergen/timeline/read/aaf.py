"""AAF as tracks, by OpenTimelineIO's adapter, which knows what Media Composer, Premiere and Resolve make of it."""

from __future__ import annotations

from pathlib import Path

from trailergen.errors import InputError, UsageError
from trailergen.timeline.clock import Clock
from trailergen.timeline.read.aaf_transitions import name_transitions
from trailergen.timeline.read.otio import composition_of, timeline_of
from trailergen.timeline.read.tracks import Composition

_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""First bytes of a structured storage, which the format is kept in."""


def read_aaf(path: Path, clock: Clock, film_frames: int) -> Composition:
    """The picture of the one composition of a file; sources count in the timecode of the film's tape.

    Args:
        path: the file.
        clock: the film's.
        film_frames: its frames.

    Raises:
        InputError: it is none, or holds another number of compositions.
        OSError: it cannot be read.
        UsageError: the adapter is not installed.
        Exception: whatever a damaged file makes the adapter stumble over.
    """
    try:
        import otio_aaf_adapter  # noqa: F401
    except ImportError as error:
        raise UsageError("AAF needs otio-aaf-adapter", hint="pip install 'trailergen[aaf]'") from error
    import opentimelineio as otio

    with path.open("rb") as file:
        if file.read(len(_MAGIC)) != _MAGIC:
            raise InputError(f"cannot read the cut {path}", "it is no AAF")

    # Markers are of no interest here, and attaching them fails on tracks that were not exported.
    found = otio.adapters.read_from_file(str(path), "AAF", attach_markers=False)
    timeline = timeline_of(found, str(path))
    for track in timeline.video_tracks():
        name_transitions(track)
    return composition_of(timeline, clock, film_frames, str(path))
