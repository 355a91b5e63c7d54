"""The words of a film, wherever they come from: subtitles, a transcript made elsewhere, or the film's own sound."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from trailergen.dialogue.subtitles.clock import clock_zero
from trailergen.dialogue.subtitles.cues import Cue, read_subtitles
from trailergen.dialogue.subtitles.sources import Spoken, find_cues, reread_cues
from trailergen.dialogue.transcripts.files import SUFFIX, read_transcript
from trailergen.dialogue.transcripts.models import (
    SPACE,
    Model,
    find_model,
    installed_model,
    require_engine,
    require_files,
    why_none,
)
from trailergen.dialogue.transcripts.sentences import sentence_cues
from trailergen.dialogue.transcripts.transcribe import SpokenFilm, transcribe
from trailergen.errors import TrailergenError, UsageError
from trailergen.plans import Plan, Range, Subtitles, span
from trailergen.plans.paths import named_path
from trailergen.runtime.places import is_file
from trailergen.settings.narration import NarrationSettings
from trailergen.stages import known_shots, read_film
from trailergen.timebase import format_time
from trailergen.weights import find_weights
from trailergen.weights.verify import missing

if TYPE_CHECKING:
    from trailergen.dialogue.transcripts.words import Transcript
    from trailergen.media.probe import FilmInfo
    from trailergen.session import Session
    from trailergen.stages import AnalysedFilm

FROM_FILE = "file"
"""The transcript's source in a plan where it was made elsewhere; else it is the model's name."""


@dataclass(frozen=True)
class Words:
    """The cues of a film in seconds from its first picture, their source, and film frames that are closed to lines."""

    source: Subtitles
    cues: list[Cue]
    closed: tuple[Range, ...] = ()


def find_words(session: Session, plan: Spoken, film: FilmInfo, settings: NarrationSettings) -> Words | None:
    """What is said in a film: by the file or the model that is asked for, else its subtitles, else, where a model is
    installed, by that; None, with a note, where there is nothing.

    Raises:
        InputError: a file or the film's sound cannot be read.
        UsageError: the film has no such subtitles, faster-whisper is missing, or the model does not know the language.
        WeightsError: the model is missing or damaged.
    """
    asked, note = settings.transcribe, session.progress.note
    if isinstance(asked, Path) and not asked.is_dir():
        if asked.suffix.lower() == SUFFIX:
            return _from_transcript(session, plan, film, settings, asked)
        settings = replace(settings, subtitles=asked, transcribe="off")
    elif asked not in ("auto", "off"):
        return _from_sound(session, plan, film, settings, find_model(asked, session.cache))
    found = find_cues(session, plan, film, settings)
    if found is not None:
        return Words(*found)
    model = installed_model(session.cache) if settings.transcribe == "auto" else None
    if model is not None:
        return _from_sound(session, plan, film, settings, model)
    more = "" if settings.transcribe == "off" else f"; {why_none()} lets them be written down from its sound"
    note(f"no lines: the film has no subtitles of its own that can be read, --subtitles names a file of them{more}")
    return None


def film_words(session: Session, plan: Spoken, film: FilmInfo, settings: NarrationSettings) -> Words | None:
    """``find_words`` of a film that need not have sound, whose words are wanted whether they will be heard or not."""
    written = isinstance(settings.transcribe, Path) and not settings.transcribe.is_dir()
    silent = not film.has_audio and not written
    return find_words(session, plan, film, replace(settings, transcribe="off") if silent else settings)


def reread_words(session: Session, plan: Plan, film: FilmInfo | None) -> list[Cue]:
    """The cues that a plan's lines were chosen from; none where they are no longer there, or are others."""
    known = plan.narration.subtitles if plan.narration else None
    if known is None or known.transcript is None:
        return reread_cues(session, plan, film)
    settings = NarrationSettings(subtitle_offset=known.offset or None, spoken_language=known.language)
    try:
        if film is None:
            return []
        if known.transcript == FROM_FILE:
            found = _from_transcript(session, plan, film, settings, Path(known.path))
        else:
            found = _from_sound(session, plan, film, settings, find_model(model_named(known.transcript), session.cache))
    except TrailergenError:
        return []
    return found.cues if found and found.source.sha256 == known.sha256 else []


def check_transcribe(settings: NarrationSettings) -> None:
    """Find out before any work what cannot be transcribed. Raises InputError, UsageError and WeightsError."""
    asked = settings.transcribe
    if settings.lines in ("off", 0) or asked in ("auto", "off"):
        return
    if isinstance(asked, Path):
        if asked.is_dir():
            require_engine()
            require_files(asked)
        elif asked.suffix.lower() == SUFFIX:
            read_transcript(asked)
        else:
            read_subtitles(asked, Fraction(25))
        return
    require_engine()
    weights = find_weights(asked)
    if weights.feature_space == SPACE and not is_file(weights.path):
        raise missing(weights)
    if weights.feature_space != SPACE:
        raise UsageError(f"{asked} is no model of speech recognition", hint="`trailergen weights list` shows some")


def model_named(transcript: str) -> str | Path:
    """The model that a plan's ``transcript`` names: a folder, or a name of the weights' index."""
    return Path(transcript) if any(separator in transcript for separator in "/\\") else transcript


def _from_transcript(session: Session, plan: Spoken, film: FilmInfo, settings: NarrationSettings, path: Path) -> Words:
    heard = known_shots(session, film.path)
    zero = clock_zero(film, session.progress.note) + Fraction(str(settings.subtitle_offset or 0))
    # Words that the detector hears nobody say are another film's, or made up; of another track it knows nothing.
    sound = heard.analysis.sound if plan.sound.track is None else None
    transcript = read_transcript(path, sound, zero)
    source = Subtitles(
        path=named_path(path),
        sha256=session.cache.fingerprint(path),
        offset=settings.subtitle_offset or 0.0,
        transcript=FROM_FILE,
        language=transcript.language,
    )
    return _words(session, plan, heard, source, transcript)


def _from_sound(session: Session, plan: Spoken, film: FilmInfo, settings: NarrationSettings, model: Model) -> Words:
    heard = known_shots(session, film.path)
    end = plan.film.frames / plan.film.rate
    spoken = SpokenFilm(film, plan.film.sha256, plan.sound.track, end, heard.analysis.sound)
    transcript = transcribe(session, spoken, model, settings.spoken_language)
    own = isinstance(settings.transcribe, Path)
    source = Subtitles(
        path=plan.film.path,
        sha256=plan.film.sha256,
        transcript=named_path(model.folder) if own else model.name,
        language=transcript.language,
    )
    return _words(session, plan, heard, source, transcript)


def _words(session: Session, plan: Spoken, film: AnalysedFilm, source: Subtitles, transcript: Transcript) -> Words:
    """Cues of the words that lie in the film. Nothing after the film's guard is for a trailer (readings/acts.py)."""
    length = plan.film.frames / plan.film.rate
    inside = [word for word in transcript.words if word.end <= length]
    if missed := len(transcript.words) - len(inside):
        at = format_time(next(word.start for word in transcript.words if word.end > length))
        session.progress.note(f"left out, words after the film's end: {missed}, the first at {at}")
    if not inside:
        session.progress.note("nobody speaks in the film: no word was heard")
    guard = read_film(session, film).guard
    shots = film.analysis.shots  # the plan may have those of a list
    closed = (span(shots[guard].frame_in, plan.film.frames),) if guard < len(shots) else ()
    return Words(source, sentence_cues(inside), closed)
