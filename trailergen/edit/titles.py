"""The positions of the trailer that cards take.

A card takes whole positions, so that it comes and goes with the music. The end card takes the last ones, as many as it
takes to read it; the title those before it; any other card the position it was given and as many after it as it
needs. A text is read in half a second and a 17th of one for each letter, in 1.5 s at least, a title in 2; what comes
after the middle of the closing fade does not count. All cards together cover half of the trailer at most.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import pairwise

from trailergen.edit.look import Kind, check_logo, has_logo, logo_card, look_of, with_look
from trailergen.errors import PlanError, UsageError
from trailergen.plans import Card, Plan, Range, closing_frames, span
from trailergen.plans.paths import named_path
from trailergen.rendering.design import check_fit
from trailergen.rendering.typeset import check_text, clean_text, open_font, shown
from trailergen.settings.titles import TitleSettings, parse_place
from trailergen.timebase import format_time, moment_frame

_LEAST_S = {"title": Fraction(2), "end": Fraction(3, 2), "card": Fraction(3, 2)}
_START_S = Fraction(1, 2)
_LETTERS_A_SECOND = 17
_SHARE = Fraction(1, 2)


def reading_frames(text: str, kind: str, rate: Fraction) -> int:
    """Frames that it takes to read a card of that kind: ``title``, ``end`` or ``card``."""
    letters = len(clean_text(text))
    return math.ceil(max(_LEAST_S[kind], _START_S + Fraction(letters, _LETTERS_A_SECOND)) * rate)


def check_titles(titles: TitleSettings) -> None:
    """Find out before the work whether the texts can be drawn at all.

    Raises:
        InputError: the font or the logo cannot be read.
        PlanError: the font lacks letters.
    """
    check_logo(titles)
    font = _font(titles)
    if font is not None:
        open_font(font)
    for text in titles.texts:
        check_text(text, font)


def put_cards(old: Plan, new: Plan, titles: TitleSettings, clear: bool = False) -> tuple[list[Card], list[str]]:
    """The cards of a plan that came from another, or, for a fresh plan, from itself.

    A card that nobody asks about stays where it is, frame for frame, while its edges are where they were: between
    positions or, moved there by hand, within them. Else it is put by the rule again, at its share of the trailer. The
    title and the end card are put together: where one is new, the other moves with it.

    Args:
        old: whose cards there are.
        new: the same trailer, or what it has become; its cards do not count.
        titles: what to change: None leaves a card, an empty text takes it away.
        clear: take all cards away first.

    Returns:
        The cards, in their order, and what is to be said of those that moved.

    Raises:
        UsageError: a card is put at, or taken from, a position or time that is not there.
        PlanError: there is too little room, or a card cannot be drawn.
        InputError: a font cannot be read.
    """
    font = _font(titles)
    known = [] if clear else old.cards
    if font is not None:
        known = [card.model_copy(update={"font": font}) for card in known]
    known = with_look(known, titles)
    fits = _fitting(old, new)
    placed = _put_ends(new, known, titles, fits)
    for card in (card for card in known if card.kind == "card"):
        at = card.record.start * new.sequence.frames // old.sequence.frames
        placed.append(card if fits(card) else _from(new, card, _position_at(new, at)))
    for text, place in titles.cards:
        placed = _replaced(new, placed, text, _index(new, place), titles)
    placed.sort(key=lambda card: card.record.start)
    before = [card.record for card in old.cards]
    if any(card.record not in before for card in placed):
        _check_room(new, placed)
    width, height = new.sequence.width, new.sequence.height
    for card in placed:
        if card not in old.cards or (old.sequence.width, old.sequence.height) != (width, height):
            check_fit(card, width, height)
    return placed, list(_moved(old, new, placed))


def _font(titles: TitleSettings) -> str | None:
    """The file of the font that all cards shall have, None for the one they have."""
    return None if titles.card_font is None else named_path(titles.card_font)


def _put_ends(new: Plan, known: list[Card], titles: TitleSettings, fits: Callable[[Card], bool]) -> list[Card]:
    """The title and the end card."""
    given: dict[Kind, str | None] = {"title": titles.title, "end": titles.end_card}
    ends = [
        card
        for kind, text in given.items()
        for card in (_asked(text, kind, titles, known) if text is not None else (c for c in known if c.kind == kind))
    ]
    stay = all(text is None for text in given.values()) and all(map(fits, ends))
    if has_logo(titles) and not any(card.kind == "end" for card in ends):
        ends, stay = [*ends, *with_look([logo_card(titles, known)], titles)], False
    return ends if stay else _at_end(new, ends)


def _replaced(new: Plan, placed: list[Card], text: str, index: int, titles: TitleSettings) -> list[Card]:
    """The cards with that text at a position, instead of what stands there; without it for an empty text."""
    taken = [card for card in placed if card.kind == "card" and card.record.overlaps(new.positions[index].record)]
    if not text and not taken:
        raise UsageError(f"there is no card at position {index} to take away")
    kept = [card for card in placed if card not in taken]
    return kept + [_from(new, card, index) for card in _asked(text, "card", titles, taken or placed)]


def _asked(text: str, kind: Kind, titles: TitleSettings, known: list[Card]) -> Iterator[Card]:
    """A card that is still to be placed, with the look of those there are; none for an empty text."""
    if clean_text(text):
        card = Card(text=text, kind=kind, record=span(0, 1), font=_font(titles))
        yield from with_look([look_of(known, card)], titles)


def _fitting(old: Plan, new: Plan) -> Callable[[Card], bool]:
    """A test that is true for cards that may stay where they are."""
    were, are = (({0} | {position.record.end for position in plan.positions}) for plan in (old, new))

    def fits(card: Card) -> bool:
        edges = {card.record.start, card.record.end}
        return old.sequence.frames == new.sequence.frames and not edges & (were - are)

    return fits


def _at_end(plan: Plan, cards: list[Card]) -> list[Card]:
    """Cards on the last positions, each on as many as it takes to read it."""
    placed: list[Card] = []
    end = len(plan.positions)
    for card in reversed(cards):
        first = end - 1
        while first >= 0 and not _readable(plan, card, first, end):
            first -= 1
        if first < 0:
            raise _too_short(plan, card)
        placed.insert(0, _over(plan, card, first, end))
        end = first
    return placed


def _from(plan: Plan, card: Card, first: int) -> Card:
    """A card on that position and as many after it as it takes to read it."""
    end = first + 1
    while not _readable(plan, card, first, end):
        end += 1
        if end > len(plan.positions):
            raise _too_short(plan, card)
    return _over(plan, card, first, end)


def _over(plan: Plan, card: Card, first: int, end: int) -> Card:
    return card.model_copy(update={"record": _record(plan, first, end)})


def _record(plan: Plan, first: int, end: int) -> Range:
    """Record frames of the positions ``[first, end)``."""
    return span(plan.positions[first].record.start, plan.positions[end - 1].record.end)


def _readable(plan: Plan, card: Card, first: int, end: int) -> bool:
    needed = reading_frames(card.text, card.kind, plan.sequence.rate)
    if end == len(plan.positions):
        needed += closing_frames(plan) // 2
    return len(_record(plan, first, end)) >= needed


def _too_short(plan: Plan, card: Card) -> PlanError:
    seconds = float(reading_frames(card.text, card.kind, plan.sequence.rate) / plan.sequence.rate)
    return PlanError(
        f"there is too little room for the card {shown(card.label)}",
        f"it takes {seconds:.1f} s to read",
        "make the trailer longer or the text shorter, or put the card earlier",
    )


def _index(plan: Plan, place: str) -> int:
    """The position that a number or a time names. Raises UsageError."""
    found = parse_place(place)
    if isinstance(found, int):
        if found >= len(plan.positions):
            raise UsageError(
                f"there is no position {found} for a card", f"the trailer has positions 0 to {len(plan.positions) - 1}"
            )
        return found
    frame = moment_frame(found, plan.sequence.rate)
    if frame >= plan.sequence.frames:
        length = format_time(plan.sequence.frames / plan.sequence.rate)
        raise UsageError(f"a card cannot begin at {place}", f"the trailer ends at {length}")
    return _position_at(plan, frame)


def _position_at(plan: Plan, frame: int) -> int:
    return next(index for index, position in enumerate(plan.positions) if frame < position.record.end)


def _check_room(plan: Plan, cards: list[Card]) -> None:
    for one, other in pairwise(cards):
        if one.record.overlaps(other.record):
            raise PlanError(
                f"the cards {shown(one.label)} and {shown(other.label)} want the same position",
                hint="put one of them elsewhere, or make the trailer longer",
            )
    covered = sum(len(card.record) for card in cards)
    if covered > _SHARE * plan.sequence.frames:
        rate = plan.sequence.rate
        raise PlanError(
            "the cards would cover more than half of the trailer",
            f"they take {float(covered / rate):.1f} s of {float(plan.sequence.frames / rate):.1f} s",
            "make the trailer longer, or leave some out",
        )


def _moved(old: Plan, new: Plan, cards: list[Card]) -> Iterator[str]:
    """A line for each card that stands elsewhere than it did."""
    were = {(card.kind, card.text): card.record for card in old.cards}
    for card in cards:
        if were.get((card.kind, card.text), card.record) != card.record:
            start, end = (format_time(at / new.sequence.rate) for at in (card.record.start, card.record.end))
            yield f"the card {shown(card.label)} was put anew, at {start} to {end}"
