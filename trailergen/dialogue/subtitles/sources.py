"""Sources of a film's words: a file of their own, a stream of the film's, or captions in its pictures; read once."""

from __future__ import annotations

from dataclasses import astuple, dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from trailergen.dialogue.subtitles.captions import read_captions
from trailergen.dialogue.subtitles.clock import clock_zero
from trailergen.dialogue.subtitles.cues import Cue, Note, left_out, read_subtitles
from trailergen.dialogue.subtitles.embedded import embedded_subtitles, first_with_words, sound_language
from trailergen.errors import TrailergenError, UsageError
from trailergen.media.container import open_media
from trailergen.plans import Film, Plan, Sound, Subtitles
from trailergen.plans.paths import named_path
from trailergen.runtime.cache import Entry
from trailergen.stages import known_shots
from trailergen.timebase import format_time

if TYPE_CHECKING:
    from trailergen.media.probe import FilmInfo
    from trailergen.session import Session
    from trailergen.settings.narration import NarrationSettings

VERSION = 3

_Found = tuple[Subtitles, list[Cue]]


class Spoken(Protocol):
    """A film whose words are wanted, and the sound that they are said in: a plan is one."""

    @property
    def film(self) -> Film:
        """As a plan names it."""
        ...

    @property
    def sound(self) -> Sound:
        """Of which ``track`` counts."""
        ...


@dataclass(frozen=True)
class FilmAndSound:
    """A film whose words are wanted before there is a plan of it: ``Spoken``."""

    film: Film
    sound: Sound


def find_cues(session: Session, plan: Spoken, film: FilmInfo, settings: NarrationSettings) -> _Found | None:
    """The subtitles that are asked for, or that the film holds, in time from its first picture; None without any.

    Raises:
        InputError: the file cannot be read, or is none.
        UsageError: the film has no such subtitles.
    """
    note = session.progress.note
    if settings.subtitles is not None:
        found: _Found | None = _from_file(session, plan, film, settings.subtitles, note)
    else:
        found = _from_film(session, plan, film, settings.track, note)
    return found and _moved(plan, found, settings.subtitle_offset or 0.0, note)


def reread_cues(session: Session, plan: Plan, film: FilmInfo | None) -> list[Cue]:
    """The cues that a plan's lines were chosen from; none where they are no longer there, or are others."""
    known = plan.narration.subtitles if plan.narration else None
    try:
        if known is None:
            return []
        if known.stream is not None:
            found = film and _from_film(session, plan, film, str(known.stream), _silent)
        else:
            found = _from_file(session, plan, film, Path(known.path), _silent)
    except TrailergenError:
        return []
    if not found or found[0].sha256 != known.sha256:
        return []
    return _moved(plan, found, known.offset, _silent)[1]


def _silent(_: str) -> None:
    """Takes notes that were given when the lines were chosen."""


def _moved(plan: Spoken, found: _Found, offset: float, note: Note) -> _Found:
    """The cues that lie in the film, ``offset`` seconds later."""
    subtitles, cues = found
    later, length = Fraction(str(offset)), plan.film.frames / plan.film.rate
    moved = [replace(cue, start=max(cue.start + later, Fraction(0)), end=cue.end + later) for cue in cues]
    inside = [cue for cue in moved if cue.end > 0 and cue.start < length]
    if missed := [cue for cue in cues if not (cue.end + later > 0 and cue.start + later < length)]:
        said = f"{format_time(missed[0].start + later)} {missed[0].text}"
        note(left_out("cues before the film's beginning or after its end", len(missed), said))
    if cues and not inside:
        note("no cue of the subtitles lies in the film: --subtitle-offset moves them all")
    return subtitles.model_copy(update={"offset": offset}), inside


def _from_file(session: Session, plan: Spoken, film: FilmInfo | None, path: Path, note: Note) -> _Found:
    cues = read_subtitles(path, plan.film.rate, note)
    zero = clock_zero(film, note) if film is not None else Fraction(0)
    counted = [replace(cue, start=cue.start + zero, end=cue.end + zero) for cue in cues]
    return Subtitles(path=named_path(path), sha256=session.cache.fingerprint(path)), counted


def _from_film(session: Session, plan: Spoken, film: FilmInfo, track: str | None, note: Note) -> _Found | None:
    """From the film's file, all of which is read for it: kept in the cache."""

    def make() -> Entry:
        notes: list[str] = []
        language = sound_language(film, plan.sound.track)
        with session.progress.stage("subtitles"):
            found = _inside(session, film, track, language, notes.append)
        stream, cues = found or (None, [])
        return Entry({"stream": stream, "cues": [_plain(cue) for cue in cues], "notes": notes}, {})

    wish = {"film": plan.film.sha256, "track": track, "sound": plan.sound.track}
    facts = session.cache.result(session.cache.key("subtitles", VERSION, wish), make).facts
    for text in facts["notes"]:
        note(text)
    if not facts["cues"]:
        return None
    cues = [Cue(cue[0], Fraction(cue[1]), Fraction(cue[2]), *cue[3:]) for cue in facts["cues"]]
    return Subtitles(path=plan.film.path, sha256=plan.film.sha256, stream=facts["stream"]), cues


def _inside(
    session: Session, film: FilmInfo, track: str | None, language: str | None, note: Note
) -> tuple[int, list[Cue]] | None:
    """The index of the stream that is meant, and its cues: of subtitles, else of pictures with captions in them."""
    with open_media(film.path) as container:
        pictures = container.streams.video[film.stream].index
    if track is None or track.strip() != str(pictures):
        found = embedded_subtitles(film, track, language, note)
        if found is not None or track is not None:
            return found
    captions = known_shots(session, film.path).analysis.captions
    if captions.second:
        note(f"captions in the second field of the pictures of stream {pictures} (CC3) are not read")
    if captions.digital and not captions.at.size:
        note(f"captions in the pictures of stream {pictures} are of CEA-708 alone, which cannot be read")
    if not captions.at.size:
        if track is None:
            return None
        raise UsageError(f"{film.path} has no subtitles {track!r}", "its pictures have no captions that can be read")
    note(f"the subtitles are the captions in the pictures of stream {pictures} (CC1)")
    return first_with_words({pictures: read_captions(captions, film.time_base)}, note)


def _plain(cue: Cue) -> list[object]:
    """All but the edges of words, which subtitles do not have."""
    return [str(value) if isinstance(value, Fraction) else value for value in astuple(cue)[:-1]]
