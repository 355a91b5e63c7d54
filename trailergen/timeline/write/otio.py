"""OpenTimelineIO.

The film is one track, the music another, both from zero; titles, the film's sound and lines have tracks of their own
where the plan has them. A clip's range counts in the film's own timecode, its media is the whole film, so every clip
has all the handles there are. OpenTimelineIO holds a rate as a float: the exact one stands beside it in the metadata,
under ``trailergen`` like everything else no field of its schemas has. No sound is longer than the picture, be it by
half a sample: programs take the rate of the longest track for the timeline's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Any

import opentimelineio as otio

from trailergen.plans import SAMPLE_RATE, WHITE, Range, span
from trailergen.timebase import format_fraction
from trailergen.timeline.events import Alternative, CardEvent, FilmEvent, LineEvent, Marker, Timeline
from trailergen.timeline.media import one_line
from trailergen.timeline.write.otio_music import music_clip, whole_clip
from trailergen.timeline.write.otio_ranges import NAMESPACE, bounds, most_samples, range_of

_TITLES, _FILM_SOUND, _LINES, _ACCENTS = "Titles", "Film sound", "Lines", "Accents"


def otio_text(timeline: Timeline) -> str:
    """The timeline as JSON."""
    written = otio.schema.Timeline(
        name=timeline.name,
        global_start_time=otio.opentime.RationalTime(0, float(timeline.clock.rate)),
        metadata={NAMESPACE: {**_about_plan(timeline), **_about_sound(timeline)}},
    )
    written.tracks.extend(
        track
        for track in (
            _track("Film", "Video", _film_items(timeline)),
            _track(_TITLES, "Video", _spaced(timeline.cards, _card_clip, timeline)),
            _track("Music", "Audio", [music_clip(timeline)]),
            _track(_FILM_SOUND, "Audio", _sound_clips(timeline)),
            _track(_LINES, "Audio", _spaced(timeline.lines, _line_clip, timeline)),
            _track(_ACCENTS, "Audio", [whole_clip(timeline, timeline.accents)] if timeline.accents else []),
        )
        if len(track)
    )
    return str(written.to_json_string(indent=1)) + "\n"


def _track(name: str, kind: str, items: Iterable[Any]) -> Any:
    track = otio.schema.Track(name, kind=kind)
    track.extend(items)
    return track


def _about_plan(timeline: Timeline) -> dict[str, Any]:
    plan, clock = timeline.plan, timeline.clock
    return {
        "schema": plan.schema_,
        "version": one_line(plan.provenance.trailergen),
        "rate": format_fraction(clock.rate),
        "drop_frame": clock.drop,
        "width": plan.sequence.width,
        "height": plan.sequence.height,
        **({"shape": plan.sequence.shape} if plan.sequence.shape else {}),
        "film": {
            "sha256": plan.film.sha256,
            "start": clock.start,
            "frames": plan.film.frames,
            "width": plan.film.width,
            "height": plan.film.height,
        },
        "music": {"sha256": plan.music.sha256},
        "bans": [{**bounds(ban.range), "why": one_line(ban.why)} for ban in plan.bans],
        "relaxed": [one_line(wish) for wish in plan.relaxed],
    }


def _about_sound(timeline: Timeline) -> dict[str, Any]:
    heard, sound = timeline.film_sound, timeline.plan.sound
    levels = {"music_levels": [{"at": at, "db": level} for at, level in timeline.music_levels]}
    if heard is None:
        return {"sound": {"film": sound.film, **levels}} if timeline.drop else {}
    return {
        "sound": {
            "film": sound.film,
            "track": sound.track,
            "channels": heard.channels,
            "sample_rate": heard.sample_rate,
            "first_channel": heard.first,
            "level": heard.level,
            "loudness": sound.loudness,
            "ducking": sound.ducking.model_dump(include={"depth", "attack", "release"}),
            **levels,
        }
    }


def _film_items(timeline: Timeline) -> Iterator[Any]:
    """The clips, and the dissolves and dips between them."""
    rate = float(timeline.clock.rate)
    into = {each.index: each for each in timeline.transitions}
    for event in timeline.film:
        if each := into.get(event.index):
            dissolve = each.kind == "dissolve"
            yield otio.schema.Transition(
                each.kind,
                otio.schema.TransitionTypes.SMPTE_Dissolve if dissolve else otio.schema.TransitionTypes.Custom,
                otio.opentime.RationalTime(event.record - each.start, rate),
                otio.opentime.RationalTime(each.end - event.record, rate),
                {NAMESPACE: {"kind": each.kind}},
            )
        yield _film_clip(timeline, event)


def _film_clip(timeline: Timeline, event: FilmEvent) -> Any:
    plan = timeline.plan
    position, source = (
        plan.positions[event.index],
        _film_range(timeline, span(event.source, event.source + event.frames)),
    )
    # The default reference is the whole film. One to an alternative covers its shot only, in the same timecode:
    # whoever makes it active must also move the clip to the range beside it.
    references = {otio.schema.Clip.DEFAULT_MEDIA_KEY: _film(timeline, span(0, plan.film.frames))}
    for other in event.alternatives:
        reference = _film(timeline, plan.shots[other.shot])
        reference.metadata[NAMESPACE] = _about_alternative(other)
        references[f"alternative {other.number}"] = reference
    clip = otio.schema.Clip(
        name=timeline.film_name,
        source_range=source,
        metadata={
            NAMESPACE: {
                "id": event.id,
                "shot": position.shot,
                "shot_range": bounds(plan.shots[position.shot]),
                "source": bounds(position.source),
                "confidence": position.confidence,
                "round": position.round,
                "pinned": position.pinned,
                "notes": [one_line(note) for note in position.notes],
                **({"view": position.view.model_dump()} if position.view else {}),
                "alternatives": [_about_alternative(other) for other in event.alternatives],
            }
        },
        markers=[_marker(event.marker, source)],
    )
    clip.set_media_references(references, otio.schema.Clip.DEFAULT_MEDIA_KEY)
    return clip


def _about_alternative(other: Alternative) -> dict[str, Any]:
    return {
        "number": other.number,
        "shot": other.shot,
        "probability": other.probability,
        "source": bounds(other.source),
    }


def _marker(marker: Marker, source: Any) -> Any:
    """A marker over the first frame or sample of a range."""
    first = otio.opentime.TimeRange(source.start_time, otio.opentime.RationalTime(1, source.start_time.rate))
    color = getattr(otio.schema.MarkerColor, marker.color)
    return otio.schema.Marker(name=marker.name, marked_range=first, color=color, comment=marker.text)


def _spaced(events: Iterable[Any], clip: Any, timeline: Timeline) -> Iterator[Any]:
    """Clips of cards or lines, with gaps where there are none."""
    end, most = 0, most_samples(timeline, SAMPLE_RATE)
    for event in events:
        if isinstance(event, LineEvent):
            record, rate = span(event.record.start, min(event.record.end, most)), Fraction(SAMPLE_RATE)
            if record.start >= most:
                continue
        else:
            record, rate = span(event.record, event.record + event.frames), timeline.clock.rate
        if record.start > end:
            yield otio.schema.Gap(source_range=range_of(0, record.start - end, rate))
        end = record.end
        yield clip(timeline, event)


def _card_clip(timeline: Timeline, card: CardEvent) -> Any:
    """Text on a colour, or over the picture, as a clip of a generator."""
    generator = otio.schema.GeneratorReference(
        name=card.name, generator_kind="Text", parameters={"text": card.text, "background": card.ground}
    )
    about: dict[str, Any] = {
        "kind": card.kind,
        "text": card.text,
        "record": bounds(span(card.record, card.record + card.frames)),
    }
    about |= {"font": card.font} if card.font else {}
    about |= {"logo": card.logo} if card.logo else {}
    if (card.size, card.color) != (1, WHITE):
        about |= {"size": card.size, "color": card.color}
    return otio.schema.Clip(
        name=card.name,
        media_reference=generator,
        source_range=range_of(0, card.frames, timeline.clock.rate),
        metadata={NAMESPACE: about},
    )


def _sound_clips(timeline: Timeline) -> Iterator[Any]:
    """The clips' own sound, if it is heard."""
    level = timeline.film_sound.level if timeline.film_sound else None
    for event in timeline.film if level is not None else ():
        yield otio.schema.Clip(
            name=timeline.film_name,
            media_reference=_film(timeline, span(0, timeline.film_frames)),
            source_range=_film_range(timeline, span(event.source, event.source + event.frames)),
            metadata={NAMESPACE: {"id": event.id, "level": level}},
        )


