"""Words with times: what a speech recogniser makes of a film."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

_MILLI = 1_000


@dataclass(frozen=True)
class Word:
    """A word as it is written, with the space before it where its script has one, from ``start`` to ``end`` in seconds.

    ``probability`` is the recogniser's, 1 where it says none; ``speaker`` a name, "" where nobody told them apart.
    """

    start: Fraction
    end: Fraction
    text: str
    probability: float = 1.0
    speaker: str = ""


@dataclass(frozen=True)
class Transcript:
    """The words of a film in the order of time, and their language as a tag; None where that is not known."""

    language: str | None
    words: tuple[Word, ...]


def seconds(value: float) -> Fraction:
    """A recogniser's time, to a thousandth."""
    return Fraction(round(value * _MILLI), _MILLI)


def to_facts(words: Iterable[Word]) -> list[list[Any]]:
    """Words as JSON."""
    return [[str(word.start), str(word.end), word.text, word.probability, word.speaker] for word in words]


def from_facts(facts: Mapping[str, Any]) -> tuple[Word, ...]:
    """The words under ``words`` of what ``to_facts`` made."""
    return tuple(Word(Fraction(start), Fraction(end), *rest) for start, end, *rest in facts["words"])
