"""A plan as an OpenTimelineIO timeline: the model that every other format is written from.

The film is one track, the music another, both from zero; titles, the film's sound and lines have tracks of their own
where the plan has them (see layers.py). A clip's range counts in the film's own timecode, its media
is the whole film, so every clip has all the handles there are. OpenTimelineIO holds a rate as a float: the exact one
stands beside it in the metadata, under ``trailergen`` like everything else no field of its schemas has.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import opentimelineio as otio

from trailergen.plans import Plan, Position, Range, shots_in, span
from trailergen.timebase import format_fraction, round_half_up
from trailergen.timeline.clock import Clock, film_clock
from trailergen.timeline.media import Media, one_line
from trailergen.timeline.write import layers
from trailergen.timeline.write.ranges import NAMESPACE, bounds, frames, samples

FADE_OUT = "fade out"
"""Name of the marker over the music's closing fade."""


@dataclass(frozen=True)
class Choice:
    """Another shot for a position: its ``number`` in the plan's list from 1, and the film frames it would show."""

    number: int
    shot: int
    probability: float
    source: Range


def build_timeline(plan: Plan, media: Media, name: str) -> Any:
    """The ``otio.schema.Timeline`` of a plan.

    Args:
        plan: a valid plan.
        media: where its files are.
        name: of the timeline.

    Raises:
        PlanError: the film's start timecode is no timecode.
    """
    clock = film_clock(plan.film)
    timeline = otio.schema.Timeline(
        name=one_line(name),
        global_start_time=otio.opentime.RationalTime(0, float(clock.rate)),
        metadata={NAMESPACE: {**_about_plan(plan, clock), **layers.about_sound(plan, media)}},
    )
    film = otio.schema.Track("Film", kind=otio.schema.TrackKind.Video)
    shown = shown_shots(plan)
    film.extend(_film_clip(plan, position, choices(plan, position, shown), media, clock) for position in plan.positions)
    music = otio.schema.Track("Music", kind=otio.schema.TrackKind.Audio)
    music.append(_music_clip(plan, media))
    timeline.tracks.extend([film, *layers.titles(plan, clock), music])
    timeline.tracks.extend([*layers.film_sound(plan, media, clock), *layers.lines(plan, media, clock)])
    return timeline


def shown_shots(plan: Plan) -> set[int]:
    """Numbers of the shots that the trailer shows."""
    return {number for position in plan.positions for number in shots_in(plan, position.source)}


def choices(plan: Plan, position: Position, shown: set[int]) -> list[Choice]:
    """The alternatives of a position that could take its place as they are: the middle of each shot.

    Left out are shots too short for the position, shots whose middle is banned, and shots ``shown`` elsewhere.
    """
    length = len(position.record)
    found = []
    for number, alternative in enumerate(position.alternatives, 1):
        if alternative.shot >= len(plan.shots) or alternative.shot in shown:
            continue
        shot = plan.shots[alternative.shot]
        if len(shot) < length:
            continue
        start = shot.start + (len(shot) - length) // 2
        source = span(start, start + length)
        if not any(ban.range.overlaps(source) for ban in plan.bans):
            found.append(Choice(number, alternative.shot, alternative.probability, source))
    return found


def _about_plan(plan: Plan, clock: Clock) -> dict[str, Any]:
    return {
        "schema": plan.schema_,
        "version": one_line(plan.provenance.trailergen),
        "rate": format_fraction(clock.rate),
        "drop_frame": clock.drop,
        "width": plan.sequence.width,
        "height": plan.sequence.height,
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


def _film_clip(plan: Plan, position: Position, others: list[Choice], media: Media, clock: Clock) -> Any:
    source = frames(position.source, clock)
    # The default reference is the whole film. One to an alternative covers its shot only, in the same timecode:
    # whoever makes it active must also move the clip to the range beside it.
    references = {otio.schema.Clip.DEFAULT_MEDIA_KEY: _film_reference(plan, media, clock, span(0, plan.film.frames))}
    for other in others:
        reference = _film_reference(plan, media, clock, plan.shots[other.shot])
        reference.metadata[NAMESPACE] = _about_choice(other)
        references[f"alternative {other.number}"] = reference
    clip = otio.schema.Clip(
        name=media.film_name,
        source_range=source,
        metadata={
            NAMESPACE: {
                "id": one_line(position.id),
                "shot": position.shot,
                "shot_range": bounds(plan.shots[position.shot]),
                "source": bounds(position.source),
                "confidence": position.confidence,
                "round": position.round,
                "pinned": position.pinned,
                "notes": [one_line(note) for note in position.notes],
                "alternatives": [_about_choice(other) for other in others],
            }
        },
        markers=[_position_marker(position, others, source)],
    )
    clip.set_media_references(references, otio.schema.Clip.DEFAULT_MEDIA_KEY)
    return clip


def _position_marker(position: Position, others: list[Choice], source: Any) -> Any:
    said = [f"confidence {position.confidence:g}", f"round {position.round}"]
    said += ["pinned"] if position.pinned else []
    said += [one_line(note) for note in position.notes]
    said += [f"alternative {other.number}: shot {other.shot} ({other.probability:g})" for other in others]
    color = otio.schema.MarkerColor.BLUE
    if position.notes:
        color = otio.schema.MarkerColor.YELLOW
    if position.pinned:
        color = otio.schema.MarkerColor.GREEN
    return otio.schema.Marker(
        name=f"{one_line(position.id)} shot {position.shot}",
        marked_range=otio.opentime.TimeRange(source.start_time, otio.opentime.RationalTime(1, source.start_time.rate)),
        color=color,
        comment="; ".join(said),
    )


def _film_reference(plan: Plan, media: Media, clock: Clock, available: Range) -> Any:
    reference = otio.schema.ExternalReference(media.film_url, frames(available, clock))
    reference.name = media.film_name
    return reference


def _music_clip(plan: Plan, media: Media) -> Any:
    """The music under the trailer, in samples at the plan's sample rate: exact, and the fade marked."""
    rate = plan.music.sample_rate
    origin = round_half_up(media.sound.origin * rate)
    # The planned part may outlast the picture by half a frame.
    start = plan.music.part.start
    end = min(plan.music.part.end, start + round_half_up(plan.sequence.frames / plan.sequence.rate * rate))
    reference = otio.schema.ExternalReference(
        media.music_url, samples(origin, origin + max(end, int(media.sound.length * rate)), rate)
    )
    reference.name = media.music_name
    reference.metadata[NAMESPACE] = {"channels": media.sound.channels, "sample_rate": media.sound.sample_rate}
    fade = min(plan.music.fade_out, end - start)
    markers = []
    if fade:
        marked = samples(origin + end - fade, origin + end, rate)
        markers.append(otio.schema.Marker(FADE_OUT, marked, otio.schema.MarkerColor.PURPLE))
    if media.film_sound is not None:
        markers += layers.ducked(plan, origin)
    return otio.schema.Clip(
        name=media.music_name,
        media_reference=reference,
        source_range=samples(origin + start, origin + end, rate),
        markers=markers,
    )


def _about_choice(choice: Choice) -> dict[str, Any]:
    return {
        "number": choice.number,
        "shot": choice.shot,
        "probability": choice.probability,
        "source": bounds(choice.source),
    }
