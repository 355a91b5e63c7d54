"""From subtitles to a trailer's lines: choose, hear, caption, compare, place (sec. 3.4, supplement 7)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from trailergen.dialogue.captioners.dialogue import Caption, said_around
from trailergen.dialogue.narrators.endpoint import no_endpoint
from trailergen.dialogue.narrators.extractive import ExtractiveNarrator
from trailergen.dialogue.placement import LineSlots, place_what_fits
from trailergen.dialogue.rules import MOST_SPOKEN, AllowedSource, line_count, slots_of
from trailergen.dialogue.seen import seen_similarity
from trailergen.dialogue.sentences import Utterance, utterances
from trailergen.dialogue.similarity import clip_text_tower, similarities
from trailergen.dialogue.sources import find_words, reread_words
from trailergen.dialogue.voices import FindVoices, Heard
from trailergen.errors import EndpointError, UsageError
from trailergen.plans import SAMPLE_RATE, Line, Narration, Plan, Range, span
from trailergen.runtime.cache import Entry
from trailergen.runtime.device import resolve_device

if TYPE_CHECKING:
    from trailergen.dialogue.narrators.endpoint import Endpoint
    from trailergen.dialogue.shots import FindWords
    from trailergen.dialogue.subtitles.cues import Cue
    from trailergen.media.probe import FilmInfo
    from trailergen.session import Session
    from trailergen.settings.narration import NarrationSettings

VERSION = 1
_EVENNESS = 0.05
"""Worth of a position, at most, for being as far into the trailer as its line is into the lines. Where clips and
lines have no word in common all similarities are 0, and without it all lines would stand at the beginning."""


@dataclass(frozen=True)
class _Chosen:
    """A line that is to be heard: its sound in samples of the film, its gain in dB, and how much it matters."""

    text: str
    cues: tuple[int, ...]
    source: Range
    gain: float
    salience: float


@dataclass(frozen=True)
class _Trailer:
    """A trailer that gets lines: its plan, its film (None where that is not there), and everything to be said of it."""

    session: Session
    plan: Plan
    film: FilmInfo | None
    settings: NarrationSettings
    closed: tuple[Range, ...] = ()
    notes: list[str] = field(default_factory=list)

    @cached_property
    def slots(self) -> LineSlots:
        """The clips for lines to be laid over."""
        return slots_of(self.plan, self.settings.run_over)

    @cached_property
    def grounds(self) -> AllowedSource:
        """The film frames from which lines may come."""
        return AllowedSource.of(self.plan, self.closed)

    def say(self) -> None:
        """Print the notes."""
        for text in self.notes:
            self.session.progress.note(f"lines: {text}")


def narrate(
    session: Session,
    plan: Plan,
    film: FilmInfo,
    settings: NarrationSettings,
    find_voices: FindVoices,
    endpoint: Endpoint | None = None,
    find: FindWords | None = None,
) -> Narration | None:
    """The lines of a trailer, in the order of the film.

    Args:
        session: cache, display, processor.
        plan: whose clips are known; its bans, cards and sound count.
        film: of the plan, as probed.
        settings: what is asked for.
        find_voices: hears the film where something is said.
        endpoint: of the language model, if one is known.
        find: knows what is said in the film already; None to look for it.

    Returns:
        None where no line is asked for, or the film has no sound or no subtitles.

    Raises:
        EndpointError: the language model that was asked for does not answer.
        InputError: the film or the subtitles cannot be read.
        UsageError: what is asked for is not there.
        WeightsError: the captioner's weights are not there.
    """
    if settings.lines in ("off", 0) or plan.sound.film == "none":
        return None
    if not film.has_audio:
        session.progress.note("no lines: the film has no sound")
        return None
    found = find_words(session, plan, film, settings) if find is None else find()
    if found is None:
        return None
    cues = found.cues
    trailer = _Trailer(session, plan, film, settings, found.closed)
    candidates = [line for line in utterances(cues) if trailer.grounds.allow_line(line, trailer.slots)]
    count = line_count(plan, settings.lines)
    order, narrator = _choose(trailer, candidates, 2 * count + 2, endpoint)
    chosen = _hear(trailer, [candidates[index] for index in order], count, find_voices)
    if not candidates:
        trailer.notes.append(
            "no line of the subtitles is whole, short enough for a clip and from where the film may be shown"
        )
    lines, captioner = _lay(trailer, cues, chosen)
    if isinstance(settings.lines, int) and len(lines) < settings.lines:
        trailer.notes.append(f"{settings.lines} lines were asked for, {len(lines)} are there")
    trailer.say()
    return Narration(subtitles=found.source, narrator=narrator, captioner=captioner, lines=lines, notes=trailer.notes)


def replace_lines(session: Session, plan: Plan, film: FilmInfo | None, settings: NarrationSettings) -> Narration | None:
    """The lines a plan has, placed anew over the clips it has now; what no longer fits or is banned is dropped.

    Args:
        session: cache, display, processor.
        plan: its lines are where older clips were.
        film: of the plan; None where it is not there, then nothing is known of clips whose words are in its file.
        settings: only the captioner and ``run_over`` count.

    Raises:
        InputError, UsageError, WeightsError: the captioner's, see ``narrate``.
    """
    narration = plan.narration
    if narration is None or not narration.lines:
        return narration
    trailer = _Trailer(session, plan, film, settings)
    kept = [line for line in narration.lines if trailer.grounds.allow(line.source)]
    trailer.notes.extend(f"dropped, it is banned: {line.text}" for line in narration.lines if line not in kept)
    # Which of them matters most is no longer known; of those that do not fit together the longest goes first.
    chosen = [_Chosen(line.text, tuple(line.cues), line.source, line.gain, -len(line.source)) for line in kept]
    lines, captioner = _lay(trailer, reread_words(session, plan, film), chosen, [line.id for line in kept])
    trailer.say()
    notes = [*narration.notes, *trailer.notes]
    return narration.model_copy(update={"lines": lines, "captioner": captioner, "notes": notes})


def _choose(
    trailer: _Trailer, lines: Sequence[Utterance], count: int, endpoint: Endpoint | None
) -> tuple[list[int], str]:
    """Indices of lines, the best first, and who chose them."""
    if trailer.settings.narrator != "extractive":
        try:
            return _ask(trailer.session, lines, count, endpoint)
        except (EndpointError, UsageError) as error:
            if trailer.settings.narrator == "llm":
                raise
            why = f"{error.what}: {error.why}" if error.why else error.what
            hint = f"; {error.hint}" if error.hint else ""
            trailer.notes.append(f"chosen without a language model, {why}{hint}")
    narrator = ExtractiveNarrator()
    return narrator.choose(lines, count), narrator.name


def _ask(session: Session, lines: Sequence[Utterance], count: int, endpoint: Endpoint | None) -> tuple[list[int], str]:
    """The choice of a language model, kept in the cache: the same command again makes the same plan."""
    from trailergen.dialogue.narrators.llm import LlmNarrator

    if endpoint is None:
        raise no_endpoint()
    narrator = LlmNarrator(endpoint)
    wish = {"narrator": narrator.name, "count": count, "lines": [[str(line.start), line.text] for line in lines]}
    entry = session.cache.result(
        session.cache.key("narrator", VERSION, wish), lambda: Entry({"chosen": narrator.choose(lines, count)}, {})
    )
    return [int(index) for index in entry.facts["chosen"]], narrator.name


def _hear(trailer: _Trailer, lines: Sequence[Utterance], count: int, find_voices: FindVoices) -> list[_Chosen]:
    """The first ``count`` of the lines, the best first, that can be heard and fit a clip, in the order of the film."""
    by_time = sorted(lines, key=lambda line: line.start)
    voices = dict(zip(by_time, _voices(by_time, find_voices), strict=True)) if lines else {}
    longest = int(trailer.slots.room().max())
    left = int(MOST_SPOKEN * trailer.slots.bounds[-1])
    taken: list[tuple[Fraction, _Chosen]] = []
    for rank, line in enumerate(lines):
        voice = voices[line]
        if len(taken) == count:
            break
        if voice is None:
            what = "nothing is heard there" if line.between is None else "music or noise is as loud"
            trailer.notes.append(f"passed over, {what}: {line.text}")
            continue
        # The voice begins and ends where the sound does, which may be over the edge of a ban.
        if len(voice.source) > longest or not trailer.grounds.allow(voice.source):
            continue
        if trailer.settings.lines == "auto" and taken and len(voice.source) > left:
            continue
        left -= len(voice.source)
        taken.append((line.start, _Chosen(line.text, line.cues, voice.source, voice.gain, -rank)))
    heard = [voice for voice in voices.values() if voice is not None]
    if heard and all(len(voice.source) > longest for voice in heard):
        room = f"the longest has room for {max(longest, 0) / SAMPLE_RATE:.1f} s"
        trailer.notes.append(f"no line is short enough for a clip, {room}: --run-over lets lines be longer")
    return [chosen for _, chosen in sorted(taken, key=lambda pair: pair[0])]


def _voices(lines: Sequence[Utterance], find_voices: FindVoices) -> Sequence[Heard | None]:
    spans = [(line.start, line.end) for line in lines]
    between = [line.between for line in lines if line.between is not None]
    return find_voices(spans, between) if between else find_voices(spans)


def _lay(
    trailer: _Trailer, cues: Sequence[Cue], chosen: Sequence[_Chosen], ids: Sequence[str] | None = None
) -> tuple[list[Line], str]:
    """Lines over the clips they suit, and what clips and lines were compared by."""
    if not chosen:
        return [], ""
    similarity, captioner = _compare(trailer, cues, [line.text for line in chosen])
    placed = place_what_fits(
        similarity + _evenness(len(chosen), trailer.slots),
        [len(line.source) for line in chosen],
        [line.salience for line in chosen],
        trailer.slots,
    )
    lines: list[Line] = []
    for index, line in enumerate(chosen):
        if index not in placed:
            trailer.notes.append(f"dropped, there is no room for it: {line.text}")
            continue
        clip = placed[index]
        start = trailer.slots.bounds[clip] + trailer.slots.lead
        lines.append(
            Line(
                id=ids[index] if ids else f"l{len(lines)}",
                text=line.text,
                cues=list(line.cues),
                source=line.source,
                record=span(start, start + len(line.source)),
                gain=line.gain,
                position=trailer.plan.positions[clip].id,
                similarity=round(float(similarity[index, clip]), 4),
            )
        )
    return lines, captioner


def _compare(trailer: _Trailer, cues: Sequence[Cue], texts: Sequence[str]) -> tuple[NDArray[np.float64], str]:
    """The similarity of lines and clips, (N, J), and the captioner and the text encoder behind it."""
    plan = trailer.plan
    captions, captioner = _caption(trailer, cues)
    tower = None
    if any(captions):
        tower = clip_text_tower(
            str(plan.provenance.settings.get("encoder", "")), resolve_device(trailer.session.device)
        )
        captioner += f", compared by {tower[0] if tower else 'TF-IDF'}"
    similarity = similarities(texts, captions, tower[1] if tower else None)
    # MiniCPM's sentences say what is seen.
    film = None if trailer.settings.captioner == "minicpm" else trailer.film
    if film is not None and (seen := seen_similarity(trailer.session, plan, film, texts)):
        similarity, captioner = similarity + seen[0], f"{captioner}; pictures by {seen[1]}"
    return similarity, captioner


def _caption(trailer: _Trailer, cues: Sequence[Cue]) -> tuple[list[Caption], str]:
    """A caption of each clip, and the name of the captioner."""
    plan = trailer.plan
    if trailer.settings.captioner == "minicpm" and trailer.film is not None:
        from trailergen.dialogue.captioners.minicpm import MODEL, caption_clips

        return caption_clips(trailer.session, plan, trailer.film), MODEL
    rate = plan.film.rate
    clips = [(position.source.start / rate, position.source.end / rate) for position in plan.positions]
    return said_around(cues, clips), "dialogue" if cues else "nothing"


def _evenness(count: int, slots: LineSlots) -> NDArray[np.float64]:
    """(N, J), from 0 to ``_EVENNESS``."""
    bounds = np.array(slots.bounds, np.float64)
    clips = (bounds[:-1] + bounds[1:]) / 2 / bounds[-1]
    lines = (np.arange(count) + 0.5) / count
    even: NDArray[np.float64] = _EVENNESS * (1 - np.abs(lines[:, None] - clips[None, :]))
    return even
