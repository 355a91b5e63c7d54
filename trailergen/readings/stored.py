"""A film's readings as a cache entry and back."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from trailergen.readings.types import Readings
from trailergen.runtime.cache import Entry

_OF_FILM = ("turn", "guard")


def to_entry(readings: Readings) -> Entry:
    """All readings, exactly."""
    names = [field.name for field in fields(Readings)]
    return Entry(
        {name: getattr(readings, name) for name in _OF_FILM},
        {name: getattr(readings, name) for name in names if name not in _OF_FILM},
    )


def from_entry(entry: Entry) -> Readings:
    """The inverse of ``to_entry``."""
    kept: dict[str, Any] = {**entry.facts, **entry.arrays}
    return Readings(**kept)
