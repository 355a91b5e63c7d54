"""Real music is cut on its onsets, real speech is heard, and real files give samples or an error."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from sounds import RATE

from trailergen.errors import InputError
from trailergen.media.audio import read_audio
from trailergen.media.probe import probe_film
from trailergen.music import analyse_music
from trailergen.music.onsets import analyse
from trailergen.shots.analysis import analyse_film

MEDIA = Path(__file__).resolve().parents[2] / ".." / "shared" / "media"

pytestmark = [pytest.mark.media, pytest.mark.skipif(not MEDIA.is_dir(), reason="no real media")]


@pytest.mark.parametrize("length", [None, 30.0])
def test_real_music_is_cut_on_its_onsets(length: float | None) -> None:
    for path in sorted((MEDIA / "music").iterdir()):
        music = analyse_music(path, length=length)
        lengths = np.diff(music.boundaries) / RATE
        assert 1.8 <= lengths.mean() <= 2.2, path
        assert lengths.min() >= 0.5 and lengths.max() <= 5, path
        if length is not None and music.length > 1.05 * length * RATE:
            assert abs(lengths.sum() - length) <= 0.05 * length + 1e-3, path
        onsets = analyse(read_audio(path, RATE, 2), RATE).onsets
        near = np.abs(np.array(music.boundaries[1:-1])[:, None] - onsets).min(axis=1) <= 0.03 * RATE
        assert near.mean() >= 0.9, path


@pytest.mark.parametrize("folder", ["music", "awkward"])
def test_every_real_file_gives_samples_or_an_input_error(folder: str) -> None:
    read = 0
    for path in sorted((MEDIA / folder).iterdir()):
        try:
            samples = read_audio(path, RATE, 2)
        except InputError:
            continue
        assert samples.shape[1] == 2 and len(samples) > 0 and np.isfinite(samples).all(), path
        read += 1
    assert read >= {"music": 6, "awkward": 30}[folder]


def test_people_are_heard_to_speak() -> None:
    speech = analyse_film(probe_film(MEDIA / "awkward" / "speech__example.mp4")).sound.speech
    assert 0.2 < (speech > 0.5).mean() < 0.6
