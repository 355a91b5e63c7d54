"""The analysis of a film with other shots than those that were found, from the same one decode.

What was kept of single pictures goes to the shot they lie in. A shot of which nothing was kept is looked at again, in
its middle. Of text on the screen it is known only in which of the found shots there was some.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from trailergen.media.frames import film_frame, film_frames
from trailergen.shots.analysis import DetectedShot, FilmAnalysis
from trailergen.shots.embeddings import FrameEmbeddings
from trailergen.shots.flags import TEXT, fade_trimmed, flag_shots
from trailergen.shots.looking import Looks
from trailergen.shots.onscreen_text import TextScores
from trailergen.shots.pictures import KeyPictures
from trailergen.shots.sound import STEP_S
from trailergen.shots.voice_activity import SILENCE_DB, level_db

RECUT_VERSION = 1
_SHOWN = 100.0
"""A score that is text of any size."""

Look = Callable[[Sequence[int]], Looks]
"""A look at film frames, see looking.py."""


def recut(analysis: FilmAnalysis, cut: Sequence[tuple[int, int]], look: Look) -> FilmAnalysis:
    """The analysis with the shots ``cut``, film frames ``[in, out)`` in their order, without overlap, inside the film.

    Raises whatever ``look`` raises.
    """
    clock = _clock(analysis)
    ranges = _pictures(analysis, cut)
    shots = tuple(_shots(analysis, cut, ranges, clock))
    first, last = (np.array(edge, np.int64) for edge in zip(*ranges, strict=True))
    pictures, embeddings = analysis.pictures, analysis.embeddings
    thumbs, looked = _Kept.of(pictures.at, first, last), _Kept.of(embeddings.at, first, last)
    missing = sorted({*thumbs.missing, *looked.missing})
    seen = look([(cut[shot][0] + cut[shot][1]) // 2 for shot in missing]) if missing else None
    places = first[missing] + (last[missing] - first[missing]) // 2
    return replace(
        analysis,
        shots=shots,
        pictures=_joined_pictures(pictures, thumbs, missing, places, seen),
        embeddings=_joined_embeddings(embeddings, looked, missing, places, seen),
        loudness=_loudness(analysis, shots),
    )


@dataclass(frozen=True)
class _Kept:
    """Of kept pictures the ``index`` of those in a shot, and the ``shots`` they are in; shots without any."""

    index: NDArray[np.int64]
    shots: NDArray[np.int64]
    missing: tuple[int, ...]

    @classmethod
    def of(cls, at: NDArray[np.int64], first: NDArray[np.int64], last: NDArray[np.int64]) -> _Kept:
        """The kept pictures ``at``, by the picture ranges of the shots."""
        shots = np.searchsorted(first, at, "right") - 1
        index = np.flatnonzero((shots >= 0) & (at < last[np.maximum(shots, 0)]))
        missing = np.setdiff1d(np.arange(len(first)), shots[index])
        return cls(index, shots[index], tuple(missing.tolist()))


def _clock(analysis: FilmAnalysis) -> list[Fraction]:
    """Seconds at which the pictures begin, and the film ends."""
    times = analysis.times
    ends = np.append(times, 2 * times[-1] - times[-2])
    return [time * analysis.time_base for time in ends.tolist()]


def _pictures(analysis: FilmAnalysis, cut: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Picture ranges of the shots, at least one each: where a picture is held, shots may show the same one."""
    frames = np.array(film_frames(analysis.times.tolist(), analysis.time_base, analysis.rate), np.int64)
    found = []
    for start, end in cut:
        first, last = np.searchsorted(frames, (start, end)).tolist()
        found.append((first, last) if first < last else (max(0, first - 1), max(1, first)))
    return found


def _shots(
    analysis: FilmAnalysis, cut: Sequence[tuple[int, int]], ranges: list[tuple[int, int]], clock: list[Fraction]
) -> list[DetectedShot]:
    seconds = np.array([float(time) for time in clock])
    flags = flag_shots(analysis.statistics, _text(analysis), ranges, seconds)
    shots = []
    for number, ((start, end), (first, last)) in enumerate(zip(cut, ranges, strict=True)):
        lit = fade_trimmed(analysis.statistics, first, last)
        lit_in, lit_out = (min(max(film_frame(clock[edge], analysis.rate), start), end) for edge in lit)
        shots.append(
            DetectedShot(
                number=number,
                first=first,
                last=last,
                start=clock[first],
                end=clock[last],
                frame_in=start,
                frame_out=end,
                fade_trimmed_in=lit_in if lit_in < lit_out else start,
                fade_trimmed_out=lit_out if lit_in < lit_out else end,
                flags=flags[number],
            )
        )
    return shots


def _text(analysis: FilmAnalysis) -> TextScores:
    """Text in all pictures of the found shots that have some, and in no others."""
    scores = np.zeros((len(analysis.times), 2), np.float32)
    for shot in analysis.shots:
        if TEXT in shot.flags:
            scores[shot.first : shot.last] = _SHOWN
    return TextScores(np.arange(len(scores)), scores)


def _loudness(analysis: FilmAnalysis, shots: Sequence[DetectedShot]) -> NDArray[np.float32]:
    """Level of the film's sound in each shot, dBFS, from the windows of the voice activity detector."""
    power = 10.0 ** (analysis.sound.level.astype(np.float64) / 10)
    found = np.full(len(shots), SILENCE_DB, np.float64)
    for shot in shots:
        first = int(float(shot.start) / STEP_S)
        window = power[first : max(first + 1, int(float(shot.end) / STEP_S))]
        if len(window):
            found[shot.number] = float(level_db(window.mean(keepdims=True))[0])
    return found.astype(np.float32)


def _joined_pictures(
    known: KeyPictures, kept: _Kept, missing: list[int], places: NDArray[np.int64], seen: Looks | None
) -> KeyPictures:
    thumbs, shots, at = known.thumbs[kept.index], kept.shots, known.at[kept.index]
    if seen is not None:
        new = np.isin(missing, kept.missing)
        thumbs = np.concatenate((thumbs, seen.thumbs[new]))
        shots, at = np.append(shots, np.array(missing)[new]), np.append(at, places[new])
    order = np.lexsort((at, shots))
    return KeyPictures(thumbs[order], shots[order], at[order])


def _joined_embeddings(
    known: FrameEmbeddings, kept: _Kept, missing: list[int], places: NDArray[np.int64], seen: Looks | None
) -> FrameEmbeddings:
    vectors, maps = known.vectors[kept.index], known.maps[kept.index]
    shots, at = kept.shots, known.at[kept.index]
    if seen is not None:
        new = np.isin(missing, kept.missing)
        vectors, maps = np.concatenate((vectors, seen.vectors[new])), np.concatenate((maps, seen.maps[new]))
        shots, at = np.append(shots, np.array(missing)[new]), np.append(at, places[new])
    order = np.lexsort((at, shots))
    return FrameEmbeddings(vectors[order], maps[order], shots[order], at[order])
