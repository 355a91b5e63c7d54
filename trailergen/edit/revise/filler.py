"""Who fills what a revision leaves open: the method that made the plan where it can, else the model."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from trailergen.edit.model import Filler, FindFiller, Sources
from trailergen.edit.reopen import settings_of_plan
from trailergen.edit.revise.request import Edits
from trailergen.plans import Plan
from trailergen.session import Session
from trailergen.settings.plan import SSMP
from trailergen.settings.tree import Settings
from trailergen.stages import AnalysedFilm


def filler_of(
    session: Session, plan: Plan, edits: Edits, checkpoint: Path | None, find: FindFiller | None
) -> Filler | None:
    """The method that made a plan; None where the model fills, which is said where another method made it.

    Words are a wish to the model, and a cut has holes at places that no method has planned for. A method that learned
    needs its checkpoint again.

    Raises:
        UsageError, WeightsError: the method cannot be had with this checkpoint.
    """
    asked = settings_of_plan(plan)
    if asked.method == SSMP:
        return None
    why = _why_not(edits, find)
    if not why and asked.checkpoint is not None and checkpoint is None:
        why = f"it needs its checkpoint, {asked.checkpoint}: see --checkpoint"
    if why or find is None:
        session.progress.note(f"the plan was made by {asked.method}; what is open is filled by the model, {why}")
        return None
    return find(session, replace(asked, checkpoint=checkpoint))


def sources_of(plan: Plan, film: AnalysedFilm, music: Path | None) -> Sources:
    """The sources of a plan: its film as analysed, the music where it is now, and where its words are."""
    lines = Settings.from_provenance(plan.provenance.settings).narration
    known = plan.narration.subtitles if plan.narration else None
    if lines.subtitles is not None and known is not None:
        lines = replace(lines, subtitles=Path(known.path))
    return Sources(film, music or Path(plan.music.path), lines, plan.sound)


def _why_not(edits: Edits, find: FindFiller | None) -> str:
    """The reason why the method is not asked; empty if there is none."""
    if find is None:
        return "no other method is at hand"
    if edits.cut is not None:
        return "as the holes of a cut are"
    return "which alone goes by words" if edits.more or edits.less else ""
