"""Positions, pairs and shots as an editor writes them: ``7,9-11``, ``4:2``, ``12=shot:845``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from trailergen.errors import UsageError

_DIGITS = 100
_LAST = 10**6
"""No trailer has a million positions, and no memory a range of many more."""


def read_number(text: str) -> int | None:
    """A whole number from 0 on, None for what is none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= _DIGITS else None


def read_positions(text: str) -> tuple[int, ...]:
    """``7,9-11`` as numbers. Raises UsageError."""
    found: list[int] = []
    for part in split(text):
        first, dash, last = part.partition("-")
        start, end = read_number(first), read_number(last if dash else first)
        if start is None or end is None or not start <= end < _LAST:
            raise UsageError(f"{part!r} is no position", hint="write it like 7 or 9-11")
        found += range(start, end + 1)
    return tuple(found)


def show_positions(numbers: Iterable[int]) -> str:
    """Numbers as ``read_positions`` reads them, in order, neighbours as a range."""
    runs: list[tuple[int, int]] = []
    for number in sorted(set(numbers)):
        if runs and runs[-1][1] == number - 1:
            runs[-1] = (runs[-1][0], number)
        else:
            runs.append((number, number))
    return ",".join(f"{first}" if first == last else f"{first}-{last}" for first, last in runs)


def read_shot(text: str) -> int:
    """``shot:845`` as a number. Raises UsageError."""
    number = read_number(text.removeprefix("shot:")) if text.startswith("shot:") else None
    if number is None:
        raise UsageError(f"{text!r} is no shot", hint="write it like shot:845, at a position like 12=shot:845")
    return number


def read_shots(text: str) -> tuple[int, ...]:
    """``106,9-11`` or ``shot:106`` as numbers. Raises UsageError."""
    try:
        return tuple(number for part in split(text) for number in read_positions(part.removeprefix("shot:")))
    except UsageError as error:
        raise UsageError(f"{text!r} is no shot", hint="write it like 106 or 9-11") from error


def read_pins(text: str) -> dict[int, int | None]:
    """``3,12=shot:845`` as the shot each position shall show, None for the one it shows. Raises UsageError."""
    found: dict[int, int | None] = {}
    for part in split(text):
        where, _, shot = part.partition("=")
        found |= dict.fromkeys(read_positions(where), read_shot(shot) if shot else None)
    return found


def show_pins(pins: Mapping[int, int | None]) -> str:
    """Pins as ``read_pins`` reads them."""
    return ",".join(f"{at}" if shot is None else f"{at}=shot:{shot}" for at, shot in pins.items())


def read_pairs(text: str) -> tuple[tuple[int, int], ...]:
    """``4:2,7:1`` as pairs of numbers. Raises UsageError."""
    found: list[tuple[int, int]] = []
    for part in split(text):
        first, _, second = part.partition(":")
        one, other = read_number(first), read_number(second)
        if one is None or other is None:
            raise UsageError(f"{part!r} is not two numbers", hint="write it like 4:2")
        found.append((one, other))
    return tuple(found)


def show_pairs(pairs: Iterable[tuple[int, int]]) -> str:
    """Pairs as ``read_pairs`` reads them."""
    return ",".join(f"{one}:{other}" for one, other in pairs)


def read_shifts(text: str) -> tuple[tuple[int, int], ...]:
    """``4:+12,7:-3`` as positions and frames. Raises UsageError."""
    found: list[tuple[int, int]] = []
    for part in split(text):
        where, _, frames = part.partition(":")
        at, size = read_number(where), read_number(frames.lstrip("+-"))
        if at is None or size is None or len(frames) - len(frames.lstrip("+-")) > 1 or size >= _LAST:
            raise UsageError(f"{part!r} is no position and frames", hint="write it like 4:+12 or 4:-3")
        found.append((at, -size if frames.startswith("-") else size))
    return tuple(found)


def show_shifts(shifts: Iterable[tuple[int, int]]) -> str:
    """Positions and frames as ``read_shifts`` reads them."""
    return ",".join(f"{at}:{frames:+d}" for at, frames in shifts)


def read_weights(text: str) -> tuple[tuple[str, float], ...]:
    """``act=2,order=0.5`` as rules and weights. Raises UsageError."""
    found: list[tuple[str, float]] = []
    for part in split(text):
        rule, _, weight = part.partition("=")
        try:
            found.append((rule.strip(), float(weight)))
        except ValueError as error:
            raise UsageError(f"{part!r} is no rule and weight", hint="write it like act=2") from error
    return tuple(found)


def split(text: str) -> list[str]:
    """The parts between commas, without the blanks around them."""
    return [part.strip() for part in text.split(",")]
