"""What lies beside a plan: the music that may be chosen, the words of its film, and the folders of all its files."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

from trailergen.edit.reopen import Reopened
from trailergen.errors import TrailergenError
from trailergen.media.probe import FilmInfo
from trailergen.plans import Plan
from trailergen.session import Session

_TRACKS = (".aac", ".aif", ".aiff", ".flac", ".m4a", ".mp3", ".oga", ".ogg", ".opus", ".wav")


def folders_of(
    path: Path, plan: Plan, known: Reopened, session: Session, checkpoint: Path | None, tracks: Mapping[str, Path]
) -> set[Path]:
    """The folders of all the files that a desk's messages may be about."""
    files = [path, known.film.info.path, *map(Path, (plan.film.path, plan.music.path)), *tracks.values()]
    fonts = [Path(card.font) for card in plan.cards if card.font]
    words = [Path(plan.narration.subtitles.path)] if plan.narration and plan.narration.subtitles else []
    given = [checkpoint] if checkpoint else []
    return {session.cache.root, *(file.parent for file in (*files, *fonts, *words, *given))}


def tracks_of(path: Path, plan: Plan) -> dict[str, Path]:
    """The pieces of music that may be chosen, by an id: those beside the plan's music, and beside the plan."""
    folders = dict.fromkeys((Path(plan.music.path).parent.resolve(), path.parent.resolve()))
    found = [
        track
        for folder in folders
        if folder.is_dir()
        for track in sorted(folder.iterdir())
        if track.suffix.lower() in _TRACKS and track.is_file()
    ]
    return {hashlib.sha256(str(track).encode(errors="surrogateescape")).hexdigest()[:12]: track for track in found}


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
