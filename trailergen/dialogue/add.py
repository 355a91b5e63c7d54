"""A plan's lines, chosen and laid over its clips."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from trailergen.plans import Plan
from trailergen.session import Session
from trailergen.settings.narration import NarrationSettings

if TYPE_CHECKING:
    from trailergen.dialogue.narrators.endpoint import Endpoint
    from trailergen.dialogue.shots import FindWords
    from trailergen.media.probe import FilmInfo


def add_lines(
    session: Session,
    plan: Plan,
    film: FilmInfo,
    music: Path,
    settings: NarrationSettings,
    endpoint: Endpoint | None,
    find: FindWords | None = None,
) -> Plan:
    """The plan with lines of the film instead of those it may have; see dialogue/narrate.py for what is raised."""
    from trailergen.audio.speech import Voice, find_voices, line_loudness
    from trailergen.dialogue.narrate import narrate

    def voices(
        spans: Sequence[tuple[Fraction, Fraction]], between: Sequence[tuple[Fraction, Fraction]] = ()
    ) -> list[Voice | None]:
        film_end = plan.film.frames / plan.film.rate
        return find_voices(film, plan.sound.track, spans, film_end, line_loudness(plan, music, film), between)

    return plan.model_copy(update={"narration": narrate(session, plan, film, settings, voices, endpoint, find)})
