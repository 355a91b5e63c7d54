"""The tracks beside film and music: the titles above the clips, the film's own sound and the lines under them.

A plan without cards, and whose film is not heard, has none of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import opentimelineio as otio

from trailergen.audio.ducking import music_levels
from trailergen.plans import SAMPLE_RATE, Line, Plan, span
from trailergen.timeline.clock import Clock
from trailergen.timeline.media import Media, one_line
from trailergen.timeline.write.ranges import NAMESPACE, bounds, frames, samples

TITLES, FILM_SOUND, LINES = "Titles", "Film sound", "Lines"
"""Names of the tracks."""
DUCKED = "ducked"
"""Name of the markers over the music where a line is heard."""
_LEVELS = {"low": -15.0, "full": 0.0}
"""Level of the clips' own sound in dB, by ``sound.film``."""


def about_sound(plan: Plan, media: Media) -> dict[str, Any]:
    """Metadata of a timeline in which the film is heard; nothing where it is not."""
    heard = media.film_sound
    if heard is None:
        return {}
    return {
        "sound": {
            "film": plan.sound.film,
            "track": plan.sound.track,
            "channels": heard.channels,
            "sample_rate": heard.sample_rate,
            "first_channel": heard.first,
            "level": _LEVELS.get(plan.sound.film),
            "loudness": plan.sound.loudness,
            "ducking": plan.sound.ducking.model_dump(include={"depth", "attack", "release"}),
            "music_levels": [{"at": at, "db": level} for at, level in music_levels(plan)],
        }
    }


def titles(plan: Plan, clock: Clock) -> list[Any]:
    """The track of the cards, if there are any: text on black, as clips of a generator."""
    if not plan.cards:
        return []
    track = otio.schema.Track(TITLES, kind=otio.schema.TrackKind.Video)
    end = 0
    for card in plan.cards:
        if card.record.start > end:
            track.append(otio.schema.Gap(source_range=samples(0, card.record.start - end, clock.rate)))
        end = card.record.end
        text = "\n".join(map(one_line, card.text.splitlines()))
        generator = otio.schema.GeneratorReference(
            name=one_line(card.text), generator_kind="Text", parameters={"text": text, "background": "black"}
        )
        about = {"kind": card.kind, "text": text, "record": bounds(card.record)}
        about |= {"font": one_line(card.font)} if card.font else {}
        track.append(
            otio.schema.Clip(
                name=one_line(card.text),
                media_reference=generator,
                source_range=samples(0, len(card.record), clock.rate),
                metadata={NAMESPACE: about},
            )
        )
    return [track]


def film_sound(plan: Plan, media: Media, clock: Clock) -> list[Any]:
    """The track of the clips' own sound, if it is heard."""
    level = _LEVELS.get(plan.sound.film)
    if level is None or media.film_sound is None:
        return []
    track = otio.schema.Track(FILM_SOUND, kind=otio.schema.TrackKind.Audio)
    track.extend(
        otio.schema.Clip(
            name=media.film_name,
            media_reference=_film(plan, media, clock),
            source_range=frames(position.source, clock),
            metadata={NAMESPACE: {"id": one_line(position.id), "level": level}},
        )
        for position in plan.positions
    )
    return [track]


def lines(plan: Plan, media: Media, clock: Clock) -> list[Any]:
    """The track of the lines, if they are heard, in samples at 48 kHz in the film's timecode."""
    if media.film_sound is None or plan.narration is None or not plan.narration.lines:
        return []
    track = otio.schema.Track(LINES, kind=otio.schema.TrackKind.Audio)
    end = 0
    for line in plan.narration.lines:
        if line.record.start > end:
            track.append(otio.schema.Gap(source_range=samples(0, line.record.start - end, SAMPLE_RATE)))
        end = line.record.end
        track.append(_line(plan, line, media, clock))
    return [track]


def ducked(plan: Plan, origin: int) -> Iterator[Any]:
    """Markers over the music, whose file starts at sample ``origin``, where lines make it fall."""
    depth = plan.sound.ducking.depth
    heard = plan.narration.lines if music_levels(plan) and plan.narration else []
    for line in heard:
        start, end = (Fraction(at * plan.music.sample_rate, SAMPLE_RATE) for at in (line.record.start, line.record.end))
        first = origin + plan.music.part.start
        marked = samples(first + start, first + end, plan.music.sample_rate)
        yield otio.schema.Marker(
            DUCKED, marked, otio.schema.MarkerColor.CYAN, comment=f"{-depth:g} dB under {one_line(line.id)}"
        )


def _line(plan: Plan, line: Line, media: Media, clock: Clock) -> Any:
    first = clock.start / clock.rate * SAMPLE_RATE
    source = samples(first + line.source.start, first + line.source.end, SAMPLE_RATE)
    said = [f"gain {line.gain:g} dB"]
    said += [] if line.similarity is None else [f"similarity {line.similarity:g}"]
    return otio.schema.Clip(
        name=one_line(line.text) or one_line(line.id),
        media_reference=_film(plan, media, clock),
        source_range=source,
        metadata={
            NAMESPACE: {
                "id": one_line(line.id),
                "text": one_line(line.text),
                "source": bounds(line.source),
                "record": bounds(line.record),
                "gain": line.gain,
                "cues": list(line.cues),
                "position": None if line.position is None else one_line(line.position),
                "similarity": line.similarity,
            }
        },
        markers=[
            otio.schema.Marker(
                one_line(line.id),
                otio.opentime.TimeRange(source.start_time, otio.opentime.RationalTime(1, SAMPLE_RATE)),
                otio.schema.MarkerColor.PINK,
                comment="; ".join((one_line(line.text), *said)),
            )
        ],
    )


def _film(plan: Plan, media: Media, clock: Clock) -> Any:
    reference = otio.schema.ExternalReference(media.film_url, frames(span(0, plan.film.frames), clock))
    reference.name = media.film_name
    return reference