def _line_clip(timeline: Timeline, line: LineEvent) -> Any:
    """A line in samples at 48 kHz in the film's timecode."""
    first = timeline.clock.start / timeline.clock.rate * SAMPLE_RATE
    end = min(line.source.end, line.source.start + most_samples(timeline, SAMPLE_RATE) - line.record.start)
    source = range_of(first + line.source.start, first + end, SAMPLE_RATE)
    return otio.schema.Clip(
        name=line.text or line.id,
        media_reference=_film(timeline, span(0, timeline.film_frames)),
        source_range=source,
        metadata={
            NAMESPACE: {
                "id": line.id,
                "text": line.text,
                "source": bounds(line.source),
                "record": bounds(line.record),
                "gain": line.gain,
                "cues": list(line.cues),
                "position": line.position,
                "similarity": line.similarity,
            }
        },
        markers=[_marker(line.marker, source)],
    )


def _film(timeline: Timeline, available: Range) -> Any:
    reference = otio.schema.ExternalReference(timeline.film_url, _film_range(timeline, available))
    reference.name = timeline.film_name
    return reference


def _film_range(timeline: Timeline, part: Range) -> Any:
    """Film frames as a range of the film's timecode."""
    clock = timeline.clock
    return range_of(clock.start + part.start, clock.start + part.end, clock.rate)
