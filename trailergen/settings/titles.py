"""Cards of text in a trailer."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Literal

from trailergen.errors import UsageError
from trailergen.settings.group import Group
from trailergen.settings.option import option
from trailergen.timebase import Moment, parse_moment

Ground = Literal["black", "picture"]
CardAt = tuple[str, str]
"""A text, and the position or time it stands at as ``parse_place`` reads it."""


NO_LOGO = Path()
"""What an empty text is as a logo: none any more."""


def parse_place(text: str) -> int | Moment:
    """A position's number, as ``7``, or a time of the trailer, as ``0:12.5`` or ``0:00:12:12``. Raises UsageError."""
    if text.isascii() and text.isdecimal():
        return int(text)
    try:
        return parse_moment(text)
    except UsageError as error:
        raise UsageError(
            f"{text!r} is no place for a card",
            hint="write TEXT@7 for position 7, or TEXT@0:12.5 for the position at that time",
        ) from error


def read_text(text: str) -> str:
    """A text as a shell gives it: a backslash and an n begin a new line, two backslashes are one."""
    return re.sub(r"\\(n|\\)", lambda found: "\n" if found[1] == "n" else "\\", text)


def show_text(text: str) -> str:
    """A text as ``read_text`` reads it."""
    return text.replace("\\", "\\\\").replace("\n", "\\n")


def _read_card(text: str) -> tuple[CardAt, ...]:
    """``TEXT@PLACE`` as its two parts; the last @ counts."""
    words, at, place = text.rpartition("@")
    try:
        if not at:
            raise UsageError("it has no @")
        parse_place(place)
    except UsageError as error:
        hint = "write TEXT@7 for position 7, or TEXT@0:12.5 for the position at that time"
        raise UsageError("does not say where", error.what, hint) from error
    return ((read_text(words), place),)


def _show_card(card: CardAt) -> str:
    return f"{show_text(card[0])}@{card[1]}"


def _check_cards(value: Any) -> tuple[CardAt, ...]:
    cards: list[CardAt] = []
    for card in (value,) if isinstance(value, str) else value:
        if isinstance(card, str):
            cards += _read_card(card)
            continue
        text, place = card
        parse_place(str(place))
        cards.append((str(text), str(place)))
    return tuple(cards)


def _read_colour(text: str) -> str:
    """A colour's name, or its hexadecimal numbers with or without their #, as ``#rrggbb``. Raises UsageError."""
    from PIL import ImageColor

    plain = text.strip().lower()
    numbers = re.fullmatch(r"#?([0-9a-f]{3}|[0-9a-f]{6})", plain)
    known = f"#{numbers[1]}" if numbers else plain
    try:
        if "(" in known or (known.startswith("#") and not numbers):
            raise ValueError(known)
        red, green, blue = ImageColor.getrgb(known)[:3]
    except ValueError as error:
        raise UsageError("is no colour", hint="write it like gold or ffd700") from error
    return f"#{red:02x}{green:02x}{blue:02x}"


@dataclass(frozen=True)
class TitleSettings(Group):
    """Cards where the rule of edit/titles.py puts them, and their look.

    A text may be empty, which takes a card away, and so may the ``logo``. ``title_over`` counts for all cards but the
    end card; ``card_size`` is a factor.
    """

    panel: ClassVar[str] = "Cards"

    title: str | None = option(
        None,
        help="The film's name on a card before the end. \\n begins a new line.",
        unit="TEXT",
        read=read_text,
        write=show_text,
    )
    end_card: str | None = option(
        None, help="A last card, like COMING SOON.", unit="TEXT", read=read_text, write=show_text
    )
    cards: tuple[CardAt, ...] = option(
        (),
        help="A card at a position, as 7, or at a time, as 0:12.5. Repeat the option for more cards.",
        name="card",
        unit="TEXT@PLACE",
        example="A STORY@7",
        read=_read_card,
        write=_show_card,
        check=_check_cards,
        adds=True,
    )
    card_font: Path | None = option(
        None,
        help="Another font for the cards (.ttf, .otf).",
        unit="FILE",
        default_text="the one that comes with trailergen",
    )

    title_over: Ground | None = option(
        None,
        help="The title and cards on black, or over the picture of the clips under them. The end card stays on black.",
        default_text="black",
    )
    card_size: float | None = option(
        None, help="Size of the letters, by the usual one.", unit="FACTOR", least=0.25, most=2, default_text="1"
    )
    card_color: str | None = option(
        None,
        help="Colour of the letters, as gold or ffd700.",
        unit="COLOR",
        read=_read_colour,
        check=_read_colour,
        default_text="white",
    )
    card_background: str | None = option(
        None,
        help="Colour of the cards instead of black.",
        unit="COLOR",
        read=_read_colour,
        check=_read_colour,
        default_text="black",
    )
    logo: Path | None = option(
        None, help="A logo on the end card, over its text or alone.", unit="FILE.png", default_text="none"
    )

    @property
    def sdr_only(self) -> bool:
        """True for a look that pictures of HDR cannot have: their white is no white of a display's."""
        colours = (self.card_color, self.card_background, self.logo)
        return self.title_over == "picture" or any(given is not None for given in colours)

    @property
    def texts(self) -> list[str]:
        """Everything that is to be written."""
        return [text for text in (self.title, self.end_card, *(text for text, _ in self.cards)) if text]

    def require_text(self) -> None:
        """Raise UsageError for a card without text, or a font without cards: what a new plan has no use for."""
        given = {"--title": self.title, "--end-card": self.end_card}
        given |= {f"--card {_show_card(card)!r}": card[0] for card in self.cards}
        for name, text in given.items():
            if text is not None and not text.strip():
                raise UsageError(f"{name} has no text", hint="leave it out, or say what the card shall read")
        if self.logo == NO_LOGO:
            raise UsageError("--logo names no file", hint="leave it out, or give a PNG file")
        if self.card_font and not self.texts:
            raise UsageError("--card-font is for cards, and there are none", hint="give a --title, for one")
        for name in ("card_size", "card_color", "card_background"):
            if getattr(self, name) is not None and not (self.texts or self.logo):
                option_name = f"--{name.replace('_', '-')}"
                raise UsageError(f"{option_name} is for cards, and there are none", hint="give a --title, for one")
        if self.title_over == "picture" and not (self.title or self.cards):
            raise UsageError("--title-over is for a title or cards, and there are none", hint="give a --title, for one")
