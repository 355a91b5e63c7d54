"""The lines of the film that are heard."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from trailergen.audio.stems.stem import CHANNELS, Sound, Sources, Stem, milliseconds, silence, slope
from trailergen.media.audio import read_spans
from trailergen.plans import SAMPLE_RATE, Plan, sequence_samples

_RISE, _FALL = milliseconds(10), milliseconds(40)


@dataclass(frozen=True)
class LinesFacts:
    """Lines as source in and out, record in and out, in samples at 48 kHz, and gain in dB; and the film's track."""

    sha256: str
    track: int | None
    lines: tuple[tuple[int, int, int, int, float], ...]
    samples: int

    @classmethod
    def of(cls, plan: Plan) -> LinesFacts | None:
        """Those of a plan; None where it has no lines, or nothing of the film is heard."""
        if plan.sound.film == "none" or plan.narration is None or not plan.narration.lines:
            return None
        lines = tuple(
            (line.source.start, line.source.end, line.record.start, line.record.end, line.gain)
            for line in plan.narration.lines
        )
        return cls(plan.film.sha256, plan.sound.track, lines, sequence_samples(plan))


def lines_sound(facts: LinesFacts, sources: Sources) -> Sound:
    """The lines of the narration, each sample where the plan says; (samples, 2) at 48 kHz.

    Every line rises over 10 ms and falls over 40 ms, inside its range. Silence where the film has no sound.

    Raises:
        InputError: the film cannot be read.
    """
    sound, film = silence(facts.samples), sources.film
    if not film.has_audio:
        return sound
    origin = film.origin * film.time_base
    spans = [
        (origin + Fraction(start, SAMPLE_RATE), origin + Fraction(end, SAMPLE_RATE))
        for start, end, _, _, _ in facts.lines
    ]
    heard = read_spans(film.path, SAMPLE_RATE, CHANNELS, spans, facts.track, film.in_order)
    for (_, _, start, end, gain), samples in zip(facts.lines, heard, strict=True):
        part = samples * np.float32(10 ** (gain / 20))
        slope(part, _RISE, _FALL)
        sound[start:end] = part
    return sound


LINES = Stem("lines", LinesFacts.of, lines_sound)
