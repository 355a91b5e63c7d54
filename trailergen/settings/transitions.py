"""Dissolves and dips to black, as they are written: ``dissolve:12@7``, ``dip:12@act``; ``cut@7`` is none."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Literal

from trailergen.errors import UsageError

TransitionKind = Literal["dissolve", "dip"]
WishedKind = Literal["dissolve", "dip", "cut"]
LEAST_FRAMES, MOST_FRAMES = 2, 120
ACT = "act"
"""The place of transitions at every turn from one act of the film to another."""
_EXAMPLE = "write it like dissolve:12@7, dip:16@act, cut@9"
_WRITTEN = re.compile(r"(?:(dissolve|dip):(\d{1,4})|cut)@(act|\d{1,6})", re.ASCII)


@dataclass(frozen=True)
class TransitionWish:
    """A transition of so many ``frames`` where position ``at`` begins; None for every turn of acts. A cut has none."""

    kind: WishedKind
    frames: int
    at: int | None

    def __str__(self) -> str:
        place = ACT if self.at is None else self.at
        return f"cut@{place}" if self.kind == "cut" else f"{self.kind}:{self.frames}@{place}"


def read_transitions(text: str) -> tuple[TransitionWish, ...]:
    """The transitions of a text, with commas between them. Raises UsageError; its text follows the option's name."""
    return tuple(map(_read, text.split(",")))


def check_transitions(value: Any) -> tuple[TransitionWish, ...]:
    """Transitions of texts and transitions. Raises UsageError."""
    parts = (value,) if isinstance(value, str | TransitionWish) else value
    return tuple(
        wish for part in parts for wish in ((part,) if isinstance(part, TransitionWish) else read_transitions(part))
    )


def _read(text: str) -> TransitionWish:
    written = _WRITTEN.fullmatch(text.strip())
    if not written:
        raise UsageError("is no transition", hint=_EXAMPLE)
    place = written[3]
    if place != ACT and int(place) == 0:
        raise UsageError("is at the beginning, where nothing goes before", hint=_EXAMPLE)
    at = None if place == ACT else int(place)
    if not written[1]:
        return TransitionWish("cut", 0, at)
    frames = int(written[2])
    if not LEAST_FRAMES <= frames <= MOST_FRAMES:
        raise UsageError(f"lasts {frames} frames", f"it may last {LEAST_FRAMES} to {MOST_FRAMES}", _EXAMPLE)
    return TransitionWish("dissolve" if written[1] == "dissolve" else "dip", frames, at)
