"""The part of a track that goes under the trailer, and how it ends."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d, maximum_filter1d, uniform_filter1d

from trailergen.errors import InputError, UsageError
from trailergen.music.changes import change_at, change_salience
from trailergen.music.onsets import FRAMES_PER_S, POOL, TrackFeatures, pool

LEAST_MUSIC_S = 2.0
_SILENCE_DB = 50.0
_NOTHING_DB = -90.0
_DECAYED_DB = 30.0
_FADE_WHOLE_S, _FADE_EXCERPT_S = 1.0, 2.0
_ATTACK_S = 0.01
_SECTION_S = 8.0
_TAIL = 0.05
"""Share of the length that may be silence after the music's end, so that a part can start and end well."""
_CLIMAX_DB, _RISE_DB = 6.0, 10.0
_END, _START, _CLIMAX, _RISE = 1.5, 0.5, 1.0, 0.5


@dataclass(frozen=True)
class Excerpt:
    """Samples ``[start, end)`` of the track, of which the last ``fade_out`` are faded; 0 where it ends musically."""

    start: int
    end: int
    fade_out: int


def choose_excerpt(track: TrackFeatures, length: float | None) -> Excerpt:
    """The whole track without the silence around it, or its best part of exactly ``length`` seconds.

    Silence is what lies 50 dB under the loudest 25 ms. The best part starts on an onset or a section, gets louder
    towards its end, contains the climax, preferably in its second half, and ends where the music has died away or a
    section ends; where it has not died away by 30 dB it is faded. Music shorter than asked for takes as much of the
    silence around it as it needs, that after it first; of a track shorter than asked for all the music is used.

    Args:
        track: features of the track.
        length: seconds, at least 2, met to the sample. None for the whole track.

    Raises:
        InputError: less than 2 s of the track are not silence.
        UsageError: ``length`` is less than 2 s.
    """
    if length is not None and not length >= LEAST_MUSIC_S:
        raise UsageError(
            f"a trailer of {length:g} s is too short", hint=f"ask for a length of {LEAST_MUSIC_S:g} s or more"
        )
    start, end = _audible(track)
    require_length((end - start) / track.rate, "without the silence at its ends it")
    if length is None or length * track.rate >= track.length + 0.5:
        return Excerpt(start, end, _fade_of_whole(track, start, end))
    wanted = round(length * track.rate)
    if end - start < wanted:
        last = min(start + wanted, track.length)
        # What is silent already needs no fade.
        return Excerpt(last - wanted, last, _fade_of_whole(track, start, end) if last == end else 0)
    return _best_part(track, start, end, wanted)


def require_length(seconds: float, subject: str) -> None:
    """Refuse music too short for a trailer. Raises InputError."""
    if seconds < LEAST_MUSIC_S:
        raise InputError(
            "the music is too short for a trailer",
            f"{subject} lasts {seconds:.2f} s, at least {LEAST_MUSIC_S:g} s are needed",
            "give another piece of music",
        )


def _audible(track: TrackFeatures) -> tuple[int, int]:
    """From the first to the last frame that is not silence; an empty range if there is none."""
    loud = np.flatnonzero(track.level > max(track.level.max() - _SILENCE_DB, _NOTHING_DB))
    if not len(loud):
        return 0, 0
    return int(loud[0]) * track.hop, min((int(loud[-1]) + 1) * track.hop, track.length)


