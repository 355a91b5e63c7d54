"""Rules for lines: which may be heard, how many, and where in a trailer."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

from trailergen.dialogue.placement import LineSlots
from trailergen.dialogue.sentences import Utterance
from trailergen.plans import SAMPLE_RATE, Plan, Range, span
from trailergen.timebase import round_half_up

LEAD_S, PAUSE_S = Fraction(1, 10), Fraction(1, 2)
"""From the cut to the first sound of a line, and between two lines at least."""
SECONDS_PER_LINE = 8
MOST_SPOKEN = Fraction(1, 3)
"""Of the trailer, where nobody said how many lines it shall have."""
_TEXT_FLAGS = {"card", "text", "credits"}
_READING_S = Fraction(1, 2)
"""A cue is longer than what is said in it, by more or less this: readers need time."""


@dataclass(frozen=True)
class AllowedSource:
    """The film frames from which lines may come: ``frames`` of them, without the ``closed`` ranges."""

    rate: Fraction
    frames: int
    closed: tuple[Range, ...]

    @classmethod
    def of(cls, plan: Plan, closed: tuple[Range, ...] = ()) -> AllowedSource:
        """All of a plan's film but its bans, its shots of titles and credits, and what else is ``closed``."""
        texts = [shot for shot in plan.shots if _TEXT_FLAGS & set(shot.flags)]
        return cls(plan.film.rate, plan.film.frames, (*(ban.range for ban in plan.bans), *texts, *closed))

    def allow(self, source: Range) -> bool:
        """True if samples of the film's sound may be heard, all of them."""
        first = math.floor(source.start * self.rate / SAMPLE_RATE)
        last = math.ceil(source.end * self.rate / SAMPLE_RATE)
        return last <= self.frames and not any(part.start < last and first < part.end for part in self.closed)

    def allow_line(self, line: Utterance, slots: LineSlots) -> bool:
        """True if a line may come from where it is said, and could fit somewhere when its edges are known."""
        longest = max(slots.room().tolist(), default=0)
        if line.length > Fraction(longest, SAMPLE_RATE) + _READING_S:
            return False
        return self.allow(span(int(line.start * SAMPLE_RATE), math.ceil(line.end * SAMPLE_RATE)))


def slots_of(plan: Plan, run_over: bool) -> LineSlots:
    """The clips of a plan for lines to be laid over; those under cards are closed."""
    rate = plan.sequence.rate
    edges = [0, *(position.record.end for position in plan.positions)]
    return LineSlots(
        bounds=tuple(round_half_up(edge / rate * SAMPLE_RATE) for edge in edges),
        closed=tuple(any(card.record.overlaps(position.record) for card in plan.cards) for position in plan.positions),
        lead=int(LEAD_S * SAMPLE_RATE),
        pause=int(PAUSE_S * SAMPLE_RATE),
        run_over=run_over,
    )


def line_count(plan: Plan, asked: str | int) -> int:
    """Lines wanted: ``asked``, or one in eight seconds and one at least; never more than clips."""
    seconds = plan.sequence.frames / plan.sequence.rate
    wanted = asked if isinstance(asked, int) else max(1, round_half_up(seconds / SECONDS_PER_LINE))
    return min(wanted, len(plan.positions))
