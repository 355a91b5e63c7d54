"""The music stage: from a track to the part that is used and its segments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from trailergen.media.audio import read_audio
from trailergen.media.decoding import Damage
from trailergen.runtime.progress import Tick, no_tick

if TYPE_CHECKING:
    from trailergen.music.onsets import TrackFeatures

MUSIC_VERSION = 2
SAMPLE_RATE = 48_000
PEAKS = 2_000
STEPS = 4
Segmentation = Literal["onsets", "paper"]
_ON_ONSET_S = 0.03


@dataclass(frozen=True)
class MusicAnalysis:
    """The used part ``[start, end)`` of a track and its J segments, in samples at ``sample_rate`` of the whole track.

    Attributes:
        sample_rate: samples per second of all positions.
        length: samples of the whole track.
        start: first sample of the part.
        end: sample after its last.
        fade_out: samples of the closing fade, 0 where the part ends musically.
        boundaries: J + 1 increasing positions from ``start`` to ``end``.
        strengths: per segment, strength of the onset that it starts on, 0 (none within 30 ms) to 1.
        loudness: per segment, root mean square in dB below full scale.
        peaks: (2000, 2) float32, least and greatest sample of equal pieces of the part.
    """

    sample_rate: int
    length: int
    start: int
    end: int
    fade_out: int
    boundaries: tuple[int, ...]
    strengths: tuple[float, ...]
    loudness: tuple[float, ...]
    peaks: NDArray[np.float32]

    def to_parts(self) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
        """JSON-able facts and named arrays, for a cache."""
        facts = asdict(self)
        return facts, {"peaks": facts.pop("peaks")}

    @classmethod
    def from_parts(cls, facts: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> MusicAnalysis:
        """The inverse of ``to_parts``, also after the facts have been through JSON."""
        plain: dict[str, Any] = {name: tuple(v) if isinstance(v, list) else v for name, v in facts.items()}
        return cls(**plain, peaks=arrays["peaks"])


def analyse_music(
    path: Path,
    *,
    length: float | None = None,
    cut_length: float = 2.0,
    segmentation: Segmentation = "onsets",
    tick: Tick = no_tick,
    damage: Damage | None = None,
) -> MusicAnalysis:
    """Read a track, choose the part under the trailer and cut it into segments.

    Args:
        path: any file with sound.
        length: seconds of the part, met to the sample; None for the whole track without the silence at its ends.
        cut_length: mean seconds of a segment; the paper's segmentation has 2 always.
        segmentation: ``onsets`` (``segments``), or ``paper``, the authors' recipe (``paper``).
        tick: called after each of the ``STEPS`` steps.
        damage: is told of everything in the file that could not be read.

    Raises:
        InputError: unreadable, without sound, or less than 2 s of it.
        UsageError: a length or cut length that is too small.
    """
    # ruptures and what it brings take 0.9 s to import: only who cuts a track for the first time waits for them.
    from trailergen.music.excerpt import choose_excerpt, require_length
    from trailergen.music.onsets import analyse
    from trailergen.music.paper import paper_boundaries
    from trailergen.music.segments import segment_boundaries

    samples = read_audio(path, SAMPLE_RATE, 2, damage=damage)
    require_length(len(samples) / SAMPLE_RATE, str(path))
    tick(1)
    track = analyse(samples, SAMPLE_RATE)
    tick(1)
    part = choose_excerpt(track, length)
    tick(1)
    if segmentation == "paper":
        boundaries = [part.start + at for at in paper_boundaries(samples[part.start : part.end], SAMPLE_RATE)]
    else:
        boundaries = segment_boundaries(track, part.start, part.end, cut_length)
    tick(1)
    return MusicAnalysis(
        sample_rate=SAMPLE_RATE,
        length=len(samples),
        start=part.start,
        end=part.end,
        fade_out=part.fade_out,
        boundaries=tuple(boundaries),
        strengths=_strengths(track, boundaries),
        loudness=_loudness(samples, boundaries),
        peaks=_peaks(samples[part.start : part.end]),
    )


def _strengths(track: TrackFeatures, boundaries: list[int]) -> tuple[float, ...]:
    reach = round(_ON_ONSET_S * track.rate)
    found = []
    for at in boundaries[:-1]:
        near = track.weights[slice(*np.searchsorted(track.onsets, (at - reach, at + reach + 1)))]
        found.append(round(float(near.max(initial=0)), 3))
    return tuple(found)


def _loudness(samples: NDArray[np.float32], boundaries: list[int]) -> tuple[float, ...]:
    power = [np.square(samples[a:b]).mean(dtype=np.float64) for a, b in pairwise(boundaries)]
    return tuple(round(float(10 * np.log10(max(p, 1e-12))), 1) for p in power)


def _peaks(part: NDArray[np.float32]) -> NDArray[np.float32]:
    starts = np.linspace(0, len(part), PEAKS, endpoint=False).astype(np.int64)
    least = np.minimum.reduceat(part.min(axis=1), starts)
    return np.stack((least, np.maximum.reduceat(part.max(axis=1), starts)), axis=1)