def _fade_of_whole(track: TrackFeatures, start: int, end: int) -> int:
    """No fade where silence follows, or where the last 50 ms have died away; else a second."""
    last = track.level[max(end // track.hop - FRAMES_PER_S // 20, 0) : end // track.hop]
    followed = track.length - end > track.rate // 20
    if followed or last.max() < track.level.max() - _DECAYED_DB:
        return 0
    return min(round(_FADE_WHOLE_S * track.rate), (end - start) // 4)


def _best_part(track: TrackFeatures, start: int, end: int, wanted: int) -> Excerpt:
    """The best of the parts of that length that start where the music breaks, or end where it does."""
    change, died_away, energy = change_salience(track, _SECTION_S), _died_away(track), _EnergyCurve(track)
    breaks = track.onsets - round(_ATTACK_S * track.rate)
    fade_at_end = _fade_of_whole(track, start, end)

    # A final chord that has died away may be followed by a moment of the track's silence.
    later = (breaks > start) & (breaks + wanted <= min(end + round(_TAIL * wanted), track.length))
    entrance = 0.5 * track.weights[later]
    entrance += 0.5 * np.maximum(died_away[breaks[later] // track.hop], change_at(track, change, breaks[later]))
    ends = np.unique(np.concatenate((breaks, _silence_starts(track, died_away), [end])))
    ends = ends[(ends <= end) & (ends - wanted >= start)]
    # What starts amid the music to end with it does not enter well.
    starts = np.concatenate(([start], breaks[later], ends - wanted))
    entering = np.concatenate(([1.0], entrance, np.zeros(len(ends))))

    lasts = starts + wanted
    closing = 0.6 * died_away[np.minimum(lasts // track.hop, len(died_away) - 1)] + 0.4 * change_at(
        track, change, lasts
    )
    closing[(lasts >= end) & (fade_at_end == 0)] = 1.0
    shapes = [float(energy.score(first, np.array([last]))[0]) for first, last in zip(starts, lasts, strict=True)]
    first = int(starts[(_END * closing + _START * entering + shapes).argmax()])
    last = first + wanted
    if last >= end:
        return Excerpt(first, last, fade_at_end)
    ringing = 1 - float(died_away[last // track.hop])
    return Excerpt(first, last, round(ringing * min(_FADE_EXCERPT_S * track.rate, wanted / 4)))


def _died_away(track: TrackFeatures) -> NDArray[np.float64]:
    """Decay (frames,) of the 50 ms before each frame under the loudest of the 3 s before: 0, to 1 from 30 dB on."""
    # Three frames earlier, for a level is that of the frames around and would hear the onset that follows.
    power = np.pad(10 ** (track.level / 10), (3, 0), mode="edge")[:-3]
    now, memory = FRAMES_PER_S // 20, 3 * FRAMES_PER_S
    level = 10 * np.log10(np.maximum(uniform_filter1d(power, now, origin=(now - 1) // 2), 1e-12))
    loudest = maximum_filter1d(level, memory, origin=(memory - 1) // 2)
    died_away: NDArray[np.float64] = np.clip((loudest - level) / _DECAYED_DB, 0, 1)
    return died_away


def _silence_starts(track: TrackFeatures, died_away: NDArray[np.float64]) -> NDArray[np.int64]:
    """Samples at which the music has just died away."""
    quiet = died_away >= 1
    return (np.flatnonzero(quiet[1:] & ~quiet[:-1]) + 1) * track.hop


class _EnergyCurve:
    """The track's energy over time (dB, smoothed over a second), and the score of a part of it as a trailer's music."""

    def __init__(self, track: TrackFeatures) -> None:
        self.hop = track.pooled_hop
        power: NDArray[np.float64] = gaussian_filter1d(pool(10 ** (track.level / 10)), FRAMES_PER_S / POOL)
        self.level = 10 * np.log10(np.maximum(power, 1e-12))
        self.energy = np.concatenate(([0.0], np.cumsum(power)))

    def score(self, start: int, ends: NDArray[np.int64]) -> NDArray[np.float64]:
        """Rise from the first to the last third, and climax: present, and in the second half."""
        first, last = start // self.hop, np.minimum(ends // self.hop, len(self.level))
        third = np.maximum((last - first) // 3, 1)
        rise = (self._mean(last - third, last) - self._mean(np.full_like(last, first), first + third)) / _RISE_DB
        part = self.level[first : int(last.max())]
        loudest = np.maximum.accumulate(part)[last - first - 1]
        peak = np.searchsorted(np.maximum.accumulate(part), loudest)
        present = np.clip(1 - (self.level.max() - loudest) / _CLIMAX_DB, 0, 1)
        late: NDArray[np.float64] = np.where(2 * peak >= last - first, 1.0, 0.7)
        return _RISE * np.clip(rise, -1, 1) + _CLIMAX * present * late

    def _mean(self, first: NDArray[np.int64], last: NDArray[np.int64]) -> NDArray[np.float64]:
        """Mean of the power, in dB: a mean of the decibels would count a final chord that dies away as a fall."""
        power: NDArray[np.float64] = (self.energy[last] - self.energy[first]) / (last - first)
        decibels: NDArray[np.float64] = 10 * np.log10(np.maximum(power, 1e-12))
        return decibels
