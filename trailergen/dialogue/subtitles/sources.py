"""Sources of a film's words: a file of their own, or a stream of the film's, read once."""

from __future__ import annotations

from dataclasses import astuple
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from trailergen.dialogue.subtitles.cues import Cue, read_subtitles
from trailergen.dialogue.subtitles.embedded import embedded_subtitles, sound_language
from trailergen.errors import TrailergenError
from trailergen.plans import Plan, Subtitles
from trailergen.plans.paths import named_path
from trailergen.runtime.cache import Entry

if TYPE_CHECKING:
    from trailergen.media.probe import FilmInfo
    from trailergen.session import Session
    from trailergen.settings.narration import NarrationSettings

VERSION = 1


def find_cues(
    session: Session, plan: Plan, film: FilmInfo, settings: NarrationSettings
) -> tuple[Subtitles, list[Cue]] | None:
    """The subtitles that are asked for, or that the film holds; None where there are none.

    Raises:
        InputError: the file cannot be read, or is none.
        UsageError: the film has no such subtitles.
    """
    if settings.subtitles is not None:
        return _from_file(session, plan, settings.subtitles)
    return _from_film(session, plan, film, settings.track)


def reread_cues(session: Session, plan: Plan, film: FilmInfo | None) -> list[Cue]:
    """The cues that a plan's lines were chosen from; none where they are no longer there, or are others."""
    known = plan.narration.subtitles if plan.narration else None
    try:
        if known is None:
            return []
        if known.stream is not None:
            found = film and _from_film(session, plan, film, str(known.stream))
        else:
            found = _from_file(session, plan, Path(known.path))
    except TrailergenError:
        return []
    return found[1] if found and found[0].sha256 == known.sha256 else []


def _from_file(session: Session, plan: Plan, path: Path) -> tuple[Subtitles, list[Cue]]:
    cues = read_subtitles(path, plan.film.rate)
    return Subtitles(path=named_path(path), sha256=session.cache.fingerprint(path)), cues


def _from_film(session: Session, plan: Plan, film: FilmInfo, track: str | None) -> tuple[Subtitles, list[Cue]] | None:
    """From the film's file, all of which is read for it: kept in the cache."""

    def make() -> Entry:
        language = sound_language(film, plan.sound.track)
        with session.progress.stage("subtitles"):
            found = embedded_subtitles(film, track, language, session.progress.note)
        stream, cues = found or (None, [])
        return Entry({"stream": stream, "cues": [_plain(cue) for cue in cues]}, {})

    wish = {"film": plan.film.sha256, "track": track, "sound": plan.sound.track}
    facts = session.cache.result(session.cache.key("subtitles", VERSION, wish), make).facts
    if not facts["cues"]:
        return None
    cues = [Cue(cue[0], Fraction(cue[1]), Fraction(cue[2]), *cue[3:]) for cue in facts["cues"]]
    return Subtitles(path=plan.film.path, sha256=plan.film.sha256, stream=facts["stream"]), cues


def _plain(cue: Cue) -> list[object]:
    return [str(value) if isinstance(value, Fraction) else value for value in astuple(cue)]
