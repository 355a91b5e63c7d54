"""The look of cards: over the picture or on a colour, size, colours, and the logo of the end card."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

from trailergen.errors import InputError
from trailergen.plans import Card, span
from trailergen.plans.paths import named_path
from trailergen.rendering.logo import open_logo
from trailergen.settings.titles import NO_LOGO, TitleSettings

Kind = Literal["title", "end", "card"]


def has_logo(titles: TitleSettings) -> bool:
    """True where a logo is asked for."""
    return titles.logo not in (None, NO_LOGO)


def check_logo(titles: TitleSettings) -> None:
    """Find out before the work whether a logo can be shown. Raises InputError."""
    if titles.logo is None or not has_logo(titles):
        return
    name = named_path(titles.logo)
    try:
        name.encode()
    except UnicodeEncodeError as error:
        raise InputError(f"the name of {name!r} is not text, a plan could not hold it", hint="rename it") from error
    open_logo(name)


def with_look(cards: Sequence[Card], titles: TitleSettings) -> list[Card]:
    """Cards of a plan with the look that is asked for; what nobody asks for stays. An end card without text that has
    lost its logo is gone."""
    look = _asked(titles)
    found = []
    for card in cards:
        update = dict(look)
        if card.kind == "end":
            update |= _logo(titles)
        elif titles.title_over is not None:
            update["over"] = titles.title_over == "picture"
        changed = card.model_copy(update=update)
        if changed.text or changed.logo:
            found.append(changed)
    return found


def look_of(known: Sequence[Card], card: Card) -> Card:
    """A new card with the look of those that there are: first of those of its kind."""
    like = min(known, key=lambda other: (other.kind != card.kind, other.kind == "end"), default=card)
    update: dict[str, Any] = {"size": like.size, "color": like.color, "background": like.background}
    if card.kind == "end" == like.kind:
        update["logo"] = like.logo
    if card.kind != "end" != like.kind:
        update["over"] = like.over
    return card.model_copy(update=update)


def logo_card(titles: TitleSettings, known: Sequence[Card]) -> Card:
    """An end card that is a logo alone, still to be placed."""
    card = Card(text="", kind="end", record=span(0, 1), logo=named_path(Path(titles.logo or "")))
    return look_of([other for other in known if other.kind != "end"], card)


def _asked(titles: TitleSettings) -> dict[str, Any]:
    asked = {"size": titles.card_size, "color": titles.card_color, "background": titles.card_background}
    return {name: value for name, value in asked.items() if value is not None}


def _logo(titles: TitleSettings) -> dict[str, str | None]:
    if titles.logo is None:
        return {}
    return {"logo": None if titles.logo == NO_LOGO else named_path(titles.logo)}
