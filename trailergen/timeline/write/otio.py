"""OpenTimelineIO.

The film is one track, the music another, both from zero; titles, the film's sound and lines have tracks of their own
where the plan has them. A clip's range counts in the film's own timecode, its media is the whole film, so every clip
has all the handles there are. OpenTimelineIO holds a rate as a float: the exact one stands beside it in the metadata,
under ``trailergen`` like everything else no field of its schemas has. No sound is longer than the picture, be it by
half a sample: programs take the rate of the longest track for the timeline's.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Any

import opentimelineio as otio

from trailergen.plans import SAMPLE_RATE, WHITE, Range, span
from trailergen.timebase import format_fraction
from trailergen.timeline.events import FADE_OUT, Alternative, CardEvent, FilmEvent, LineEvent, Marker, Timeline
from trailergen.timeline.media import one_line

NAMESPACE = "trailergen"
"""Where metadata stands that no field of OpenTimelineIO's schemas has."""
DUCKED = "ducked"
"""Name of the markers over the music where a line is heard."""
_TITLES, _FILM_SOUND, _LINES = "Titles", "Film sound", "Lines"


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
            _track("Music", "Audio", [_music_clip(timeline)]),
            _track(_FILM_SOUND, "Audio", _sound_clips(timeline)),
            _track(_LINES, "Audio", _spaced(timeline.lines, _line_clip, timeline)),
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
        "bans": [{**_bounds(ban.range), "why": one_line(ban.why)} for ban in plan.bans],
        "relaxed": [one_line(wish) for wish in plan.relaxed],
    }


def _about_sound(timeline: Timeline) -> dict[str, Any]:
    heard, sound = timeline.film_sound, timeline.plan.sound
    if heard is None:
        return {}
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
            "music_levels": [{"at": at, "db": level} for at, level in heard.music_levels],
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
                "shot_range": _bounds(plan.shots[position.shot]),
                "source": _bounds(position.source),
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
        "source": _bounds(other.source),
    }


def _marker(marker: Marker, source: Any) -> Any:
    """A marker over the first frame or sample of a range."""
    first = otio.opentime.TimeRange(source.start_time, otio.opentime.RationalTime(1, source.start_time.rate))
    color = getattr(otio.schema.MarkerColor, marker.color)
    return otio.schema.Marker(name=marker.name, marked_range=first, color=color, comment=marker.text)


def _music_clip(timeline: Timeline) -> Any:
    """The music under the trailer, in samples at the plan's sample rate: exact, and the fade marked."""
    music = timeline.music
    origin, end = music.origin, music.origin + min(music.end, music.start + _most(timeline, music.rate))
    reference = otio.schema.ExternalReference(music.url, _range(origin, origin + music.available, music.rate))
    reference.name = music.name
    reference.metadata[NAMESPACE] = {"channels": music.channels, "sample_rate": music.sample_rate}
    markers = []
    if music.fade:
        marked = _range(end - music.fade, end, music.rate)
        markers.append(otio.schema.Marker(FADE_OUT, marked, otio.schema.MarkerColor.PURPLE))
    return otio.schema.Clip(
        name=music.name,
        media_reference=reference,
        source_range=_range(origin + music.start, end, music.rate),
        markers=[*markers, *_ducked(timeline)],
    )


def _ducked(timeline: Timeline) -> Iterator[Any]:
    """Markers over the music where lines make it fall."""
    music, heard = timeline.music, timeline.film_sound
    first, depth = music.origin + music.start, timeline.plan.sound.ducking.depth
    for line in timeline.lines if heard and heard.music_levels else ():
        start, end = (Fraction(at * music.rate, SAMPLE_RATE) for at in (line.record.start, line.record.end))
        marked = _range(first + start, first + end, music.rate)
        yield otio.schema.Marker(DUCKED, marked, otio.schema.MarkerColor.CYAN, comment=f"{-depth:g} dB under {line.id}")


def _spaced(events: Iterable[Any], clip: Any, timeline: Timeline) -> Iterator[Any]:
    """Clips of cards or lines, with gaps where there are none."""
    end, most = 0, _most(timeline, SAMPLE_RATE)
    for event in events:
        if isinstance(event, LineEvent):
            record, rate = span(event.record.start, min(event.record.end, most)), Fraction(SAMPLE_RATE)
            if record.start >= most:
                continue
        else:
            record, rate = span(event.record, event.record + event.frames), timeline.clock.rate
        if record.start > end:
            yield otio.schema.Gap(source_range=_range(0, record.start - end, rate))
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
        "record": _bounds(span(card.record, card.record + card.frames)),
    }
    about |= {"font": card.font} if card.font else {}
    about |= {"logo": card.logo} if card.logo else {}
    if (card.size, card.color) != (1, WHITE):
        about |= {"size": card.size, "color": card.color}
    return otio.schema.Clip(
        name=card.name,
        media_reference=generator,
        source_range=_range(0, card.frames, timeline.clock.rate),
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
    end = min(line.source.end, line.source.start + _most(timeline, SAMPLE_RATE) - line.record.start)
    source = _range(first + line.source.start, first + end, SAMPLE_RATE)
    return otio.schema.Clip(
        name=line.text or line.id,
        media_reference=_film(timeline, span(0, timeline.film_frames)),
        source_range=source,
        metadata={
            NAMESPACE: {
                "id": line.id,
                "text": line.text,
                "source": _bounds(line.source),
                "record": _bounds(line.record),
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


def _most(timeline: Timeline, rate: int) -> int:
    """The most samples that are no longer than the picture; fewer than that at rates which floats cannot hold, where
    equal lengths would compare as they happen to be rounded."""
    exact = timeline.frames / timeline.clock.rate * rate
    return math.floor(exact) if timeline.clock.rate.denominator == 1 else math.ceil(exact) - 1


def _film_range(timeline: Timeline, part: Range) -> Any:
    """Film frames as a range of the film's timecode."""
    clock = timeline.clock
    return _range(clock.start + part.start, clock.start + part.end, clock.rate)


def _range(start: int | Fraction, end: int | Fraction, rate: int | Fraction) -> Any:
    """``[start, end)`` in units of ``rate`` a second as an ``otio.opentime.TimeRange``."""
    time = otio.opentime.RationalTime
    return otio.opentime.TimeRange(time(float(start), float(rate)), time(float(end - start), float(rate)))


def _bounds(part: Range) -> dict[str, int]:
    """A range as metadata."""
    return {"in": part.start, "out": part.end}
