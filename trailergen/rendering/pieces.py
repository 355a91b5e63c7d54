"""The pieces of the trailer from its first frame to its last: the clips, and the cards that lie over them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from trailergen.plans import Card, Plan, Position, Range, closing_frames, span
from trailergen.rendering.captions import Caption, captions_of, within
from trailergen.rendering.cards import DrawnCard
from trailergen.rendering.design import Design, DesignedCard
from trailergen.rendering.video import Clip, Dissolve, clips
from trailergen.rendering.writing import Title, captioned
from trailergen.settings.render import RenderSettings
from trailergen.timebase import format_fraction

Shown = Clip | DrawnCard | Dissolve


@dataclass(frozen=True)
class Piece:
    """Record frames ``[start, end)`` and what is seen there; ``name`` is the plan's for it, as ``positions[3]``."""

    name: str
    start: int
    end: int
    shows: Shown


def film_start(shows: Shown) -> int:
    """The first film frame of a piece; -1 for a card."""
    return -1 if isinstance(shows, DrawnCard) else shows.start


def pieces(plan: Plan, settings: RenderSettings | None = None) -> list[Piece]:
    """The pieces of a plan's picture, which follow each other without a gap, with captions where settings want them.

    Cards over the picture are written on its clips. Of a clip under another card only what sticks out is a piece, or
    two; cards may begin and end at any frame. The last piece fades with the music, be it a clip or a card.
    """
    found = [
        *(_card_piece(plan, index, card) for index, card in enumerate(plan.cards) if not card.over),
        *(
            _clip_piece(index, position, clip, start, end)
            for index, (position, clip) in enumerate(zip(plan.positions, clips(plan), strict=True))
            for start, end in _uncovered(position, _hidden(plan))
        ),
        *(_dissolve_piece(plan, index) for index, each in enumerate(plan.transitions) if each.kind == "dissolve"),
    ]
    found.sort(key=lambda piece: piece.start)
    found = [_dipped(plan, piece) for piece in found]
    last = found[-1]
    fade = min(closing_frames(plan), last.end - last.start)
    if isinstance(last.shows, DrawnCard):
        found[-1] = replace(last, shows=replace(last.shows, closing=fade))
    elif isinstance(last.shows, Clip):
        found[-1] = replace(last, shows=replace(last.shows, fade=fade))
    captions, font = list[Caption](), None
    if settings is not None and settings.captions == "burn":
        captions, font = captions_of(plan), None if settings.caption_font is None else str(settings.caption_font)
    return [_written(plan, piece, captions, font) for piece in found]


def _written(plan: Plan, piece: Piece, captions: list[Caption], font: str | None) -> Piece:
    """A piece with the captions and titles over it; a card as it is."""
    if isinstance(piece.shows, DrawnCard):
        return piece
    record = span(piece.start, piece.end)
    titles = tuple(Title.of(card, piece.start) for card in plan.cards if card.over and card.record.overlaps(record))
    return replace(piece, shows=captioned(piece.shows, within(captions, piece.start, piece.end), font, titles))


def _hidden(plan: Plan) -> list[Range]:
    """Record frames in their order that cards or dissolves hide."""
    dissolves = [each.record for each in plan.transitions if each.kind == "dissolve"]
    return sorted([*(card.record for card in plan.cards if not card.over), *dissolves], key=lambda record: record.start)


def _uncovered(position: Position, hidden: list[Range]) -> Iterator[tuple[int, int]]:
    """Record frames of a position over which nothing lies. What lies there is in order and does not overlap."""
    start = position.record.start
    for record in hidden:
        if record.overlaps(position.record):
            if start < record.start:
                yield start, record.start
            start = record.end
    if start < position.record.end:
        yield start, position.record.end


def _clip_piece(index: int, position: Position, clip: Clip, start: int, end: int) -> Piece:
    shift = position.source.start - position.record.start
    return Piece(f"positions[{index}]", start, end, replace(clip, start=start + shift, end=end + shift, fade=0))


def _dissolve_piece(plan: Plan, index: int) -> Piece:
    transition = plan.transitions[index]
    start, end = transition.record.start, transition.record.end
    number = next(at for at, position in enumerate(plan.positions) if position.id == transition.position)
    sides = [
        _clip_piece(at, plan.positions[at], clip, start, end).shows
        for at, clip in enumerate(clips(plan))
        if at in (number - 1, number)
    ]
    first, second = (side for side in sides if isinstance(side, Clip))
    return Piece(f"transitions[{index}]", start, end, Dissolve(first, second))


def _dipped(plan: Plan, piece: Piece) -> Piece:
    """A piece with its part of the dips that it lies beside."""
    shows = piece.shows
    if not isinstance(shows, Clip):
        return piece
    for transition in plan.transitions:
        if transition.kind != "dip":
            continue
        cut = next(each.record.start for each in plan.positions if each.id == transition.position)
        length = piece.end - piece.start
        if piece.end == cut:
            shows = replace(shows, fade=min(length, cut - transition.record.start))
        elif piece.start == cut:
            shows = replace(shows, rise=min(length, transition.record.end - cut))
    return replace(piece, shows=shows)


def _card_piece(plan: Plan, index: int, card: Card) -> Piece:
    sequence = plan.sequence
    about: dict[str, Any] = {
        "text": card.text,
        "kind": card.kind,
        "font": card.font,
        "rate": format_fraction(sequence.rate),
        "width": sequence.width,
        "height": sequence.height,
        "frames": len(card.record),
    }
    drawn = DrawnCard(**about) if card.is_plain else DesignedCard(**about, design=Design.of(card))
    return Piece(f"cards[{index}]", card.record.start, card.record.end, drawn)
