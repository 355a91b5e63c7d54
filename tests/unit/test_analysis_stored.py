"""A film's analysis in the cache: its layout, under which entries written before are read."""

from __future__ import annotations

import json
from dataclasses import fields

import numpy as np
from analyses import analysis, picture

from trailergen.runtime.cache import Entry
from trailergen.shots.stored import from_entry, to_entry

FILM = analysis([[picture(k)] for k in range(3)], flags={1: ("text",)})


def test_the_layout_is_that_of_earlier_entries() -> None:
    entry = to_entry(FILM)
    assert list(entry.facts["shots"][0]) == [
        "number", "first", "last", "start", "end", "frame_in", "frame_out", "lit_in", "lit_out", "flags",
    ]  # fmt: skip
    assert sorted(entry.arrays) == [
        "caption_at", "caption_pairs", "look_at", "look_maps", "look_shots", "look_vectors", "loudness",
        "probabilities", "sound_level", "speech", "statistics", "thumb_at", "thumb_shots", "thumbs", "times",
    ]  # fmt: skip


def test_an_analysis_comes_back_as_it_was() -> None:
    entry = to_entry(FILM)
    again = from_entry(Entry(json.loads(json.dumps(entry.facts)), entry.arrays))
    for field in fields(FILM):
        before, after = getattr(FILM, field.name), getattr(again, field.name)
        if field.name in ("pictures", "embeddings", "sound", "captions"):
            for name, array in vars(before).items():
                # Embeddings are kept in half precision.
                assert np.allclose(getattr(after, name), array, rtol=1e-3), name
        else:
            assert np.array_equal(before, after), field.name
