"""A film's analysis as a cache entry and back."""

from __future__ import annotations

from fractions import Fraction

from trailergen.cache import Entry
from trailergen.shots.analysis import DetectedShot, FilmAnalysis
from trailergen.shots.pictures import KeyPictures
from trailergen.timebase import format_fraction


def to_entry(analysis: FilmAnalysis) -> Entry:
    """Everything, exactly: fractions as text, arrays as they are."""
    facts = {
        "rate": format_fraction(analysis.rate),
        "variable_rate": analysis.variable_rate,
        "frames": analysis.frames,
        "time_base": format_fraction(analysis.time_base),
        "shots": [
            [shot.first, shot.last, format_fraction(shot.start), format_fraction(shot.end)]
            + [shot.frame_in, shot.frame_out, shot.lit_in, shot.lit_out, list(shot.flags)]
            for shot in analysis.shots
        ],
    }
    arrays = {
        "times": analysis.times,
        "probabilities": analysis.probabilities,
        "statistics": analysis.statistics,
        "thumbs": analysis.pictures.thumbs,
        "thumb_shots": analysis.pictures.shots,
        "thumb_at": analysis.pictures.at,
        "loudness": analysis.loudness,
    }
    return Entry(facts, arrays)


def from_entry(entry: Entry) -> FilmAnalysis:
    """The inverse of ``to_entry``."""
    facts, arrays = entry.facts, entry.arrays
    shots = tuple(
        DetectedShot(number, first, last, Fraction(start), Fraction(end), *frames, tuple(flags))
        for number, (first, last, start, end, *frames, flags) in enumerate(facts["shots"])
    )
    return FilmAnalysis(
        Fraction(facts["rate"]),
        facts["variable_rate"],
        facts["frames"],
        Fraction(facts["time_base"]),
        arrays["times"],
        arrays["probabilities"],
        arrays["statistics"],
        shots,
        KeyPictures(arrays["thumbs"], arrays["thumb_shots"], arrays["thumb_at"]),
        arrays["loudness"],
    )
