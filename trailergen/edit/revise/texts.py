"""The checks of options that may be repeated: text as it was given, and numbers written as the text they stand for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from trailergen.edit.revise import spelling
from trailergen.errors import UsageError
from trailergen.settings.plan import TimeRange, read_ranges

Texts = tuple[str, ...]


def spelled(flag: str, read: Callable[[str], Any], show: Callable[[Any], str]) -> Callable[[Any], Texts]:
    """The check of an option that may be repeated: each of its texts is one that ``read`` accepts.

    Its value holds the texts as they were given, so that a plan remembers them; ``show`` writes values that are none.
    """

    def check(value: Any) -> Texts:
        texts = texts_of(value, show)
        for text in texts:
            try:
                read(text)
            except UsageError as error:
                raise UsageError(f"{flag} {error.what}", error.why, error.hint) from error
        return texts

    return check


def texts_of(value: Any, show: Callable[[Any], str]) -> Texts:
    """Texts as they were given; other values as ``show`` writes them."""
    if isinstance(value, str):
        return (value,)
    if isinstance(value, list | tuple) and all(isinstance(part, str) for part in value):
        return tuple(value)
    return (show(value),) if value or value == 0 else ()


def words(value: Any) -> Texts:
    """The check of words, which may be any."""
    return texts_of(value, str)


def show_positions(value: Any) -> str:
    """Positions or shots, of which one may stand alone."""
    return spelling.show_positions((value,) if isinstance(value, int) else value)


def show_pins(value: Any) -> str:
    """Pins as ``spelling.show_pins`` writes them; positions alone stay as they are."""
    return spelling.show_pins(value) if isinstance(value, Mapping) else show_positions(value)


def show_pairs(value: Any) -> str:
    """Pairs, or what is at a position, as ``4:2``."""
    return spelling.show_pairs(value.items() if isinstance(value, Mapping) else value)


def show_bans(value: Any) -> str:
    """Shots as bans."""
    return ",".join(f"shot:{shot}" for shot in ((value,) if isinstance(value, int) else value))


def read_bans(text: str) -> tuple[int | TimeRange, ...]:
    """Shots, by number, and ranges of the film's time. Raises UsageError."""
    found: list[int | TimeRange] = []
    for part in spelling.split(text):
        if part.startswith("shot:"):
            found.append(spelling.read_shot(part))
            continue
        try:
            found += read_ranges(part)
        except UsageError as error:
            raise UsageError(f"{part!r} {error.what}", error.why, error.hint) from error
    return tuple(found)


def show_shifts(value: Any) -> str:
    """Frames by position, as ``4:+12``."""
    return spelling.show_shifts(value.items() if isinstance(value, Mapping) else value)


def show_weights(value: Any) -> str:
    """Weights by rule, as ``act=2``."""
    return ",".join(f"{rule}={weight:g}" for rule, weight in dict(value).items())
