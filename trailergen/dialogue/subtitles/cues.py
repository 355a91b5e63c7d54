"""Subtitle files: what is said in a film, and when."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

from trailergen.dialogue.subtitles.adverts import is_advert
from trailergen.dialogue.subtitles.blocks import is_blocks, read_blocks
from trailergen.dialogue.subtitles.frames import is_frames, read_frames
from trailergen.dialogue.subtitles.raw import RawCue, Reading
from trailergen.dialogue.subtitles.rolling import unroll
from trailergen.dialogue.subtitles.scenarist import is_scenarist, read_scenarist
from trailergen.dialogue.subtitles.spoken import lines_of, spoken
from trailergen.dialogue.subtitles.substation import is_substation, read_substation
from trailergen.dialogue.subtitles.text import HINT, subtitle_text
from trailergen.dialogue.subtitles.timed_text import is_timed_text, read_timed_text
from trailergen.errors import InputError

_PLACED = Fraction(15, 100)
"""Of the time in which something is shown, without a place of its own: with less of it, places say nothing."""
_READ_S, _SHORTEST_S, _LONGEST_S = Fraction(6, 100), Fraction(6, 5), Fraction(6)
"""Seconds to read a character, and a cue at least and at most."""

Note = Callable[[str], None]


@dataclass(frozen=True)
class Cue:
    """Something said from ``start`` to ``end``, in seconds.

    ``number`` counts the cues of the file from 0, those without words too. ``text`` is one line of plain text;
    ``speakers`` how many take turns in it; ``sung`` where it is a song's. Where words have times, ``between`` is from
    the end of the word before to the start of the word after, and start and end are edges of words; else None.
    """

    number: int
    start: Fraction
    end: Fraction
    text: str
    speakers: int = 1
    sung: bool = False
    between: tuple[Fraction, Fraction] | None = None


def read_subtitles(path: Path, rate: Fraction | None = None, note: Note = lambda _: None) -> list[Cue]:
    """The cues of a subtitle file in the order of time: SubRip, WebVTT, SubStation, TTML, SCC and others.

    Of any encoding. Repeated cues are left out, and so are those without words; they may overlap.

    Args:
        path: the file; its zero is that of the film's clock, see clock.py.
        rate: frames a second, for formats that count frames.
        note: is told what was left out, other than what has no words.

    Raises:
        InputError: it is missing, empty, binary, too large, of no known format, or has no cue.
    """
    found = _reading(path, subtitle_text(path), rate)
    if found.unread:
        note(left_out(f"cues of {path.name} that cannot be read", len(found.unread), found.unread[0]))
    cues = clean_cues(found.cues, lambda text: note(f"{path.name}: {text}"))
    if not cues:
        raise InputError(f"nothing is said in {path}", f"it was read as {found.form}, and no cue has words", HINT)
    return cues


def clean_cues(raw: Sequence[RawCue], note: Note = lambda _: None) -> list[Cue]:
    """Cues sorted by time: signs, drawings, adverts, and what cues repeat of the one before are left out."""
    cues: dict[tuple[Fraction, Fraction, str], Cue] = {}
    adverts: list[str] = []
    for cue in unroll(_timed(_without_signs(raw, note), note)):
        said = spoken(cue.text)
        if not said.text or cue.end is None:
            continue
        if is_advert(said.text):
            adverts.append(said.text)
            continue
        known = Cue(cue.number, cue.start, cue.end, said.text, said.speakers, said.sung)
        cues.setdefault((cue.start, cue.end, said.text), known)
    if adverts:
        note(left_out("adverts of the subtitles' makers", len(adverts), adverts[0]))
    return sorted(cues.values(), key=lambda cue: (cue.start, cue.end, cue.number))


def left_out(what: str, count: int, first: str) -> str:
    """A sentence about things that were left out."""
    return f"left out, {what}: {count}, the first is {first[:120]!r}"


def _reading(path: Path, text: str, rate: Fraction | None) -> Reading:
    """Raises InputError."""
    try:
        if is_timed_text(text):
            return read_timed_text(text, rate)
        if is_scenarist(text):
            return read_scenarist(text)
        if is_substation(text):
            return read_substation(text)
        if not re.match(r"\s*(<|[\[{]\s*[\"{])", text):
            if is_frames(text):
                found = read_frames(text, rate)
                if found is None:
                    raise InputError(f"{path} counts frames, and does not say how many a second", hint=HINT)
                return found
            if is_blocks(text):
                return read_blocks(text, rate)
        return _others(text, rate)
    except InputError:
        raise
    except Exception as error:  # the library's readers let through whatever they come upon in a damaged file
        raise InputError(f"{path} holds no subtitles that can be read", str(error).partition("\n")[0], HINT) from error


def _others(text: str, rate: Fraction | None) -> Reading:
    """Read by pysubs2: SAMI, MPL2, TMPlayer, Whisper's and its own JSON. Raises whatever its readers do."""
    import pysubs2

    # It warns of times it cannot write; nothing is written.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        events = pysubs2.SSAFile.from_string(text, fps=float(rate) if rate else None, keep_html_tags=True)
    found = Reading(str(events.format))
    for event in events:
        if not event.is_comment:
            found.add(Fraction(event.start, 1000), Fraction(event.end, 1000), event.text)
    if found.form in ("mpl2", "tmp"):  # a line a cue
        lines = [line for line in text.split("\n") if line.strip()]
        found.unread.extend(line.strip()[:80] for line in lines if not re.match(r"\s*(\[\d+\]|\d+:\d+:\d+)", line))
    return found


def _without_signs(raw: Sequence[RawCue], note: Note) -> list[RawCue]:
    """The cues that are subtitles; where nearly all have places of their own, as closed captions do, all of them."""
    worded = [cue for cue in raw if lines_of(cue.text)]
    signs = [cue for cue in worded if cue.aside]
    plain = sum((_length(cue) for cue in worded if not cue.aside), Fraction(0))
    whole = plain + sum((_length(cue) for cue in signs), Fraction(0))
    if not signs or plain < _PLACED * whole:
        return worded
    note(left_out("signs on the picture", len(signs), _words(signs[0])))
    return [cue for cue in worded if not cue.aside]


def _timed(raw: Sequence[RawCue], note: Note) -> list[RawCue]:
    """The cues with an end: of those that have none the next one's start, or when they can have been read."""
    if empty := [cue for cue in raw if cue.end == cue.start]:
        note(left_out("cues that last no time", len(empty), _words(empty[0])))
    lasting = sorted((cue for cue in raw if cue.end != cue.start), key=lambda cue: (cue.start, cue.number))
    if mended := [cue for cue in lasting if cue.end is None]:
        first = _words(mended[0])[:120]
        note(f"cues without an end, or with one before their beginning: {len(mended)}, the first is {first!r}")
    starts = [*(cue.start for cue in lasting[1:]), None]
    return [
        cue if cue.end is not None else replace(cue, end=_end(cue, following))
        for cue, following in zip(lasting, starts, strict=False)
    ]


def _end(cue: RawCue, following: Fraction | None) -> Fraction:
    read = cue.start + min(max(len(_words(cue)) * _READ_S, _SHORTEST_S), _LONGEST_S)
    return min(read, following) if following is not None and following > cue.start else read


def _words(cue: RawCue) -> str:
    return " ".join(lines_of(cue.text))


def _length(cue: RawCue) -> Fraction:
    return (cue.end if cue.end is not None else cue.start) - cue.start
