"""Film and music as parts of a plan."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from trailergen.edit.draft import Level
from trailergen.music.analysis import MusicAnalysis
from trailergen.plans import Film, Music, span
from trailergen.plans.paths import named_path
from trailergen.stages import AnalysedFilm


def film_part(film: AnalysedFilm) -> Film:
    """The film of a plan: the file, and what its pictures are counted by."""
    return Film(
        path=named_path(film.info.path),
        sha256=film.sha256,
        rate=film.analysis.rate,
        frames=film.analysis.frames,
        width=film.info.display_width,
        height=film.info.display_height,
        start_timecode=film.info.start_timecode,
        in_order=film.info.in_order,
    )


def music_part(path: Path, sha256: str, music: MusicAnalysis) -> Music:
    """The music of a plan: the file, and what of it the segments cover."""
    return Music(
        path=named_path(path),
        sha256=sha256,
        sample_rate=music.sample_rate,
        part=span(music.start, music.end),
        fade_out=music.fade_out,
    )


def shorter_than_asked(music: MusicAnalysis, length: float | None) -> Iterator[str]:
    """A sentence where a track does not last as long as the trailer was asked to."""
    seconds = (music.end - music.start) / music.sample_rate
    if length is not None and seconds < length - 0.5 / music.sample_rate:
        yield f"the music lasts {seconds:.2f} s, and so will the trailer, not {length:g} s"


def music_levels(music: MusicAnalysis) -> tuple[Level, ...]:
    """The level of each segment of the music."""
    return tuple(
        Level(start, end, decibels)
        for (start, end), decibels in zip(pairwise(music.boundaries), music.loudness, strict=True)
    )
