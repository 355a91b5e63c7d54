"""Subtitles inside a film."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av.error
from av.container import InputContainer
from av.packet import Packet
from av.stream import Disposition
from av.subtitles.stream import SubtitleStream
from av.subtitles.subtitle import AssSubtitle, SubtitleSet

from trailergen.dialogue.subtitles.cues import Cue, clean_cues, left_out
from trailergen.dialogue.subtitles.raw import Reading
from trailergen.dialogue.subtitles.substation import is_sign, without_drawings
from trailergen.errors import UsageError
from trailergen.media.container import open_media
from trailergen.media.languages import distance, same_language
from trailergen.media.probe import FilmInfo

_PICTURES = {"hdmv_pgs_subtitle", "dvd_subtitle", "dvb_subtitle", "xsub", "pgssub", "dvdsub", "dvbsub"}
_FIELDS = 9  # ReadOrder, Layer, Style, Name, three margins, Effect; the rest is text, commas and all


def embedded_subtitles(
    film: FilmInfo, wanted: str | None = None, language: str | None = None, note: Callable[[str], None] = lambda _: None
) -> tuple[int, list[Cue]] | None:
    """The subtitles in a film's own file: the index of their stream, and the cues, in time from its first picture.

    Without a wish, those in ``language`` if there are any, then those flagged as default, neither forced nor for the
    hard of hearing if others are there; streams without a word count for nothing. The whole file is read, but no
    picture of it decoded.

    Args:
        film: as probed.
        wanted: index of a stream in the file, or a language like ``en`` or ``eng``.
        language: preferred where nothing is wanted.
        note: is told which streams nobody here can read, and what was left out of the one that is taken.

    Returns:
        None where the film has none with words.

    Raises:
        InputError: the film cannot be read.
        UsageError: what is wanted is not there, or cannot be read.
    """
    with open_media(film.path) as container:
        streams = list(container.streams.subtitles)
        texts = [stream for stream in streams if _obstacle(stream) is None]
        if closed := [stream for stream in streams if stream not in texts]:
            note(f"subtitles that cannot be read: {', '.join(map(_closed_name, closed))}")
        ranked = sorted(texts, key=lambda stream: _rank(stream, language))
        if wanted is not None:
            ranked = [_asked(film.path, ranked, closed, wanted.strip())]
        readings = _decode(container, ranked, film.origin * film.time_base)
    for stream, reading in zip(ranked, readings, strict=True):
        # Only what becomes of the stream that is taken is worth telling.
        told: list[str] = []
        if reading.unread:
            told.append(
                left_out(f"cues of stream {stream.index} that cannot be read", len(reading.unread), reading.unread[0])
            )
        if cues := clean_cues(reading.cues, told.append):
            for text in told:
                note(text)
            return stream.index, cues
        note(f"stream {stream.index} holds subtitles, but nothing is said in them")
    return None


def sound_language(film: FilmInfo, track: int | None) -> str | None:
    """The language that a film's sound is tagged with: of stream ``track``, or of the best. Raises InputError."""
    with open_media(film.path) as container:
        best = container.streams.best("audio")
        stream = next((s for s in container.streams.audio if s.index == track), best)
        language = stream.language if stream is not None else None
        return None if language in (None, "und") else language


def _asked(path: Path, texts: list[SubtitleStream], closed: list[SubtitleStream], wanted: str) -> SubtitleStream:
    """The stream that is meant by an index or a language, of streams the best first. Raises UsageError."""

    def named(streams: list[SubtitleStream]) -> list[SubtitleStream]:
        if wanted.isdecimal():
            return [stream for stream in streams if stream.index == int(wanted)]
        return [stream for stream in streams if same_language(stream.language, wanted)]

    if found := named(texts):
        return min(found, key=lambda stream: 0 if wanted.isdecimal() else distance(stream.language, wanted))
    hint = "name one of them with --subtitle-track, or a file with --subtitles"
    there = ", ".join(f"{stream.index} ({stream.language or 'no language'})" for stream in _in_order(texts))
    why = f"its subtitles with text are {there}" if there else "it has none with text"
    if unreadable := named(closed):
        raise UsageError(f"the subtitles {wanted!r} of {path} cannot be read: {_closed_name(unreadable[0])}", why, hint)
    raise UsageError(f"{path} has no subtitles {wanted!r}", why, hint)


def _in_order(streams: list[SubtitleStream]) -> list[SubtitleStream]:
    return sorted(streams, key=lambda stream: stream.index)


def _rank(stream: SubtitleStream, language: str | None) -> tuple[bool, bool, bool, int, bool, int]:
    flags = stream.disposition
    near = language is not None and same_language(stream.language, language)
    return (
        language is not None and not near,
        bool(flags & Disposition.forced),  # signs in other languages only
        bool(flags & Disposition.hearing_impaired),
        distance(stream.language, language) if near and language else 0,
        not flags & Disposition.default,
        stream.index,
    )


def _obstacle(stream: SubtitleStream) -> str | None:
    """Why nobody can read a stream; None where it can be read."""
    # A codec that this ffmpeg does not have gives no context.
    if stream.codec_context is None:
        return "no decoder for it"
    name = stream.codec_context.name
    return f"{name}, which is pictures" if name in _PICTURES else None


def _closed_name(stream: SubtitleStream) -> str:
    language = f", {stream.language}" if stream.language else ""
    return f"stream {stream.index} ({_obstacle(stream)}{language})"


def _decode(container: InputContainer, streams: list[SubtitleStream], zero: Fraction) -> list[Reading]:
    """The cues of each stream, counted from ``zero``."""
    found = {stream.index: Reading("subtitles of the film") for stream in streams}
    if streams:
        for packet in container.demux(*streams):
            if packet.pts is not None and packet.time_base is not None:
                _add(found[packet.stream.index], packet, zero)
    return [found[stream.index] for stream in streams]


def _add(reading: Reading, packet: Packet, zero: Fraction) -> None:
    """Add a packet's cues."""
    start = Fraction(packet.pts or 0) * Fraction(packet.time_base) - zero
    end = start + packet.duration * Fraction(packet.time_base) if packet.duration else None
    try:
        decoded = list(packet.decode())
    except av.error.FFmpegError:  # a damaged cue among good ones
        reading.unread.append(f"at {float(start):.3f} s")
        return
    for item in decoded:
        for part in item if isinstance(item, SubtitleSet) else (item,):
            if isinstance(part, AssSubtitle):
                fields = part.ass.decode("utf-8", "replace").split(",", _FIELDS - 1)
                style, effect, text = (
                    (fields[2], fields[7], fields[8]) if len(fields) == _FIELDS else ("", "", fields[-1])
                )
                reading.add(start, end, without_drawings(text), is_sign(text, style, effect))
