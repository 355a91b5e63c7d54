"""The lines of a film for a model that reads them, of a plan that is made and of one that is there."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from trailergen.dialogue.shots import FindWords, film_lines, shot_lines
from trailergen.dialogue.sources import film_words, reread_words
from trailergen.dialogue.subtitles.sources import FilmAndSound
from trailergen.settings.tree import Settings

if TYPE_CHECKING:
    from trailergen.edit.model import Sources
    from trailergen.plans import Film, Plan
    from trailergen.session import Session
    from trailergen.shots.analysis import FilmAnalysis
    from trailergen.ssmp.channels.text import ShotLines
    from trailergen.stages import AnalysedFilm


def words_once(session: Session, film: Film, sources: Sources) -> FindWords:
    """Looks for what is said in a film when it is first called, and remembers it: notes are given once."""
    return cache(lambda: film_words(session, FilmAndSound(film, sources.sound), sources.film.info, sources.lines))


def plan_lines(session: Session, plan: Plan, film: AnalysedFilm, analysis: FilmAnalysis) -> ShotLines | None:
    """The lines of a plan's film by the shots of ``analysis``: those its own were chosen from, or of the film's file.

    None, with a note, where they are no longer there, and where only their file's name is known. Looked for once in a
    session, so that notes are given once.

    Raises InputError, UsageError and WeightsError as ``film_words``.
    """
    made_with = str(plan.provenance.settings)
    known = None if plan.narration is None else str(plan.narration.subtitles)
    shots = [(shot.first, shot.last) for shot in analysis.shots]
    key = ("lines", film.sha256, str(shots), made_with, known)
    return session.memory.get(key, lambda: _plan_lines(session, plan, film, analysis))


def _plan_lines(session: Session, plan: Plan, film: AnalysedFilm, analysis: FilmAnalysis) -> ShotLines | None:
    if plan.narration is not None:
        cues = reread_words(session, plan, film.info)
        if cues:
            return shot_lines(cues, [(shot.start, shot.end) for shot in analysis.shots])
        session.progress.note("the lines that the model went by, too, are no longer there: it does without")
        return None
    asked = Settings.from_provenance(plan.provenance.settings).narration
    if asked.subtitles is not None or isinstance(asked.transcribe, Path):
        session.progress.note("the plan does not say where the lines are that the model went by: it does without")
        return None
    return film_lines(analysis, lambda: film_words(session, plan, film.info, asked), session.progress.note)
