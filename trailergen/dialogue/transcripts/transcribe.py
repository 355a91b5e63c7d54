"""A film's transcript: its stretches of speech recognised one after another, each kept in the cache as it is done."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING

from trailergen.dialogue.subtitles.embedded import sound_language
from trailergen.dialogue.transcripts.cleaning import Heard, believed, in_order
from trailergen.dialogue.transcripts.engine import RATE, Recogniser, Samples
from trailergen.dialogue.transcripts.stretches import Stretch, speech_stretches
from trailergen.dialogue.transcripts.words import Transcript, Word, from_facts, to_facts
from trailergen.errors import UsageError
from trailergen.media.audio import read_spans
from trailergen.media.languages import same_language
from trailergen.runtime.cache import Entry
from trailergen.runtime.device import resolve_device
from trailergen.shots.sound import SoundActivity

if TYPE_CHECKING:
    from trailergen.dialogue.transcripts.models import Model
    from trailergen.media.probe import FilmInfo
    from trailergen.session import Session

VERSION = 1
_ASKED = 3
"""Stretches, the longest, that are asked what language they are in: the film's first half minute may be a song."""
_SURE, _HARDLY = 0.8, 0.1
"""A language heard with the first probability overrules a tag heard with less than the second."""


@dataclass(frozen=True)
class SpokenFilm:
    """The sound of a film to be transcribed.

    Attributes:
        film: as probed.
        sha256: of its file.
        track: index of the sound stream, None for the best.
        end: seconds from the first to after the last picture.
        sound: voice activity of the best stream.
    """

    film: FilmInfo
    sha256: str
    track: int | None
    end: Fraction
    sound: SoundActivity

    def read(self, stretches: Sequence[Stretch]) -> list[Samples]:
        """Samples (n,) at 16 kHz of each stretch. Raises InputError."""
        origin = self.film.origin * self.film.time_base
        spans = [(origin + stretch.start, origin + stretch.end) for stretch in stretches]
        heard = read_spans(self.film.path, RATE, 1, spans, self.track, self.film.in_order)
        return [samples[:, 0] for samples in heard]


def transcribe(session: Session, spoken: SpokenFilm, model: Model, language: str | None) -> Transcript:
    """What is said in a film.

    A stretch that was recognised is in the cache, so that after a kill the rest alone is left to do.

    Args:
        session: cache, display, processor, loaded models.
        spoken: the film's sound.
        model: that recognises it.
        language: that is spoken, as a tag; None for that of the film's sound, or what the model hears.

    Raises:
        InputError: the film's sound cannot be read.
        UsageError: the model does not know the language.
        WeightsError: the model cannot be used.
    """
    sound = spoken.sound if spoken.track is None else _activity(spoken)
    stretches = speech_stretches(sound, spoken.end)
    if not stretches:
        return Transcript(language, ())
    work = _Work(session, spoken, model)
    tongue = _language(work, stretches, language)
    heard: list[Heard] = []
    with session.progress.stage("transcribe", float(sum(stretch.length for stretch in stretches))) as tick:
        for stretch in stretches:
            heard += work.hear(stretch, tongue)
            tick(float(stretch.length))
    return Transcript(tongue, tuple(in_order(believed(heard, sound))))


