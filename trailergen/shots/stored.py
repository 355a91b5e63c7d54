"""A film's analysis as a cache entry and back.

The names in an entry are those of its layout, which stays as long as ``VERSION`` of shots/analysis.py does.
"""

from __future__ import annotations

from dataclasses import asdict, fields
from fractions import Fraction
from typing import Any

import numpy as np

from trailergen.media.decoding import Damage
from trailergen.runtime.cache import Arrays, Entry
from trailergen.shots.analysis import DetectedShot, FilmAnalysis
from trailergen.shots.captions import ClosedCaptions
from trailergen.shots.embeddings import FrameEmbeddings
from trailergen.shots.pictures import KeyPictures
from trailergen.shots.sound import SoundActivity
from trailergen.timebase import format_fraction

_STORED_NAMES = {"fade_trimmed_in": "lit_in", "fade_trimmed_out": "lit_out"}
_FIELDS = tuple((field.name, _STORED_NAMES.get(field.name, field.name)) for field in fields(DetectedShot))


def to_entry(analysis: FilmAnalysis) -> Entry:
    """Everything, exactly: fractions as text, arrays as they are."""
    facts: dict[str, Any] = {
        "rate": format_fraction(analysis.rate),
        "variable_rate": analysis.variable_rate,
        "frames": analysis.frames,
        "time_base": format_fraction(analysis.time_base),
        "in_order": analysis.in_order,
        "damage": asdict(analysis.damage),
        "captions": {"second": analysis.captions.second, "digital": analysis.captions.digital},
        "shots": [_shot_facts(shot) for shot in analysis.shots],
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
        "look_vectors": analysis.embeddings.vectors.astype(np.float16),
        "look_maps": analysis.embeddings.maps.astype(np.float16),
        "look_shots": analysis.embeddings.shots,
        "look_at": analysis.embeddings.at,
        "sound_level": analysis.sound.level,
        "speech": analysis.sound.speech,
        "caption_at": analysis.captions.at,
        "caption_pairs": analysis.captions.pairs,
    }
    return Entry(facts, arrays)


def from_entry(entry: Entry) -> FilmAnalysis:
    """The inverse of ``to_entry``."""
    facts, arrays = entry.facts, entry.arrays
    return FilmAnalysis(
        rate=Fraction(facts["rate"]),
        variable_rate=facts["variable_rate"],
        frames=facts["frames"],
        time_base=Fraction(facts["time_base"]),
        times=arrays["times"],
        probabilities=arrays["probabilities"],
        statistics=arrays["statistics"],
        shots=tuple(_shot(row) for row in facts["shots"]),
        pictures=KeyPictures(arrays["thumbs"], arrays["thumb_shots"], arrays["thumb_at"]),
        loudness=arrays["loudness"],
        embeddings=FrameEmbeddings(
            arrays["look_vectors"].astype(np.float32),
            arrays["look_maps"].astype(np.float32),
            arrays["look_shots"],
            arrays["look_at"],
        ),
        sound=SoundActivity(arrays["sound_level"], arrays["speech"]),
        captions=ClosedCaptions(arrays["caption_at"], arrays["caption_pairs"], **facts["captions"]),
        in_order=facts["in_order"],
        damage=Damage(**facts["damage"]),
    )


def _shot_facts(shot: DetectedShot) -> dict[str, Any]:
    facts = {stored: getattr(shot, name) for name, stored in _FIELDS}
    return facts | {"start": format_fraction(shot.start), "end": format_fraction(shot.end)}


def _shot(row: dict[str, Any]) -> DetectedShot:
    values = {name: row[stored] for name, stored in _FIELDS}
    times = {name: Fraction(row[name]) for name in ("start", "end")}
    return DetectedShot(**{**values, **times, "flags": tuple(row["flags"])})
