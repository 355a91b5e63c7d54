"""The clips' own sound."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from trailergen.audio.levels import CLIP_LEVELS
from trailergen.audio.stems.stem import CHANNELS, Sound, Sources, Stem, milliseconds, silence, slope
from trailergen.media.audio import read_spans
from trailergen.plans import SAMPLE_RATE, Plan, sequence_samples
from trailergen.timebase import round_half_up

_EDGE = milliseconds(5)


@dataclass(frozen=True)
class FilmFacts:
    """Clips as source in and out, record in and out, in frames at ``rate``, and the frames over which they rise and
    fall where they do at a transition; the track and its level in dB."""

    sha256: str
    track: int | None
    level: float
    rate: Fraction
    clips: tuple[tuple[int, ...], ...]
    samples: int

    @classmethod
    def of(cls, plan: Plan) -> FilmFacts | None:
        """Those of a plan; None where the clips are not heard."""
        if plan.sound.film not in CLIP_LEVELS:
            return None
        clips = tuple(_heard(plan))
        level = CLIP_LEVELS[plan.sound.film]
        return cls(plan.film.sha256, plan.sound.track, level, plan.film.rate, clips, sequence_samples(plan))


def _heard(plan: Plan) -> Iterator[tuple[int, ...]]:
    """The clips, those beside a transition as long as they are heard."""
    by_cut = {transition.position: transition for transition in plan.transitions}
    following = [*(by_cut.get(position.id) for position in plan.positions[1:]), None]
    for position, after in zip(plan.positions, following, strict=True):
        before, source, record = by_cut.get(position.id), position.source, position.record
        if before is None and after is None:
            yield source.start, source.end, record.start, record.end
            continue
        rise = fall = early = late = 0
        if before is not None:
            early = record.start - before.record.start
            rise = len(before.record) if before.kind == "dissolve" else before.record.end - record.start
            early = early if before.kind == "dissolve" else 0
        if after is not None:
            late = after.record.end - record.end
            fall = len(after.record) if after.kind == "dissolve" else record.end - after.record.start
            late = late if after.kind == "dissolve" else 0
        yield source.start - early, source.end + late, record.start - early, record.end + late, rise, fall


def film_sound(facts: FilmFacts, sources: Sources) -> Sound:
    """The clips' own sound, each sample at its picture, at the plan's level; (samples, 2) at 48 kHz.

    Every clip rises and falls over 5 ms, so that no cut clicks, or over a transition, in step with its picture. Silence
    where the film has none.

    Raises:
        InputError: the film cannot be read.
    """
    sound, film = silence(facts.samples), sources.film
    if not film.has_audio:
        return sound
    origin, rate = film.origin * film.time_base, facts.rate
    spans = [(origin + start / rate, origin + end / rate) for start, end, *_ in facts.clips]
    heard = read_spans(film.path, SAMPLE_RATE, CHANNELS, spans, facts.track, film.in_order)
    for (_, _, first, last, *slopes), samples in zip(facts.clips, heard, strict=True):
        start, end = (round_half_up(at / rate * SAMPLE_RATE) for at in (first, last))
        part = samples[: end - start] * np.float32(10 ** (facts.level / 20))
        rise, fall = (max(_EDGE, round_half_up(at / rate * SAMPLE_RATE)) for at in slopes or (0, 0))
        slope(part, rise, fall)
        sound[start : start + len(part)] += part
    return sound


def _silenced(said: Sound, _depth: float) -> Sound:
    """Two people who speak at once cannot be understood."""
    return np.float32(1) - said


FILM = Stem("film", FilmFacts.of, film_sound, _silenced)
