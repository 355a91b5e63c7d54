"""Transcripts made elsewhere: the JSON of openai-whisper, faster-whisper, WhisperX, stable-ts and whisper.cpp.

All but the last write ``segments`` with ``words`` in seconds; whisper.cpp ``transcription`` with ``tokens`` in
milliseconds, where a word is a token that begins with a space and those after it that do not. Where there are no words
a segment's time is shared out over its text.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from trailergen.dialogue.subtitles.text import subtitle_bytes, subtitle_text
from trailergen.dialogue.transcripts.cleaning import Heard, believed, in_order
from trailergen.dialogue.transcripts.words import Transcript, Word, seconds
from trailergen.errors import InputError
from trailergen.shots.sound import SoundActivity

SUFFIX = ".json"
_HINT = "give the JSON of a Whisper, as `whisper FILM --word_timestamps True --output_format json` writes it"
_MOST_S = 10_000_000.0


def read_transcript(path: Path, sound: SoundActivity | None = None, zero: Fraction = Fraction(0)) -> Transcript:
    """The words of a JSON file, in seconds from the film's first picture.

    Args:
        path: the file.
        sound: voice activity along the film, which words have to agree with; None to take their word for it.
        zero: seconds from the film's first picture at which the file's times begin.

    Raises:
        InputError: it cannot be read, is no JSON of a Whisper, or has no word.
    """
    try:
        found = json.loads(_json_text(path))
        language, segments = _language(found), [_whole(segment) for segment in _segments(found)]
    except InputError:
        raise
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError, OverflowError) as error:
        why = f"{type(error).__name__}: {error}".partition("\n")[0]
        raise InputError(f"{path} is no transcript that can be read", why, _HINT) from error
    if not any(word.text.strip() for segment in segments for word in segment.words):
        raise InputError(f"nothing is said in {path}", hint=_HINT)
    moved = [replace(segment, words=tuple(_moved(word, zero) for word in segment.words)) for segment in segments]
    return Transcript(language, tuple(in_order(believed(moved, sound))))


def _json_text(path: Path) -> str:
    """The text of a JSON file. Raises InputError.

    Tokens of whisper.cpp may be parts of a character (its issue 1798): the file is no UTF-8 then, and no guess of
    another encoding is right. Their bytes are kept as surrogates until the tokens of a word are joined.
    """
    raw = subtitle_bytes(path)
    try:
        return raw.decode(json.detect_encoding(raw))
    except UnicodeDecodeError:
        return raw.decode("utf-8", "surrogateescape") if b'"transcription"' in raw else subtitle_text(path)


def _whole(segment: Heard) -> Heard:
    """A segment whose bytes are characters again, without those that are of none. Raises UnicodeEncodeError."""

    def whole(word: Word) -> Word:
        return replace(word, text=word.text.encode("utf-8", "surrogateescape").decode("utf-8", "ignore"))

    return replace(segment, words=tuple(map(whole, segment.words)))


def _moved(word: Word, by: Fraction) -> Word:
    return replace(word, start=max(word.start + by, Fraction(0)), end=max(word.end + by, Fraction(0)))


def _language(found: Any) -> str | None:
    if not isinstance(found, dict):
        return None
    inner = found.get("result")
    said = found.get("language") or (inner.get("language") if isinstance(inner, dict) else None)
    return said if isinstance(said, str) and said else None


def _segments(found: Any) -> Iterator[Heard]:
    """Raises ValueError, KeyError, TypeError or AttributeError for what is none of these forms."""
    if isinstance(found, dict) and "transcription" in found:
        yield from map(_of_tokens, found["transcription"])
        return
    segments = found["segments"] if isinstance(found, dict) else found
    if not isinstance(segments, list):
        raise ValueError("its segments are no list")
    yield from map(_of_words, segments)


def _of_words(segment: Any) -> Heard:
    speaker = segment.get("speaker") or ""
    figures = {
        "no_speech": _number(segment.get("no_speech_prob"), 0.0),
        "logprob": _number(segment.get("avg_logprob"), 0.0),
        "compression": _number(segment.get("compression_ratio"), 1.0),
    }
    given = segment.get("words")
    if not given:
        start, end = _time(segment["start"]), _time(segment["end"])
        return Heard(tuple(_shared(str(segment["text"]), start, end, str(speaker))), **figures)
    words: list[Word] = []
    before = _time(segment["start"])
    texts = [str(_text(word)) for word in given]
    # Joined as they are they make the segment where they begin with their spaces, and in scripts that have none.
    as_it_is = len(texts) > 1 and "".join(texts).strip() == str(segment.get("text", "")).strip()
    spaced = as_it_is or any(text.startswith(" ") for text in texts)
    for word, text in zip(given, texts, strict=True):
        # WhisperX leaves out the times of what it could not align, as numbers: they are as long as nothing.
        start = _time(word["start"]) if word.get("start") is not None else before
        end = _time(word["end"]) if word.get("end") is not None else start
        before = max(end, before)
        probability = _number(word.get("probability", word.get("score")), 1.0)
        written = text if spaced else f" {text}"
        words.append(Word(start, end, written, probability, str(word.get("speaker") or speaker)))
    return Heard(tuple(words), **figures)


def _text(word: Any) -> Any:
    return word["word"] if "word" in word else word["text"]


def _of_tokens(segment: Any) -> Heard:
    """A segment of whisper.cpp, whose tokens have times where it was asked for ``--output-json-full``."""
    offsets = segment["offsets"]
    start, end = Fraction(int(offsets["from"]), 1000), Fraction(int(offsets["to"]), 1000)
    tokens = [token for token in segment.get("tokens", ()) if not str(token["text"]).startswith("[_")]
    if not tokens:
        return Heard(tuple(_shared(str(segment["text"]), start, end, "")))
    words: list[Word] = []
    for token in tokens:
        text, times = str(token["text"]), token["offsets"]
        first, last = Fraction(int(times["from"]), 1000), Fraction(int(times["to"]), 1000)
        probability = _number(token.get("p"), 1.0)
        if words and not text.startswith(" "):
            known = words[-1]
            least = min(known.probability, probability)
            words[-1] = replace(known, end=max(known.end, last), text=known.text + text, probability=least)
        else:
            words.append(Word(first, last, text, probability))
    return Heard(tuple(words))


def _shared(text: str, start: Fraction, end: Fraction, speaker: str) -> Iterator[Word]:
    """A text's words over its time, each as long as its share of the letters; of scripts without spaces all at once."""
    parts = text.split()
    letters = sum(map(len, parts))
    at = start
    for part in parts:
        until = at + (end - start) * len(part) / letters
        yield Word(at, until, f" {part}", 1.0, speaker)
        at = until


def _time(value: Any) -> Fraction:
    number = float(value)
    if not math.isfinite(number) or abs(number) > _MOST_S:
        raise ValueError(f"{value!r} is no time")
    return seconds(number)


def _number(value: Any, otherwise: float) -> float:
    if value is None:
        return otherwise
    number = float(value)
    return number if math.isfinite(number) else otherwise
