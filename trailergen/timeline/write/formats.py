"""The formats by name: a new one is a file beside this one, a function and a line here.

Nothing is imported before it is used: the command line asks for the names.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from trailergen.errors import UsageError

if TYPE_CHECKING:
    from trailergen.plans import Plan
    from trailergen.timeline.events import Timeline
    from trailergen.timeline.media import Media


class Format(NamedTuple):
    """The suffix of a format's files, its writer, and the timecode of a trailer's first frame, None for those that
    always count from zero."""

    suffix: str
    write: Callable[[Timeline], str | bytes]
    record_start: str | None = None


def _otio(timeline: Timeline) -> str:
    from trailergen.timeline.write.otio import otio_text

    return otio_text(timeline)


def _edl(timeline: Timeline) -> str:
    from trailergen.timeline.write.edl import edl_text

    return edl_text(timeline)


def _fcp7(timeline: Timeline) -> str:
    from trailergen.timeline.write.fcp7 import fcp7_text

    return fcp7_text(timeline)


def _fcpxml(timeline: Timeline) -> str:
    from trailergen.timeline.write.fcpxml import fcpxml_text

    return fcpxml_text(timeline)


def _mlt(timeline: Timeline) -> str:
    from trailergen.timeline.write.mlt import mlt_text

    return mlt_text(timeline)


def _kdenlive(timeline: Timeline) -> str:
    from trailergen.timeline.write.kdenlive import kdenlive_text

    return kdenlive_text(timeline)


def _aaf(timeline: Timeline) -> bytes:
    from trailergen.timeline.write.aaf import aaf_bytes

    return aaf_bytes(timeline)


FORMATS = {
    "otio": Format(".otio", _otio),
    "edl": Format(".edl", _edl, "01:00:00:00"),
    "fcp7": Format(".xml", _fcp7),
    "fcpxml": Format(".fcpxml", _fcpxml),
    "mlt": Format(".mlt", _mlt),
    "kdenlive": Format(".kdenlive", _kdenlive),
    "aaf": Format(".aaf", _aaf, "01:00:00:00"),
}


def timeline_text(plan: Plan, media: Media, name: str, form: str, record_start: str | None = None) -> str:
    """A plan in one of the ``FORMATS`` that are text; otherwise as ``timeline_bytes``."""
    return timeline_bytes(plan, media, name, form, record_start).decode("utf-8")


def timeline_bytes(plan: Plan, media: Media, name: str, form: str, record_start: str | None = None) -> bytes:
    """A plan in one of the ``FORMATS``; its first frame has timecode ``record_start``, or the format's own.

    Raises:
        PlanError: the film's start timecode is no timecode.
        UsageError: the format cannot express the film's rate, or so many clips, or the timecode.
    """
    from trailergen.timeline.build import build_timeline

    own = FORMATS[form].record_start
    if record_start is not None and own is None:
        known = ", ".join(name for name, each in FORMATS.items() if each.record_start is not None)
        raise UsageError(f"--record-start is for {known}", f"a timeline of {form} begins at zero")
    written = FORMATS[form].write(build_timeline(plan, media, name, record_start or own or "00:00:00:00"))
    return written.encode("utf-8") if isinstance(written, str) else written
