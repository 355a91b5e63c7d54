"""Final Cut Pro 7 XML (xmeml), which Premiere and Resolve read.

OpenTimelineIO's adapter is not used for writing: it rounds odd rates up to an NTSC rate they are not, takes music in
other containers than six for film, and says nothing of channels or of the picture's size. The tests read the result
with it.

Every stretch describes its file under an id of its own: OpenShot takes only clips that do. What it has of a file beside
that, as the second channel of its sound, only names the id.
"""

from __future__ import annotations

from xml.etree import ElementTree

from trailergen.timeline.clock import Clock
from trailergen.timeline.events import FilmEvent, Timeline, TransitionEvent
from trailergen.timeline.write.elements import Element, add, document
from trailergen.timeline.write.fcp7_files import add_size, describe_film
from trailergen.timeline.write.fcp7_parts import (
    add_effect,
    add_marker,
    add_rate,
    add_source_track,
    add_timecode,
    add_times,
    add_track,
)
from trailergen.timeline.write.fcp7_sound import add_audio
from trailergen.timeline.write.fcp7_titles import add_titles


def fcp7_text(timeline: Timeline) -> str:
    """The xmeml document of a timeline; all frames are of the film's rate, which is the sequence's.

    Raises:
        UsageError: the rate is neither whole nor 1000/1001 of a whole one.
    """
    clock = timeline.clock
    root = ElementTree.Element("xmeml", {"version": "4"})
    sequence = add(root, "sequence", id="sequence-1")
    add(sequence, "name", timeline.name)
    add(sequence, "duration", timeline.frames)
    add_rate(sequence, clock)
    add_timecode(sequence, Clock(clock.rate, 0, clock.drop))
    media = add(sequence, "media")
    video = add(media, "video")
    picture = add(add(video, "format"), "samplecharacteristics")
    add_rate(picture, clock)
    add_size(picture, *timeline.size)
    track = add_track(video)
    # An item reaches over the transitions beside it, also over a dip's, which shows nothing there: the film must go on.
    into = {each.index: each for each in timeline.transitions if _lasts(timeline, each)}
    for number, event in enumerate(timeline.film, 1):
        if each := into.get(event.index):
            _transition(track, timeline, each)
        _film_item(track, timeline, event, number)
        _lend(track[-1], event, into.get(event.index), into.get(event.index + 1))
    add_titles(video, timeline)
    add_audio(media, timeline, len(timeline.film) + 1)
    return document(root)


_EFFECTS = {"dissolve": ("Cross Dissolve", "Dissolve"), "dip": ("Dip to Color Dissolve", "Dissolve")}
"""Final Cut's effects by the kind of a transition: name and category."""


def _lasts(timeline: Timeline, event: TransitionEvent) -> bool:
    """True where the film has the frames that both items of a transition need."""
    before, after = timeline.film[event.index - 1], timeline.film[event.index]
    late = before.source + before.frames + event.end - after.record
    return late <= timeline.film_frames and after.source >= after.record - event.start


def _transition(track: Element, timeline: Timeline, event: TransitionEvent) -> None:
    """A transition over the cut between two clips."""
    item = add(track, "transitionitem")
    add_rate(item, timeline.clock)
    add(item, "start", event.start)
    add(item, "end", event.end)
    add(item, "alignment", "center")
    name, category = _EFFECTS[event.kind]
    add_effect(item, name, name, category, "transition", "video")


def _lend(item: Element, event: FilmEvent, before: TransitionEvent | None, after: TransitionEvent | None) -> None:
    """Let an item reach over the transitions beside it, as the format wants it: its own edge is then not said."""
    early = event.record - before.start if before else 0
    late = after.end - event.record - event.frames if after else 0
    values = {"in": event.source - early, "out": event.source + event.frames + late}
    values |= {"start": -1} if before else {}
    values |= {"end": -1} if after else {}
    for element in item if before or after else ():
        if element.tag in values:
            element.text = str(values[element.tag])


def _film_item(track: Element, timeline: Timeline, event: FilmEvent, number: int) -> None:
    item = add(track, "clipitem", id=f"clipitem-{number}")
    add(item, "name", timeline.film_name)
    add_times(item, timeline.clock, timeline.film_frames, (event.record, event.source, event.frames))
    describe_film(add(item, "file", id=f"file-{number}"), timeline)
    add_source_track(item, "video", 1)
    add_marker(item, event.marker.name, event.marker.text, event.source, event.source + 1)
