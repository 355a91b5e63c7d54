"""A film's analysis as a cache entry and back."""

from __future__ import annotations

from dataclasses import asdict
from fractions import Fraction
from typing import Any

import numpy as np

from trailergen.media.decoding import Damage
from trailergen.runtime.cache import Arrays, Entry
from trailergen.shots.analysis import DetectedShot, FilmAnalysis
from trailergen.shots.hearing import Hearing
from trailergen.shots.looks import Looks
from trailergen.shots.pictures import KeyPictures
from trailergen.timebase import format_fraction


def to_entry(analysis: FilmAnalysis) -> Entry:
    """Everything, exactly: fractions as text, arrays as they are."""
    facts: dict[str, Any] = {
        "rate": format_fraction(analysis.rate),
        "variable_rate": analysis.variable_rate,
        "frames": analysis.frames,
        "time_base": format_fraction(analysis.time_base),
        "in_order": analysis.in_order,
        "damage": asdict(analysis.damage),
        "shots": [
            {**asdict(shot), "start": format_fraction(shot.start), "end": format_fraction(shot.end)}
            for shot in analysis.shots
        ],
    }
    arrays: Arrays = {
        "times": analysis.times,
        "probabilities": analysis.probabilities,
        "statistics": analysis.statistics,
        "thumbs": analysis.pictures.thumbs,
        "thumb_shots": analysis.pictures.shots,
        "thumb_at": analysis.pictures.at,
        "loudness": analysis.loudness,
        # Half precision is all they have.
        "look_vectors": analysis.looks.vectors.astype(np.float16),
        "look_maps": analysis.looks.maps.astype(np.float16),
        "look_shots": analysis.looks.shots,
        "look_at": analysis.looks.at,
        "sound_level": analysis.hearing.level,
        "speech": analysis.hearing.speech,
    }
    return Entry(facts, arrays)


def from_entry(entry: Entry) -> FilmAnalysis:
    """The inverse of ``to_entry``."""
    facts, arrays = entry.facts, entry.arrays
    shots = tuple(
        DetectedShot(
            **{**row, "start": Fraction(row["start"]), "end": Fraction(row["end"]), "flags": tuple(row["flags"])}
        )
        for row in facts["shots"]
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
        Looks(
            arrays["look_vectors"].astype(np.float32),
            arrays["look_maps"].astype(np.float32),
            arrays["look_shots"],
            arrays["look_at"],
        ),
        Hearing(arrays["sound_level"], arrays["speech"]),
        facts["in_order"],
        Damage(**facts["damage"]),
    )
