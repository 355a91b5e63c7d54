"""The formats by name."""

from __future__ import annotations

from trailergen.plans import Plan
from trailergen.timeline.events import read_events
from trailergen.timeline.media import Media
from trailergen.timeline.write.edl import edl_text
from trailergen.timeline.write.fcp7 import fcp7_text
from trailergen.timeline.write.fcpxml import fcpxml_text
from trailergen.timeline.write.otio import build_timeline

SUFFIXES = {"otio": ".otio", "edl": ".edl", "fcp7": ".xml", "fcpxml": ".fcpxml"}
_WRITERS = {"edl": edl_text, "fcp7": fcp7_text, "fcpxml": fcpxml_text}


def timeline_text(plan: Plan, media: Media, name: str, form: str) -> str:
    """A plan in one of the formats of ``SUFFIXES``.

    Raises:
        PlanError: the film's start timecode is no timecode.
        UsageError: the format cannot express the film's rate, or so many clips.
    """
    timeline = build_timeline(plan, media, name)
    if form == "otio":
        return timeline.to_json_string(indent=1) + "\n"
    return _WRITERS[form](read_events(timeline))
