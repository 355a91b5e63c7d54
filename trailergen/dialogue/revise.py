"""The lines of a plan that was changed: they stay, are placed anew, or are chosen anew."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from trailergen.audio.speech import levelled, line_loudness
from trailergen.dialogue.narrate import replace_lines
from trailergen.dialogue.rules import AllowedSource
from trailergen.dialogue.sources import FROM_FILE, model_named
from trailergen.errors import UsageError
from trailergen.plans import Plan, Position
from trailergen.settings.narration import NarrationSettings

if TYPE_CHECKING:
    from trailergen.dialogue.narrators.endpoint import Endpoint
    from trailergen.media.probe import FilmInfo
    from trailergen.session import Session


@dataclass(frozen=True)
class LineRequest:
    """The changes of the lines that an editor asks for.

    Args:
        drop: numbers of lines, from 0 as in the plan, that are taken away.
        anew: how other lines are chosen; None to keep those the plan has.
        endpoint: of the language model that chooses them, if one is known.
    """

    drop: frozenset[int] = frozenset()
    anew: NarrationSettings | None = None
    endpoint: Endpoint | None = None


def revise_lines(session: Session, old: Plan, new: Plan, film: FilmInfo, music: Path, wishes: LineRequest) -> Plan:
    """The new plan with the lines it shall have.

    While the trailer's places are those of the old plan its lines stay where they are: a re-rolled clip moves no sound,
    and a line that is banned moves no other. With other places they are placed anew (eq. 13), and with other music made
    as loud as it asks for.

    Args:
        session: cache, display, processor.
        old: whose lines there are.
        new: what it has become; its lines do not count.
        film: of both, as probed.
        music: where the music of the new plan is now; read only for other lines or other music.
        wishes: what to change.

    Raises:
        UsageError: there is no such line, or lines are dropped and chosen anew at once; and as dialogue/narrate.py.
    """
    from trailergen.dialogue.add import add_lines

    if wishes.anew is not None:
        if wishes.drop:
            raise UsageError(
                "lines are chosen anew, there is none to drop", hint="drop one from the plan that comes out"
            )
        return add_lines(session, new, film, music, _with_source(wishes.anew, old), wishes.endpoint)
    narration = old.narration
    count = len(narration.lines) if narration else 0
    if outside := sorted(number for number in wishes.drop if number >= count):
        raise UsageError(f"there is no line {outside[0]}", f"the plan has {count} lines")
    if narration is None or not narration.lines:
        return new.model_copy(update={"narration": narration})
    kept = [line for number, line in enumerate(narration.lines) if number not in wishes.drop]
    same_places = _places(old.positions) == _places(new.positions)
    notes = list(narration.notes)
    if same_places:
        # Only bans count here: an editor may have taken a line from a shot of titles.
        grounds = AllowedSource(new.film.rate, new.film.frames, tuple(ban.range for ban in new.bans))
        notes += [f"dropped, it is banned: {line.text}" for line in kept if not grounds.allow(line.source)]
        kept = [line for line in kept if grounds.allow(line.source)]
    plan = new.model_copy(update={"narration": narration.model_copy(update={"lines": kept, "notes": notes})})
    if not same_places:
        plan = plan.model_copy(update={"narration": replace_lines(session, plan, film, _settings_of(plan))})
    if plan.narration is not None and old.music.sha256 != new.music.sha256:
        lines = levelled(plan.narration.lines, film, plan.sound.track, line_loudness(plan, music, film))
        plan = plan.model_copy(update={"narration": plan.narration.model_copy(update={"lines": lines})})
    return plan


def _with_source(anew: NarrationSettings, old: Plan) -> NarrationSettings:
    """Other lines come from the subtitles the plan has, where no others are named."""
    known = old.narration.subtitles if old.narration else None
    named = anew.subtitles is not None or anew.track is not None or anew.transcribe not in ("auto", "off")
    if known is None or named:
        return anew
    offset = (known.offset or None) if anew.subtitle_offset is None else anew.subtitle_offset
    if known.transcript is not None:
        language = anew.spoken_language or known.language
        source = Path(known.path) if known.transcript == FROM_FILE else model_named(known.transcript)
        return replace(anew, transcribe=source, spoken_language=language, subtitle_offset=offset)
    if known.stream is not None:
        return replace(anew, track=str(known.stream), subtitle_offset=offset)
    return replace(anew, subtitles=Path(known.path), subtitle_offset=offset)


def _places(positions: list[Position]) -> list[tuple[int, int]]:
    return [(position.record.start, position.record.end) for position in positions]


def _settings_of(plan: Plan) -> NarrationSettings:
    """Lines are laid as they were: over clips only, or running on."""
    known = plan.provenance.settings.get("narration")
    run_over = isinstance(known, dict) and known.get("run_over") is True
    return replace(NarrationSettings(), run_over=run_over)
