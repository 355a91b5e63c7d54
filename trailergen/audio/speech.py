"""The film's own sound at a line: where it really begins and ends, and how loud it is."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from trailergen.audio.loudness import integrated_loudness
from trailergen.audio.stems.music import MusicFacts, music_sound
from trailergen.audio.stems.stem import Sources
from trailergen.media.audio import read_spans
from trailergen.media.probe import FilmInfo
from trailergen.plans import SAMPLE_RATE, Line, Plan, Range, span
from trailergen.timebase import round_half_up

_HOP = SAMPLE_RATE // 100
_MARGIN_S = Fraction(1, 2)
"""Heard before and after a cue, to know how quiet it is there."""
_OUTWARDS = 30
"""Hops that a line may begin before its cue or end after it: subtitles are timed for readers."""
_GAP_HOPS = 8
"""Silence inside a word, before a plosive, is shorter than this."""
_LEAD, _TAIL = 3 * _HOP, 8 * _HOP
"""Kept before the first and after the last sound: breath and room."""
_INAUDIBLE_DB = -50.0
_OVER_FLOOR_DB, _UNDER_PEAK_DB = 6.0, 30.0
_WORD_S = Fraction(1, 10)
"""By which a recogniser's word may begin later or end earlier than its sound."""
_CLEAR_DB = 15.0
"""The loud parts of speech over the quietest tenth of what is heard in and around it, at least."""
_RUMBLE_HZ = 100
_MOST_GAIN_DB = 20.0
_UNDER_MUSIC_LU, _BESIDE_SILENCE = 3.0, -20.0


@dataclass(frozen=True)
class Voice:
    """The sound of a line: ``source`` in samples at 48 kHz from the film's first picture, and the ``gain`` in dB
    that makes it as loud as the others."""

    source: Range
    gain: float


def find_voices(
    film: FilmInfo,
    track: int | None,
    spans: Sequence[tuple[Fraction, Fraction]],
    film_end: Fraction,
    loudness: float,
    between: Sequence[tuple[Fraction, Fraction]] = (),
) -> list[Voice | None]:
    """The sound of lines, cut in the silence around them.

    From each edge of a cue inwards, or outwards by at most 0.3 s, to where sound begins or ends: 6 dB over the quietest
    there, or a third of the way from it to the loud parts where that is less, at most 30 dB under the loudest. Where
    there is no silence, as over music, the quietest moment near the edge.

    Args:
        film: as probed.
        track: index of the sound stream, None for the best.
        spans: (start, end) of the cues in seconds from the film's first picture.
        film_end: seconds from the first to after the last picture.
        loudness: wanted of every line, in LUFS; reached by up to 20 dB of gain.
        between: of each line, where it was timed by its words: from the end of the word before to the start of the one
            after, over neither of which a voice goes, breath and room included.

    Returns:
        One voice per span; None where nothing is heard, and of lines timed by words where the words stand out of what
        is heard between and around them by less than 15 dB: music or noise would be all that comes along.

    Raises:
        InputError: the film's sound cannot be read.
    """
    if not film.has_audio:
        return [None] * len(spans)
    origin = film.origin * film.time_base
    wide = [(max(Fraction(0), start - _MARGIN_S), min(film_end, end + _MARGIN_S)) for start, end in spans]
    # A cue may lie after the film's end, or outside it altogether.
    inside = [at < until for at, until in wide]
    asked = [(origin + at, origin + until) for (at, until), there in zip(wide, inside, strict=True) if there]
    heard = read_spans(film.path, SAMPLE_RATE, 2, asked, track, film.in_order)
    rooms: Sequence[tuple[Fraction, Fraction] | None] = between or [None] * len(spans)
    return [
        _voice(next(heard), round_half_up(at * SAMPLE_RATE), _Said(cue, room), loudness) if there else None
        for (at, _), cue, room, there in zip(wide, spans, rooms, inside, strict=True)
    ]


def line_loudness(plan: Plan, music: Path, film: FilmInfo) -> float:
    """The loudness of lines in a trailer, in LUFS: 3 LU less than the music, which falls further under them.

    Raises:
        InputError: the music cannot be read.
    """
    found = integrated_loudness(music_sound(MusicFacts.of(plan), Sources(music, film)), SAMPLE_RATE)
    return _BESIDE_SILENCE if math.isinf(found) else found - _UNDER_MUSIC_LU


def levelled(lines: Sequence[Line], film: FilmInfo, track: int | None, loudness: float) -> list[Line]:
    """The same lines with the gain that makes them this loud, as over other music. Raises InputError."""
    origin = film.origin * film.time_base
    spans = [
        (origin + Fraction(line.source.start, SAMPLE_RATE), origin + Fraction(line.source.end, SAMPLE_RATE))
        for line in lines
    ]
    heard = read_spans(film.path, SAMPLE_RATE, 2, spans, track, film.in_order)
    return [line.model_copy(update={"gain": _gain(sound, loudness)}) for line, sound in zip(lines, heard, strict=True)]


