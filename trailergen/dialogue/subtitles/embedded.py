"""Subtitles inside a film: streams of text, of captions (CEA-608) and of documents (TTML)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av.error
from av.container import InputContainer
from av.packet import Packet
from av.stream import Disposition
from av.subtitles.stream import SubtitleStream
from av.subtitles.subtitle import AssSubtitle, SubtitleSet

from trailergen.dialogue.subtitles.captions import read_captions
from trailergen.dialogue.subtitles.cues import Cue, clean_cues, left_out
from trailergen.dialogue.subtitles.documents import Sample, is_document, read_documents
from trailergen.dialogue.subtitles.raw import Reading
from trailergen.dialogue.subtitles.substation import is_sign, without_drawings
from trailergen.errors import UsageError
from trailergen.media.container import open_media, picture_stream
from trailergen.media.decoding import Damage, packets_of
from trailergen.media.languages import distance, same_language
from trailergen.media.probe import FilmInfo
from trailergen.shots.captions import CaptionGatherer
from trailergen.timebase import format_time

_PICTURES = {"hdmv_pgs_subtitle", "dvd_subtitle", "dvb_subtitle", "xsub", "pgssub", "dvdsub", "dvbsub"}
_CAPTIONS = "cc_dec"
_FIELDS = ("order", "layer", "style", "name", "left", "right", "vertical", "effect", "text")  # commas and all


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
        texts, closed = _legible(container, film.path)
        if closed:
            note(f"subtitles that cannot be read: {', '.join(map(_closed_name, closed))}")
        ranked = sorted(texts, key=lambda stream: _rank(stream, language))
        if wanted is not None:
            ranked = [_asked(film.path, ranked, closed, wanted.strip())]
        return first_with_words(_decode(container, ranked, film), note)


def check_subtitle_track(film: Path, wanted: str) -> None:
    """Find out before any work whether a film has the subtitles that are meant, or captions in its pictures may be.

    Raises:
        InputError: the film cannot be read.
        UsageError: there are none.
    """
    with open_media(film) as container:
        if wanted.strip() != str(picture_stream(container, film).index):
            _asked(film, *_legible(container, film), wanted.strip())


def _legible(container: InputContainer, path: Path) -> tuple[list[SubtitleStream], list[SubtitleStream]]:
    """The streams of subtitles that can be read, and the others."""
    streams = list(container.streams.subtitles)
    documents = _documents(path)
    texts = [stream for stream in streams if stream.index in documents or _obstacle(stream) is None]
    return texts, [stream for stream in streams if stream not in texts]


def first_with_words(readings: dict[int, Reading], note: Callable[[str], None]) -> tuple[int, list[Cue]] | None:
    """The first of the streams in which something is said, and its cues."""
    for index, reading in readings.items():
        # Only what becomes of the stream that is taken is worth telling.
        told: list[str] = []
        if cues := clean_cues(reading.cues, told.append):
            if reading.unread:
                told.append(left_out("cues that cannot be read", len(reading.unread), reading.unread[0]))
            for text in told:
                note(f"stream {index}: {text}")
            return index, cues
        note(f"stream {index} holds subtitles, but nothing is said in them")
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
    there = ", ".join(f"{stream.index} ({stream.language or 'no language'})" for stream in _in_order(texts))
    why = f"its subtitles with text are {there}" if there else "it has none with text"
    hint = f"{'name one of them with --subtitle-track, or' if there else 'name'} a file with --subtitles"
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
    name = stream.codec_context.name if stream.codec_context is not None else ""
    if not name:
        return "no decoder for it"
    return f"{name}, which is pictures" if name in _PICTURES else None


def _closed_name(stream: SubtitleStream) -> str:
    language = f", {stream.language}" if stream.language else ""
    return f"stream {stream.index} ({_obstacle(stream)}{language})"


def _documents(path: Path) -> set[int]:
    """The indexes of streams without a decoder whose first packet is a document of TTML; in MP4 and QuickTime alone."""
    with open_media(path) as container:
        unknown = [stream for stream in container.streams.subtitles if stream.codec_context is None]
        if not unknown or "mp4" not in container.format.name.split(","):
            return set()
        first: dict[int, bool] = {}
        for packet in packets_of(container, unknown, Damage()):
            if packet.size:
                first.setdefault(packet.stream.index, is_document(bytes(packet)))
            if len(first) == len(unknown):
                break
        return {index for index, is_one in first.items() if is_one}


def _decode(container: InputContainer, streams: list[SubtitleStream], film: FilmInfo) -> dict[int, Reading]:
    """Everything that the streams hold, by their index and in their order, counted from the first picture."""
    zero = film.origin * film.time_base
    found = {stream.index: Reading("subtitles of the film") for stream in streams}
    captions = {stream.index: CaptionGatherer() for stream in streams if _is_captions(stream)}
    samples: dict[int, list[Sample]] = {stream.index: [] for stream in streams if stream.codec_context is None}
    for packet in packets_of(container, streams, Damage()) if streams else ():
        if packet.pts is None or not packet.time_base:
            continue
        index, start = packet.stream.index, packet.pts * packet.time_base
        if index in captions:
            captions[index].push(packet.pts, bytes(packet))
        elif index in samples:
            samples[index].append(Sample(start, _end(packet, start), bytes(packet)))
        else:
            _add(found[index], packet, start - zero)
    for stream in streams:
        if stream.index in captions:
            gathered = captions[stream.index].finish()
            found[stream.index] = read_captions(gathered, Fraction(stream.time_base or 0)).later(-zero)
        elif stream.index in samples:
            found[stream.index] = read_documents(samples[stream.index], zero, film.header_rate)
    return found


def _is_captions(stream: SubtitleStream) -> bool:
    return stream.codec_context is not None and stream.codec_context.name == _CAPTIONS


def _end(packet: Packet[Any], start: Fraction) -> Fraction | None:
    return start + packet.duration * packet.time_base if packet.duration and packet.time_base else None


def _add(reading: Reading, packet: Packet[Any], start: Fraction) -> None:
    """Add the cues of a packet that begins at ``start``."""
    end = _end(packet, start)
    try:
        decoded: Sequence[object] = packet.decode()
    except (av.error.FFmpegError, ValueError):  # a damaged cue among good ones
        reading.unread.append(f"at {format_time(start)} of the film")
        return
    for item in decoded:
        for part in item if isinstance(item, SubtitleSet) else (item,):
            if isinstance(part, AssSubtitle):
                fields = part.ass.decode("utf-8", "replace").split(",", len(_FIELDS) - 1)
                known = (
                    dict(zip(_FIELDS, fields, strict=False)) if len(fields) == len(_FIELDS) else {"text": fields[-1]}
                )
                text = known["text"]
                aside = is_sign(text, known.get("style", ""), known.get("effect", ""))
                reading.add(start, end, without_drawings(text), aside)
