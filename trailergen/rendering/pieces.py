"""The pieces of the trailer from its first frame to its last: the clips, and the cards that lie over them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace

from trailergen.plans import Card, Plan, Position, closing_frames
from trailergen.rendering.captions import Caption, captions_of, within
from trailergen.rendering.cards import DrawnCard
from trailergen.rendering.video import CaptionedClip, Clip, clips
from trailergen.settings.render import RenderSettings
from trailergen.timebase import format_fraction


@dataclass(frozen=True)
class Piece:
    """Record frames ``[start, end)`` and what is seen there; ``name`` is the plan's for it, as ``positions[3]``."""

    name: str
    start: int
    end: int
    shows: Clip | DrawnCard


def film_start(shows: Clip | DrawnCard) -> int:
    """The first film frame of a piece; -1 for a card."""
    return -1 if isinstance(shows, DrawnCard) else shows.start


def pieces(plan: Plan, settings: RenderSettings | None = None) -> list[Piece]:
    """The pieces of a plan's picture, which follow each other without a gap, with captions where settings want them.

    Of a clip under a card only what sticks out is a piece, or two; cards may begin and end at any frame. The last piece
    fades with the music, be it a clip or a card.
    """
    found = [
        *(_card_piece(plan, index, card) for index, card in enumerate(plan.cards)),
        *(
            _clip_piece(index, position, clip, start, end)
            for index, (position, clip) in enumerate(zip(plan.positions, clips(plan), strict=True))
            for start, end in _uncovered(position, plan.cards)
        ),
    ]
    found.sort(key=lambda piece: piece.start)
    last = found[-1]
    fade = min(closing_frames(plan), last.end - last.start)
    if isinstance(last.shows, DrawnCard):
        found[-1] = replace(last, shows=replace(last.shows, closing=fade))
    else:
        found[-1] = replace(last, shows=replace(last.shows, fade=fade))
    if settings is None or settings.captions != "burn":
        return found
    captions, font = captions_of(plan), None if settings.caption_font is None else str(settings.caption_font)
    return [_captioned(piece, within(captions, piece.start, piece.end), font) for piece in found]


def _captioned(piece: Piece, captions: tuple[Caption, ...], font: str | None) -> Piece:
    """A piece with captions; a card, or one without any, as it is."""
    if not captions or isinstance(piece.shows, DrawnCard):
        return piece
    clip = {part.name: getattr(piece.shows, part.name) for part in fields(Clip)}
    return replace(piece, shows=CaptionedClip(**clip, captions=captions, font=font))


def _uncovered(position: Position, cards: list[Card]) -> Iterator[tuple[int, int]]:
    """Record frames of a position over which no card lies. Cards are in order and do not overlap."""
    start = position.record.start
    for card in cards:
        if card.record.overlaps(position.record):
            if start < card.record.start:
                yield start, card.record.start
            start = card.record.end
    if start < position.record.end:
        yield start, position.record.end


def _clip_piece(index: int, position: Position, clip: Clip, start: int, end: int) -> Piece:
    shift = position.source.start - position.record.start
    return Piece(f"positions[{index}]", start, end, replace(clip, start=start + shift, end=end + shift, fade=0))


def _card_piece(plan: Plan, index: int, card: Card) -> Piece:
    sequence = plan.sequence
    drawn = DrawnCard(
        card.text,
        card.kind,
        card.font,
        format_fraction(sequence.rate),
        sequence.width,
        sequence.height,
        len(card.record),
    )
    return Piece(f"cards[{index}]", card.record.start, card.record.end, drawn)