@dataclass(frozen=True)
class _Work:
    """One film and one model. The model is loaded when the first stretch is not in the cache."""

    session: Session
    spoken: SpokenFilm
    model: Model

    @property
    def recogniser(self) -> Recogniser:
        device = resolve_device(self.session.device)
        folder = self.model.folder
        return self.session.models.get(
            ("speech", str(folder), device), lambda: Recogniser(folder, device, self.session.progress.note)
        )

    def hear(self, stretch: Stretch, language: str) -> list[Heard]:
        """The segments of a stretch, timed in the film."""

        def make() -> Entry:
            (samples,) = self.spoken.read([stretch])
            found = self.recogniser.hear(samples, language)
            return Entry({"segments": [_plain(segment) for segment in found]}, {})

        key = self.session.cache.key("transcript", VERSION, {**self._inputs([stretch]), "language": language})
        facts = self.session.cache.result(key, make, self.session.waits_for("this transcript")).facts
        return [_moved(segment, stretch.start) for segment in map(_segment, facts["segments"])]

    def languages(self, stretches: Sequence[Stretch]) -> dict[str, float]:
        """The mean probability of each language over stretches."""

        def make() -> Entry:
            found = [self.recogniser.language(samples) for samples in self.spoken.read(stretches)]
            names = sorted({name for one in found for name in one})
            return Entry({"found": {name: sum(one.get(name, 0.0) for one in found) / len(found) for name in names}}, {})

        key = self.session.cache.key("spoken-language", VERSION, self._inputs(stretches))
        return dict(self.session.cache.result(key, make).facts["found"])

    def _inputs(self, stretches: Sequence[Stretch]) -> dict[str, object]:
        times = [[str(stretch.start), str(stretch.end)] for stretch in stretches]
        film = {"film": self.spoken.sha256, "track": self.spoken.track}
        return {**film, "weights": dict(self.model.weights), "stretches": times}


def _language(work: _Work, stretches: Sequence[Stretch], asked: str | None) -> str:
    """The language to write in, one that the model knows. Raises UsageError for one asked for that it does not."""
    longest = sorted(stretches, key=lambda stretch: (-stretch.length, stretch.start))[:_ASKED]
    found = work.languages(sorted(longest, key=lambda stretch: stretch.start))
    if asked is not None:
        known = _known(found, asked)
        if known is None:
            hint = "leave it out to have it heard, or use a model of many languages"
            raise UsageError(f"the model {work.model.name} does not know the language {asked!r}", hint=hint)
        return known
    heard = max(found, key=lambda name: (found[name], name))
    note = work.session.progress.note
    tag = sound_language(work.spoken.film, work.spoken.track)
    tagged = None if tag is None else _known(found, tag)
    if tagged is None:
        why = "" if tag is None else f", for {work.model.name} does not know {tag}, which its sound is tagged with"
        note(f"the film's language is taken for {heard}, with probability {found[heard]:.2f}{why}")
        return heard
    if found[heard] >= _SURE and found[tagged] < _HARDLY:
        note(f"the film's sound is tagged {tag}, but {heard} is spoken: --spoken-language {tagged} if not so")
        return heard
    return tagged


def _known(found: dict[str, float], tag: str) -> str | None:
    """The language among the model's that a tag means."""
    if tag in found:
        return tag
    return next((name for name in sorted(found) if same_language(tag, name)), None)


def _activity(spoken: SpokenFilm) -> SoundActivity:
    """Voice activity of another stream than the best. Raises InputError and WeightsError."""
    from trailergen.shots.silero import load_silero
    from trailergen.shots.voice_activity import VoiceActivityGatherer

    step = 60
    edges = [Fraction(at) for at in range(0, int(spoken.end), step)] + [spoken.end]
    with ThreadPoolExecutor(1) as thread:
        gatherer = VoiceActivityGatherer(load_silero(), thread)
        for start, end in pairwise(edges):
            (samples,) = spoken.read([Stretch(start, end)])
            gatherer.push(int(start * RATE), samples)
        return gatherer.finish(float(spoken.end))


def _plain(segment: Heard) -> list[object]:
    return [to_facts(segment.words), segment.no_speech, segment.logprob, segment.compression]


def _segment(facts: list[object]) -> Heard:
    words, *figures = facts
    return Heard(from_facts({"words": words}), *map(float, figures))  # type: ignore[arg-type]


def _moved(segment: Heard, by: Fraction) -> Heard:
    def moved(word: Word) -> Word:
        return replace(word, start=word.start + by, end=word.end + by)

    return replace(segment, words=tuple(map(moved, segment.words)))
