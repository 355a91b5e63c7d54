"""Subtitles inside a film."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path

import av.error
from av.container import InputContainer
from av.stream import Disposition
from av.subtitles.stream import SubtitleStream
from av.subtitles.subtitle import AssSubtitle, SubtitleSet

from trailergen.dialogue.subtitles.cues import Cue, clean_cues
from trailergen.errors import UsageError
from trailergen.media.container import open_media
from trailergen.media.probe import FilmInfo
from trailergen.media.tracks import speaks

_PICTURES = {"hdmv_pgs_subtitle", "dvd_subtitle", "dvb_subtitle", "xsub", "pgssub", "dvdsub", "dvbsub"}


def embedded_subtitles(
    film: FilmInfo, wanted: str | None = None, language: str | None = None, note: Callable[[str], None] = lambda _: None
) -> tuple[int, list[Cue]] | None:
    """The subtitles in a film's own file: the index of their stream, and the cues, in time from its first picture.

    Without a wish, those in ``language`` if there are any, then those flagged as default, neither forced nor for the
    hard of hearing if others are there. The whole file is read, but no picture of it decoded.

    Args:
        film: as probed.
        wanted: index of a stream in the file, or a language like ``en`` or ``eng``.
        language: preferred where nothing is wanted.
        note: is told which streams are pictures of text, that nobody here can read.

    Returns:
        None where the film has none with words.

    Raises:
        InputError: the film cannot be read.
        UsageError: what is wanted is not there.
    """
    with open_media(film.path) as container:
        streams = container.streams.subtitles
        texts = [stream for stream in streams if _codec(stream) not in _PICTURES]
        if pictures := [stream for stream in streams if stream not in texts]:
            names = ", ".join(f"{stream.index} ({_codec(stream)})" for stream in pictures)
            note(f"subtitles that are pictures cannot be read: stream {names}")
        stream = _asked(film.path, texts, wanted) if wanted is not None else _best(texts, language)
        if stream is None:
            return None
        zero = film.origin * film.time_base
        cues = clean_cues(
            (number, start - zero, end - zero, text)
            for number, (start, end, text) in enumerate(_decode(container, stream))
        )
        return (stream.index, cues) if cues else None


def sound_language(film: FilmInfo, track: int | None) -> str | None:
    """The language that a film's sound is tagged with: of stream ``track``, or of the best. Raises InputError."""
    with open_media(film.path) as container:
        best = container.streams.best("audio")
        stream = next((s for s in container.streams.audio if s.index == track), best)
        language = stream.language if stream is not None else None
        return None if language in (None, "und") else language


def _asked(path: Path, streams: list[SubtitleStream], wanted: str) -> SubtitleStream:
    wanted = wanted.strip()
    if wanted.isdecimal():
        found = [stream for stream in streams if stream.index == int(wanted)]
    else:
        found = [stream for stream in streams if stream.language and speaks(stream, wanted)]
    best = _best(found, None)
    if best is None:
        there = ", ".join(f"{stream.index} ({stream.language or 'no language'})" for stream in streams)
        raise UsageError(
            f"{path} has no subtitles {wanted!r}",
            f"its subtitles with text are {there}" if there else "it has none with text",
            "name one of them with --subtitle-track, or a file with --subtitles",
        )
    return best


def _best(streams: list[SubtitleStream], language: str | None) -> SubtitleStream | None:
    def rank(stream: SubtitleStream) -> tuple[bool, bool, bool, bool, int]:
        flags = stream.disposition
        return (
            language is not None and not speaks(stream, language),
            bool(flags & Disposition.forced),  # signs in other languages only
            bool(flags & Disposition.hearing_impaired),
            not flags & Disposition.default,
            stream.index,
        )

    return min(streams, key=rank, default=None)


def _codec(stream: SubtitleStream) -> str:
    # A codec that this ffmpeg does not have gives no context.
    return stream.codec_context.name if stream.codec_context is not None else "unknown"


def _decode(container: InputContainer, stream: SubtitleStream) -> Iterator[tuple[Fraction, Fraction, str]]:
    for packet in container.demux(stream):
        if packet.pts is None or not packet.duration or packet.time_base is None:
            continue
        try:
            decoded = list(packet.decode())
        except av.error.FFmpegError:
            continue  # a damaged cue among good ones
        start = packet.pts * packet.time_base
        for item in decoded:
            for part in item if isinstance(item, SubtitleSet) else (item,):
                if isinstance(part, AssSubtitle):
                    # ReadOrder, Layer, Style, Name, three margins, Effect; the rest is text, commas and all.
                    fields = part.ass.decode("utf-8", "replace").split(",", 8)
                    yield start, start + packet.duration * packet.time_base, fields[-1]
