"""What belongs to a plan: the words of its film, and the folders of its files."""

from __future__ import annotations

from pathlib import Path

from trailergen.edit.reopen import Reopened
from trailergen.errors import TrailergenError
from trailergen.media.probe import FilmInfo
from trailergen.plans import Plan
from trailergen.session import Session


def folders_of(path: Path, plan: Plan, known: Reopened, session: Session, checkpoint: Path | None) -> set[Path]:
    """The folders of the files that a desk's messages may be about, beside those that may be chosen."""
    files = [path, known.film.info.path, *map(Path, (plan.film.path, plan.music.path))]
    fonts = [Path(card.font) for card in plan.cards if card.font]
    words = [Path(plan.narration.subtitles.path)] if plan.narration and plan.narration.subtitles else []
    given = [checkpoint] if checkpoint else []
    return {session.cache.root, *(file.parent for file in (*files, *fonts, *words, *given))}


def cues_of(session: Session, plan: Plan, film: FilmInfo) -> list[tuple[float, float, str]]:
    """The words of the film: those of its lines' subtitles, else those in its file."""
    from trailergen.dialogue.subtitles.sources import find_cues, reread_cues
    from trailergen.settings.narration import NarrationSettings

    found = reread_cues(session, plan, film)
    if not found:
        try:
            embedded = find_cues(session, plan, film, NarrationSettings())
        except TrailergenError:
            embedded = None
        found = embedded[1] if embedded else []
    return [(float(cue.start), float(cue.end), cue.text) for cue in found]
