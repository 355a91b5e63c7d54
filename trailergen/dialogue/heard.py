"""What is heard in a trailer: lines told as they are chosen, and as subtitles beside it; accents that are not there."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

from trailergen.audio.accents import accents_of
from trailergen.errors import UsageError
from trailergen.plans import SAMPLE_RATE, Line, Plan
from trailergen.timebase import format_time, round_half_up

SUFFIX = ".srt"


def heard(plan: Plan) -> list[Line]:
    """The lines that will be heard, in their order: none where the plan's sound has nothing of the film."""
    return list(plan.narration.lines) if plan.narration is not None and plan.sound.film != "none" else []


def tell_lines(plan: Plan, note: Callable[[str], None]) -> None:
    """Tell each line that will be heard: its number, when in the trailer, when in the film, and what is said."""
    for number, line in enumerate(heard(plan)):
        trailer, film = (format_time(Fraction(part.start, SAMPLE_RATE)) for part in (line.record, line.source))
        note(f"line {number} at {trailer}, in the film at {film}: {line.text}")


def tell_accents(plan: Plan, note: Callable[[str], None]) -> None:
    """Tell which of the accents that are asked for have no place."""
    found = accents_of(plan)
    named = {"hit": "hit", "riser": "riser", "drop": "drop-out"}
    missing = [name for place, name in named.items() if found is not None and getattr(found, place) is None]
    if missing:
        note(f"accents without a place: {', '.join(missing)}; lines, cards or the clips' lengths leave them none")


def subtitle_path(trailer: Path) -> Path:
    """The path of a trailer's subtitles."""
    return trailer.with_suffix(SUFFIX)


def check_subtitle_path(trailer: Path, plan: Plan | None, *inputs: Path | None) -> None:
    """Refuse a trailer whose subtitles would take the place of the film's. Raises UsageError."""
    known = plan.narration.subtitles if plan is not None and plan.narration is not None else None
    path = subtitle_path(trailer)
    for given in (*inputs, Path(known.path) if known is not None and known.stream is None else None):
        if given is not None and given.exists() and path.exists() and path.samefile(given):
            raise UsageError(
                f"the trailer's subtitles {path} would replace the film's",
                "they are put beside the trailer, by its name",
                "give the trailer another name with --output",
            )


def as_subrip(plan: Plan) -> str:
    """The lines that will be heard as SubRip, timed in the trailer; empty where there is none."""
    blocks = [
        f"{number}\n{_clock(line.record.start)} --> {_clock(line.record.end)}\n{line.text}\n"
        for number, line in enumerate(heard(plan), 1)
    ]
    return "\n".join(blocks)


def _clock(sample: int) -> str:
    seconds, millis = divmod(round_half_up(Fraction(sample * 1000, SAMPLE_RATE)), 1000)
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d},{millis:03d}"
