"""From a plan to its timeline."""

from __future__ import annotations

from fractions import Fraction

from trailergen.audio.accents import accents_of, drop_levels
from trailergen.audio.ducking import music_levels, presence
from trailergen.audio.levels import CLIP_LEVELS
from trailergen.audio.stems.accents import whole_samples
from trailergen.audio.stems.stem import CHANNELS
from trailergen.plans import (
    SAMPLE_RATE,
    Card,
    Crop,
    Line,
    Plan,
    Position,
    Transition,
    View,
    sequence_samples,
    shots_in,
    shown_part,
    span,
)
from trailergen.timebase import round_half_up
from trailergen.timeline.address import Address
from trailergen.timeline.clock import film_clock, record_frame
from trailergen.timeline.events import (
    Alternative,
    CardEvent,
    FilmEvent,
    FilmSoundEvent,
    LineEvent,
    Marker,
    MusicEvent,
    Timeline,
    TransitionEvent,
)
from trailergen.timeline.levels import joined
from trailergen.timeline.media import Media, one_line


def build_timeline(plan: Plan, media: Media, name: str, record_start: str = "00:00:00:00") -> Timeline:
    """The timeline of a plan.

    Args:
        plan: a valid plan.
        media: where its files are.
        name: of the timeline.
        record_start: timecode of the trailer's first frame, in formats that have one.

    Raises:
        PlanError: the film's start timecode is no timecode.
        UsageError: ``record_start`` is none at the film's rate.
    """
    clock = film_clock(plan.film)
    shown = {number for position in plan.positions for number in shots_in(plan, position.source)}
    spoken = plan.narration.lines if plan.narration and media.film_sound else []
    film_sound, drop = _film_sound(plan, media), tuple(drop_levels(accents_of(plan)))
    return Timeline(
        name=one_line(name),
        plan=plan,
        clock=clock,
        record_start=record_frame(record_start, clock),
        film_name=media.film_name,
        film_url=media.film_url,
        film_path=media.film_path,
        film=tuple(_film_event(plan, index, shown) for index in range(len(plan.positions))),
        music=_music_event(plan, media),
        cards=tuple(_card_event(card) for card in plan.cards),
        lines=tuple(_line_event(line) for line in spoken),
        film_sound=film_sound,
        transitions=tuple(_transition_event(plan, transition) for transition in plan.transitions),
        accents=None if media.accents is None else _accents_event(plan, media.accents),
        drop=drop,
        music_levels=joined(film_sound.music_levels if film_sound else (), drop),
    )


def _transition_event(plan: Plan, transition: Transition) -> TransitionEvent:
    index = next(at for at, position in enumerate(plan.positions) if position.id == transition.position)
    return TransitionEvent(transition.kind, index, transition.record.start, transition.record.end)


def _film_event(plan: Plan, index: int, shown: set[int]) -> FilmEvent:
    position = plan.positions[index]
    alternatives = tuple(_alternatives(plan, position, shown))
    return FilmEvent(
        id=one_line(position.id),
        index=index,
        source=position.source.start,
        record=position.record.start,
        frames=len(position.source),
        marker=_position_marker(plan, position, alternatives),
        alternatives=alternatives,
        parts=_parts(plan, position),
    )


def _parts(plan: Plan, position: Position) -> tuple[Crop, Crop] | None:
    """The parts of the film's picture that a clip's first and last frame show, where it has some of its own."""
    ends = (shown_part(plan, position, Fraction(share)) for share in (0, 1))
    first, last = ends
    return (first, last) if position.view and first and last else None


def _alternatives(plan: Plan, position: Position, shown: set[int]) -> list[Alternative]:
    """The alternatives of a position that could stand there as they are: the middle of each shot.

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
            found.append(Alternative(number, alternative.shot, alternative.probability, source))
    return found


def _position_marker(plan: Plan, position: Position, others: tuple[Alternative, ...]) -> Marker:
    said = [f"confidence {position.confidence:g}", f"round {position.round}"]
    said += ["pinned"] if position.pinned else []
    said += [one_line(note) for note in position.notes]
    said += [
        f"{len(each.record)} frames of {each.kind} into it" for each in plan.transitions if each.position == position.id
    ]
    said += [_placed(position.view)] if position.view else []
    said += [f"alternative {other.number}: shot {other.shot} ({other.probability:g})" for other in others]
    color = "GREEN" if position.pinned else "YELLOW" if position.notes else "BLUE"
    return Marker(f"{one_line(position.id)} shot {position.shot}", "; ".join(said), color)


def _placed(view: View) -> str:
    """A view in words, for who has to lay it by hand."""
    moving = f", moving {view.pan}" if view.pan else ""
    return f"picture {view.width}x{view.height} at {view.x},{view.y}{moving}"


def _music_event(plan: Plan, media: Media) -> MusicEvent:
    rate, part = plan.music.sample_rate, plan.music.part
    # The planned part may outlast the picture by half a frame.
    end = min(part.end, part.start + round_half_up(plan.sequence.frames / plan.sequence.rate * rate))
    return MusicEvent(
        name=media.music_name,
        url=media.music_url,
        path=media.music_path,
        channels=media.sound.channels,
        sample_rate=media.sound.sample_rate,
        rate=rate,
        origin=round_half_up(media.sound.origin * rate),
        available=max(end, int(media.sound.length * rate)),
        start=part.start,
        end=end,
        fade=min(plan.music.fade_out, end - part.start),
    )


def _accents_event(plan: Plan, file: Address) -> MusicEvent:
    return MusicEvent(
        name=one_line(file.name),
        url=file.url,
        path=one_line(file.place),
        channels=CHANNELS,
        sample_rate=SAMPLE_RATE,
        rate=SAMPLE_RATE,
        origin=0,
        available=whole_samples(plan),
        start=0,
        end=sequence_samples(plan),
        fade=0,
    )


def _card_event(card: Card) -> CardEvent:
    return CardEvent(
        text="\n".join(map(one_line, card.label.splitlines())),
        name=one_line(card.label),
        kind=card.kind,
        font=one_line(card.font) if card.font else None,
        record=card.record.start,
        frames=len(card.record),
        over=card.over,
        size=card.size,
        color=card.color,
        background=card.background,
        logo=one_line(card.logo) if card.logo else None,
    )


def _line_event(line: Line) -> LineEvent:
    said = [one_line(line.text), f"gain {line.gain:g} dB"]
    said += [] if line.similarity is None else [f"similarity {line.similarity:g}"]
    return LineEvent(
        id=one_line(line.id),
        text=one_line(line.text),
        source=line.source,
        record=line.record,
        gain=line.gain,
        cues=tuple(line.cues),
        position=None if line.position is None else one_line(line.position),
        similarity=line.similarity,
        marker=Marker(one_line(line.id), "; ".join(said), "PINK"),
    )


def _film_sound(plan: Plan, media: Media) -> FilmSoundEvent | None:
    heard = media.film_sound
    if heard is None:
        return None
    return FilmSoundEvent(
        channels=heard.channels,
        sample_rate=heard.sample_rate,
        first=heard.first,
        stream=heard.stream,
        level=CLIP_LEVELS.get(plan.sound.film),
        music_levels=tuple(music_levels(plan)),
        said=tuple(presence(plan)),
    )
