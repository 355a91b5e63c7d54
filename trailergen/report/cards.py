"""The storyboard's words about each position, as text ready to be shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from trailergen.edit.revise.request import Edits
from trailergen.plans import Plan, Position, Range
from trailergen.report import commands
from trailergen.report.pictures import ALTERNATIVE_WIDTH, CLIP_WIDTH
from trailergen.report.readings import remarkable
from trailergen.report.reasons import strongest
from trailergen.report.stills import Wanted
from trailergen.report.timeline import Place, band_of, film_timecode, place
from trailergen.report.voices import Cover, covers
from trailergen.timebase import format_timecode

MAX_ALTERNATIVES = 5
"""Alternatives shown of a position; the plan may hold more."""


@dataclass(frozen=True)
class Choice:
    """An alternative: its number for ``--swap``, and the picture it is known by."""

    number: int
    shot: int
    probability: str
    timecode: str
    picture: str | None
    command: str


@dataclass(frozen=True)
class Action:
    """A change one can make to a position, and the command for it."""

    label: str
    command: str


@dataclass(frozen=True)
class Card:
    """One position. ``seconds`` is where it begins in the trailer, ``band`` the shade of its round."""

    number: int
    id: str
    shot: int
    timecode: str
    last_timecode: str
    record: str
    seconds: str
    length: str
    frames: int
    confidence: str
    sureness: str
    round: int
    band: int
    pinned: bool
    notes: list[str]
    readings: list[str]
    reasons: list[str]
    picture: str | None
    in_trailer: Place
    in_film: Place
    labelled: bool
    covers: list[Cover]
    lines: list[str]
    alternatives: list[Choice]
    actions: list[Action]


def wanted_pictures(plan: Plan) -> list[Wanted]:
    """The thumbnails a storyboard shows, in the film's order, each once."""
    found = {clip_picture(position) for position in plan.positions}
    for position in plan.positions:
        for alternative in position.alternatives[:MAX_ALTERNATIVES]:
            if alternative.shot < len(plan.shots):
                found.add(shot_picture(plan.shots[alternative.shot]))
    return sorted(found)


def clip_picture(position: Position) -> Wanted:
    """The picture in the middle of a clip."""
    return _middle(position.source), CLIP_WIDTH


def shot_picture(shot: Range) -> Wanted:
    """The picture in the middle of a shot."""
    return _middle(shot), ALTERNATIVE_WIDTH


def make_cards(plan: Plan, name: str, pictures: Mapping[Wanted, str], rounds: int) -> list[Card]:
    """The cards of a plan.

    Args:
        plan: what to show.
        name: of the plan's file, for the commands.
        pictures: a data URI or another reference for each thumbnail that could be made.
        rounds: of the decoding, for the shades.
    """
    return [_card(plan, name, pictures, rounds, number) for number in range(len(plan.positions))]


def _card(plan: Plan, name: str, pictures: Mapping[Wanted, str], rounds: int, number: int) -> Card:
    position, rate = plan.positions[number], plan.sequence.rate
    source, record = position.source, position.record
    return Card(
        number=number,
        id=position.id,
        shot=position.shot,
        timecode=film_timecode(plan, source.start),
        last_timecode=film_timecode(plan, source.end),
        record=format_timecode(record.start, rate),
        # A millisecond late rather than early: a player asked for the cut itself may show the picture before it.
        seconds=f"{float(record.start / rate) + 0.001:.3f}",
        length=f"{float(Fraction(len(record)) / rate):.2f} s",
        frames=len(record),
        confidence=f"{position.confidence:.2f}",
        sureness=f"{100 * min(position.confidence, 1.0):g}%",
        round=position.round,
        band=band_of(position.round, rounds),
        pinned=position.pinned,
        notes=[*position.notes, *_picture_notes(plan, position)],
        readings=remarkable(plan.shots, position.shot) if position.shot < len(plan.shots) else [],
        reasons=strongest(position),
        picture=pictures.get(clip_picture(position)),
        in_trailer=place(record.start, record.end, plan.sequence.frames),
        in_film=place(source.start, source.end, plan.film.frames),
        covers=covers(plan, position),
        lines=[line.text for line in plan.narration.lines if line.position == position.id] if plan.narration else [],
        labelled=len(record) / plan.sequence.frames >= 0.018,
        alternatives=_choices(plan, name, pictures, number),
        actions=_actions(plan, name, number),
    )


def _picture_notes(plan: Plan, position: Position) -> Iterator[str]:
    """What becomes of the clip's picture beside its cuts."""
    for transition in plan.transitions:
        if transition.position == position.id:
            yield f"begins with a {transition.kind} of {len(transition.record)} frames"
    if position.view and position.view.pan:
        yield f"the picture moves {position.view.pan}"


def _actions(plan: Plan, name: str, number: int) -> list[Action]:
    position, shot = plan.positions[number], plan.positions[number].shot
    # A pinned clip has to be let go before it can be replaced.
    let_go = [number] if position.pinned else []
    holding = [str(n) for n, other in enumerate(plan.positions) if other.pinned and other.shot == shot]
    keep, kept = "Pin: keep this clip", Edits.of(pin=number)
    if position.pinned:
        keep, kept = "Unpin: this clip may change", Edits.of(unpin=number)
    ban = Edits.of(unpin=",".join(holding) if holding else (), ban=f"shot:{shot}")
    return [
        Action("Re-roll: another clip here", commands.revise(name, Edits.of(unpin=let_go, reroll=number))),
        Action(keep, commands.revise(name, kept)),
        Action("Ban this shot from the trailer", commands.revise(name, ban)),
    ]


def _choices(plan: Plan, name: str, pictures: Mapping[Wanted, str], number: int) -> list[Choice]:
    # The plan may name shots the film does not have; render does not read alternatives, so nothing has checked them.
    return [
        Choice(
            number=rank,
            shot=alternative.shot,
            probability=f"{alternative.probability:.3f}",
            timecode=film_timecode(plan, plan.shots[alternative.shot].start),
            picture=pictures.get(shot_picture(plan.shots[alternative.shot])),
            command=commands.revise(name, Edits.of(swap={number: rank})),
        )
        for rank, alternative in enumerate(plan.positions[number].alternatives[:MAX_ALTERNATIVES], start=1)
        if alternative.shot < len(plan.shots)
    ]


def _middle(frames: Range) -> int:
    return (frames.start + frames.end) // 2
