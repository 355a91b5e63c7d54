"""What a recogniser made up is left out: its known failures, each with its known remedy.

Whisper was trained on subtitles of the web. Over music and silence it writes what stood there, or one thing again and
again; its own figures of a segment, and the voice activity detector, tell most of that apart from speech.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from trailergen.dialogue.transcripts.stretches import most_speech
from trailergen.dialogue.transcripts.words import Word
from trailergen.shots.sound import SoundActivity

_MOST_COMPRESSION = 2.4
"""Of a text by zlib: with more it repeats itself. This figure and the two below are those of Whisper's own program."""
_LEAST_LOGPROB = -1.0
_NO_SPEECH = 0.6
_SURE = -0.5
"""Mean log-probability of the words with which they are believed in spite of a sound that seems to be no speech."""
_VOICED = 0.3
_INSTANT_S = 0.05
"""A word that lasts less was never found in the sound."""
_TWICE = 2
"""So often in a row may somebody say the same."""


@dataclass(frozen=True)
class Heard:
    """A segment of a recogniser: its words, and its figures; the defaults are those of speech beyond doubt.

    ``no_speech`` is the probability of no speech, ``logprob`` the mean log-probability of its tokens, ``compression``
    the ratio of its text to that text compressed.
    """

    words: tuple[Word, ...]
    no_speech: float = 0.0
    logprob: float = 0.0
    compression: float = 1.0

    @property
    def text(self) -> str:
        """What is said."""
        return "".join(word.text for word in self.words).strip()


def believed(segments: Iterable[Heard], sound: SoundActivity | None) -> list[Word]:
    """The words of segments in order of time that were said.

    Left out: segments that compress too well, are improbable, or sound like no speech and are not sure; of a text said
    more than twice in a row what goes beyond that; segments most words of which last no time; and words where the
    detector hears nobody.

    Args:
        segments: as recognised.
        sound: voice activity along the film; None where it is not known.
    """
    kept = _said_once([segment for segment in segments if _is_speech(segment)])
    words = [word for segment in kept for word in segment.words if word.text.strip() and word.end > word.start]
    if sound is None:
        return words
    return [word for word in words if most_speech(sound, word.start, word.end) >= _VOICED]


def in_order(words: Sequence[Word]) -> list[Word]:
    """The same words sorted by time, none of which begins before the one before it has ended."""
    found: list[Word] = []
    for word in sorted(words, key=lambda word: (word.start, word.end)):
        if found and word.start < found[-1].end:
            word = replace(word, start=found[-1].end)
        if word.end > word.start:
            found.append(word)
    return found


def _is_speech(segment: Heard) -> bool:
    if not segment.words or segment.compression > _MOST_COMPRESSION or segment.logprob < _LEAST_LOGPROB:
        return False
    if segment.no_speech > _NO_SPEECH and segment.logprob < _SURE:
        return False
    instant = sum(word.end - word.start < _INSTANT_S for word in segment.words)
    return 2 * instant <= len(segment.words)


def _said_once(segments: list[Heard]) -> list[Heard]:
    """The segments without those that repeat the text before them more than once."""
    found: list[Heard] = []
    said, times = "", 0
    for segment in segments:
        plain = "".join(character for character in segment.text.casefold() if character.isalnum())
        times = times + 1 if plain == said else 1
        said = plain
        if times <= _TWICE:
            found.append(segment)
    return found
