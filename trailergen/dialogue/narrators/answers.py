"""The numbers in what a language model says, whatever it puts around them."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable
from typing import Any

_KEYS = ("number", "id", "line", "cue", "index", "n")
_LONGEST = 20_000
_MOST_TRIES = 200


class BadAnswer(Exception):
    """An answer that names no line; says why."""


def numbers_in(text: str, known: Collection[int]) -> list[int]:
    """The known numbers of the JSON list that names most, the first of such, each once, in its order.

    Prose, code fences and thoughts around it are passed over; elements may be numbers, digits or objects with a number;
    of a list that breaks off, what is certainly whole is taken.

    Raises:
        BadAnswer: there is no list, it is empty, or no number in it is known.
    """
    text = text.rpartition("</think>")[2][:_LONGEST]
    wrong = "there is no list"
    best: list[int] = []
    for found in _lists(text):
        numbers = list(dict.fromkeys(number for number in map(_number, found) if number is not None))
        best = max(best, [number for number in numbers if number in known], key=len)
        wrong = "none of its numbers is a line's" if numbers else "its list is empty or has no numbers"
    if best:
        return best
    raise BadAnswer(f"{wrong}: {' '.join(text.split())[:120]!r}")


def _lists(text: str) -> Iterable[list[Any]]:
    decoder = json.JSONDecoder()
    at, last = 0, -1
    for _ in range(_MOST_TRIES):
        if (start := text.find("[", at)) < 0:
            break
        try:
            found, at = decoder.raw_decode(text, start)
            yield found
        except (ValueError, RecursionError):
            at, last = start + 1, start if last < 0 else last
    if last >= 0 and "]" not in text[last:]:
        # Broken off: the last number may be half of one, unless something follows it.
        yield re.findall(r"(?<![\w.])\d+(?=\s*[,}])", text[last:])


def _number(element: Any) -> int | None:
    if isinstance(element, dict):
        element = next((element[key] for key in _KEYS if key in element), None)
    if isinstance(element, str):
        digits = re.fullmatch(r"\s*#?(\d{1,9})\b.*", element, re.DOTALL)
        return int(digits[1]) if digits else None
    if isinstance(element, bool) or not isinstance(element, int | float) or element != element // 1:
        return None
    return int(element)