@dataclass(frozen=True)
class _Said:
    """From when to when something is said, in seconds, and between which moments nobody says anything else."""

    span: tuple[Fraction, Fraction]
    between: tuple[Fraction, Fraction] | None


def _voice(sound: NDArray[np.float32], at: int, said: _Said, loudness: float) -> Voice | None:
    """The voice in ``sound``, whose first sample is sample ``at`` of the film."""
    start, end = _inside(said.span, at, len(sound))
    levels = _levels(sound)
    first, last = start // _HOP, min(-(-end // _HOP), len(levels))
    if last - first < 1 or levels[first:last].max() < _INAUDIBLE_DB:
        return None
    floor, peak = float(np.percentile(levels, 10)), float(np.percentile(levels[first:last], 95))
    if said.between is not None and peak - floor < _CLEAR_DB:
        return None
    # Over music the soft words of a voice stand out less than its loud ones, which themselves hardly do.
    over = min(_OVER_FLOOR_DB, (peak - floor) / 3)
    active = _closed(levels > max(floor + over, peak - _UNDER_PEAK_DB))
    begin = _edge(levels, active, first, (first + last) // 2)
    stop = len(levels) - _edge(levels[::-1], active[::-1], len(levels) - last, len(levels) - (first + last) // 2)
    start, end = max(0, begin * _HOP - _LEAD), min(len(sound), stop * _HOP + _TAIL)
    if said.between is not None:
        start, end = _by_words(said.span, said.between, (start, end), at, len(sound))
    return Voice(span(at + start, at + end), _gain(sound[start:end], loudness))


def _by_words(
    span: tuple[Fraction, Fraction], between: tuple[Fraction, Fraction], cut: tuple[int, int], at: int, samples: int
) -> tuple[int, int]:
    """A cut in samples, kept within a tenth of a second of the words' edges and off the words before and after."""
    first, last = _inside((span[0] - _WORD_S, span[1] + _WORD_S), at, samples)
    free, taken = _inside(between, at, samples)
    return max(cut[0], first, free), min(cut[1], last, taken)


def _inside(span: tuple[Fraction, Fraction], at: int, samples: int) -> tuple[int, int]:
    """Start and end in samples of a piece of sound whose first is sample ``at`` of the film."""
    start, end = (min(max(round_half_up(edge * SAMPLE_RATE) - at, 0), samples) for edge in span)
    return start, end


def _gain(sound: NDArray[np.float32], loudness: float) -> float:
    """In dB, to a tenth; none for what is too short or too soft to have a loudness."""
    found = integrated_loudness(sound, SAMPLE_RATE)
    return 0.0 if math.isinf(found) else round(min(max(loudness - found, -_MOST_GAIN_DB), _MOST_GAIN_DB), 1)


def _levels(sound: NDArray[np.float32]) -> NDArray[np.float64]:
    """Level of every hundredth of a second in dB of full scale, without rumble."""
    mono = sound.mean(axis=1, dtype=np.float64)
    if len(mono) > 3 * _HOP:
        from scipy.signal import butter, sosfiltfilt  # half a second, for plans with lines only

        mono = sosfiltfilt(butter(2, _RUMBLE_HZ, "highpass", fs=SAMPLE_RATE, output="sos"), mono)
    hops = mono[: len(mono) // _HOP * _HOP].reshape(-1, _HOP)
    levels: NDArray[np.float64] = 10 * np.log10(np.mean(hops**2, axis=1) + 1e-12)
    return levels


def _closed(active: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The same with the short gaps between sounds filled."""
    closed = active.copy()
    sounding = np.flatnonzero(active)
    for before, after in pairwise(sounding):
        if after - before <= _GAP_HOPS:
            closed[before:after] = True
    return closed


def _edge(levels: NDArray[np.float64], active: NDArray[np.bool_], cue: int, middle: int) -> int:
    """The hop at which a sound begins whose cue begins at hop ``cue``: before it, or after it up to ``middle``."""
    if not active[min(cue, len(active) - 1)]:
        inwards = np.flatnonzero(active[cue:middle])
        return cue + int(inwards[0]) if len(inwards) else cue
    reach = max(0, cue - _OUTWARDS)
    silent = np.flatnonzero(~active[reach:cue])
    if len(silent):
        return reach + int(silent[-1]) + 1
    return reach + int(levels[reach : min(cue + _GAP_HOPS, middle) + 1].argmin())
