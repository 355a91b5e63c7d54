"""Voices of lines, as whoever hears the film gives them."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Protocol

from trailergen.plans import Range


class Heard(Protocol):
    """A line's own sound: samples of the film at 48 kHz, and the gain in dB that makes it as loud as the others."""

    @property
    def source(self) -> Range:
        """Samples from the film's first picture."""
        ...

    @property
    def gain(self) -> float:
        """In dB."""
        ...


Spans = Sequence[tuple[Fraction, Fraction]]
"""From start to end, in seconds of the film."""


class FindVoices(Protocol):
    """Hears the film where something is said."""

    def __call__(self, spans: Spans, between: Spans = ()) -> Sequence[Heard | None]:
        """The voices of lines in order of time; None where nothing is heard.

        Where words have times, ``between`` says of each line from where to where nobody says another word; then None
        stands for what music or noise covers, too.
        """
        ...
