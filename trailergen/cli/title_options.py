"""The options of every command that puts cards into a plan."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from trailergen.errors import UsageError

if TYPE_CHECKING:
    from trailergen.edit.titles import Titles
    from trailergen.settings.plan import PlanSettings


@dataclass(frozen=True)
class TitleOptions:
    """Text on black, where the rule of edit/titles.py puts it."""

    title: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="The film's name on a card before the end; \\n begins a new line."),
    ] = None
    end_card: Annotated[str | None, typer.Option(metavar="TEXT", help="A last card, like COMING SOON.")] = None
    card: Annotated[
        list[str] | None,
        typer.Option(metavar="TEXT@PLACE", help="A card at a position, as 7, or at a time, as 0:12.5; repeatable."),
    ] = None
    card_font: Annotated[
        Path | None, typer.Option(metavar="FILE", readable=False, help="Another font for the cards (.ttf, .otf).")
    ] = None

    def wishes(self, clear: bool = False) -> Titles:
        """What is asked of a plan's cards; ``clear`` takes those it has away first. Raises UsageError."""
        from trailergen.edit.titles import Titles

        return Titles(
            title=None if self.title is None else _lines(self.title),
            end=None if self.end_card is None else _lines(self.end_card),
            cards=tuple(_card(text) for text in self.card or []),
            font=None if self.card_font is None else str(self.card_font.resolve()),
            clear=clear,
        )

    def added(self, settings: PlanSettings) -> PlanSettings:
        """The settings of a plan with these cards. Raises UsageError for a card without text."""
        wishes = self.wishes()
        given = {"--title": wishes.title, "--end-card": wishes.end} | {
            f"--card {text!r}": card for text, (card, _) in zip(self.card or [], wishes.cards, strict=True)
        }
        for option, text in given.items():
            if text is not None and not text.strip():
                raise UsageError(f"{option} has no text", hint="leave it out, or say what the card shall read")
        if self.card_font and not wishes.texts:
            raise UsageError("--card-font is for cards, and there are none", hint="give a --title, for one")
        return replace(settings, title=wishes.title, end_card=wishes.end, cards=wishes.cards, card_font=wishes.font)

    def asked(self) -> list[str]:
        """The options as they were given, for a plan's provenance."""
        given = {
            "--title": self.title,
            "--end-card": self.end_card,
            "--card-font": self.card_font and self.card_font.name,
        }
        asked = [f"{option} {text}" for option, text in given.items() if text is not None]
        return asked + [f"--card {text}" for text in self.card or []]


def _card(text: str) -> tuple[str, str]:
    """``TEXT@PLACE`` as its two parts; the last @ counts. Raises UsageError."""
    from trailergen.edit.titles import parse_place

    words, at, place = text.rpartition("@")
    try:
        if not at:
            raise UsageError("it has no @")
        parse_place(place)
    except UsageError as error:
        raise UsageError(
            f"--card {text!r} does not say where",
            error.what,
            "write TEXT@7 for position 7, or TEXT@0:12.5 for the position at that time",
        ) from error
    return _lines(words), place


def _lines(text: str) -> str:
    """A text as a shell gives it, in which a backslash and an n begin a new line."""
    return text.replace("\\n", "\n")
