"""The most remarkable readings of a shot in a few words, as an editor would note them down."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence

from trailergen.plans import Shot

MOST = 3
_ABSENT = 0.5
_FAR = 0.3  # from the film's middle, as a share of its shots: less is not remarkable

# Of each reading what is said where it is low, and where it is high; None and no words say nothing.
_Words = Callable[[float], str] | None
_SAYINGS: dict[str, tuple[_Words, _Words]] = {
    # Where all shots have a subject, the lowest has one too.
    "subject": (lambda value: "nothing stands out" if value < _ABSENT else "", lambda _: "clear subject"),
    "closeness": (lambda _: "wide", lambda _: "close"),
    "motion": (lambda value: f"still (motion {value:.1f})", lambda value: f"lively (motion {value:.1f})"),
    "brightness": (lambda value: f"dark (luma {value:.0f})", lambda value: f"bright (luma {value:.0f})"),
    "clutter": (None, lambda value: f"busy (clutter {100 * value:.0f} %)"),
    "speech": (None, lambda value: f"speech {100 * value:.0f} %"),
    "loudness": (lambda value: f"quiet ({value:.0f} dB)", lambda value: f"loud ({value:.0f} dB)"),
    "transient": (None, lambda value: f"sudden sound (+{value:.0f} dB)"),
    "typicality": (lambda _: "unlike the film", None),
}


def remarkable(shots: Sequence[Shot], number: int) -> list[str]:
    """At most three things that set a shot apart from the film's others without a flag, the most remarkable first.

    A reading is remarkable as far as its rank is from the middle. Nothing where the plan has no readings.

    Args:
        shots: all shots of the film.
        number: the shot's.
    """
    found: list[tuple[float, str]] = []
    others = [shot.readings for shot in shots if not shot.flags]
    for name, sayings in _SAYINGS.items():
        value = shots[number].readings.get(name)
        values = sorted(other[name] for other in others if name in other)
        if value is None or not values:
            continue
        rank = (bisect_left(values, value) + bisect_right(values, value)) / (2 * len(values))
        say = sayings[rank > 0.5]
        # Shots without speech or sudden sounds are many and equal: theirs is no high rank.
        if say is not None and abs(rank - 0.5) >= _FAR and not (rank > 0.5 and value == values[0]):
            found.append((abs(rank - 0.5), say(value)))
    return [text for _, text in sorted(found, key=lambda each: -each[0]) if text][:MOST]
